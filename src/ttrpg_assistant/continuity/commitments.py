"""Whether a sentence binds somebody to a deed that is still to come: a promise, an oath, a bargain,
a task that was taken on. Reads what `spell_plainly` gives. Pure; English.

A promise has a word for the bond ("swore", "deal") and a deed to come, or else a person says what
they will do for somebody, later: "I'll take the left door" is none.
"""

from __future__ import annotations

import re

from ttrpg_assistant.continuity.deeds import AT_ONCE, DEED, HARM, LATER, NEVER, NOW, SURE, TALES
from ttrpg_assistant.continuity.phrases import Phrases
from ttrpg_assistant.continuity.plain_words import split_clauses

LOOKED_BACK = 60
"""Characters before a word for a bond in which it may be taken back: "never swore"."""


_TO_COME = Phrases(
    r"""
    will|shall|would|should|never|as soon as|no (?:more|harm)|safe passage
    (?:am|is|are|was|were) going to
    to (?!(?:be (?:gentle|brief|honest)|the|an?|every\w*|each|all|no|{OBJ}|{THE})\b)[a-z]+|goes to
    go to|(?:am|are) (?:coming|taking|getting|bringing)
    """
)

_PROMISED = Phrases(
    r"""
    promise[sd]|vow(?:s|ed)|pledge[sd]|sw(?:ears|ore|orn)|guarantee[sd]|undert(?:ook|akes)
    (?:i|we)(?: have| do| hereby| solemnly| can| must| now| both| all)* (?:promised?|vow(?:ed)?
        |pledged?|swear|sworn|guarantee|undertake|undertaken)
    took (?:an|the|a|his|her|their) (?:\w+ )?(?:oath|vow)
    (?:gave|given|gives?|made|makes?|spoke|sworn?|swore|swears?) {FEW}an? (?:\w+ ){0,2}(?:oath|vow
        |promise|pledge)
    (?:bound|held) (?:\w+ )?by (?:an |a |his |her |their )?(?:\w+ )?(?:oath|vow|promise|word)
    {OWN} (?:pledge|promise|oath|vow)(?= to (?!{OBJ}|the|{OWN})\w+)|oath-?bound
    hand on (?:my |his |her |their |our )?heart|cross(?:ed)? (?:my|her|his) heart
    """
)
"""With a deed to come after it."""

