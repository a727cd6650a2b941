"""A campaign in which everything hidden holds a word that stands nowhere else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.kinds.campaign import KIND as CAMPAIGN
from ttrpg_assistant.campaigns.kinds.game_session import KIND as GAME_SESSION
from ttrpg_assistant.campaigns.registry import KINDS, list_things
from ttrpg_assistant.campaigns.store import edits, game_sessions, knowledge, relations, table_log
from ttrpg_assistant.storage.database import Database

CANARY = "zqxcanary"
"""What every hidden word begins with."""

OPEN = "openword"
"""What the players may see begins with this."""


@dataclass
class Planted:
    """The campaign, and what is in it: ids by what they are."""

    campaign_id: str = ""
    hidden_ids: list[str] = field(default_factory=list)
    open_ids: list[str] = field(default_factory=list)
    hidden_names: list[str] = field(default_factory=list)
    npc_id: str = ""
    npc_name: str = ""
    game_session_id: str = ""
    canaries: int = 0

    def hide(self) -> str:
        """One more hidden word."""
        self.canaries += 1
        return f"{CANARY}{self.canaries}"


async def plant(database: Database) -> Planted:
    """Put the campaign into the database; its game session runs."""
    planted = Planted()
    await database.write(lambda tx: _plant(tx, planted))
    return planted


def _plant(tx: Connection, planted: Planted) -> None:
    hide = planted.hide
    values: dict[str, Any] = {"name": "Vale", "description": hide(), "gm_notes": hide()}
    values["world_state"] = {"hidden": hide(), "tone": "calm"}
    campaign = edits.add_entity(tx, CAMPAIGN, None, CAMPAIGN.check_new(values))
    planted.campaign_id = campaign.id
    for kind in list_things():
        for audience in ("gm", "name", "party"):
            _add_thing(tx, planted, kind.name, audience)
    planted.npc_id = planted.npc_id or planted.hidden_ids[0]
    _add_facts(tx, planted)
    _add_game_sessions(tx, planted)


def _add_thing(tx: Connection, planted: Planted, kind_name: str, audience: str) -> None:
    kind = KINDS[kind_name]
    words = kind.fields["audience"].shape.choices or {} if "audience" in kind.fields else {}
    if audience == "name" and audience not in words:
        return
    has_audience = bool(words)
    if kind_name == "plot_point" and audience == "party":
        audience = "public"
    is_open = has_audience and audience not in ("gm", "name")
    if not has_audience and audience != "gm":
        return
    hide = planted.hide
    name = f"{OPEN} {kind_name}" if is_open else f"{hide()} {kind_name}"
    fields: dict[str, Any] = {kind.name_field: name}
    for field_name in ("gm_notes", "description", "background", "personality", "motivations"):
        one = kind.fields.get(field_name)
        if one is not None and one.shape.name == "prose":
            shown = is_open and not one.is_gm_only and "voice" in one.parts
            fields[field_name] = f"{OPEN} of {kind_name}" if shown else hide()
    if "secrets" in kind.fields:
        fields["secrets"] = [{"text": hide(), "may_hint": False}]
    if has_audience:
        fields["audience"] = audience
    made = edits.add_entity(tx, kind, planted.campaign_id, kind.check_new(fields))
    (planted.open_ids if is_open else planted.hidden_ids).append(made.id)
    if not is_open:
        planted.hidden_names.append(name)
    if kind_name == "npc" and not is_open:
        planted.npc_id, planted.npc_name = made.id, name


def _add_facts(tx: Connection, planted: Planted) -> None:
    campaign_id, hide = planted.campaign_id, planted.hide
    told = {"npc_ids": [planted.npc_id]}
    for text, audience, listeners in (
        (f"{hide()} of the vault", "gm", {}),
        (f"{hide()} of the vault", "npcs", told),
        (f"{OPEN} of the vault", "party", {}),
        (f"{OPEN} of the gate", "public", {}),
    ):
        fact = knowledge.add_fact(tx, campaign_id, text, audience, **listeners)
        is_open = audience in ("party", "public")
        (planted.open_ids if is_open else planted.hidden_ids).append(fact.id)
    idea = knowledge.add_fact(tx, campaign_id, f"{hide()} idea", "party", canon="idea")
    planted.hidden_ids.append(idea.id)
    ends = {
        "from_kind": "faction",
        "from_id": _first(tx, planted, "faction"),
        "to_kind": "npc",
        "to_id": planted.npc_id,
    }
    blank = {"attitude": None, "known_to": [], "note": hide()}
    relations.add_relation(tx, campaign_id, {**ends, "label": hide(), "audience": "gm", **blank})


def _first(tx: Connection, planted: Planted, kind_name: str) -> str:
    from ttrpg_assistant.campaigns.store.entities import find_entity

    kind = KINDS[kind_name]
    return next(id for id in planted.open_ids if find_entity(tx, kind, id) is not None)


def _add_game_sessions(tx: Connection, planted: Planted) -> None:
    hide = planted.hide
    for is_last in (False, True):
        fields = {"title": hide(), "plan": hide(), "recap_gm": f"They owe {hide()} one favour."}
        if not is_last:
            fields["recap_players"] = f"{OPEN} recap"
        checked = GAME_SESSION.check_new(fields)
        game = game_sessions.add_game_session(tx, planted.campaign_id, checked)
        game_sessions.run_game_session(tx, game.id)
        table_log.add_session_note(tx, game.id, hide(), gm_only=True, id=None, at=None)
        table_log.add_session_note(tx, game.id, f"{OPEN} note", gm_only=False, id=None, at=None)
        nothing: dict[str, Any] = {"entity_kind": None, "entity_id": None, "id": None, "at": None}
        table_log.add_session_event(tx, game.id, "happened", hide(), **nothing)
        if not is_last:
            game_sessions.end_game_session(tx, game.id)
        planted.game_session_id = game.id
