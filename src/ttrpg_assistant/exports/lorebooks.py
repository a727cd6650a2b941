"""Facts and things as the entries of a lorebook: its version 3, and SillyTavern's world info. Pure.

An entry is called by the names of what it is about, and their other names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.exports.model import SeenFact, SeenThing
from ttrpg_assistant.imports.own_entries import FACT, mark_entry
from ttrpg_assistant.imports.own_notes import mark_words
from ttrpg_assistant.imports.own_texts import MARKS, OURS

LorebookSpec = Literal["v3", "sillytavern"]

MOST_KEYS = 30
TITLE_CHARACTERS = 60
_WORD = re.compile(r"[^\W\d_]{4,}")
_KEY_WORDS = 3


def make_entry(
    keys: Sequence[str], content: str, *, name: str, number: int, own: Mapping[str, Any]
) -> dict[str, Any]:
    """An entry as version 3 has it. `own` says what it is here, so that it is found again."""
    return {
        "keys": list(dict.fromkeys(one for one in keys if one.strip()))[:MOST_KEYS],
        "content": content,
        "extensions": {OURS: dict(own)},
        "enabled": True,
        "insertion_order": 100 + number,
        "case_sensitive": False,
        "use_regex": False,
        "constant": False,
        "selective": False,
        "secondary_keys": [],
        "position": "before_char",
        "id": number,
        "name": name,
        "comment": name,
        "priority": 10,
    }


def make_fact_entry(
    fact: SeenFact, aliases: Mapping[str, Sequence[str]], number: int
) -> dict[str, Any]:
    """A fact, called by what it names; one that names nothing by its longest words. `aliases` are
    by the id of a thing."""
    keys = [key for link in fact.named for key in (link.name, *aliases.get(link.id, ()))]
    if not keys:
        words = dict.fromkeys(_WORD.findall(fact.text))
        keys = sorted(words, key=len, reverse=True)[:_KEY_WORDS]
    # Its own beginning: a name that is not in the text would be put before it when it comes back.
    name = cut_text(" ".join(fact.text.split()), TITLE_CHARACTERS)
    own = {"id": fact.id, "kind": FACT, MARKS: {FACT: mark_words(fact.text)}}
    return make_entry(keys, fact.text, name=name, number=number, own=own)


def make_thing_entry(thing: SeenThing, lines: Iterable[str], number: int) -> dict[str, Any]:
    """A thing, called by its names."""
    content = "\n".join([f"{thing.name} ({thing.kind.noun})", *lines])
    keys = [thing.name, *thing.aliases]
    own = {
        "id": thing.id,
        "kind": thing.kind.name,
        "revision": thing.revision,
        MARKS: mark_entry(thing.kind, thing.name, content),
    }
    return make_entry(keys, content, name=thing.name, number=number, own=own)


def spell_book(
    name: str, entries: Sequence[Mapping[str, Any]], spec: LorebookSpec
) -> dict[str, Any]:
    """The whole book."""
    if spec == "v3":
        book = {"name": name, "extensions": {}, "entries": list(entries)}
        return {"spec": "lorebook_v3", "data": book}
    spelled = (spell_world_info(entry, uid) for uid, entry in enumerate(entries))
    return {"name": name, "entries": {str(one["uid"]): one for one in spelled}}


_POSITIONS = {"before_char": 0, "after_char": 1}
_IN_EXTENSIONS = {
    "position": "position",
    "probability": "probability",
    "useProbability": "useProbability",
    "depth": "depth",
    "selectiveLogic": "selectiveLogic",
    "excludeRecursion": "exclude_recursion",
    "preventRecursion": "prevent_recursion",
    "delayUntilRecursion": "delay_until_recursion",
    "group": "group",
    "groupOverride": "group_override",
    "groupWeight": "group_weight",
    "scanDepth": "scan_depth",
    "matchWholeWords": "match_whole_words",
    "useGroupScoring": "use_group_scoring",
    "automationId": "automation_id",
    "role": "role",
    "vectorized": "vectorized",
    "sticky": "sticky",
    "cooldown": "cooldown",
    "delay": "delay",
    "displayIndex": "display_index",
}
"""What SillyTavern has at the top of an entry and a card among its extensions."""

_USUAL: Mapping[str, Any] = {
    "vectorized": False,
    "selectiveLogic": 0,
    "addMemo": True,
    "excludeRecursion": False,
    "preventRecursion": False,
    "delayUntilRecursion": False,
    "probability": 100,
    "useProbability": True,
    "depth": 4,
    "group": "",
    "groupOverride": False,
    "groupWeight": 100,
    "scanDepth": None,
    "matchWholeWords": None,
    "useGroupScoring": None,
    "automationId": "",
    "role": 0,
    "sticky": 0,
    "cooldown": 0,
    "delay": 0,
}


def spell_world_info(entry: Mapping[str, Any], uid: int) -> dict[str, Any]:
    """An entry of version 3 as SillyTavern keeps it."""
    extensions = entry.get("extensions") or {}
    more = {
        theirs: extensions[ours] for theirs, ours in _IN_EXTENSIONS.items() if ours in extensions
    }
    return {
        "uid": uid,
        "key": list(entry.get("keys") or []),
        "keysecondary": list(entry.get("secondary_keys") or []),
        "comment": entry.get("comment") or entry.get("name") or "",
        "content": entry.get("content") or "",
        "constant": bool(entry.get("constant")),
        "selective": bool(entry.get("selective")),
        "order": entry.get("insertion_order", 100),
        "position": _POSITIONS.get(str(entry.get("position")), 0),
        "disable": entry.get("enabled") is False,
        "caseSensitive": entry.get("case_sensitive"),
        "displayIndex": uid,
        **_USUAL,
        **more,
        **({"extensions": {OURS: extensions[OURS]}} if OURS in extensions else {}),
    }
