"""Draws from the tables: names, taverns, complications, rumours, weather, whole NPCs."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable

from ttrpg_assistant.builtin.asking import Question, read_count
from ttrpg_assistant.builtin.citing import cite, escape
from ttrpg_assistant.builtin.replies.names import draw_names, draw_thing_names, find_culture
from ttrpg_assistant.builtin.retrieval import rank
from ttrpg_assistant.builtin.tables import draw, fill, list_entries, list_words
from ttrpg_assistant.builtin.words import fold, plain, shorten
from ttrpg_assistant.llm.types import PassageKind

Slots = dict[str, list[str]]

_TABLES: tuple[tuple[str, str, str, str], ...] = (
    # words that ask for it, table, section, how several are called
    (r"complications?|twists?|obstacles?|setbacks?|go(?:es)? wrong", "complications",
     "complications", "Complications"),
    (r"quirks?|mannerisms?|traits?|habits?", "quirks", "quirks", "Quirks"),
    (r"motives?|motivations?|goals?|desires?", "quirks", "wants", "What they want"),
    (r"secrets?", "quirks", "secrets", "Secrets"),
    (r"rumou?rs?|gossip", "rumours", "rumours", "Rumours"),
    (r"treasures?|oddit(?:y|ies)|trinkets?|loot|curios?|curiosit(?:y|ies)|magic items?|items?",
     "oddities", "oddities", "Oddities"),
    (r"weather", "weather", "weather", "Weather"),
    (r"encounters?", "encounters", "encounters", "Encounters"),
    (r"(?:strong |opening |cold )?starts?|openings?(?: scenes?)?|opening scenes?", "hooks",
     "openings", "Openings"),
    (r"clues?|evidence", "hooks", "clues", "Clues"),
    (r"hooks?|(?:adventure|quest|plot|story) ideas?|adventures?|side ?quests?", "hooks", "hooks",
     "Hooks"),
    (r"places?|locations?|spots?|landmarks?|sites?", "places", "places", "Places"),
)  # fmt: skip
_ENTRIES = tuple((re.compile(rf"\b(?:{w})\b"), t, s, title) for w, t, s, title in _TABLES)
_TAVERN = re.compile(r"\b(?:taverns?|inns?|pubs?|alehouses?|taprooms?)\b(?![ -]?keeper)")
_NAME = re.compile(r"\bnames?\b|\bwhat (?:should|shall|do) (?:i|we) call\b|\bcalled what\b")
_NPC = re.compile(
    r"\bnpcs?\b|\b(?:a|an|another|some|new|random|interesting|\d+|two|three|four"
    r"|five) (?:\w+ ){0,2}"
    r"(?:characters?|strangers?|persons?|people|villains?|guards?|merchants?|smugglers?|innkeepers?"
    r"|priests?|nobles?|thie(?:f|ves)|sailors?|villagers?|captains?|witch(?:es)?)\b"
)
_WANTING = re.compile(
    r"\b(?:help|build|design|give|need|want|suggest|generate|make|create|invent|come up"
    r"|improvise|random|roll|draw|pick"
    r"|another|new|idea|ideas|throw|please|quick|inspire|inspiration|few|some|name for|names for"
    r"|good|like)\b"
    r"|\bwhat (?:should|shall|could|can|might|would)\b|^(?:an?|one|two|three|four|five|six|ten"
    r"|\d{1,2})\b"
)
_NPC_PARTS = (
    ("Looks", "quirks", "looks"),
    ("Voice", "trades", "speech"),
    ("Habit", "quirks", "quirks"),
    ("Wants", "quirks", "wants"),
    ("Hides", "quirks", "secrets"),
)
_NPC_FIELDS = {
    "Looks": "appearance",
    "Voice": "speaking_style",
    "Habit": "mannerisms",
    "Wants": "motivations",
    "Hides": "secrets",
}
_STORED = re.compile(
    r"^(?:who|whose|where|when|why|how|is|are|was|were|does|do|did|will|has|have|had)\b"
    r"|^(?:what|which)(?:'s| is| are| was| were| does| do)? (?:the|his|her|their|our|my|its)? ?"
    r"(?:name|secrets?|goals?|motives?|place|location|treasure|clues?)\b|^(?:tell|remind|explain"
    r"|find|search)\b"
)
_ASKS_WHAT_IS = re.compile(r"^(?:what|which)\b(?!.*\bweather\b)")
_SUBJECT = re.compile(r"\b(for|about|in|at|on the|during|to) (.{2,80}?)[.!?]*$")
_MORE = re.compile(
    r"^(?:give me |and |roll |draw )*(?:another|more|again|next|one more|(?:\w+ ){0,2}more)"
    r"(?: one| please| of those| of them)*[.!?]*$"
)
_SHORT_WORDS = 4
MAX_WISH_CHARACTERS = 400
"""What a wish for a draw is read from: past this nobody is asking for a name."""


def reply_from_tables(question: Question, rng: random.Random) -> str | None:
    """What chance drew for a table asked for by name, filled with the campaign's own people."""
    said = question.said
    if _MORE.match(said):
        before = _find_earlier_wish(question)
        drawing = _find_drawing(fold(before))
        return drawing(question, before, read_count(said), rng) if drawing else None
    is_short = len(said.split()) <= _SHORT_WORDS and not _ASKS_WHAT_IS.match(said)
    wanted = is_short or _WANTING.search(said)
    if not wanted or question.is_past or _STORED.match(said):
        return None
    drawing = _find_drawing(said)
    wish = plain(question.text[:MAX_WISH_CHARACTERS])
    return drawing(question, wish, read_count(said), rng) if drawing else None


