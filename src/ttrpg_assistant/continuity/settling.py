"""Whether a later sentence tells that what was promised or owed is done. Reads what
`spell_plainly` gives. Pure; English.

A deed is known again by its class: who promised to bring somebody home has kept that when they
are rescued, freed or back. What is wished, planned, asked or still to come is not done.
"""

from __future__ import annotations

import re

from ttrpg_assistant.builtin.words import list_words_in, stem
from ttrpg_assistant.continuity.phrases import Phrases
from ttrpg_assistant.continuity.plain_words import split_clauses

_CLOSED = Phrases(
    r"""
    (?:kept|keeps|honoured|honours|fulfilled|made good on|stuck to|held to|redeemed
        |discharged) (?:\w+ ){0,3}(?:promise|word|oath|vow|bargain|pledge|side|end|part|deal|debt
        |bond|share)s?
    (?:kept|keeps) (?:yours|mine|his|hers|theirs|ours)
    (?:as|like|just as|exactly as) (?:(?:he|she|they|you|we|i|WHO) )?(?:had )?(?:promised|agreed
        |sworn|said|vowed|arranged)
    (?:man|woman|person|people|lady|gentleman) of {OWN} word|keeps? (?:my|{OWN}) bargains?
    ledger (?:is|was) clean|true to {OWN} (?:word|oath|promise)
    a (?:bargain|deal|promise) is a \w+
    (?:promise|oath|vow|debt|deal|bargain|favour|contract|job|quest|tab|slate|account|score|iou
        |loan|bond|word|bill|book|commission|task|pact|matter|that|lodging|fee|wage
        |fine)s? (?:(?:between|to|with|of|at) [\w']+ (?:\w+ )?)?(?:(?:is|was|are|were|has|have
        |been|now|thus|all|finally|at last) )*(?:kept|fulfilled|paid|settled|repaid|honoured|done
        |closed|over|complete\w*|no more|cleared|discharged|lifted|forgiven|torn up|cancelled
        |called (?:off|in)|redeemed|squared|even|void|returned|finished|wiped|burn(?:t|ed)|ended
        |resolved|brought up to date|covered)
    (?:asked|called(?: in)?|named|claimed|used) {THE} favour
    (?:we|they|you|i|WHO|he|she|that) (?:(?:is|are|am|was|were|makes (?:us|it)|make us|call it
        |may call it|now|all|then|finally) )+(?:even|square|quits|balanced|all good|good now
        |all square|settled up|free of|done here)
    \Aeven|quits|all square|(?:us|me|them|it) (?:even|square|quits)|we good
    we are good (?:now|for)|balanced|let us say no more
    (?:paid|pays) (?:\w+ ){0,4}(?:in full|off|back|up)|in full
    no longer (?:\w+ )?(?:owes?|indebted|in)|(?:owes?|owed) (?:\w+ )?(?:nothing|no more)
    nothing (?:more )?(?:is )?(?:owed|owing|left to pay)
    (?:released?|absolved?|freed) (?:\w+ ){1,3}(?:from|of) (?:\w+ )?(?:oath|promise|vow|debt|word
        |bond|obligation)
    forgave|forgives|forgiven|waived|wrote off|written off|debt[- ]free|off the hook|all good now
    case closed|wip(?:ed|es) (?:\w+ ){0,3}(?:clean|slate)
    (?:out of|struck from|off) WHO's (?:books|list|slate|ledger)|job done|all done
    mission accomplished|done and dusted|returned the favour|call(?:s|ed) (?:it )?even
    squared (?:up|things|it|away)|settled (?:up|things|the|with|it|{OWN})
    came through (?:for|with)|made up for|\Aback at ya|coughed up for
    \A\W*(?:done|closed|resolved|fulfilled|sorted|settled|complete[d]?)
    """
)
"""A bond that came to its end, whatever it was."""

_TICKED = re.compile(r"[✓✔☑]|\[x\]")
_OPEN = Phrases(
    r"""
    not|never|will|shall|must|should|would|if|until|unless|yet|when|promise to
    """
)
_UNDONE = Phrases(
    r"""
    not|never|yet to|still (?!there|standing|here|holds|stands)\w+
    (?<!the )(?<!a )(?<!her )(?<!his )(?<!last )(?<!missing )(?<!'s )will|shall|must|should|would
    could|might|may|can|if|almost|nearly|without|instead|going to|to be|wants?|wanted|needs?
    needed|plan(?:s|ned|ning)? to|promis(?:e[sd]?|ing)|vow(?:s|ed)|sw(?:ore|ears?)
    tr(?:y|ies|ied|ying)|fail(?:s|ed)?|ask(?:s|ed|ing)?|beg(?:s|ged)?|demand\w*|remind\w*
    hop(?:es|ed|ing)|wish(?:es|ed)? (?:to|for|that)|wonder\w*|worr(?:y|ies|ied)|complain\w*
    threat\w*|warn\w*|consider\w*|discuss\w*|argued?|debat\w+|miss(?:es|ed)|mourn\w*|fear(?:s|ed)
    dream\w*|search(?:es|ed|ing)?|look(?:s|ed|ing)? for|seek\w*|sought|remember\w*
    talk(?:s|ed|ing)? (?:about|of)|spoke of|speaks of|mention\w*|sets? (?:out|off)
    head(?:s|ed|ing)|prepar\w+|on (?:the|{OWN}) way|no (?:sign|trace|news|word)|{NOBODY}|refus\w+
    about to|offer(?:s|ed)|agree[sd]?|says? that|believ\w+|rumou?r\w*|perhaps|maybe
    wait(?:s|ing)? for|let us|start(?:s|ed)? to|decid\w+|owes?|owed|afraid|whether|supposed to
    unless
    (?:before|until) (?!(?:the |next |last |very |first |full )*(?:dawn|dusk|noon|midday|midnight
        |sunrise|sunset|nightfall|daybreak|morning|evening|night|winter|spring|summer|autumn
        |midsummer|midwinter|snows?|frosts?|thaw|harvest|new moon|moon|full moon|moonrise|feast
        |market day|festival|fair|solstice|deadline|time|leaf|sailing)\b)\w+
    """
)
"""What is still to come, wished, asked or feared; what was done before dawn was done."""

