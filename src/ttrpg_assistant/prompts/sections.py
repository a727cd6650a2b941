"""Turns facts into the sections of a prompt, every field sanitised on its own line.

Generators throughout: of ten thousand facts only those with a chance to fit are rendered.
Names, labels and values all go through `sanitise`; there is no other way into a section.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ttrpg_assistant.prompts.budget import Item, Section
from ttrpg_assistant.prompts.facts import (
    CampaignFacts,
    EntityFact,
    EntityKind,
    FactLine,
    GameSessionFacts,
    KnownFact,
    RecalledMessage,
    Summary,
    SummaryPart,
    Why,
)
from ttrpg_assistant.prompts.manifest import EntityUse
from ttrpg_assistant.prompts.sanitise import sanitise, sanitise_lines

SUMMARY_NPCS = 20
SUMMARY_LOCATIONS = 10
"""How many stand in a campaign's summary (seed, Part 2 notes)."""

MENTIONED_SHEETS = 100
"""A text that names more than this is a list, and a list needs no sheets."""

SUMMARY_PLOT_POINTS = 20
SESSION_LINES = 30
"""Newest notes, and newest events, of the running game session."""

RECAP_CHARACTERS = 4_000
"""Of the recap of the game session before."""

NAME_LIMIT = 120
LABEL_LIMIT = 60
SUMMARY_LINES = 40
"""Lines of one part of the summary of older talk."""

_KIND_WORDS: dict[EntityKind, str] = {
    "campaign": "campaign",
    "npc": "NPC",
    "location": "location",
    "plot_point": "plot point",
    "game_session": "game session",
    "note": "note",
    "event": "event",
    "house_rule": "house rule",
    "message": "message",
    "summary": "summary",
}

Pair = tuple[str, str]


def line(label: str, value: str) -> str:
    """`Label: value`, both sanitised."""
    return f"{sanitise(label, LABEL_LIMIT)}: {sanitise(value)}"


def brief(name: str, pairs: Iterable[Pair]) -> str:
    """One line of a summary: `- Name; Role: innkeeper; Mood: wary`."""
    said = [line(label, value) for label, value in pairs if value.strip()]
    return "; ".join([f"- {sanitise(name, NAME_LIMIT)}", *said])


def sheet(kind: EntityKind, name: str, pairs: Iterable[Pair]) -> str:
    """A fuller sheet: the name and its kind, then a line a field."""
    said = [f"  {line(label, value)}" for label, value in pairs if value.strip()]
    return "\n".join([f"- {sanitise(name, NAME_LIMIT)} ({_KIND_WORDS[kind]})", *said])


def use_of(fact: EntityFact | KnownFact, why: Why | None = None) -> EntityUse:
    """What the manifest says of a fact that went in."""
    return EntityUse(fact.kind, fact.id, sanitise(fact.name, NAME_LIMIT), why or fact.why)


def _pairs(fact: EntityFact | KnownFact) -> list[Pair]:
    if isinstance(fact, KnownFact):
        return list(fact.lines)
    return [(one.label, one.value) for one in fact.lines]


def facts_section(
    name: str,
    title: str,
    facts: Sequence[EntityFact] | Sequence[KnownFact],
    *,
    is_full: bool = False,
    most: int | None = None,
    count: int | None = None,
    why: Why | None = None,
) -> Section:
    """A section of facts, brief or full, the first `most` of them.

    `count` is how many there are in all, when more exist than were gathered.
    """

    def items() -> Iterator[Item]:
        for fact in facts[:most]:
            pairs = _pairs(fact)
            text = sheet(fact.kind, fact.name, pairs) if is_full else brief(fact.name, pairs)
            yield Item(text, use_of(fact, why))

    in_all = max(count or 0, len(facts))
    is_part = in_all > len(facts[:most])
    heading = f"{title} (most relevant first, {in_all} in all):" if is_part else f"{title}:"
    return Section(name, heading, items(), in_all, (use_of(fact, why) for fact in facts))


def lines_section(name: str, title: str, pairs: Sequence[Pair], *, use: EntityUse) -> Section:
    """A section of labelled values that all belong to one thing."""
    said = [(label, value) for label, value in pairs if value.strip()]
    prefix = "- " if title else ""
    items = (Item(prefix + line(label, value), use) for label, value in said)
    return Section(name, f"{title}:" if title else "", items, len(said))


def _fact_lines(lines: Iterable[FactLine]) -> list[Pair]:
    return [(one.label, one.value) for one in lines]