def _find_earlier_wish(question: Question) -> str:
    """What "another" is another of: the last thing asked for that was not "another"."""
    for message in reversed(question.earlier):
        wish = plain(message.content[:MAX_WISH_CHARACTERS])
        if message.role == "user" and not _MORE.match(fold(wish)):
            return wish
    return ""


_Drawing = Callable[[Question, str, int, random.Random], str]


def _find_drawing(said: str) -> _Drawing | None:
    if _TAVERN.search(said):
        return _draw_taverns
    if _NAME.search(said):
        return _draw_names
    for words, table, section, title in _ENTRIES:
        if words.search(said):
            return _entries_of(table, section, title)
    if _NPC.search(said):
        return _draw_npcs
    return None


def draw_entries(
    question: Question, table: str, section: str, count: int, rng: random.Random
) -> list[str]:
    """Entries filled with the campaign's names, those already given in this talk left out."""
    given = " ".join(plain(m.content) for m in question.earlier if m.role == "assistant")
    entries = list_entries(table, section)
    fresh = [entry for entry in entries if _telling(entry) not in given]
    pool = fresh if len(fresh) >= count else entries
    slots, named = list_slots(question)
    drawn = draw(pool, count, rng)
    fitting = [entry for entry in pool if any(f"{{{slot}|" in entry for slot in named)]
    if fitting and not any(entry in fitting for entry in drawn):
        drawn[rng.randrange(len(drawn))] = rng.choice(fitting)
    return [_finished(fill(entry, slots, rng, always=named)) for entry in drawn]


def list_slots(question: Question) -> tuple[Slots, frozenset[str]]:
    """The campaign's own people, places and threads as links, and which of these were named.

    Where the question names some of a kind, only those are used.
    """
    kinds: tuple[tuple[str, PassageKind], ...] = (
        ("npc", "npc"), ("place", "location"), ("thread", "plot_point"),
    )  # fmt: skip
    slots: Slots = {}
    spoken_of: set[str] = set()
    for slot, kind in kinds:
        things = question.list_of(kind)
        named = [find.passage for find in rank(question.text, things) if find.named]
        slots[slot] = [cite(passage) for passage in named or things]
        spoken_of.update([slot] if named else [])
    return slots, frozenset(spoken_of)


def _finished(entry: str) -> str:
    """The entry as a sentence."""
    ended = entry if entry.endswith((".", "!", "?", '"')) else f"{entry}."
    return ended[:1].upper() + ended[1:]


def _entries_of(table: str, section: str, title: str) -> _Drawing:
    def drawing(question: Question, wish: str, count: int, rng: random.Random) -> str:
        drawn = draw_entries(question, table, section, count, rng)
        if len(drawn) == 1:
            return drawn[0]
        return f"{title}{_subject(wish)}:\n\n{number(drawn)}"

    return drawing


def number(entries: list[str]) -> str:
    """A numbered list, so that a die can choose from it."""
    return "\n".join(f"{at}. {entry}" for at, entry in enumerate(entries, 1))


def _draw_taverns(question: Question, wish: str, count: int, rng: random.Random) -> str:
    several = (
        count if count > 1 else (5 if re.search(r"taverns|inns|pubs|names", fold(wish)) else 1)
    )
    adjectives = draw(list_words("taverns", "adjectives"), several, rng)
    nouns = draw(list_words("taverns", "nouns"), several, rng)
    details = draw_entries(question, "taverns", "details", several, rng)
    shown = [
        f"**The {adjective} {noun}.** {detail}"
        for adjective, noun, detail in zip(adjectives, nouns, details, strict=True)
    ]
    return shown[0] if several == 1 else number(shown)


def _draw_names(question: Question, wish: str, count: int, rng: random.Random) -> str:
    if things := draw_thing_names(fold(wish), max(5, count), rng):
        return number(things)
    culture = find_culture(fold(wish))
    if count == 1:
        first, *others = draw_names(culture, 5, rng)
        return f"**{first}**\n\nOr: {', '.join(others)}."
    return number(draw_names(culture, count, rng))


def _draw_npcs(question: Question, wish: str, count: int, rng: random.Random) -> str:
    return "\n\n".join(make_npc(question, fold(wish), rng) for _ in range(min(count, 5)))


def make_npc(question: Question, said: str, rng: random.Random) -> str:
    """A character put together from the tables, with everything a scene needs.

    Where the instructions ask for proposals, it is one that can be accepted as it stands.
    """
    name = draw_names(find_culture(said), 1, rng)[0]
    trades = list_words("trades", "trades")
    trade = next((known for known in trades if re.search(rf"\b{known}s?\b", said)), "")
    trade = trade or rng.choice(trades)
    drawn = {
        title: draw_entries(question, table, section, 1, rng)[0]
        for title, table, section in _NPC_PARTS
    }
    lines = "\n".join(f"- **{title}:** {text}" for title, text in drawn.items())
    shown = f"**{name}**, {trade}\n\n{lines}"
    if "```suggestion" not in question.system:
        return shown
    fields = {field: plain(drawn[title]) for title, field in _NPC_FIELDS.items()}
    proposal = {
        "kind": "npc",
        "field": "npc",
        "value": {"name": name, "role": trade, **fields},
        "rationale": "Drawn from the tables.",
    }
    return f"{shown}\n\n```suggestion\n{json.dumps(proposal, ensure_ascii=False)}\n```"


def _subject(wish: str) -> str:
    found = _SUBJECT.search(wish)
    return f" {found[1]} {escape(shorten(found[2], 80))}" if found else ""


def _telling(entry: str) -> str:
    """The longest stretch of an entry that no slot changes."""
    return max((plain(part) for part in re.split(r"\{[^{}]*\}", entry)), key=len).strip()