_HARMFUL = (
    "kill|hurt|shoot|scream|hit|gut|cut|break|call|blame|throw|leave|be|go|have to|need|see|know"
    "|attack|try|strike|burn|just|not|never|wait|come|follow|do|eat|die"
)
_BOUND = Phrases(
    r"""
    (?:gave|gives?|given|giving|has|have|had|pledged|swore
        |got) (?:{WHOM} )?{OWN} (?:solemn )?(?:word|oath|promise)(?! for (?:it|that)\b)
    on (?:my|our) (?:honour|life|oath|soul|word|(?:mother|father|brother|sister|wife)'s \w+|name)
    upon (?:my|our) (?!way|arrival|return)\w+|by (?:my|our) (?:honour|oath|blood|blade|sword|axe)
    (?:you can|you may|WHO can|can) (?:count|rely|depend|bank) on (?:me|us|it|that|WHO)
    (?:consider|call) it (?:already )?done|mark my words|rest assured|it (?:shall|will) be done
    leave (?:it|that|this|him|her|them) (?:to|with) (?:me|us)
    (?:i|we)(?: have)? got (?:you|your back)
    (?:struck|strikes?|made|makes?|cut|sealed|closed|shook(?: hands)? on|shakes on|reached|signed
        |came to|agreed|cut) (?:\w+ )?(?:an?|the|our|their|this) (?:\w+ )?(?:deal|bargain|pact
        |bond|contract|agreement|arrangement|truce|treaty)
    (?:shook|shakes|shaken) (?:hands )?on (?:it|that|this)
    (?:shook|shakes) hands with \w+ and agree\w*
    (?:took|takes|taken|accept(?:s|ed)?) (?:on |up )?(?:{THE} )?(?:\w+ )?(?:job|quest|contract
        |commission|bounty|task|mission|assignment|errand|gig|offer|charge|case|invitation
        |proposal|terms|request|plea|challenge)
    (?:signed|signs) (?:on|up) (?:with|for|to|as)
    (?:hired|hires|commissioned|commissions|engaged|contracted|charged|tasked|tasks|entrusted
        |entrusts) (?:by )?(?:WHO|{PARTY}|them|us|him|her|the \w+) (?:to|with|for)
    (?:pledge[sd]|promise[sd]) (?:himself|herself|themselves|myself|{OWN} \w+) (?:to|for|as)
    (?:made|makes|making|had|has) (?:{OBJ}|{PARTY})(?: all| both)* (?:swear|promise|vow|repeat it
        |give {OWN} word)
    (?:came|comes|come) to an? (?:understanding|agreement|arrangement)
    against {OWN} (?:pledge|promise|word|oath)
    (?:swore|swears|vowed|vows|sworn) (?:\w+ )?(?:revenge|vengeance|retribution)
    offer(?:s|ed) (?:{OBJ}|{PARTY}) {THE}.{1,80}(?<!\w)(?:once|when|after|as soon as|in return
        |in exchange|if)
    (?:dying|last) (?:wish|request)
    (?:till|until) (?:i|we) (?:return|come back|get back|(?:am|are) back)
    that (?:was|is) (?:the|our) (?:deal|arrangement|bargain|agreement)|on the understanding that
    if .{1,80}, (?:i|we) shall (?!{HARM})\w+
    (?:gave|gives?|given) (?:{OBJ}|{PARTY}) (?:until|till|{NUMBER} (?:hour|day|night|week|month
        |year)s?) (?:\w+ )?(?:to|for)
    promised WHO ?:(?= ?\w)
    (?:and|;|,) (?:WHO|he|she|they|{PARTY}) (?:nods|nodded|agree[sd]?|accept(?:s|ed)?|sa(?:id
        |ys) yes)(?=\W*\Z)
    on the promise (?:of|that|to)|price is the|in trade for
    (?:is|are|will|would|shall) .{1,80}(?<!\w)(?:provided|on condition|so long as
        |as long as)(?: that)?
    on (?:the )?condition that|(?:deal|bargain)(?:'s| is) a (?:deal|bargain),? \w+
    in (?:exchange|return)(?: for| ,|,)?.{1,80}(?<!\w)(?:will|would|agree[sd]?|is to|are to
        |ha[sv]e? to|must|wants?)
    (?:will|would|agree[sd]? to|is to|are to) .{1,80}(?<!\w)in (?:exchange|return) for
    (?:promise|pledge)[sd] {WHOM} (?:that|{THE}|safe|THING|help|aid|shelter|passage|half|no|all
        |every|full|free|proper|new|gold|silver|revenge|justice|vengeance|peace|protection
        |{NUMBER})
    (?:promise|pledge)[sd] (?:\w+ ){1,5}to {OBJ}
    (?:said|says) (?:he|she|they|we|i|WHO) would(?=\W*\Z)
    (?:could|can|did) not (?:say no|refuse)(?: (?:to )?(?:that|this|her|him|it|them|WHO))?
    (?:is|are) to be \w+(?:ed|en|t) (?:at|in|on|to|by|once|when|before|after|with|from)
    (?:said|says) yes(?: to)?|consent(?:s|ed) to
    (?:all|both|they|we|WHO|he|she) agreed?s?(?= *\Z|\.)
    """,
    HARM=_HARMFUL,
)
"""Enough without more."""

_LABEL = Phrases(
    r"""
    \A\W*(?:t?\d+: )?(?:(?:side )?(?:quest|job)|promised?|oath|vow|deal|bargain|pact|agreement
        |contract|bounty|to ?do|task|mission|commission|obligation|swore (?:on|upon|by
        |to) [^:]{1,40}|parley|agreed)s?(?: (?:with|to|for|from
        |by) [^:.;]{1,40})? ?(?:\([^)]{1,30}\) ?)?[:](?! ?(?:none|nothing|kept|done
        |paid)\b)(?= ?\w)
    """
)
_SPOKEN_DEAL = Phrases(
    r"""
    \A(?:okay|ok|all right|alright|fine|very well|so)?(?:it is a deal|(?:you
        |we) have (?:got )?a deal|deal|(?:i|we) accept|accepted|it is agreed|agreed(?: then)?
        |you have (?:my|our) word)\Z
    """
)

_MAY_BE_DEAL = Phrases(r"""    deal|accept(?:ed)?|agreed|word""")
_WEAK = Phrases(
    r"""
    agree[sd]?|agreeing|tells?|told|telling|said|says|assur(?:e[sd]?|ing)|offer(?:s|ed)?
    answer(?:s|ed)|volunteer(?:s|ed)?|insist(?:s|ed)|reassure[sd]?|commit(?:s|ted)|let WHO know
    will see to it|claims?|begs?|begged|implore[sd]?|entrust(?:s|ed)|ask(?:s|ed)|let it be known
    makes? it clear|made it clear|word (?:is|has it)|swear
    """
)
"""A bond only with a deed that takes time."""

