"""The facts a prompt is built from, gathered before anything is composed.

The campaigns room produces them, `compose.py` consumes them; both only see these frozen
values. Text in them is as the game master wrote it: cleaning, limits and fences are the
composer's work, so nobody else needs to think of them.

Two shapes of an NPC exist on purpose. `NpcSheet` is for talk *about* an NPC and holds
everything. `VoiceSheet` is for talk *as* an NPC and has no place where a secret, a game
master's note or a fact the NPC does not know could stand. `voice_sheet` is the one way
from the first to the second.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from ttrpg_assistant.llm.types import Persona, Role
from ttrpg_assistant.prompts.audience import Viewer, may_see
from ttrpg_assistant.prompts.entity_facts import EntityFact, EntityKind, FactLine, Why
from ttrpg_assistant.prompts.quotable import Quotable

Mode = Literal["about", "as"]

LAST_TIME = "The game session before"

Moment = Literal["preparing", "at_table", "between"]
"""What the game master is doing: preparing a game session, running one, or neither."""


@dataclass(frozen=True, slots=True)
class GameSessionFacts:
    """The running (or planned) game session. Notes and events are oldest first.

    `latest` are the newest notes and events, oldest first: they change while one plays, so
    they stand with the question and not with what stays the same. So do `rolls`, the dice.
    """

    id: str
    number: int
    title: str = ""
    status: str = ""
    plan: str = ""
    notes: tuple[EntityFact, ...] = ()
    events: tuple[EntityFact, ...] = ()
    latest: tuple[EntityFact, ...] = ()
    rolls: EntityFact | None = None


@dataclass(frozen=True, slots=True)
class CampaignFacts:
    """Everything about a campaign that may stand in a prompt read by the game master.

    `npcs` and `locations` are summaries in an order that no question changes; the composer
    takes the first 20 and 10 (seed, Part 2 notes), so no more need be gathered. `npc_count`
    and `location_count` are how many there are in all. `mentioned` are the fuller sheets of
    what the talk names, most relevant first; there is no limit but the budget. `recap` is
    the previous game session's, paragraphs kept; until it is written, a line for each note and
    event of it, and `recap_title` says so. `gm_notes` are the game master's own notes
    on the campaign: what was agreed at the table is there. `quotable` is
    there where the built-in model is to answer. `others` are summaries of further kinds, such as
    the player characters, each kind with its heading. `taught` names the kinds and fields that a
    model may propose.
    """

    campaign_id: str
    name: str
    system: str = ""
    setting: str = ""
    description: str = ""
    world_state: tuple[FactLine, ...] = ()
    house_rules: tuple[FactLine, ...] = ()
    npcs: Sequence[EntityFact] = ()
    locations: Sequence[EntityFact] = ()
    plot_points: Sequence[EntityFact] = ()
    mentioned: Sequence[EntityFact] = ()
    game_session: GameSessionFacts | None = None
    recap: str = ""
    recap_title: str = LAST_TIME
    npc_count: int | None = None
    location_count: int | None = None
    gm_notes: str = ""
    moment: Moment = "between"
    quotable: Quotable | None = None
    others: Sequence[tuple[str, Sequence[EntityFact]]] = ()
    taught: str = ""


@dataclass(frozen=True, slots=True)
class FormFacts:
    """A campaign that is still being made: the wizard's answers so far, in its order."""

    wizard_id: str
    lines: tuple[FactLine, ...] = ()
    taught: str = ""


@dataclass(frozen=True, slots=True)
class Secret:
    """Something only the game master knows. `may_hint` is the game master's explicit word
    that the NPC itself may let it show; off unless said."""

    text: str
    may_hint: bool = False


@dataclass(frozen=True, slots=True)
class NpcSheet:
    """An NPC as the game master sees it, for talk *about* it (seed, "About Mode Prompt").

    `connections` are lines ``FactLine("Aldric", "brother, estranged")``. `more` is whatever
    else the sheet holds. A line without an audience is known to the NPC itself.
    """

    npc_id: str
    name: str
    role: str = ""
    background: str = ""
    personality: str = ""
    appearance: str = ""
    motivations: str = ""
    speaking_style: str = ""
    sample_lines: tuple[str, ...] = ()
    mannerisms: tuple[str, ...] = ()
    never_says: tuple[str, ...] = ()
    connections: tuple[FactLine, ...] = ()
    more: tuple[FactLine, ...] = ()
    groups: tuple[str, ...] = ()
    secrets: tuple[Secret, ...] = ()
    gm_notes: str = ""


@dataclass(frozen=True, slots=True)
class KnownFact:
    """A fact the speaking NPC knows: label and value pairs, no audience left to get wrong.

    One that is not lasting came in by the question alone, and goes only with it.
    """

    kind: EntityKind
    id: str
    name: str
    lines: tuple[tuple[str, str], ...] = ()
    why: Why = "summary"
    is_lasting: bool = True
    noun: str = ""


