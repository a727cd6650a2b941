"""Whether a record says that something has not come out yet: a clue nobody followed, a secret, a
question without an answer; and whether a later line lets it out. Reads what `spell_plainly` gives.
Pure; English."""

from __future__ import annotations

from ttrpg_assistant.continuity.phrases import Phrases
from ttrpg_assistant.continuity.plain_words import split_clauses

_KNOWS = (
    r"(?:knows?|knew|known|notic(?:e[sd]?|ing)|ask(?:s|ed|ing)?|wonder(?:s|ed)?|check(?:s|ed"
    r"|ing)?|spot(?:s|ted)?|learn(?:s|ed|t)?|reali[sz]e[sd]?|suspect(?:s|ed)?|sees?|saw|seen"
    r"|catch(?:es)?|caught|clock(?:s|ed)?|twig(?:s|ged)?|(?:find|found|finds)(?: out)?"
    r"|figure[sd]?|pick(?:s|ed)? up|remark(?:s|ed)?|search(?:es|ed|ing)?|look(?:s|ed"
    r"|ing)? (?:into|at|under|behind|inside|in|twice|closer)|reads?|reading|guess(?:es|ed)?"
    r"|question(?:s|ed)?|think(?:s)? to|thought to|bother(?:s|ed)? to|discover(?:s|ed)?"
    r"|underst(?:ands?|ood)|work(?:s|ed)? out|connect(?:s|ed)?|recogni[sz]e[sd]?|mention(?:s|ed)?"
    r"|follow(?:s|ed)? (?:up|it)|put (?:it|two|that)|marked|heard|investigat(?:e[sd]?|ing)"
    r"|open(?:s|ed|ing)?|explore[sd]?|translate[sd]?|decipher(?:s|ed)?|pursue[sd]?"
    r"|examin(?:e[sd]?|ing)|solve[sd]?|noted|comment(?:s|ed)?|crack(?:s|ed)?|decode[sd]?|test(?:s"
    r"|ed)?|pull(?:s|ed)?|touch(?:es|ed)?|tried|tries|chase[sd]?|paid (?:\w+ )?attention"
    r"|pay (?:\w+ )?attention|remember(?:s|ed)?|idea|clue|inkling|suspicion|verif(?:y|ied)"
    r"|trace[sd]?|identif(?:y|ied)|explain(?:s|ed)?|inquired?|enquired?|curious|suspicious|fussed"
    r"|bothered|blinked|listen(?:s|ed)?|believe[sd]?|trigger(?:s|ed)?|visit(?:s|ed)?|claim(?:s"
    r"|ed)?|tell|told|say|said|react(?:s|ed)?|respond(?:s|ed)?|bite|bit|blink|engage[sd]?|looked"
    r"|(?:make|made|draw|drew) the (?:connection|link)|take the bait|took the bait|act on"
    r"|acted on|dwell on|dwelt on)"
)
"""What brings something to light."""

