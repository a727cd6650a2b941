"""Campaigns made up by chance, whose every hidden text occurs nowhere else."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any, get_args

from sqlalchemy import Connection

from tests.need_to_know.hidden import Npc
from ttrpg_assistant.campaigns.kinds.campaign import KIND as CAMPAIGN
from ttrpg_assistant.campaigns.kinds.character import KIND as CHARACTER
from ttrpg_assistant.campaigns.kinds.game_session import KIND as GAME_SESSION
from ttrpg_assistant.campaigns.kinds.location import KIND as LOCATION
from ttrpg_assistant.campaigns.kinds.npc import KIND as NPC
from ttrpg_assistant.campaigns.kinds.plot_point import KIND as PLOT_POINT
from ttrpg_assistant.campaigns.model import FactAudience
from ttrpg_assistant.campaigns.store import edits, game_sessions, knowledge, table_log

GROUPS = ("Watch", "Guild", "Table")
SYLLABLES = ("ba", "dor", "eth", "fin", "gul", "har", "ith", "jo", "kel", "lum", "mor", "nys",
             "ost", "pel", "qua", "rin", "sul", "tor", "uth", "vex", "wyn", "yar", "zeph", "éla",
             "øst", "ñar")  # fmt: skip


@dataclass
class Generated:
    """A campaign in the database and what each of its NPCs may know."""

    campaign_id: str
    npcs: list[Npc] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    gm_only: list[str] = field(default_factory=list)
    character_id: str = ""


class Generator:
    """Makes campaigns; the same seed makes the same ones."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def word(self) -> str:
        return "".join(self._random.choices(SYLLABLES, k=self._random.randint(2, 4)))

    def sentence(self) -> str:
        """Long enough to hold several pieces; now and then longer than a prompt's field."""
        count = self._random.choice([5, 8, 13, 13, 120])
        return " ".join(self.word() for _ in range(count)).capitalize() + "."

    def make(self, tx: Connection) -> Generated:
        """Put a campaign with three NPCs into the database."""
        gm_only: list[str] = []

        def hide() -> str:
            gm_only.append(self.sentence())
            return gm_only[-1]

        values = {"name": self.word().title(), "gm_notes": hide(), "description": hide()}
        values["world_state"] = {"Hidden": hide()}
        campaign = edits.add_entity(tx, CAMPAIGN, None, CAMPAIGN.check_new(values))
        made = Generated(campaign.id, gm_only=gm_only)
        place = self._add(
            tx, made, LOCATION, name=self._name(made), description=hide(), gm_notes=hide(),
            secrets=[{"text": hide()}],
        )  # fmt: skip
        own: dict[str, list[str]] = {}
        for _ in range(3):
            self._add_npc(tx, made, place, own)
        point = {"title": self._name(made), "description": hide(), "gm_notes": hide()}
        self._add(tx, made, PLOT_POINT, **point)
        self._add_game_session(tx, made)
        player = {
            "name": f"{self.word()} {self.word()}".title(),
            "audience": "party",
            "description": hide(),
        }
        made.character_id = self._add(tx, made, CHARACTER, **player)
        for _ in range(6):
            self._add_fact(tx, made)
        for npc in made.npcs:
            npc.hidden += gm_only
            npc.shown += made.names
            for other in made.npcs:
                if other is not npc:
                    npc.hidden += [*own[other.id], *other.own_secrets]
        return made

    def _name(self, made: Generated) -> str:
        made.names.append(f"{self.word().title()} {self.word().title()}")
        return made.names[-1]

    def _add(self, tx: Connection, made: Generated, kind: Any, **fields: object) -> str:
        added = edits.add_entity(tx, kind, made.campaign_id, kind.check_new(fields))
        return str(added.id)

    def _add_npc(
        self, tx: Connection, made: Generated, place: str, own: dict[str, list[str]]
    ) -> None:
        secrets = [{"text": self.sentence(), "may_hint": False} for _ in range(2)]
        hint = {"text": self.sentence(), "may_hint": True}
        background, motivations, gm_notes = self.sentence(), self.sentence(), self.sentence()
        name = self._name(made)
        groups = self._random.sample(GROUPS, self._random.randint(0, 2))
        npc_id = self._add(
            tx,
            made,
            NPC,
            name=name,
            background=background,
            motivations=motivations,
            gm_notes=gm_notes,
            secrets=self._random.sample([*secrets, hint], 3),
            groups=groups,
            location_id=place,
            is_present=self._random.random() < 0.5,
        )
        own[npc_id] = [background, motivations, hint["text"]]
        withheld = [*(str(one["text"]) for one in secrets), gm_notes]
        npc = Npc(npc_id, name, hidden=withheld[:], own_secrets=withheld, shown=own[npc_id][:])
        npc.known = [*groups]
        made.npcs.append(npc)

    def _add_game_session(self, tx: Connection, made: Generated) -> None:
        def hide() -> str:
            made.gm_only.append(self.sentence())
            return made.gm_only[-1]

        values = GAME_SESSION.check_new({"plan": hide(), "recap_gm": hide()})
        game = game_sessions.add_game_session(tx, made.campaign_id, values)
        game_sessions.run_game_session(tx, game.id)
        table_log.add_session_note(tx, game.id, hide(), gm_only=True, id=None, at=None)

    def _add_fact(self, tx: Connection, made: Generated) -> None:
        # Facts name people: what an NPC hears about is not what it is told.
        named = self._random.choice(made.names)
        text = f"{named}: {self.sentence()}"
        audience = self._random.choice(get_args(FactAudience))
        listeners = self._random.sample(made.npcs, self._random.randint(1, 2))
        groups = self._random.sample(GROUPS, 1)
        knowledge.add_fact(
            tx,
            made.campaign_id,
            text,
            audience,
            npc_ids=[npc.id for npc in listeners] if audience in ("npcs", "party") else [],
            character_ids=[made.character_id] if audience == "characters" else [],
            groups=groups if audience == "group" else [],
        )
        for npc in made.npcs:
            is_told = audience in ("npcs", "party") and npc in listeners
            is_member = audience == "group" and groups[0] in npc.known
            admitted = audience == "public" or is_told or is_member
            (npc.shown if admitted else npc.hidden).append(text)