@dataclass(frozen=True, slots=True)
class VoiceSheet:
    """An NPC as it knows itself, for talk *as* it (seed, "Voice Mode Prompt").

    `hints` are the secrets the game master released for hinting. `present` names who else
    takes part in the scene. `situation` is where the NPC is and what goes on. `world` is what
    everybody in the campaign knows: the game's name, the setting, its tone, places by name.
    `knows` is in an order that no question changes; of it, what bears on the question has
    `why` "mentioned" and goes with the question when it did not fit before.
    """

    npc_id: str
    name: str
    role: str = ""
    background: str = ""
    personality: str = ""
    appearance: str = ""
    motivations: str = ""
    speaking_style: str = ""
    sample_lines: tuple[str, ...] = ()
    mannerisms: tuple[str, ...] = ()
    never_says: tuple[str, ...] = ()
    connections: tuple[tuple[str, str], ...] = ()
    more: tuple[tuple[str, str], ...] = ()
    situation: str = ""
    present: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    knows: tuple[KnownFact, ...] = ()
    world: tuple[tuple[str, str], ...] = ()


class HistoryMessage(msgspec.Struct, frozen=True, gc=False):
    """One earlier message. `mode` is set in NPC conversations: only messages of the prompt's
    own mode are used. `speaker` names who spoke in a scene of several NPCs."""

    seq: int
    role: Role
    content: str
    mode: Mode | None = None
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class SummaryPart:
    """What one stretch of older talk came to. `when` says when it was said ("2026-01-03 to
    2026-02-14"), `name` which messages it covers."""

    text: str
    when: str = ""
    id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """What older talk came to, oldest part first. Used only in the mode it was made from."""

    parts: Sequence[SummaryPart]
    mode: Mode | None = None


@dataclass(frozen=True, slots=True)
class RecalledMessage:
    """Something said long ago, or elsewhere, that bears on the new message.

    `speaker` and `place` say who said it and where ("the game master", "thread The vault"),
    `date` when, `because` holds the words that brought it back. In talk as an NPC only
    messages of mode ``as`` are used, whatever is given.
    """

    id: str
    text: str
    speaker: str
    place: str
    date: str
    mode: Mode | None = None
    because: tuple[str, ...] = ()
    is_planning: bool = False
    """Said in a thread about planning a game session: nothing of it has happened."""
    conversation_id: str = ""
    seq: int = 0
    """Its place: messages of one conversation are given in the order they were said."""


@dataclass(frozen=True, slots=True)
class History:
    """The talk so far, without the new message. `messages` are oldest first; they may be
    only the newest part of it, `older_count` then says how many stand before them.
    `recalled` are messages from before or from elsewhere, most relevant first. `kept_from` is
    the first message of the prompt before this one: as long as what follows it fits, the talk
    begins there again, so that a prompt goes on from the one before."""

    messages: Sequence[HistoryMessage] = ()
    summary: Summary | None = None
    older_count: int = 0
    recalled: Sequence[RecalledMessage] = ()
    kept_from: int | None = None


def voice_sheet(
    sheet: NpcSheet,
    facts: Iterable[EntityFact] = (),
    *,
    situation: str = "",
    present: tuple[str, ...] = (),
    world: tuple[tuple[str, str], ...] = (),
    viewer: Viewer | None = None,
) -> VoiceSheet:
    """What the NPC itself knows: its sheet without secrets and notes, and of `facts` those
    things and lines that it may see. `viewer` is the NPC with its groups as they are compared."""
    own = viewer or Viewer("npc", sheet.npc_id, frozenset(sheet.groups))

    def lines(all_lines: Iterable[FactLine]) -> tuple[tuple[str, str], ...]:
        return tuple(
            (line.label, line.value)
            for line in all_lines
            if line.audience is None or may_see(own, line.audience)
        )

    return VoiceSheet(
        npc_id=sheet.npc_id,
        name=sheet.name,
        role=sheet.role,
        background=sheet.background,
        personality=sheet.personality,
        appearance=sheet.appearance,
        motivations=sheet.motivations,
        speaking_style=sheet.speaking_style,
        sample_lines=sheet.sample_lines,
        mannerisms=sheet.mannerisms,
        never_says=sheet.never_says,
        connections=lines(sheet.connections),
        more=lines(sheet.more),
        situation=situation,
        present=present,
        hints=tuple(secret.text for secret in sheet.secrets if secret.may_hint),
        knows=tuple(
            KnownFact(
                *(fact.kind, fact.id, fact.name, lines(fact.lines), fact.why, fact.is_lasting),
                noun=fact.noun,
            )
            for fact in facts
            if may_see(own, fact.audience)
        ),
        world=world,
    )


def persona_of(sheet: VoiceSheet) -> Persona:
    """The same sheet in the shape the built-in offline model speaks from."""
    known = tuple(
        f"{fact.name}: {value}" if value else fact.name
        for fact in sheet.knows
        for value in ([value for _, value in fact.lines] or [""])
    )
    known += tuple(f"{label}: {value}" for label, value in sheet.world if value)
    return Persona(
        npc_id=sheet.npc_id,
        name=sheet.name,
        role=sheet.role,
        background=sheet.background,
        personality=sheet.personality,
        speaking_style=sheet.speaking_style,
        sample_lines=sheet.sample_lines,
        mannerisms=sheet.mannerisms,
        knows=known,
    )
