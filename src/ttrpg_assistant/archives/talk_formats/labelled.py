"""Which of the words before a colon in a text are the names of speakers.

`Treasure: 300 gp` in somebody's notes is no speaker. What a text is, talk or notes, and who speaks
in it is decided by its beginning, so that a preview and the import see the same.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from ttrpg_assistant.archives.talk_formats.labels import cut_time, find_label
from ttrpg_assistant.archives.talk_formats.source import TalkSource

# fmt: off
_NOTE_WORDS = frozenset({
    "ac", "action", "actions", "age", "agenda", "alias", "aliases", "alignment", "anwesend",
    "appearance", "armor", "armour", "attendees", "author", "bond", "bonds", "bonus", "butin",
    "campaign", "cast", "category", "cha", "challenge", "chapter", "clue", "clues", "conclusion",
    "condition", "conditions", "contents", "cost", "cr", "created", "damage", "date", "datum",
    "day", "dc", "deity", "description", "dex", "difficulty", "duration", "effect", "encounter",
    "encounters", "ending", "enemies", "equipment", "event", "events", "experience", "fact",
    "faction", "factions", "facts", "features", "fecha", "flaw", "flaws", "follow-up", "goal",
    "goals", "gold", "gp", "handout", "header", "hook", "hooks", "hp", "idea", "ideal", "ideals",
    "ideas", "important", "info", "information", "init", "initiative", "inventory", "item",
    "items", "languages", "level", "lieu", "location", "locations", "loot", "lore", "lugar",
    "map", "maps", "milestone", "missing", "modified", "monsters", "mood", "motivation", "name",
    "names", "next", "note", "notes", "notiz", "npcs", "objective", "objectives", "occupation",
    "ort", "outcome", "passive", "pcs", "perception", "personality", "place", "places", "players",
    "plot", "plots", "prep", "preparation", "present", "price", "problem", "présents", "quest",
    "questions", "quests", "race", "range", "rating", "recap", "reference", "reminder", "reward",
    "rewards", "room", "rooms", "rule", "rules", "rumor", "rumors", "rumour", "rumours", "saves",
    "scene", "scenes", "schatz", "secret", "secrets", "senses", "session", "setting", "skills",
    "slot", "source", "species", "speed", "spells", "start", "stats", "status", "subject",
    "summary", "tag", "tags", "term", "theme", "time", "title", "todo", "topic", "trait",
    "traits", "trap", "traps", "treasure", "type", "updated", "url", "version", "warning",
    "weakness", "weather", "where", "who", "why", "wis", "xp", "zeit",
})
# fmt: on
_NOTE_WORDS_TWO = frozenset(
    {
        "hit points",
        "armor class",
        "armour class",
        "game session",
        "next session",
        "to do",
        "game date",
        "in-game date",
        "challenge rating",
        "saving throws",
        "proficiency bonus",
        "damage resistances",
        "damage immunities",
        "read aloud",
        "key points",
        "open questions",
        "loose ends",
        "plot points",
        "plot hooks",
        "experience points",
        "special thanks",
    }
)  # fmt: skip
KNOWN_SPEAKERS = frozenset(
    {
        "gm", "dm", "game master", "dungeon master", "narrator", "storyteller", "keeper", "user",
        "assistant", "ai", "model", "bot", "co-pilot", "me", "you", "the gm", "the dm",
    }
)  # fmt: skip
_HEADING = re.compile(r" {0,3}#{1,6} \S")
_BULLET = re.compile(r" {0,8}[-*+] \S")
_SENTENCE = re.compile(r"[.!?;,] ")
_MOST_WORDS = 5

SHARE_OF_TALK = 0.3
"""Of the lines of a text with headings, from which on those with a name make it talk."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """What the beginning of a text tells. `repeated` are names in lower case that come twice or
    more. `is_timed`: lines begin with times. `is_notes`: it is somebody's notes."""

    repeated: frozenset[str]
    is_timed: bool
    is_notes: bool

    def is_speaker(self, name: str) -> bool:
        """Whether a word before a colon is somebody who speaks."""
        folded = name.lower()
        if folded in KNOWN_SPEAKERS:
            return True
        if is_note_word(folded) or "//" in name or folded in ("http", "https"):
            return False
        if folded in self.repeated:
            return True
        return len(name.split()) <= _MOST_WORDS and _SENTENCE.search(name) is None


def is_note_word(folded: str) -> bool:
    """Whether it heads a line of notes. `folded` is in lower case."""
    return folded in _NOTE_WORDS or folded in _NOTE_WORDS_TWO


def look_at_labels(source: TalkSource) -> Labelled:
    """What the beginning of a text tells about its labels."""
    lines = [line for line in source.lines if line.strip()]
    has_head, lines = _cut_yaml(lines)
    timed = [cut_time(line) for line in lines]
    count = sum(one is not None for one in timed)
    is_timed = bool(lines) and count >= SHARE_OF_TALK * len(lines) and count >= min(2, len(lines))
    counts: Counter[str] = Counter()
    words = 0
    for line, time in zip(lines, timed, strict=True):
        text = time[1] if is_timed and time is not None else line
        if _HEADING.match(text):
            continue
        label = find_label(text)
        if label is None:
            continue
        folded = label.name.lower()
        if is_note_word(folded):
            words += 1
        else:
            counts[folded] += 1
    headings = sum(_HEADING.match(line) is not None for line in lines)
    bullets = sum(_BULLET.match(line) is not None for line in lines)
    repeated = frozenset(name for name, number in counts.items() if number > 1)
    named = sum(counts.values())
    is_talk = (
        named >= SHARE_OF_TALK * max(1, len(lines) - headings)
        and named > words
        and (bool(repeated) or any(name in KNOWN_SPEAKERS for name in counts))
    )
    is_structured = has_head or headings > 0 or bullets > len(lines) // 3
    is_notes = not is_timed and not is_talk and (is_structured or words > named)
    return Labelled(repeated, is_timed, is_notes)


def _cut_yaml(lines: list[str]) -> tuple[bool, list[str]]:
    """Whether a head of YAML stands before the text, and the lines after it."""
    if not lines or lines[0].strip() != "---":
        return False, lines
    for at, line in enumerate(lines[1:200], 1):
        if line.strip() in ("---", "..."):
            return True, lines[at + 1 :]
    return False, lines
