"""Who acts by what is said at the table. Pure; English.

A card at the wrong moment interrupts the game, so only what plainly happens now counts:
no question, no "what if", no joke, no memory, no plan, no correction, nothing that somebody only
says or believes, and nobody of whom the same words say that they are dead or a ghost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from ttrpg_assistant.campaigns.mentions import EntityRef, NameIndex
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.continuity.sentences import (
    MOST_CHARACTERS,
    find_speaker,
    is_table_talk,
    split_sentences,
    without_names,
)

_PRESENT = (
    "says|asks|tells|answers|walks|smiles|gives|enters|arrives|leads|opens|laughs|nods|attacks|pays"
    "|hands|greets|agrees|waits|waves|shrugs|returns|joins|offers|pours|sells|meets|drinks|draws"
    "|leaves|sits|stands|whispers|shouts|grins|looks|shows|runs|rides|replies|grabs|brings|knocks"
    "|steps|throws|points|bows|serves|winks|sighs|frowns|buys"
)
_PAST = (
    "said|asked|told|answered|walked|smiled|gave|entered|arrived|led|opened|laughed|nodded|attacked"
    "|paid|handed|greeted|agreed|waited|waved|shrugged|returned|joined|offered|poured|sold|met"
    "|drank|drew|left|sat|stood|whispered|shouted|grinned|looked|showed|ran|rode|replied|grabbed"
    "|brought|knocked|stepped|threw|pointed|bowed|served|winked|sighed|frowned|bought"
)
_FIRST = r"\A (?:then |now |slowly |quietly |suddenly )?"
ACTS = re.compile(rf"{_FIRST}(?:{_PRESENT}|{_PAST})\b")
"""What stands after the name of somebody who acts."""

_ACTED = re.compile(rf"{_FIRST}(?:{_PAST})\b")

ELSEWHEN = re.compile(
    r"\b(?:remember\w*|memory|memories|recall\w*|flashback|years? ago|long ago|once|used to|had"
    r"|dream\w*|vision\w*|portrait|statue|painting|grave|tomb|funeral|body|corpse|late|letter|diary"
    r"|journal|note|will|would|could|if|might|when .{1,40} was (?:young|alive)|before|back then)\b"
)
"""What makes a sentence one about another time, or about what is left of somebody."""

_NOT_HAPPENING = re.compile(
    # Supposed, chosen between, to come.
    r"\b(?:what if|suppos\w+|imagin\w+|let's say|let us say|say we|hypothe\w+|assum\w+|thought"
    r" experiment|consider\w*|variants?|in theory|(?:best|worst) case|provided"
    r"|(?:other|another|alternate) (?:world|timeline|universe|version)|maybe"
    r"|perhaps|possibl[ey]|might|would|could|either|option \w|alternat\w+|versions?|ways|scenarios?"
    r"|ideas?|brainstorm\w*|plan(?:s|ned|ning)?|prep\w*|drafts?|rewrit\w+|reword\w*|rephras\w+"
    r"|scenes?|come up with|make up|handouts?|next (?:time|session|game|week|evening)|tomorrow"
    r"|for later|later on|outlines?|endings?|hooks?|arcs?|cutscenes?|bullet points?|lines for"
    r"|i want|i'd like|i need|i wish|going to|gonna|will|won't"
    # Of another time, or told by something else.
    r"|cut to|earlier|prologue|epilogue|interlude|before the|that (?:day|night|year|summer|winter)"
    r"|(?:years|winters) back|the year is|youth|as a (?:boy|girl|child)|flash ?backs?"
    r"|(?:\w+ )?(?:years?|winters|summers|months?|weeks?|days|nights) ago|remember\w*"
    r"|remind\w*|memor(?:y|ies)|recall\w*|dream\w*|visions?|back (?:then|when|in)|long ago|used to"
    r"|the past|the old days|the (?:night|day|week|year) before|last (?:time|session|game|week"
    r"|year|winter|summer)|previously|so far|(?:session|evening|chapter|episode) \d+|once upon"
    r"|portraits?|paintings?|statues?|pictures? of|mirrors?|letters?|diar(?:y|ies)|journals?|stor"
    r"(?:y|ies)|tales?|legends?|songs?|poems?|newspapers?|according to"
    # Said to deceive, or only believed.
    r"|believ\w+|convinc\w+|lies?|lied|lying|rumou?r\w*|pretend\w*|bluff\w*|trick\w*|fool\w*"
    r"|deceiv\w+|cover story|as far as|false\w*|forg(?:e|ed|es|ery)"
    r"|fakes?|faked|copy|copies|impersonat\w*|plays?|posing|officially)\b"
)
"""Words after which, and shortly before which, a sentence does not say that something happens."""

_KNOWN = re.compile(
    r"\b(?:dead|die[ds]?|dying|death\w*|kill\w*|slain|murder\w*|execut\w+|corpses?|bod(?:y|ies)"
    r"|graves?|tombs?|funeral|buried|burn(?:s|ed)? the|ghost\w*|spirits?|spect(?:er|re)s?|undead"
    r"|zombie\w*|vampires?|wraiths?|revenants?|necromanc\w+|resurrect\w*|reviv\w+|reincarnat\w*"
    r"|rais(?:e|es|ed) (?:dead|from)|back to life|alive|surviv\w+|afterlife|illusions?|disguis\w+"
    r"|imp[oe]sters?|impostors?|doppelg\w+|twins?|shapeshift\w*|polymorph\w*|clones?|(?:his|her"
    r"|their) (?:face|shape|form)|hallucinat\w*|skeletons?|bones|remains|beyond"
    r"|underworld|hell|heavens?|seance|séance|summon\w*|rip|shades?|lich|controls|time travel|wish"
    r"|no longer|any ?more)\b"
)
"""Whoever says this beside it knows that somebody is dead, or why they act all the same."""

_FRAMES = (_NOT_HAPPENING, _KNOWN)

_TAKEN_BACK = re.compile(
    # Not in earnest.
    r"\b(?:lol|lmao|rofl|haha\w*|hehe\w*|jk|kidding|jok\w+|enters the chat"
    r"|hilarious|funny|memes?|ooc"
    # Corrected, refused, asked for otherwise.
    r"|scratch|forget (?:that|it)|ignore|undo|mistake\w*|wrong|oops|correction|retcon\w*|actually"
    r"|try again|wait|hold on|stop|you (?:wrote|said)|decided)\b"
    r"|\bno,|[\U0001f600-\U0001f64f\U0001f923\U0001f92a]|[;:]-?[)dp](?!\w)|(?:\A|\s)/s\b",
)
"""Words that take back what was told a few sentences before."""

_ONLY_SAID = re.compile(
    r"\b(?:n't|not|never|no|nobody|if|unless|in case|once|when|whenever|until|after|before|since"
    r"|because|whether|how|why|what|who|whom|whose|which|describe\w*|write|list|think\w*|thought"
    r"|know\w*|knew|sa(?:y|ys|id)|tell\w*|told|claim\w*|hear[sd]?|report\w*|swear\w*|swore"
    r"|wonder\w*|doubt\w*|suspect\w*|hope\w*|fear\w*|guess\w*|reckon\w*|figure\w*|seem\w*|should)\b"
    r"|n't\b"
)
"""What makes of the rest of a sentence something that is only asked for, said or thought."""

_LEADS = re.compile(
    r"(?:\A|[,;—–(] ?|\b(?:and|then|but|so|while|meanwhile|as|now|suddenly|finally|next|there"
    r"|here|inside|outside) )"
    r"(?:(?:the|an?|our|your|my|old|young|poor|good|captain|lord|lady|sir|king|queen|master|father"
    r"|mother|brother|sister|uncle|aunt|baron|count|duke|prince|princess|sergeant|doctor|professor"
    r"|innkeeper|guard|smith|blacksmith|priest|merchant|mayor|ferryman|bard|wizard|widow) ){0,3}\Z"
)
"""What may stand before the name of somebody who acts: a new clause begins there."""

_BEGINS = re.compile(
    r"\A(?: |\Z|(?:they|he|she|it|you|we|i|everyone|everybody|nobody|somebody|one|the|an?|his|her"
    r"|their|our|your|my|some|two|three|four|this|these|those|old|young|poor|captain|brother|sister"
    r"|father|mother|lord|lady|sir|uncle|aunt|master|at|in|on|by|near|behind|beside|outside|inside"
    r"|from|across|under|over|above|below|between|through|into|upstairs|downstairs|while|as|with"
    r"|without|then|now|meanwhile|suddenly|finally|next|quietly|slowly|later|again|here|there|ok"
    r"|okay|so|well|good|and|but|tonight|today|soon|at last|just)\b)"
)
"""How a sentence begins that tells of places, times and people, and is no heading or remark."""

_REQUEST = re.compile(
    r"\A\W*(?:please )?(?:make|take|use|write|draft|translate|describe|give|add|continue|expand"
    r"|shorten|improve|try|edit|fix|change|turn|show|help|play|summari[sz]e|create|generate|narrate|list)\b"
)
"""How a sentence begins that asks for what comes behind it."""

_SPEAKER = re.compile(r"\A\W*[^\W\d_]\w*(?: [^\W\d_]\w*)?:\s")
_ASKED = re.compile(r"\b(?:could|can|would|will) (?:you|we)\b")
_RECAP = re.compile(r"\b(?:recap|summary)\b")
_TONIGHT = re.compile(r"\b(?:tonight|today|this (?:evening|session))\b")
_SPEECH = re.compile(r"\b(?:i|me|my|you|your|we|us|our)\b|!")
_QUOTED = re.compile(
    r"“[^”]*(?:”|\Z)|«[^»]*(?:»|\Z)|\"[^\"]*(?:\"|\Z)|(?<!\w)['‘](?=\w)[^'‘’\n]{2,400}['’](?!\w)"
    r"|^>[^\n]*",
    re.MULTILINE,
)

MOST_SENTENCES = 2
"""Of a message at the table that begins in the past tense; a longer one is a recap, of
whichever evening."""


class Acting(NamedTuple):
    """Somebody who acts by a sentence. `is_past`: it says that they acted. `is_voice`: their name
    stands before what they say."""

    ref: EntityRef
    sentence: str
    is_past: bool = False
    is_voice: bool = False


def list_acting(text: str, index: NameIndex, *, is_spoken: bool = True) -> Iterator[Acting]:
    """Whom something tells as acting, each with the sentence: in talk judged by what is said around
    it, in a record by its own sentence. A name that several share says nothing."""
    whole = cut_text(text, MOST_CHARACTERS)
    speaker = find_speaker(whole) if is_spoken else ""
    voice = next((one for one in index.find_mentions(speaker) if speaker), None)
    is_voice = voice is not None and (voice.start, voice.end) == (0, len(speaker))
    if is_voice and voice is not None:
        # What somebody says is theirs to say, and may be a lie: only that they say it counts.
        is_one = len(voice.refs) == 1 and voice.refs[0].kind == "npc"
        if is_one and not is_table_talk(whole):
            yield Acting(voice.refs[0], text, is_voice=True)
        return
    masked = _mask_quoted(whole)
    sentences = split_sentences(masked)
    told = _Told(sentences, index, is_spoken=is_spoken)
    end = 0
    for at, sentence in enumerate(sentences):
        start = masked.index(sentence, end)
        end = start + len(sentence)
        said = sentence.replace("’", "'")
        lowered = said.casefold()
        if said.endswith("?") or len(lowered) != len(said):
            continue
        for mention in index.find_mentions(said):
            after = lowered[mention.end :]
            is_somebody = len(mention.refs) == 1 and mention.refs[0].kind in ("npc", "character")
            if not is_somebody or ACTS.search(after) is None:
                continue
            before = told.bare[at][: mention.start]
            if at == 0 and is_spoken and _is_label(speaker, index):
                before = _SPEAKER.sub("", before, count=1)
            if _BEGINS.search(before) is None:
                continue
            if _LEADS.search(before) and not _ONLY_SAID.search(before) and told.is_so(at):
                yield Acting(mention.refs[0], whole[start:end], _ACTED.search(after) is not None)


def list_acting_now(text: str, index: NameIndex, *, is_running: bool) -> set[EntityRef]:
    """Who acts, by this message, in the game session it is written in. While that runs, whoever
    acts; afterwards only who acts in the past tense, since the rest may be for the next one."""
    acting = list(list_acting(text, index))
    if not is_running:
        return {one.ref for one in acting if one.is_past}
    lowered = cut_text(text, MOST_CHARACTERS).casefold()
    if any(one.is_voice for one in acting):
        # "Tomas: innkeeper at the ford" is a line of a list, and nobody speaks.
        frames = (_KNOWN, _TAKEN_BACK)
        is_speech = _SPEECH.search(lowered) and not any(one.search(lowered) for one in frames)
        return {one.ref for one in acting if is_speech}
    if _TONIGHT.search(lowered):
        return {one.ref for one in acting}
    is_recap = _RECAP.search(lowered) is not None
    first = text.lstrip() if len(split_sentences(text)) <= MOST_SENTENCES else ""
    return {
        one.ref
        for one in acting
        if not is_recap and (not one.is_past or first.startswith(one.sentence))
    }


class _Told:
    """The sentences of a text, and which of them tell what happens."""

    def __init__(self, sentences: list[str], index: NameIndex, *, is_spoken: bool) -> None:
        self._sentences, self._index, self._is_spoken = sentences, index, is_spoken
        self._so: dict[int, bool] = {}

    @cached_property
    def bare(self) -> list[str]:
        """Each in small letters, with blanks for names and for what is politely asked."""
        return [_strip(one, self._index) for one in self._sentences]

    def is_so(self, at: int) -> bool:
        """Whether a sentence tells what happens. In talk what frames it stands at the beginning,
        shortly before it, or right behind it, and it is taken back soon."""
        if at not in self._so:
            bare = self.bare
            self._so[at] = not (
                is_table_talk(_SPEAKER.sub("", self._sentences[at], count=1))
                or ELSEWHEN.search(bare[at])
                or _NOT_HAPPENING.search(bare[at])
                or (self._is_spoken and self._is_framed(at))
            )
        return self._so[at]

    def _is_framed(self, at: int) -> bool:
        bare = self.bare
        before, behind = [bare[0], *bare[max(0, at - 2) : at + 1]], bare[at + 1 : at + 6]
        following = behind[:1]
        if following and following[0].rstrip().endswith("?"):
            # A question about it may be asked in any words.
            is_framed = _KNOWN.search(following[0]) is not None
            following = []
        else:
            is_framed = False
        return (
            is_framed
            or any(words.search(one) for one in (*before, *following) for words in _FRAMES)
            or any(map(_REQUEST.search, before[:-1] if at else ()))
            or (at > 0 and bare[at - 1].rstrip().endswith("?"))
            or any(map(_TAKEN_BACK.search, (*before, *behind)))
        )


def _strip(sentence: str, index: NameIndex) -> str:
    said = sentence.replace("’", "'")
    lowered = said.casefold()
    if len(lowered) != len(said):
        return lowered
    bare = without_names(lowered, index.find_mentions(said))
    return _ASKED.sub(lambda found: " " * len(found[0]), bare)


def _is_label(speaker: str, index: NameIndex) -> bool:
    """Whether what stands before a colon only says who writes, or what it is."""
    is_name = all(word[:1].isupper() for word in speaker.split()) or speaker in ("gm", "dm", "me")
    return is_name and not index.find_mentions(speaker)


def _mask_quoted(text: str) -> str:
    """The text with blanks for what is quoted in it."""
    return _QUOTED.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
