"""Deeds by their kind: those that take their time, those of the next moment, those one forswears;
words for a time that is still to come, and for what is only told. Pure; English."""

from __future__ import annotations

from ttrpg_assistant.continuity.phrases import Phrases

LATER = Phrases(
    r"""
    before|until|till|once|when|whenever|as soon as|after|unless|by then|some ?day|one day
    tomorrow|soon|asap|for ?ever|always|ever again|in time|the day|tonight|from now on|henceforth
    this winter
    at (?:dawn|dusk|sunup|sundown|daybreak|first light|trial|wedding|funeral|coronation|deadline
        |noon|midnight|sunrise|sunset|first light|the (?:next|new|full))
    (?:within|in|for|inside|every) (?:the )?{NUMBER} (?:\w+ )?(?:{SPAN})s?|within the (?:{SPAN})
    {NUMBER} (?:more |full )?(?:{SPAN})s|(?:by|on|come|at) (?:the )?(?:\w+ ){0,3}(?:{MOMENT})s?
    (?:next|this coming|every) (?:\w+ )?(?:{MOMENT}|{SPAN})s?
    as long as (?:i|we|he|she|they|WHO) (?:lives?|breathes?|draws?)
    while (?:i|we|he|she|they|WHO) (?:lives?|breathes?|(?:am|is|are))
    if (?:\w+ ){0,4}(?:ever|need\w*|come|call\w*|help\w*|bring\w*|fetch\w*|find\w*|get\w*|keep\w*)
    not today|not yet|another (?:day|time)|the next time|in return|in exchange|over the winter
    any ?time
    """,
    SPAN="hour|day|night|week|fortnight|tenday|month|moon|year|season|winter|summer|jump|turn|cycle",
    MOMENT=(
        "dawn|dusk|noon|midnight|nightfall|sunrise|sunset|morning|evening|moon|weekend|spring"
        "|summer|autumn|winter|harvest|thaw|snow|fair|feast|festival|solstice|midsummer"
        "|midwinter|tide|yule|(?:mon|tues|wednes|thurs|fri|satur|sun)day|new year|arrival"
        "|delivery"
    ),
)
"""A time that is still to come when something is said."""

_SURE_DEEDS = r"""
    come back|be back|go back for
    bring (?:{OBJ}|{OWN}|THING|back|it (?:back|to|home)|word|help|proof|the (?:\w+ ){1,3}(?:back
        |to|home))
    repay|avenge|rescue|deliver|rebuild|restore|vouch|reward you
    return (?:to (?:{OBJ}|free)|{OWN}|for|with|your|the|it|THING|before)
    fetch (?:your|him|her|WHO)|pay (?:{OBJ} )?(?:\w+ )?back
    pay (?:you|WHO) (?:double|twice|when|as|the rest|half)|free (?:your|the|{OBJ})|make free
    make (?:it|this|things) (?:right|good|up)|make sure|see (?:it|this|that) (?:done|through)
    see to (?:it|that|this)|see {OBJ} (?:home|safe|free|paid|\w+ed)|(?:not|never) (?:forget|rest)
    not stop until|keep {OBJ} (?:safe|hidden)|keep it (?:safe|secret)
    keep {OWN} (?:secrets?|name|family|children|people|daughter|son)
    look into (?:it|this|that|the)
    find (?:who|whoever|{OBJ}|{OWN}|out (?:who|what|why|where|how|the)|the \w+ (?:who|that|for
        |you))
    get (?:it|{OBJ}|THING|the \w+) (?:fixed|repaired|mended|replaced|released|pardoned)
    find a (?:cure|way)|(?:lift|break) (?:the|{OWN}|this) curse|put in a (?:good )?word|bury {OBJ}
    get (?:{OBJ}|THING|it|the|this|{OWN}) {FEW}(?:back|out of|home|to safety|safe|safely)
    clear {OWN} name|take (?:{OBJ}|your \w+) (?:home|back to|to PLACE|there)|have {OWN} back
    be (?:avenged|repaid|rewarded|restored|returned|rebuilt|freed|made whole|yours)
    carry {OWN} \w+ (?:to|home)|name {FEW}after|speak (?:up )?for {OBJ}|wipe {OWN}
    tell {OWN} (?:wife|mother|father|family|son|daughter|brother|sister|husband|people|children)
    have a (?:quiet )?word with|(?:stand|testify) (?:by|for|beside) {OBJ}|call off
    (?:tell|show) (?:you|{OBJ}) (?:everything|the secret|who|where (?:the|your|he|she|they))
"""
"""Deeds that nobody says they will do the next moment."""