_BINDING = frozenset({"agree", "assur", "offer", "volun", "reass", "commi"})
"""Of those, the beginnings of those that need no time with the deed."""


_ADVERB = (
    r"(?: (?:surely|gladly|certainly|definitely|personally|always|both|all|one day|someday|not"
    r"|never|also|even|then|just|still|try to|do (?:my|our) best to))*"
)
_I_WILL = Phrases(
    r"""
    (?:i|we) (?:will|shall|am going to|are going to){ADVERB}
    """,
    ADVERB=_ADVERB,
)
_I_AM = Phrases(
    r"""
    (?:i am|we are) not (?:going anywhere|leaving|done here|resting|giving up)
    (?:i am|we are) (?:coming (?:back|for)|taking you (?:home|back|to)|getting you (?:out|home
        |back)|bringing \w+(?:back|home))
    if you .{1,80}(?<!\w)(?:i|we) (?:will|shall) (?!{HARM})\w+
    (?:i|we) (?:will|shall) (?!{HARM})\w+ .{1,80}(?<!\w)if you (?:will |can )?(?!need|want|like
        |ask|insist|must|say|do not|are|think|look|prefer)\w+
    """,
    HARM=_HARMFUL,
)
_PERSON_WILL = Phrases(
    r"""
    (?:i|we|he|she|they|WHO) {WILL}
    """
)
_DEED_OF = Phrases(
    r"""
    (?:(?:will|shall|would(?! (?:visit|come by|always|often|usually|sometimes))|(?:am|is|are|was
        |were) going to)|to|should){ADVERB}
    """,
    ADVERB=_ADVERB.replace("surely", "surely|help|please|kindly"),
)
_OBJECT = Phrases(r"""    WHO|you|him|her|them|us|me""")
_THEY_WILL = Phrases(
    r"""
    (?:WHO|he|she|{PARTY}) (?:will|shall|(?:is |are )?going to|(?:is|are) to|ha(?:s|ve) to|must
        |needs? to|(?:is|are) supposed to|(?:is|are) due to|wants? (?:{OBJ}|{PARTY}) to)
    \A\W*WHO to
    """
)
_LISTED = Phrases(
    r"""
    \A\W*(?:next(?: time| up)?|then|remember|do not forget|must|still to do|still|later)(?:: ?
        |,)?(?: to)?(?= )
    """
)
_IT_WILL = Phrases(
    r"""
    (?:you|he|she|they|it|WHO|PLACE|THING|{THE} (?:\w+ ){0,2}\w+) {SHALL} be (?:avenged|repaid
        |paid|returned|restored|rebuilt|rewarded|freed|free again|yours(?: again)?|hers again
        |his again|theirs again|ours again|brought (?:back|home|to)|buried|carried home|lifted
        |dropped|spared|released|cleared|pardoned|made whole|remembered|safe with)
    (?:you|he|she|they|WHO) {SHALL} have {OWN} (?:\w+ ){1,3}(?:back|by|before|when|again)
    {SHALL} (?:answer for|pay dearly|pay for (?:this|it|what)|hang for|not go unpunished
        |not see (?:another|the))
    {THE} (?:\w+ ){1,3}(?:of PLACE )?{SHALL} (?:be|stand|ring|rise|fly|sail|sing
        |open) (?:\w+ )?again
    you {SHALL} (?:have|get) {OWN} (?:revenge|vengeance|justice|money|gold|share|reward|answer|due
        |ship|land|home|son|daughter|name)
    until (?:they|he|she|WHO|we) (?:had )?(?:sworn|promised|given {OWN}|agreed)
    {OWN} (?:\w+ ){1,2}{SHALL} be (?:waiting|ready|done|finished)
    you {SHALL} see {OWN} (?:\w+ ){1,2}again
    {NOBODY} (?:will|shall|would|is|are) (?:ever |going to |even )*(?:hear|touch|know|learn|harm
        |hurt|lay|come near|take|find|get|tell|breathe|see|go hungry|hunger|starve|set foot
        |touching|laying|hurting|harming|getting|taking)
    """,
    SHALL="(?:will|shall)(?: (?:surely|soon|all|both))*",
)
_GIVE_AND_TAKE = Phrases(
    r"""
    (?:{WANTED})(?!\w)[^.!?]{1,80}(?<!\w)(?:and|then) (?:then |in return |for that )?(?:i
        |we) (?:will|shall|take|give|tell|let|forget|get|owe)
    (?:{WANTED})(?!\w)[^.!?]{1,60}(?<!\w)and (?:the |THING |my |{NUMBER} )(?:\w+ ){0,4}(?:is|are
        |will be) (?:yours|open to you|forgiven)
    you (?:{WANTED})(?!\w)[^.!?]{1,80}(?<!\w)(?:and )?(?:i|we) (?:will|shall|take|give|tell|let
        |get)
    lets? (?:{OBJ})(?!\w)[^.!?]{1,60}(?:,|in return|if|for)[^.!?]{1,10}(?:they|we|WHO|he
        |she)(?: will)? (?:bring|give|pay|fetch|return|find|kill|hand|deliver)s?
    """,
    WANTED=(
        r"bring|fetch|find|kill|help|get|give|do|save|free|tell|clear|take|deliver|return|show"
        r"|rid|steal|retrieve|recover|go|slay|stop|let|keep|sign|swear|spare|prove|win|lend|hand"
        r"|make|spring"
    ),
)
"""One thing for another: "bring me the crown and I will tell you"."""


