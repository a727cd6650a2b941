"""Values, places and owners that a sentence states plainly. Pure; English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from ttrpg_assistant.campaigns.mentions import EntityRef, Mention, NameIndex
from ttrpg_assistant.continuity.sentences import without_names

_UNSURE = re.compile(
    r"\b(?:if|would|could|might|may|must|should|maybe|perhaps|probably|allegedly|supposedly|some|said|say"
    r"|says|think\w*|thought|believ\w+|claim\w*|rumou?r\w*|seem\w*|pretend\w*|or|not|never"
    r"|n't|lie[sd]?"
    r"|nobody|no one|want\w*|wish\w*|plan\w*|will|dream\w*|vision\w*)\b|\?"
)
_CHANGED = re.compile(
    r"\b(?:now|new|newly|changed?|changes|no longer|used to|formerly|former|once"
    r"|(?<!years )(?<!winters )(?<!summers )old|since then"
    r"|became|becomes|replaced|instead|until|before|after|previously|again|later|first|next|another"
    r"|one of|also|too|second|other|fake|false|copy)\b"
)

_ASKED_OF = re.compile(
    r"\b(?:the )?(password|watchword|passphrase|capital|owner|captain|mayor|ruler|king|queen|leader"
    r"|abbot|high priest|founder|builder|author|maker|true name|real name|colou?r|age|height"
    r"|price) "
    r"(?:of|to|for) (?:the )?\Z"
)
_OWN = re.compile(
    r"\A(?:'s|') (password|watchword|passphrase|capital|owner|captain|mayor|ruler|leader"
    r"|founder|builder"
    r"|true name|real name|birthplace|birthday|mother|father|husband|wife|age|height|eye colou?r"
    r"|patron|mentor|homeland) (?:is|was) (?:named |called )?(?:the |a |an )?"
    r"(?P<value>[^.;,!?]{1,80})"
)
_IS = re.compile(r"\A (?:is|was) (?:named |called )?(?:the |a |an )?(?P<value>[^.;,!?]{1,80})")
_BORN = re.compile(
    r"\A (?:was|were) (born|founded|built|crowned|destroyed|forged) (in|on) (?:the )?"
    r"(?P<value>[^.;,!?]{1,60})"
)
_OLD = re.compile(r"\A is (?P<value>\d{1,4}|[a-z]+(?:-[a-z]+)?) (?:years|winters|summers) old\b")
_CHILD = re.compile(
    r"\A (?:is|was) (?:secretly |really )?(?:the )?(?:only )?(?:daughter|son|child) of "
    r"(?P<value>[^.;,!?]{1,60})"
)
_KILLED_BY = re.compile(
    r"\A (?:was|is) (?:killed|murdered|slain|poisoned|betrayed) by (?P<value>[^.;,!?]{1,60})"
)

_WAS_AT = re.compile(
    r"\A (?:was|stayed|remained|slept|waited|kept watch|sat|spent (?:the|that|all) "
    r"(?:night|evening|day)) (?:\w+ )?(?:in|at|on|aboard|inside) (?:the )?\Z"
)
_WHILE = re.compile(
    r"\b(?:all (?:night|evening|day)|the (?:whole|entire) (?:night|evening|day)|(?:that|the same) "
    r"(?:night|evening|day)|spent (?:the|that|all) (?:night|evening|day)|at (?:midnight|noon"
    r"|dawn|dusk)"
    r"|during the (?:battle|siege|feast|wedding|storm|fire|trial|murder))\b"
)

_FILLING = re.compile(r"spent |the (?:whole|entire)|all|that|the same|the")
_GOT = re.compile(
    r"\A (?:has|holds|carries|keeps|took|takes|stole|steals|bought|buys|wears|got|gets|received"
    r"|receives|owns|pocketed|pockets) (?:the )?\Z"
)
_GAVE = re.compile(
    r"\b(?:gave|gives|handed|hands|sold|sells|passed|passes|lost|loses|returned|returns|brought)"
    r" (?:the )?\Z"
)
_TO = re.compile(r"\A (?:over |back )?to (?:the )?\Z")
_IS_WITH = re.compile(
    r"\A (?:is|was) (?:held by|with|in the hands of|carried by|kept by) (?:the )?\Z"
)


@dataclass(frozen=True, slots=True)
class Stated:
    """A value that is stated of somebody or something: `about` says which."""

    ref: EntityRef
    about: str
    value: str


def read_values(sentence: str, index: NameIndex) -> Iterator[Stated]:
    """Values of which there is one at a time: the password of a place, somebody's birthplace."""
    said, lowered = _read(sentence)
    bare = without_names(lowered, index.find_mentions(said))
    if not lowered or _UNSURE.search(bare) or _CHANGED.search(bare):
        return
    for mention in _sure(index, said):
        before, after = lowered[: mention.start], lowered[mention.end :]
        (ref,) = mention.refs
        asked, own = _ASKED_OF.search(before), _OWN.search(after)
        is_said = _IS.search(after)
        born = _BORN.search(after)
        if asked is not None and is_said is not None:
            yield Stated(ref, asked[1], is_said["value"])
        elif own is not None:
            yield Stated(ref, own[1], own["value"])
        elif born is not None:
            about = f"{'when' if _is_time(born['value']) else 'where'} {born[1]}"
            yield Stated(ref, about, born["value"])
        elif (old := _OLD.search(after)) is not None:
            yield Stated(ref, "age", old["value"])
        elif (child := _CHILD.search(after)) is not None:
            named = [one for one in _sure(index, said) if one.start >= mention.end]
            if named:
                # Of a mother and a father both may be named: only of one kind of child's parent.
                yield (
                    Stated(ref, "parent", child["value"])
                    if len(named) == 1
                    else Stated(ref, "parents", child["value"])
                )
        elif (killer := _KILLED_BY.search(after)) is not None:
            yield Stated(ref, "who did it", killer["value"])