_DONE_TO = (
    r"(?:pulled|opened|read|tested|checked|searched|examined|explored|translated|deciphered"
    r"|identified|explained|solved|answered|found|asked(?: about)?|followed(?: up)?|investigated"
    r"|visited|entered|decoded|cracked|traced|verified|questioned|discovered|revealed|resolved"
    r"|disclosed|noticed|touched|triggered|confirmed|mentioned|uncovered|recovered|accounted for"
    r"|named|caught|seen again|heard of again|claimed|looked at|looked into|understood)"
)
_NOT_YET = (
    r"(?:(?:do|does|did|has|have|had|are|is|was|were|will|could|can) )?(?:still |just |also |all "
    r"|really |simply |completely |totally )*(?:not|never|forgot to|forget to|failed to|fail to"
    r"|missed|(?:have |has |are )?yet to|hardly|barely|too \w+ to|no|zero|neglected to"
    r"|did not think to)(?: (?:yet|even|really|actually|bother(?:ed)? to|think to|thought to"
    r"|bothered to|any|ever|been|a|the|once|quite))*"
)
_LABEL = Phrases(
    r"""
    \A\W*(?:clue|hint|mystery|foreshadowing)s?(?: \w+){1,3}:(?= ?\S)
    (?:\A|[.!?;-] ?)\W*(?:\w+ ){0,2}(?:clues?|hints?|myster(?:y|ies)|secrets?|seeds?|foreshadow\w*
        |unanswered|unresolved|open (?:question|thread|end|mystery)s?|loose (?:end|thread)s?
        |dangling|missed|overlooked|unnoticed|unfound|unknown|(?:gm|dm)(?:'s)? (?:only|eyes only
        |secret|note)|hidden|the truth|truth|in truth|twist|to (?:be )?reveal(?:ed)?(?: later)?
        |not (?:yet )?(?:found|revealed|discovered)|(?:do not|dont) tell(?: them| the (?:players
        |party))?|what (?:they|the \w+) (?:do not|does not|dont) know|still open|open|plant(?:ed
        |s)?|set-?up|for later|payofflater|red thread|reveal later)(?: (?:of|about|for
        |re) \w+)?(?: \([^)]{1,30}\))?(?: ?[:=]| -(?= ))(?! ?(?:none|nothing|n/a)\b)(?= ?\S)
    """
)
_PLANTED = Phrases(
    r"""
    plant(?:ed|s|ing)? (?:a |the |some |another |two |our )?(?:\w+ )?(?:clues?|hints?|seeds?
        |rumou?rs?)
    (?:dropped|left|leave|slipped|gave) (?:\w+ ){0,2}(?:clues?|hints?|breadcrumbs?|seeds?)
    foreshadow\w*
    un(?:explained|explored|solved|answered|resolved|opened|read|identified|noticed|remarked
        |determined|deciphered|translated|cracked|tested|examined|traced|seen by|detected|verified
        |accounted for|asked)
    goes? unnoticed|went unremarked|unbeknownst|secretly|in secret (?:he|she|they|WHO)|in truth
    unknown to (?:{PARTY}|them|us|WHO)|a mystery|anyone's guess|anybody's guess
    without (?:{PARTY} |them |anyone |anybody |us |even |ever |once )*(?:notic|know|see|reali[sz]
        |ask|look|check|search|open|read|examin|question|investigat)ing
    (?:remain\w*|stays?|still|kept) (?:firmly |very much )?(?:locked|sealed|closed|hidden|shut
        |buried|undisturbed)
    as (?:a|the) (?:clue|hint)
    (?:will|to|should) (?:come up|matter|return|pay off|surface|come back|be revealed
        |be important)(?: again)? later
    no (?:explanation|reason|answer|reaction|comment|follow-?up|questions?|further word)(?: was
        | were| is| has| been| given)* (?:offered|given|asked|found|made|yet|so far|from)
    (?:reason|cause|origin|meaning|identity|source|owner|contents?|purpose|motive|whereabouts
        |author|sender|culprit|explanation) (?:[\w']+ ){0,3}?(?:not |never |yet to |un)\w+
    thought nothing of (?:it|that)|paid (?:it|that|this) no (?:mind|heed|attention)
    gave it no (?:more )?thought|shrugged (?:it|this|that) off
    took (?:it|him|her|this|that|them) for|mistook|mistakes
    (?:though|but|while) (?:everyone|everybody|{PARTY}|the \w+) (?:still )?(?:believe|think
        |assume)s?
    (?:wrongly|mistakenly|falsely|still) (?:believe|think|assume)s?
    (?:none|nobody|no one) can (?:say|tell)
    (?:kept|keeps|keeping) (?:{OWN} mouth shut|(?:it|this|that) to (?:himself|herself|themselves
        |{OWN}self))
    holds? {OWN} tongue about|\A\W*(?:strangely|oddly|curiously|inexplicably|weirdly)
    for some reason|(?:is|was|were|are|been) (?:not|never) (?:been )?{DONE_TO}
    never (?:been )?{DONE_TO}
    (?<!can )(?<!do )(?<!did )(?<!could )(?<!does )not (?:yet )?(?:been )?{DONE_TO}
    yet to be {DONE_TO}
    """,
    KNOWS=_KNOWS,
    DONE_TO=_DONE_TO,
)
_NOBODY = Phrases(
    r"""
    {NOBODY}(?: \w+){0,4}? {KNOWS}(?! (?:him|her|them|anything|no)\b)
    only (?:the )?(?:WHO(?:'s)?|\w+)(?: \w+)? {KNOWS}
    (?:zero|no) (?:suspicions?|inkling|idea|clue|reaction|questions?)(?: asked)?(?: (?:so far|yet
        |from))
    """,
    KNOWS=_KNOWS,
)
_UNAWARE = Phrases(
    r"""
    {PARTY} {NOT_YET} {KNOWS}(?! WHO (?:until|again|since|in|at|for|before)\b)(?! (?:anything
        |nothing|any|no)\b)(?! yet\W*(?:\Z|[,.;]))(?! (?:before|anything like|much)\b)
    {PARTY} (?:(?:is|are|was|were|remain\w*|stay\w*) )?(?:still )?(?:\w+ly )?(?:quite |all )?
        (?:unaware|oblivious|in the dark|clueless|none the wiser)
    {PARTY} (?:\w+ly )?(?:walked|strolled|went|rode|marched|sailed|blew|breezed|ran
        |drove) (?:right |straight )?past
    {PARTY} (?:\w+ly |all |also )?(?:missed|overlooked|skipped|forgot about|glossed over
        |left behind) (?!each|the (?:bus|train)|a turn)\w+
    (?:escaped|eluded|slipped past|went over the heads? of|passed by|lost on|escapes) (?:{PARTY}
        |them|us)
    (?:went|flew|goes) over (?:their|our) heads
    \A\W*(?:still )?(?:no idea|no clue|not clear|unclear|unknown|unsure|not sure) (?:yet )?(?:why
        |who|what|where|how|whether|if|which)
    {PARTY} (?:suspect|notice|know|see|saw|guess|learn|suspected|noticed|knew|guessed
        |learned) nothing
    {PARTY} (?:\w+ly )?(?:dismissed|waved away|laughed (?:at|off)|brushed off|disregarded) \w+
    {PARTY} ignored (?:[\w']+ ){0,3}(?:clues?|hints?|warnings?|signs?|letters?|notes?|door
        |rumou?rs?|advice)
    {PARTY} (?:[\w,]+ ){0,3}(?:shrugged|moved on)|{PARTY} (?:is|are|was|were) (?:too )?busy \w+ing
    {PARTY} (?:\w+ly )?(?:assume|presume)[sd]?
    {PARTY} can not (?:yet )?(?:read|open|decipher|translate|explain|identify|solve|crack)
    never (?:became|was|got|made) clear
    (?:he|she|WHO) ha[sd] not (?:yet )?(?:looked|noticed|read it|opened it|checked|seen it
        |found (?:it|out))
    {PARTY} (?:still )?(?:think|believe)s? (?:that )?(?:WHO|PLACE|THING|(?:it|she|he) is)
    still (?:no idea|no clue|do not know|not know\w*|unclear|unknown|unsure|a secret
        |to be (?:explained|revealed|discovered|found out)|wondering|no answer|in the dark
        |a riddle|open (?:who|what|why|how))
    not (?:yet )?(?:clear|known|sure) (?:to \w+ )?(?:who|what|why|how|where|from)
    (?:remain\w*|is|was|are|goes|went|left|stays?) (?:still |yet |so far )*(?:unclear|unknown
        |a secret|an? openquestion|hidden from)
    {NOBODY}(?:'s| is)? the wiser
    (?:never|not yet|nobody) (?:found|find|learn\w*|knew|know|discover\w*|ask\w*) (?:out )?(?:who
        |what|why|how|where|which|whose|that)
    (?:quite |just |exactly )?(?:who|what|why|how|where) .{3,80} is (?:still )?(?:unclear
        |a mystery|unknown|open|ariddle|anyone's guess|a puzzle)
    """,
    KNOWS=_KNOWS,
    NOT_YET=_NOT_YET,
)
_WITHHELD = Phrases(
    r"""
    (?:would|will|did|does|do|has|is|was|could|can) not (?:yet |ever )?(?:say|said|tell\w*
        |explain\w*|answer\w*|speak|spoken|talk|reveal\w*|saying|talking) (?:\w+ ){0,3}(?:why|what
        |who|whom|where|how|about|which|of it)
    (?:is|are|was|were) not telling|something WHO (?:is|has|will|does) not
    refus\w+ to (?:say|tell|explain|answer|discuss|talk|speak)
    dodg(?:es|ed) (?:the|every|our|their|my) questions?|changed the subject|changes the subject
    (?:is|are|was|were|keeps?|kept) (?:hiding|concealing|withholding|lying|quiet|silent
        |mum) (?:about |something|on )
    (?:says?|said|told|tells) (?:{PARTY} |them )?nothing (?:to (?:{PARTY}|them|us|anyone)|about
        |of)
    {PARTY} left (?:it|that) (?:alone|be|closed|shut|where it was|untouched)
    (?:hiding|keeping|holding) (?:something|things|a secret)|knows? more than|lied about
    lies about|lying about
    """
)
_ASKS = Phrases(
    r"""
    \A\W*(?:(?:q|question|open|so|but|and|also) ?[:,-]? )?(?:why|who|whose|what|where|how|which
        |from where)(?! (?:if|about|else|next|many|much|long|often|far|level|dc|time|day|is (?:a
        |an|the (?:ac|dc)))\b)
    """
)
_OF_THE_GAME = Phrases(
    r"""
    (?:should|do|can|could|shall|will|would|need) (?:i|we)|costs?|charges?|price|stats?|dc|ac|cr
    xp|brings?|prep|levels?|feat|spell|rules?|alignments?|next (?:session|time|week)|damage
    wants? to play|voice|accent
    """
)
_NO_SECRET = Phrases(
    r"""
    not know (?:the (?:rules|way|road)|each other|WHO)|no clues? (?:left|here)|secretary
    not found wanting|not seen combat|jokes?|puns?|(?:found|told|learned|learnt|knows?) everything
    (?:as )?they say|people say
    """
)