_NOT = Phrases(
    r"""
    (?:never|not|nobody|no one|none|nothing|without|refus\w+|would|could|might|should|may|if|no
        |nor|hardly|neither|rather than|instead of|as if|nearly|almost|afraid to|whether|did|does
        |who|want(?:s|ed)?|ask(?:s|ed)?|tr(?:y|ies|ied)|get|makes?|let|demand\w*|until|had|since
        |ever|forced?|imagine|suppose|claims?|pretend\w*|easy|cheap|like)(?: \w+(?:'s)?){0,3} *\Z
    """
)
_NOT_SAID = Phrases(
    r"""
    (?:was|were|been|is) promised to|i will have you know|if (?:i|we) ever|promised land
    and (?:(?:she|he|they|WHO|i|we|it) )?(?:\w+ )?(?:kept (?:it|them|that)|did(?: so)?|was
        |came)(?=\W*\Z)
    promising|(?:vows?|oath) of (?:silence|poverty|chastity|fealty)|no promises|what if|maybe
    sw(?:ears?|ore) by(?!.{1,120}(?<!\w)(?:will|shall|would|never))
    sw(?:ears?|ore) (?:at|to god|like|loudly|a lot|under|and|in|off|softly|too|off|profusely
        |creatively)
    i swear (?:i|this|that|these|it|you|he|she)\b(?!.{1,200}\b(?:will|shall|never)\b)
    promise[sd]? to be (?:a|an|gentle|brief|fun|good)
    sworn (?:enem\w+|brothers?|sisters?|foes?|in)|agree\w* to disagree
    had promised\b.{1,80}\b(?:and (?:was|did|had|so)|which)|perhaps|might|probably
    (?:promised|swore|vowed|said)(?!\w).{1,80}, and (?:\w+ ){0,5}(?:was|were|did|had|have)(?=\W*\Z)
    what (?:WHO|he|she|they|i|we) (?:had )?(?:said|promised|swore)|(?:broke|broken) (?:it|that)
    offer(?:ed|s)(?!\w).{1,80}, but (?:\w+ ){1,3}(?:not|never|declined|refused)
    (?<!as )if (?:i|we|you|he|she|they|WHO|only) (?:\w+ )?(?:had|were|would|could|did|was|promised
        |swore)
    would (?:love|rather|never have|have (?:been|gone|done|made|told|given|come|taken|\w+ed))
    could have|should have|when (?:i|we) were you|promised (?:myself|ourselves|himself|herself)
    i promise you (?:the|this|that|it|there|he|she)
    """
)


def is_promise(plain: str, *, is_noted: bool = False, is_player: bool = False) -> bool:
    """Whether the sentence binds somebody to a deed to come. `is_noted`: it is written down.
    `is_player`: whoever says it is not of the campaign, and says "I will" of all."""
    return _binds(plain, is_noted=is_noted, is_player=is_player) and not is_taken_back(plain)


def is_taken_back(plain: str) -> bool:
    """Whether the same sentence says that it was no promise, only a story, or already kept."""
    return bool(_NOT_SAID.is_in(plain) or TALES.is_in(plain) or _KEPT_AT_ONCE.search(plain))