def read_places(sentence: str, index: NameIndex) -> Iterator[Stated]:
    """Where somebody was for a stretch of time that is named."""
    said, lowered = _read(sentence)
    found = _WHILE.search(lowered)
    if found is None or _UNSURE.search(without_names(lowered, index.find_mentions(said))):
        return
    named = _sure(index, said)
    for who, where in pairwise(named):
        between = lowered[who.end : where.start]
        is_somebody = who.refs[0].kind in ("npc", "character")
        if is_somebody and where.refs[0].kind == "location" and _WAS_AT.search(between):
            when = _FILLING.sub("", found[0]).strip()
            yield Stated(who.refs[0], f"({' '.join(when.split())})", said[where.start : where.end])


def read_holdings(sentence: str, index: NameIndex) -> Iterator[Stated]:
    """Who has an item after what the sentence tells."""
    said, lowered = _read(sentence)
    if not lowered or _UNSURE.search(without_names(lowered, index.find_mentions(said))):
        return
    named = _sure(index, said)
    for at, one in enumerate(named):
        if one.refs[0].kind != "item":
            continue
        earlier = named[at - 1] if at else None
        later = named[at + 1] if at + 1 < len(named) else None
        gap = lowered[one.end : later.start] if later is not None else ""
        before = lowered[earlier.end : one.start] if earlier is not None else lowered[: one.start]
        if later is not None and _is_holder(later):
            handed = _GAVE.search(before) is not None and _TO.search(gap) is not None
            if handed or _IS_WITH.search(gap):
                yield Stated(one.refs[0], "holder", said[later.start : later.end])
                continue
        if earlier is not None and _is_holder(earlier) and _GOT.search(before):
            yield Stated(one.refs[0], "holder", said[earlier.start : earlier.end])


def _is_holder(mention: Mention) -> bool:
    return mention.refs[0].kind in ("npc", "character", "faction")


def _is_time(value: str) -> bool:
    return any(one.isdigit() for one in value) or "year" in value


def _sure(index: NameIndex, text: str) -> list[Mention]:
    """The names in a text that mean one thing each."""
    return [one for one in index.find_mentions(text) if len(one.refs) == 1]


def _read(sentence: str) -> tuple[str, str]:
    """The sentence, and it in small letters, place by place; nothing where that changes places."""
    said = sentence.replace("’", "'")
    lowered = said.casefold()
    return (said, lowered) if len(lowered) == len(said) else (said, "")