_CAME_OUT = Phrases(
    r"""
    reveal\w*|learn(?:s|ed|t)?|discover(?:s|ed|y)?|f(?:ou|i)nds? out|turn(?:s|ed)? out|transpires?
    transpired|solve[sd]?|explain(?:s|ed)?|underst(?:ood|ands?)|reali[sz]\w+|confess\w+|admit\w*
    unmask\w*|recogni\w+|work(?:s|ed)?(?: it)? out|figured?(?: it)? out|pieced
    put (?:it|two and two) together|(?:came|comes?) (?:out|to light|clean)|the truth|expos\w+
    uncover\w*|knows? now|now know\w*|finally kn[eo]w|at last (?:knew|know|understood)
    out in the open|identif\w+|decipher\w*|decod\w+|translat\w+|traced|noticed|spotted|remarked
    caught|guessed|answer(?:ed)?|big reveal|told
    tells? (?:{OBJ}|the party) (?:why|who|what|how|that|everything|all)|remembered
    saw (?:that|who|what|why|through)|showed {OBJ}|because|that is (?:how|why|who|what|where)
    it was WHO (?:who|that|all)|came from|comes from|is the|was the|prove[sd]?|shown to be|opened
    read|followed|searched|checked|confronted|clicked|dawned|penny dropped
    mystery (?:is )?(?:over|solved|closed)|secret(?: is|'s)? out|asked WHO|finally|at last
    gave (?:it|her|him|them) away|fell apart|broke down|cracked|tested|ran|pulled
    looked (?:at|behind|under|inside|into)|found|holds|contained|contains
    """
)


_NOT_TOLD = Phrases(
    r"""
    not|never|still|yet|asks?|asked|wonder(?:s|ed)?|whether|if|perhaps|maybe|might|{NOBODY}
    """
)


def is_secret(plain: str, *, names_anybody: bool) -> bool:
    """Whether a record keeps something back. A question is one where it names somebody or
    something of the campaign: the others are asked at the table."""
    if _LABEL.is_in(plain):
        return True
    if plain.endswith("?"):
        is_asked = _ASKS.is_in(plain) and not _OF_THE_GAME.is_in(plain)
        return names_anybody and is_asked
    if _NO_SECRET.is_in(plain):
        return False
    return any(one.is_in(plain) for one in (_PLANTED, _NOBODY, _UNAWARE, _WITHHELD))


def comes_out(plain: str) -> bool:
    """Whether a sentence tells that something came out."""
    return _CAME_OUT.is_in(plain)


def list_told(plain: str) -> list[str]:
    """The clauses of a sentence that say how something is."""
    return [one for one in split_clauses(plain) if not _NOT_TOLD.is_in(one)]
