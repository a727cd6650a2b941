"""The facts of a prompt in the shape the built-in model quotes from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from ttrpg_assistant.llm.types import Passage, PassageKind, PassageLine, PassageSession
from ttrpg_assistant.prompts.audience import is_gm_only
from ttrpg_assistant.prompts.entity_facts import EntityFact, FactLine
from ttrpg_assistant.prompts.facts import CampaignFacts, FormFacts, NpcSheet, RecalledMessage
from ttrpg_assistant.prompts.quotable import Quotable, StoredSession

_KNOWN_TO = "Known to"
_PLANNED = ("idea", "prepped")
_TAKEN_BACK = "taken back"
_SESSION_STATES: dict[str, Literal["planned", "running", "ended"]] = {
    "planned": "planned", "running": "running", "ended": "ended",
}  # fmt: skip


def passages_of_recalled(recalled: Iterable[RecalledMessage]) -> list[Passage]:
    """What was said before or elsewhere, titled with who said it, where and when."""
    return [
        Passage(
            kind="message",
            ref=one.id,
            title=f"{one.speaker[:1].upper()}{one.speaker[1:]}, {one.place}, {one.date}",
            text=one.text,
            is_planned=one.is_planning,
        )
        for one in recalled
    ]


def passages_of_form(form: FormFacts) -> list[Passage]:
    """The answers of a campaign that is still being made."""
    return [Passage("campaign", "", line.label, line.value) for line in form.lines]


def passages_of_facts(facts: CampaignFacts) -> list[Passage]:
    """Everything gathered about a campaign, each thing once. Without `facts.quotable` there are
    no things of it, only the campaign itself."""
    campaign = [
        Passage(
            "campaign",
            facts.campaign_id,
            facts.name,
            " ".join(filter(None, (facts.system, facts.setting, facts.description))),
        )
    ]
    if facts.gm_notes:
        campaign.append(
            Passage(
                "campaign",
                facts.campaign_id,
                f"Notes on {facts.name}",
                facts.gm_notes,
                gm_only=True,
            )
        )
    if facts.world_state:
        campaign.append(_lined("campaign", facts.campaign_id, "World state", facts.world_state))
    if facts.house_rules:
        campaign.append(_lined("house_rule", facts.campaign_id, "House rules", facts.house_rules))
    return [*campaign, *_passages_of_quotable(facts.quotable or Quotable())]


def passage_of_subject(sheet: NpcSheet) -> Passage:
    """The whole sheet of the NPC that is talked about, its secrets too: the game master asks."""
    lines = [
        ("Role", sheet.role),
        ("Background", sheet.background),
        ("Personality", sheet.personality),
        *((line.label, line.value) for line in sheet.more if line.label == "Location"),
        ("Appearance", sheet.appearance),
        ("Motivations", sheet.motivations),
        ("Speaking style", sheet.speaking_style),
        *(("Mannerism", text) for text in sheet.mannerisms),
        *(("Says", text) for text in sheet.sample_lines),
        *((line.label, line.value) for line in sheet.connections),
        *((line.label, line.value) for line in sheet.more if line.label != "Location"),
    ]
    told = [PassageLine(label, value) for label, value in lines if value]
    told += [PassageLine("Secret", secret.text, True) for secret in sheet.secrets if secret.text]
    if sheet.gm_notes:
        told.append(PassageLine("GM notes", sheet.gm_notes, True))
    return Passage("npc", sheet.npc_id, sheet.name, _join(told), tuple(told))


def _passages_of_quotable(stored: Quotable) -> list[Passage]:
    found = [_entity(entity) for entity in stored.entities]
    for game in stored.game_sessions:
        found += _passages_of_session(game)
    return found + [_known_fact(fact) for fact in stored.known_facts]


def _entity(entity: EntityFact) -> Passage:
    lines = tuple(_line(line) for line in entity.lines)
    is_point = entity.kind == "plot_point"
    return Passage(
        entity.kind,
        entity.id,
        entity.name,
        _join(lines),
        lines,
        gm_only=is_point and is_gm_only(entity.audience),
        is_planned=entity.status in _PLANNED,
        remark=_TAKEN_BACK if entity.status == "retconned" else "",
    )


def _passages_of_session(game: StoredSession) -> list[Passage]:
    where = PassageSession(game.id, game.number, game.title, _SESSION_STATES[game.status])
    title = f"Session {game.number}" + (f": {game.title}" if game.title else "")
    found = [Passage("game_session", game.id, title, title, game_session=where)]
    if game.plan:
        found.append(
            Passage(
                "plan",
                game.id,
                title,
                game.plan,
                gm_only=True,
                game_session=where,
                is_planned=True,
            )
        )
    if game.recap_players:
        found.append(Passage("recap", game.id, title, game.recap_players, game_session=where))
    if game.recap_gm:
        gm = Passage("recap", game.id, title, game.recap_gm, gm_only=True, game_session=where)
        found.append(gm)
    for entry in (*game.events, *game.notes):
        text = " ".join(line.value for line in entry.lines)
        found.append(
            Passage(
                entry.kind,
                entry.id,
                title,
                text,
                gm_only=entry.kind == "note" and is_gm_only(entry.audience),
                game_session=where,
            )
        )
    return found


def _known_fact(fact: EntityFact) -> Passage:
    text = " ".join(line.value for line in fact.lines if line.label != _KNOWN_TO)
    known_to = " ".join(line.value for line in fact.lines if line.label == _KNOWN_TO)
    hidden = any(is_gm_only(line.audience) for line in fact.lines)
    remark = f"known to {known_to}" if known_to and not hidden else ""
    if fact.status == "retconned":
        remark = _TAKEN_BACK
    return Passage(
        "fact",
        fact.id,
        "Known fact",
        text,
        gm_only=hidden,
        is_planned=fact.status in _PLANNED,
        remark=remark,
    )


def _lined(kind: PassageKind, ref: str, title: str, lines: Iterable[FactLine]) -> Passage:
    told = tuple(_line(line) for line in lines)
    return Passage(kind, ref, title, _join(told), told)


def _line(line: FactLine) -> PassageLine:
    return PassageLine(line.label, line.value, is_gm_only(line.audience))


def _join(lines: Iterable[PassageLine]) -> str:
    return "\n".join(f"{line.label}: {line.text}" if line.label else line.text for line in lines)