_CLASSES = """
    give: give gave given hand handed return bring brought deliver restore fetch surrender
      get got receive accept send sent pass drop take took back own hold
    come: come came return arrive wait met meet show appear visit reach back home
    pay: pay paid repay repaid settle square clear reimburse coin count cover compensate
      reward fee share bought
    find: find found locate discover track trace learn know
    free: free release rescue save liberate escape loose unchain home alive safe unharmed
      safely out
    kill: kill slay slew slain hang hung execute behead die dead death destroy defeat avenge
      justice fell fallen end stop perish murderer killer gone banish burn
    guard: guard protect escort safe safely unharmed reach across passage arrive home watch
    tell: tell told inform report explain reveal confess write wrote letter word news name
      know message spoke speak
    heal: heal cure medicine well recover healthy lift curse broke
    build: build built rebuild rebuilt repair mend fix restore stand turn raise forge forged
      craft made make new finish
    bury: bury buried funeral rest ashes grave laid
    help: help aid assist favour save solve
    teach: teach taught learn lesson train
    marry: marry wed wedding bride
    clear: clear clean rid drive drove gone empty chase purge
    keep: kept keep secret silent quiet hid hide
    move: took take led lead carry carried bring brought home reach escort ride sail cross
"""
_OF_CLASS: dict[str, frozenset[str]] = {}
for _line in _CLASSES.replace("\n      ", " ").strip().splitlines():
    _name, _, _words = _line.strip().partition(": ")
    for _word in _words.split():
        for _form in {_word, stem(_word)}:
            _OF_CLASS[_form] = _OF_CLASS.get(_form, frozenset()) | {_name}

_DEED_DONE = Phrases(
    r"""
    \w{2,}ed|{PAST}|is|are|was|were|has|have|done|back|home|safe|free|dead|gone|over|finally
    at last|now|again|already|brings|returns|gives|hands|delivers|finds|frees|rescues|saves|pays
    repays|tells|meets|stands|rests|turns|thanks?
    """,
    PAST=(
        "brought|came|gave|given|found|slew|slain|paid|reached|met|sent|told|rebuilt|taught"
        "|learnt|built|led|took|taken|hung|died|fell|fallen|wed|kept|made|broken|broke|got|laid"
        "|dealt|sold|bought|put|held|stood|spoke|spoken|sang|sung|wrote|written|threw|thrown"
        "|stole|stolen|drew|drawn|fought|rode|ran|saw|seen|swam|sailed|rang|rung|lit|hid|hidden"
        "|shot|struck|burnt|cut|let|left|lost|won|went|knew|shown|lent|cast|drove|driven|fed"
        "|flew|flown|grew|dug"
    ),
)
_PAID = Phrases(
    r"""
    paid|pays|repa(?:id|ys)|settle[sd]|squared|cleared|forg(?:ave|ives?|iven)|gave|given
    hand(?:s|ed)|return(?:s|ed)|count(?:s|ed)|back|brought|replaced|covered|worked off
    here (?:is|are) (?:your|the)|that is for|takes? the|took the|accepted|received
    got (?:what )?(?:his|her|their|the|it|he|she|they)|saved|helped|did the|done|fulfilled
    delivered|transferred|wired|dropped|turned up with|reimbursed|compensated|printed|sent|slid
    pressed|poured|tossed|even|bought|hauled|dragged|pulled|rescued|freed|hid|sheltered
    took the (?:blow|spear|arrow|blame)|lighter|coughed up
    """
)


def closes(plain: str) -> bool:
    """Whether a sentence says outright that a promise was kept or a debt paid."""
    if plain.endswith("?"):
        return False
    if _TICKED.search(plain) is not None:
        return True
    if not _CLOSED.is_in(plain):
        return False
    parts = [*split_clauses(plain), plain]
    return any(_CLOSED.is_in(one) and not _OPEN.is_in(one) for one in parts)


def list_done(plain: str) -> list[str]:
    """The clauses of a sentence that tell of something that happened."""
    if plain.endswith("?"):
        return []
    return [one for one in split_clauses(plain) if not _UNDONE.is_in(one)]


def tells_of_deed(clause: str) -> bool:
    """Whether the clause has a deed by which a promise may be kept."""
    return _DEED_DONE.is_in(clause)


def tells_of_payment(clause: str) -> bool:
    """The same of a debt."""
    return _PAID.is_in(clause)


def list_deeds(plain: str) -> frozenset[str]:
    """The classes of the deeds that a text names."""
    found: set[str] = set()
    for word in list_words_in(plain):
        found |= _OF_CLASS.get(word) or _OF_CLASS.get(stem(word), frozenset())
    return frozenset(found)
