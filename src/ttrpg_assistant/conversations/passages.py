"""The facts of a prompt in the shape the built-in model quotes from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

from ttrpg_assistant.llm.types import Passage, PassageKind
from ttrpg_assistant.prompts.facts import (
    LAST_TIME,
    CampaignFacts,
    EntityFact,
    FormFacts,
    NpcSheet,
    RecalledMessage,
)

_KINDS: dict[str, PassageKind] = {kind: kind for kind in get_args(PassageKind)}
_KINDS["event"] = "note"


def passages_of_recalled(recalled: Iterable[RecalledMessage]) -> list[Passage]:
    """What was said before or elsewhere, titled with who said it, where and when."""
    return [
        Passage(
            kind="message",
            ref=one.id,
            title=f"{one.speaker[:1].upper()}{one.speaker[1:]}, {one.place}, {one.date}",
            text=one.text,
        )
        for one in recalled
    ]


def passages_of_form(form: FormFacts) -> list[Passage]:
    """The answers of a campaign that is still being made."""
    return [Passage("campaign", "", line.label, line.value) for line in form.lines]


def passages_of_facts(facts: CampaignFacts) -> list[Passage]:
    """Everything gathered about a campaign, each thing once, the fullest sheet of it."""
    found: dict[str, Passage] = {
        facts.campaign_id: Passage(
            "campaign",
            facts.campaign_id,
            facts.name,
            " ".join(filter(None, (facts.system, facts.setting, facts.description))),
        )
    }
    if facts.gm_notes:
        found["gm_notes"] = Passage(
            "campaign", facts.campaign_id, "Game master's notes", facts.gm_notes
        )
    state = [f"{line.label}: {line.value}" for line in facts.world_state]
    rules = [f"{line.label}: {line.value}" for line in facts.house_rules]
    if state:
        found["world_state"] = Passage(
            "campaign", facts.campaign_id, "World state", ". ".join(state)
        )
    if rules:
        found["house_rules"] = Passage(
            "house_rule", facts.campaign_id, "House rules", ". ".join(rules)
        )
    for entity in (*facts.mentioned, *facts.npcs, *facts.locations, *facts.plot_points):
        found.setdefault(entity.id, _passage(entity))
    game = facts.game_session
    if game is not None:
        title = f"Session {game.number}" + (f": {game.title}" if game.title else "")
        found[game.id] = Passage("game_session", game.id, title, game.plan or title)
        for entry in (*game.notes, *game.events, *game.latest):
            found.setdefault(entry.id, _passage(entry))
    if facts.recap:
        title = "Last session" if facts.recap_title == LAST_TIME else facts.recap_title
        found["recap"] = Passage("campaign", facts.campaign_id, title, facts.recap)
    return list(found.values())


def passage_of_subject(sheet: NpcSheet) -> Passage:
    """The whole sheet of the NPC that is talked about, its secrets too: the game master asks."""
    lines = (
        ("Role", sheet.role),
        ("Background", sheet.background),
        ("Personality", sheet.personality),
        ("Appearance", sheet.appearance),
        ("Motivations", sheet.motivations),
        ("Speaking style", sheet.speaking_style),
        *(("Mannerism", text) for text in sheet.mannerisms),
        *(("Says", text) for text in sheet.sample_lines),
        *((line.label, line.value) for line in (*sheet.connections, *sheet.more)),
        *(("Secret", secret.text) for secret in sheet.secrets),
        ("GM notes", sheet.gm_notes),
    )
    text = "\n".join(f"{label}: {value}" if label else value for label, value in lines if value)
    return Passage("npc", sheet.npc_id, sheet.name, text)


def _passage(entity: EntityFact) -> Passage:
    text = ". ".join(
        f"{line.label}: {line.value}" if line.label else line.value for line in entity.lines
    )
    return Passage(_KINDS[entity.kind], entity.id, entity.name, text)