_DEEDS = r"""
    go back|return|fetch|reward|free|protect|guard|watch (?:over|out for)
    look (?:after|in on|into)|pay (?:{OBJ}|for|the|in|half|double|twice|\d+)|take care of
    make good|see (?:that|to that|to)|keep (?:the|this|an eye|quiet|silent|{OBJ}|{OWN})|find
    get to PLACE|get {OBJ}|bury|cure|heal|clear|clean|escort|smuggle|(?:hunt|track)(?: \w+)? down
    investigate|teach|forge|craft|marry|carry
    take (?:{OBJ}|it|THING|this|{OWN}|the) (?:\w+ ){0,2}(?:home|to|back|there|across|north|south
        |east|west|as far as|in)
    see {OBJ} again|send (?:word|help|the|a|{OBJ}|money|for)|repair|mend|fix
    write (?:to|every|{OBJ})|let {OBJ} (?:know|go|out|through|in)|stop|rid|drive (?:out|off|the)
    destroy|end (?:the|this|{OWN})|help|speak (?:to|with|for) (?:the|{OWN}|{OBJ})
    hand (?:over|{OBJ})|give (?:back|it back|THING|{OBJ})|show {OBJ}|bear {OWN}|stand|join|meet
    wait|supply|train|pick
    be (?:waiting|there|ready|paid|free|safe|carried|brought|taken|buried|mended|forgiven
        |delivered|protected|healed|open|released|left alone|spared|back|done|finished|sent|named)
    have (?:\w+ ){0,4}(?:ready|waiting|back|done|finished|made|forged|sent|released|repaired)
    testify|tell|hide|save|settle|recover|retrieve|sell|buy|lend|open|hold|follow|spare|cover|work
    serve|fight|come|remember|honour|shelter|feed|raise|leave|stay away|cover for|back {OBJ}|lead
    vote|support|lift|break|drop|divert|make|do|set|swap|trade|bring|deliver
"""

SURE = Phrases(_SURE_DEEDS)

DEED = Phrases(_SURE_DEEDS.rstrip() + "\n" + _DEEDS.strip("\n"))
"""Deeds that are done for somebody and take their time."""

AT_ONCE = Phrases(
    r"""
    attack|hit|shoot|strike|cast|move|dash|hide(?! (?:{OBJ}|{OWN}|it|THING)\b)|ready|use|try|check
    look(?! (?:after|into|in on|for))|listen|open|go (?!back)\w+|run
    take (?:the|a|that|first|cover|one)|think|drink|eat|sit|stay|sleep|jump|climb
    be (?:in|right|at|on|fine|ok|there in|late|the one|honest|gone|careful)|distract|grab|need
    know|roll|see(?! (?:{OBJ} (?:home|safe|free|paid|again|back|through|\w+ed)|it|to|this|that)\b)
    rest(?! until)|stand(?! by| with| as)|bet|pass|leave|start|say|walk|buy (?:a|some|us)
    get (?:a|some|the (?:drinks|door|horses))|let you (?:roll|off|have)|just|come along
    follow {OBJ}|come with|cover {OBJ}|hold (?:the|him|it|them)
    help you (?:up|down|in|out of|with that)|show {OBJ} (?:the|what|how|around)
    make (?:a|an|some|camp)|not (?:say|lie|let|lift|ask|stay)|do (?:it|that)|set (?:up|a)
    come (?:along|in|with|over)|fight
    """
)
"""What somebody does the next moment, or what is no deed."""

NOW = Phrases(r"""    now|right away|first|quickly|here""")

HARM = Phrases(
    r"""
    tell|betray|harm|hurt|touch|reveal|forget|leave|open|sell|speak|let|rest|attack|kill|say|steal
    breathe|come back|set foot|return|hunt|fight|interfere|mention|give|burn|abandon|stop
    """
)
"""What one promises not to do; to refuse anything else is no promise."""

NEVER = Phrases(
    r"""
    rest|stop|forget|betray|abandon|let (?:{OBJ} down|harm|any)|breathe a word|speak of|fail {OBJ}
    tell (?:a soul|anyone|anybody|them|him|her|WHO)|leave (?:you|WHO)
    """
)
"""With "never" an oath by itself."""

TALES = Phrases(
    r"""
    in (?:the|an?|this|that|{OWN}) (?:\w+ ){0,2}(?:{TALE})
    (?:tells?|told|telling|sings?|sang|reads?|heard?) (?:{OBJ} )?(?:of )?(?:the|an?
        |{OWN}) (?:\w+ )?(?:{TALE})s? (?:of|about|in which|how|that|where)
    (?:{TALE}|saying|prophecy|proverb)s? (?:says?|goes|has it|tells?|claims)
    so the (?:{TALE}) goes|long ago|once upon|(?:centuries|generations|ages|years) ago
    (?:as )?they say|people say|old days|dreams?(?: of| that|t)|dreamt|dreamed|backstory|back then
    in another life|ancestors?|forefathers
    when (?:he|she|i|they) (?:was|were) (?:young|a (?:child|boy|girl))
    """,
    TALE="song|story|tale|legend|myth|poem|ballad|play|novel|book|dream|fable",
)
"""Told of others, in another time, or made up."""