def _binds(plain: str, *, is_noted: bool, is_player: bool) -> bool:
    if is_noted and _LABEL.is_in(plain):
        return True
    if has_bond(plain) or _has_deal(plain):
        return True
    if _IT_WILL.is_in(plain) or _GIVE_AND_TAKE.is_in(plain):
        return True
    is_later = LATER.is_in(plain)
    return (
        _is_meant(plain, is_later=is_later, is_player=is_player)
        or _is_reported(plain, is_later=is_later)
        or (is_noted and _is_expected(plain, is_later=is_later))
    )


def has_bond(plain: str) -> bool:
    if any(not _is_denied(plain, found.start()) for found in _BOUND.find_all(plain)):
        return True
    if _AFTERWARDS.is_in(plain) and _I_WILL.is_in(plain):
        return True
    return any(
        _TO_COME.is_in(plain, found.end()) and not _is_denied(plain, found.start())
        for found in _PROMISED.find_all(plain)
    )


def _has_deal(plain: str) -> bool:
    if not _MAY_BE_DEAL.is_in(plain):
        return False
    return any(_SPOKEN_DEAL.is_in(one) for one in split_clauses(plain))


def _is_denied(plain: str, at: int) -> bool:
    return _NOT.is_in(plain[max(0, at - LOOKED_BACK) : at])


_FOR_SOMEBODY = Phrases(r"""    you|your|yours|WHO""")
_IF = Phrases(
    r"""    if (?:he|she|they|it|i|we|the|WHO)|there is|what|why|how|whether|when|where"""
)
_AFTERWARDS = Phrases(r"""    i (?:promise|swear|vow)(?: you| it)?(?=\W*(?:\Z|,))""")
_AND = Phrases(r"""    and""")
_KEPT_AT_ONCE = re.compile(r"\bto (\w{3,})\b.{0,40}\band (?:\w+ )?\1e?d\b")
_TO_YOU = Phrases(r"""    you|your|yours""")


def _is_meant(plain: str, *, is_later: bool, is_player: bool) -> bool:
    """Whether somebody says that they will do what takes time, for somebody."""
    is_for_somebody = _FOR_SOMEBODY.is_in(plain)
    if is_player and not _TO_YOU.is_in(plain):
        return False
    for found in _I_WILL.find_all(plain):
        if is_player and "going to" in found[0]:
            continue
        at = found.end() + 1
        if found[0].endswith(("not", "never")) and NEVER.is_at(plain, at):
            return True
        if SURE.is_at(plain, at):
            return True
        if is_later and is_for_somebody and _takes_time(plain, at):
            return True
    return _I_AM.is_in(plain)


def _takes_time(plain: str, at: int) -> bool:
    """Whether what is to be done is a deed and no thing of the next moment."""
    return not AT_ONCE.is_at(plain, at) and not NOW.is_in(plain, at)


def _is_reported(plain: str, *, is_later: bool) -> bool:
    """Whether somebody agreed, said or was asked to do something that takes time."""
    for found in _WEAK.find_all(plain):
        if _is_denied(plain, found.start()):
            continue
        at, is_bond = found.end(), found[0][:5] in _BINDING
        if _IF.is_in(plain[at : at + 20]):
            continue
        deed = _DEED_OF.find(plain, at, at + 120)
        if deed is None:
            continue
        at = deed.end() + 1
        if " not" in deed[0] or " never" in deed[0]:
            if HARM.is_at(plain, at):
                return True
            continue
        if SURE.is_at(plain, at):
            return True
        coordinated = _AND.find(plain, at)
        if is_later and coordinated is not None and not _takes_time(plain, at):
            at = coordinated.end() + 1
        if (is_later or is_bond) and DEED.is_at(plain, at) and _takes_time(plain, at):
            return True
        is_own = is_bond or (_PERSON_WILL.find(plain, found.end(), found.end() + 80) is not None)
        is_for_somebody = _OBJECT.is_in(plain, at)
        if is_own and (is_later or is_for_somebody) and _takes_time(plain, at):
            return True
    return False


def _is_expected(plain: str, *, is_later: bool) -> bool:
    """Whether a note says what somebody has to do, or is to do by when."""
    if "if" in plain.split():
        return False
    for found in _THEY_WILL.find_all(plain):
        at = found.end() + 1
        is_due = is_later or found[0].endswith(("to", "must"))
        if is_due and DEED.is_at(plain, at) and (is_later or _takes_time(plain, at)):
            return True
    listed = _LISTED.find(plain)
    return listed is not None and SURE.is_at(plain, listed.end() + 1)
