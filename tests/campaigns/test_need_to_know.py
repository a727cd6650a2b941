"""Over many generated campaigns: what an NPC may not know is not in what it speaks from."""

from __future__ import annotations

import os
import random
from dataclasses import dataclass, field

import msgspec
import pytest
from sqlalchemy import Connection

from ttrpg_assistant.campaigns.facts import CampaignFactSource
from ttrpg_assistant.campaigns.kinds.campaign import KIND as CAMPAIGN
from ttrpg_assistant.campaigns.kinds.game_session import KIND as GAME_SESSION
from ttrpg_assistant.campaigns.kinds.location import KIND as LOCATION
from ttrpg_assistant.campaigns.kinds.npc import KIND as NPC
from ttrpg_assistant.campaigns.kinds.plot_point import KIND as PLOT_POINT
from ttrpg_assistant.campaigns.store import edits, game_sessions, knowledge, table_log
from ttrpg_assistant.prompts.facts import Mode
from ttrpg_assistant.search.facts import find_facts
from ttrpg_assistant.storage.database import Database

CAMPAIGNS = {"sqlite": 200 if os.environ.get("NEED_TO_KNOW") == "full" else 25, "postgresql": 5}
"""Two hundred take a minute: they are run with NEED_TO_KNOW=full."""


@dataclass
class Planted:
    """A generated campaign: what is hidden from all NPCs, and what each may and may not know."""

    campaign_id: str
    names: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    own_secrets: dict[str, list[str]] = field(default_factory=dict)
    hints: dict[str, list[str]] = field(default_factory=dict)
    allowed: dict[str, list[str]] = field(default_factory=dict)
    forbidden: dict[str, list[str]] = field(default_factory=dict)


class Planter:
    """Makes campaigns whose every text is a mark that occurs nowhere else."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def mark(self) -> str:
        return "".join(self._random.choices("abcdefghijklmnopqrstuvwxyz", k=24))

    def plant(self, tx: Connection) -> Planted:
        campaign = edits.add_entity(tx, CAMPAIGN, None, CAMPAIGN.check_new({"name": self.mark()}))
        planted = Planted(campaign.id)
        place = self._add(tx, planted, LOCATION, "name", secrets=[{"text": self._hide(planted)}])
        groups: dict[str, list[str]] = {}
        for _ in range(3):
            secrets = [{"text": self.mark(), "may_hint": self._random.random() < 0.3}]
            member_of = self._random.sample(["Watch", "Guild", "Table"], self._random.randint(0, 2))
            npc_id = self._add(
                tx,
                planted,
                NPC,
                "name",
                secrets=secrets,
                groups=member_of,
                location_id=place,
                is_present=self._random.random() < 0.5,
            )
            groups[npc_id] = member_of
            shown = [str(one["text"]) for one in secrets if one["may_hint"]]
            planted.hints[npc_id] = shown
            planted.own_secrets[npc_id] = [str(one["text"]) for one in secrets]
        self._add(tx, planted, PLOT_POINT, "title", description=self._hide(planted))
        self._add_running_game_session(tx, planted)
        for _ in range(5):
            self._add_fact(tx, planted, groups)
        return planted

    def _hide(self, planted: Planted) -> str:
        planted.hidden.append(self.mark())
        return planted.hidden[-1]

    def _add(
        self, tx: Connection, planted: Planted, kind: object, name: str, **fields: object
    ) -> str:
        named = self.mark()
        planted.names.append(named)
        given = {name: named, "gm_notes": self._hide(planted), **fields}
        values = kind.check_new(given)  # type: ignore[attr-defined]
        added = edits.add_entity(tx, kind, planted.campaign_id, values)  # type: ignore[arg-type]
        return str(added.id)

    def _add_running_game_session(self, tx: Connection, planted: Planted) -> None:
        fields = {"plan": self._hide(planted), "recap_gm": self._hide(planted)}
        values = GAME_SESSION.check_new(fields)
        made = game_sessions.add_game_session(tx, planted.campaign_id, values)
        game_sessions.run_game_session(tx, made.id)
        note = self._hide(planted)
        table_log.add_session_note(tx, made.id, note, gm_only=True, id=None, at=None)

    def _add_fact(self, tx: Connection, planted: Planted, groups: dict[str, list[str]]) -> None:
        text = self.mark()
        audience = self._random.choice(["gm", "npcs", "group", "public"])
        npc_ids = self._random.sample(sorted(groups), self._random.randint(0, 2))
        group_names = self._random.sample(["Watch", "Guild", "Table"], self._random.randint(0, 1))
        knowledge.add_fact(
            tx, planted.campaign_id, text, audience, npc_ids=npc_ids, groups=group_names
        )
        for npc_id, member_of in groups.items():
            is_listener = npc_id in npc_ids or bool(set(group_names) & set(member_of))
            knows = audience == "public" or (audience != "gm" and is_listener)
            (planted.allowed if knows else planted.forbidden).setdefault(npc_id, []).append(text)


def gather(
    tx: Connection, source: CampaignFactSource, planted: Planted, npc_id: str, mode: Mode
) -> str:
    everything = " ".join([*planted.names, *planted.hidden])
    facts = source.gather(tx, planted.campaign_id, None, [everything], npc_id, mode)
    return msgspec.json.encode(facts).decode()


def check_campaign(tx: Connection, source: CampaignFactSource, planted: Planted) -> int:
    """Holds the rule for every NPC of the campaign; gives how many there were."""
    all_secrets = [text for texts in planted.own_secrets.values() for text in texts]
    for npc_id, own_secrets in planted.own_secrets.items():
        voice = gather(tx, source, planted, npc_id, "as")
        about = gather(tx, source, planted, npc_id, "about")
        hints = planted.hints[npc_id]
        withheld = [*planted.hidden, *planted.forbidden.get(npc_id, ())]
        withheld += [one for one in all_secrets if one not in hints]
        assert [one for one in withheld if one in voice] == []
        known = [*planted.allowed.get(npc_id, ()), *hints]
        assert [one for one in known if one not in voice] == []
        assert [one for one in own_secrets if one not in about] == []
    return len(planted.own_secrets)


@pytest.mark.slow
async def test_nothing_hidden_reaches_the_voice_of_any_npc(database: Database) -> None:
    planter, source = Planter(seed=20261122), CampaignFactSource(find_facts)
    many = range(CAMPAIGNS[database.engine_name])
    campaigns = await database.write(lambda tx: [planter.plant(tx) for _ in many])
    voices = await database.read(
        lambda tx: sum(check_campaign(tx, source, planted) for planted in campaigns)
    )
    assert voices == 3 * len(campaigns)