def campaign_sections(facts: CampaignFacts) -> list[Section]:
    """The campaign's summary, most wanted section first (FR-102, FR-101)."""
    use = EntityUse("campaign", facts.campaign_id, sanitise(facts.name, NAME_LIMIT), "summary")
    head: list[Pair] = [
        ("Campaign", facts.name),
        ("System", facts.system),
        ("Setting", facts.setting or "Not specified"),
        ("Description", facts.description),
    ]
    sections = [
        lines_section("campaign", "", head, use=use),
        facts_section("npcs", "NPCs", facts.npcs, most=SUMMARY_NPCS, count=facts.npc_count),
        facts_section(
            "locations",
            "Locations",
            facts.locations,
            most=SUMMARY_LOCATIONS,
            count=facts.location_count,
        ),
    ]
    if facts.game_session is not None:
        sections += _game_session_sections(facts.game_session)
    sections += [
        facts_section("plot_points", "Plot points", facts.plot_points, most=SUMMARY_PLOT_POINTS),
        _recap_section(facts.recap, use),
        lines_section("world_state", "State of the world", _fact_lines(facts.world_state), use=use),
        lines_section("house_rules", "House rules", _fact_lines(facts.house_rules), use=use),
    ]
    return [section for section in sections if section.count]


def _recap_section(recap: str, use: EntityUse) -> Section:
    """A line a paragraph: what the game master kept is what the next plan begins from."""
    lines = sanitise_lines(recap[:RECAP_CHARACTERS])
    items = (Item(f"- {line}", use) for line in lines)
    return Section("recap", "The game session before:", items, len(lines))


def _game_session_sections(game_session: GameSessionFacts) -> list[Section]:
    title = sanitise(game_session.title, NAME_LIMIT)
    use = EntityUse(
        "game_session", game_session.id, title or f"Session {game_session.number}", "subject"
    )
    head: list[Pair] = [
        ("Number", str(game_session.number)),
        ("Title", game_session.title),
        ("Status", game_session.status),
        ("Plan", game_session.plan),
    ]
    newest_notes, newest_events = game_session.notes[::-1], game_session.events[::-1]
    return [
        lines_section("game_session", "Game session", head, use=use),
        facts_section(
            "notes",
            "Notes of this game session, newest first",
            newest_notes[:SESSION_LINES],
            count=len(newest_notes),
        ),
        facts_section(
            "events",
            "Events of this game session, newest first",
            newest_events[:SESSION_LINES],
            count=len(newest_events),
        ),
    ]


def mentioned_section(facts: Sequence[EntityFact] | Sequence[KnownFact]) -> Section | None:
    """The fuller sheets of what the talk names (FR-108), or None when it names nothing."""
    if not facts:
        return None
    return facts_section(
        "mentioned", "Named in this talk", facts, is_full=True, most=MENTIONED_SHEETS
    )


def recalled_section(recalled: Sequence[RecalledMessage]) -> Section | None:
    """What was said long ago or elsewhere and bears on the new message, or None."""
    if not recalled:
        return None

    def use(one: RecalledMessage) -> EntityUse:
        words = f" ({', '.join(one.because)})" if one.because else ""
        return EntityUse(
            "message", one.id, sanitise(f"{one.place}, {one.date}{words}", NAME_LIMIT), "recalled"
        )

    def items() -> Iterator[Item]:
        for one in recalled:
            said = sanitise(f"{one.date}, {one.place}, {one.speaker}", NAME_LIMIT)
            yield Item(f"- {said}: {sanitise(one.text)}", use(one))

    title = "Recalled from earlier talk (most relevant first):"
    return Section("recalled", title, items(), len(recalled), map(use, recalled))


def summary_section(summary: Summary | None) -> Section | None:
    """What older talk came to, or None.

    It stands in the order in which it was said, and is chosen from both ends: what was last
    before the talk itself, and how it all began. The first line of every part comes before
    the second of any, so that a small context is told a little of everything.
    """
    told = [] if summary is None else [(part, _lines_of(part)) for part in summary.parts]
    told = [(part, lines) for part, lines in told if lines]
    if not told:
        return None
    order: list[int] = []
    for back in range((len(told) + 1) // 2):
        order += dict.fromkeys((len(told) - 1 - back, back))

    def items() -> Iterator[Item]:
        for depth in range(SUMMARY_LINES):
            for at in order:
                part, lines = told[at]
                if depth < len(lines):
                    yield Item(lines[depth], _use_of_part(part), at * SUMMARY_LINES + depth)

    count = sum(len(lines) for _, lines in told)
    uses = (_use_of_part(told[at][0]) for at in order)
    return Section("older_talk", "What was said before:", items(), count, uses)


def _lines_of(part: SummaryPart) -> list[str]:
    lines = sanitise_lines(part.text)[:SUMMARY_LINES]
    if not part.when or not lines:
        return [f"- {one}" for one in lines]
    head = f"- {sanitise(part.when, NAME_LIMIT)}:\n  {lines[0]}"
    return [head, *(f"  {one}" for one in lines[1:])]


def _use_of_part(part: SummaryPart) -> EntityUse:
    return EntityUse("summary", part.id, sanitise(part.name, NAME_LIMIT), "summary")
