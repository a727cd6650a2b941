"""Asks a model what a part of a text says, and reads its answer strictly: what the lines do not say
is left out and counted. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.errors import BadAnswer
from ttrpg_assistant.llm.lenient import Num, Value, read_values
from ttrpg_assistant.prompts.budget import Budget, Item, Section
from ttrpg_assistant.prompts.compose import Prompt, compose_task
from ttrpg_assistant.prompts.facts import History
from ttrpg_assistant.prompts.fence import new_nonce
from ttrpg_assistant.prompts.sanitise import sanitise
from ttrpg_assistant.reviews.holding import MOST_EVIDENCE, Lines, shorten_quote
from ttrpg_assistant.reviews.lines import LINE_CHARACTERS
from ttrpg_assistant.reviews.model import Evidence, Found, Line
from ttrpg_assistant.reviews.texts import Text
from ttrpg_assistant.reviews.wording import (
    is_thing,
    propose_fact,
    propose_relation,
    propose_thing,
)
from ttrpg_assistant.suggestions.fields import as_text
from ttrpg_assistant.suggestions.kinds import CONTROL_KEYS, find_word, keyed, snake, unwrap
from ttrpg_assistant.suggestions.meaning import Proposal

ASK_RECAP = "Write the recap of this game session from the notes above."

CAST_NAMES = 60
"""Names of the cast that stand above the lines."""
SPEAKER_CHARACTERS = 100
SUMMARY_CHARACTERS = 600
MOST_ENTRIES = 40
"""Taken from one answer."""

_ABOUT = frozenset({"lines", "line", "quote", "quotes", "kind", "type"})
_FACT_WORDS = frozenset({"fact", "facts", "event", "known_fact", "happening"})
_RELATION_WORDS = frozenset({"relation", "relationship", "relations", "connection"})


class PartTooLong(Exception):
    """The lines find no room in what the model reads, or their answer none in what it writes."""


class Answer(NamedTuple):
    """What an answer proposes. `left_out` counts what its lines do not say."""

    found: list[Found]
    summary: str
    left_out: int


def ask_of_lines(
    text: Text, lines: Sequence[Line], cast: Sequence[str]
) -> Callable[[Budget], Prompt]:
    """What to send to have these lines read. Composing raises `PartTooLong` when they do not fit
    as a whole."""
    nonce = new_nonce()

    def compose(budget: Budget) -> Prompt:
        said = [Item(_spell(text, at, line)) for at, line in enumerate(lines, 1)]
        names = [Item(f"- {sanitise(name, 80)}") for name in cast[:CAST_NAMES]]
        sections = [Section("lines", "The lines:", said, len(said))]
        if names:
            sections.append(Section("cast", "The cast:", names, len(names)))
        prompt = compose_task(
            text.task,
            history=History(),
            request=text.request,
            budget=budget,
            nonce=nonce,
            sections=sections,
        )
        taken = next((one for one in prompt.manifest.sections if one.name == "lines"), None)
        if taken is None or taken.left_out_count:
            raise PartTooLong
        return prompt

    return compose


def ask_of_summaries(summaries: Sequence[str]) -> Callable[[Budget], Prompt]:
    """What to send for a recap of these notes, as many of them as fit."""
    nonce = new_nonce()

    def compose(budget: Budget) -> Prompt:
        notes = [Item(f"- {sanitise(text, SUMMARY_CHARACTERS)}") for text in summaries]
        return compose_task(
            "transcript_recap",
            history=History(),
            request=ASK_RECAP,
            budget=budget,
            nonce=nonce,
            sections=[Section("notes", "What happened, part by part:", notes, len(notes))],
        )

    return compose


def _spell(text: Text, at: int, line: Line) -> str:
    speaker = line.speaker
    who = speaker.label
    if text.is_played and not who:
        who = {"gm": "GM", "notes": "Notes"}.get(speaker.role, "")
    if speaker.name and speaker.name != who:
        who = f"{who} ({speaker.name})" if who else speaker.name
    elif speaker.role == "gm" and who != "GM":
        who = f"{who} (GM)"
    label = f"{sanitise(who, SPEAKER_CHARACTERS)}: " if who else ""
    return f"[{at}] {label}{sanitise(line.text, LINE_CHARACTERS + 40)}"


def read_answer(text: str, lines: Lines) -> Answer:
    """What an answer proposes of these lines; an empty list proposes nothing. Raises `BadAnswer`
    where it is no list at all."""
    reading = read_values(text)
    items = [] if reading is None else [one for one in unwrap(reading.values) if _is_entry(one)]
    if reading is not None and reading.values == [[]]:
        return Answer([], "", 0)
    if not items:
        raise BadAnswer(
            "The model's answer could not be read.",
            cure="Try this part again, or choose another model.",
        )
    found: list[Found] = []
    summary = ""
    left_out = 0
    for item in items[:MOST_ENTRIES]:
        assert isinstance(item, dict)
        entry = keyed(item)
        kind = snake(find_word(entry, ("kind", "type")) or "")
        if kind == "summary":
            summary = cut_text(
                as_text(entry.get("text", entry.get("summary", ""))), SUMMARY_CHARACTERS
            )
            continue
        one = _read_entry(kind, entry, lines)
        if one is None:
            left_out += 1
        else:
            found.append(one)
    summary = lines.repairs.repair(summary)[0].strip()
    if summary and not lines.holds(summary, range(len(lines.lines))):
        summary, left_out = "", left_out + 1
    return Answer(found, summary, left_out + max(0, len(items) - MOST_ENTRIES))


def _is_entry(value: Value) -> bool:
    return isinstance(value, dict) and find_word(keyed(value), ("kind", "type")) is not None


def _read_entry(kind: str, entry: dict[str, Value], lines: Lines) -> Found | None:
    """The entry with the lines that say it; None when none do."""
    numbers = _read_numbers(entry.get("lines", entry.get("line")))
    quoted = lines.find_quote(as_text(entry.get("quote", entry.get("quotes"))), numbers)
    fields = _read_fields(entry, lines)
    repaired: dict[tuple[str, str], None] = {}
    if kind in _RELATION_WORDS:
        ends = [fields.get(name, "") for name in ("from", "to")]
        if quoted is None or not all(ends) or ends[0].casefold() == ends[1].casefold():
            return None
        at = lines.widen(" / ".join(ends), _near(quoted[0], numbers, lines))
        if not all(lines.says(name, at) for name in ends):
            return None
        label = fields.get("label") or fields.get("relation") or ""
        proposal = propose_relation(ends[0], label, ends[1])
        if not label or not lines.holds(label, at):
            return None
    elif kind in _FACT_WORDS:
        text = fields.get("text") or fields.get("fact") or fields.get("description") or ""
        if quoted is None or not text:
            return None
        at = lines.widen(text, _near(quoted[0], numbers, lines))
        if not lines.holds(text, at):
            return None
        proposal = propose_fact(text)
    elif is_thing(kind):
        made = _read_thing(kind, fields, quoted, numbers, lines)
        if made is None:
            return None
        proposal, quoted, at = made
    else:
        return None
    evidence = _list_evidence(quoted, at, lines)
    for one in evidence:
        repaired.update(dict.fromkeys(lines.repairs.repair(one.quote)[1]))
    return Found(proposal, evidence, list(repaired))


def _read_thing(
    kind: str,
    fields: dict[str, str],
    quoted: tuple[int, str] | None,
    numbers: Sequence[int],
    lines: Lines,
) -> tuple[Proposal, tuple[int, str], list[int]] | None:
    """A thing with those of its fields that the lines hold. A name has to be said; a title sums
    up, so it has to hold as a text does."""
    named = "title" if "title" in fields and "name" not in fields else "name"
    name = fields.pop(named, "")
    if not name:
        return None
    if kind in ("plot_point", "plot", "quest", "plot_hook"):
        text = fields.get("description", "")
        if quoted is None:
            return None
        at = lines.widen(f"{name}. {text}", _near(quoted[0], numbers, lines))
        if not lines.holds(f"{name}. {text}", at):
            return None
        return propose_thing("plot_point", {"title": name, **fields}), quoted, at
    said = lines.find_name(name, numbers)
    if said is None:
        return None
    at = _near(said[0], numbers, lines)
    if quoted is not None and quoted[0] not in at:
        at = [*at, quoted[0]]
    kept = {key: text for key, text in fields.items() if lines.holds(text, at)}
    return propose_thing(kind, {"name": name, **kept}), said, at


def _near(at: int, numbers: Sequence[int], lines: Lines) -> list[int]:
    """The line that was quoted, then those named beside it."""
    named = (one - 1 for one in numbers if 0 < one <= len(lines.lines))
    return list(dict.fromkeys([at, *named]))[:MOST_EVIDENCE]


def _list_evidence(quoted: tuple[int, str], at: Sequence[int], lines: Lines) -> list[Evidence]:
    first = lines.evidence(*quoted)
    return [
        first,
        *(
            lines.evidence(one, shorten_quote(lines.lines[one].text, ""))
            for one in at
            if one != quoted[0]
        ),
    ]


def _read_fields(entry: dict[str, Value], lines: Lines) -> dict[str, str]:
    """The entry's own words, with the names of the cast as the cast spells them."""
    nested = entry.get("fields")
    given = {**entry, **(keyed(nested) if isinstance(nested, dict) else {})}
    return {
        name: lines.repairs.repair(text)[0]
        for name, value in given.items()
        if name not in _ABOUT and name not in CONTROL_KEYS and (text := as_text(value).strip())
    }


def _read_numbers(value: Value) -> list[int]:
    """The numbers of lines, however they are written: [3, 4], "3-4", "[3]"."""
    many = value if isinstance(value, list) else [value]
    numbers: list[int] = []
    for one in many[: 2 * MOST_EVIDENCE]:
        text = str(one) if isinstance(one, (Num, str)) else ""
        digits = "".join(mark if mark.isdecimal() else " " for mark in text[:40]).split()
        found = [int(mark) for mark in digits if len(mark) <= 6]
        if len(found) == 2 and "-" in text and 0 < found[1] - found[0] < MOST_EVIDENCE:
            found = list(range(found[0], found[1] + 1))
        numbers += found
    return numbers
