"""The same campaign twice: once as the players know it, once with all that is hidden in it.

What is open is made in the same order with the same texts; between it the second one is given
things, fields, facts, relations, notes and talk that are the game master's alone, or for somebody
who does not look here. Whoever looks must not be able to tell the two apart.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.canon import WORDS
from ttrpg_assistant.campaigns.declaration import EntityKind, Field
from ttrpg_assistant.campaigns.kinds.campaign import KIND as CAMPAIGN
from ttrpg_assistant.campaigns.kinds.game_session import KIND as GAME_SESSION
from ttrpg_assistant.campaigns.kinds.location import KIND as LOCATION
from ttrpg_assistant.campaigns.kinds.npc import KIND as NPC
from ttrpg_assistant.campaigns.registry import KINDS, list_things
from ttrpg_assistant.campaigns.relations import check_relation
from ttrpg_assistant.campaigns.store import edits, game_sessions, knowledge, relations, table_log
from ttrpg_assistant.campaigns.store.entities import get_entity
from ttrpg_assistant.conversations.store.conversations import add_conversation
from ttrpg_assistant.conversations.store.messages import post_message
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.suggestions.outside import OutsideProposal, check_proposal, propose

CANARY = "zqx"
"""What every hidden word begins with."""

WITHOUT_AUDIENCE = frozenset({"npc", "location"})
GROUP, OTHER_GROUP = "Watch", "Guild"
SEEN_PARTS = frozenset({"voice", "party"})


@dataclass
class Twin:
    """One of the two, its ids in the order in which they were made. Of what is hidden the one
    without it has ids that nothing has."""

    campaign_id: str
    open_ids: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    open_names: list[str] = field(default_factory=list)
    hidden_ids: list[str] = field(default_factory=list)
    hidden_names: list[str] = field(default_factory=list)
    speaker: str = ""
    other_npc: str = ""
    character: str = ""
    other_character: str = ""
    places: list[str] = field(default_factory=list)
    relations: list[str] = field(default_factory=list)
    game_sessions: list[str] = field(default_factory=list)

    def find(self, kind: str) -> list[str]:
        """The ids of the open things of a kind."""
        return [id for id, one in zip(self.open_ids, self.kinds, strict=True) if one == kind]


class TwinMaker:
    """Makes pairs; the same seed makes the same ones. `crowd` hides so much that every limit of
    what is looked at is reached by it alone."""

    def __init__(self, seed: int, *, crowd: bool = False) -> None:
        self._seed = seed
        self._crowd = crowd

    def make(self, tx: Connection) -> tuple[Twin, Twin]:
        """Put a pair into the database: without and with what is hidden."""
        full = _Making(tx, self._seed, hides=True, crowd=self._crowd).make()
        bare = _Making(tx, self._seed, hides=False, crowd=False).make()
        bare.hidden_ids = [new_id() for _ in full.hidden_ids]
        bare.hidden_names = full.hidden_names
        assert (bare.kinds, bare.open_names) == (full.kinds, full.open_names)
        self._seed += 1
        return bare, full


class _Making:
    def __init__(self, tx: Connection, seed: int, *, hides: bool, crowd: bool) -> None:
        self._tx = tx
        self._open = random.Random(seed)
        self._hidden = random.Random(f"hidden {seed}")
        self._hides = hides
        self._crowd = crowd

    def make(self) -> Twin:
        chance = self._open
        given = {"name": self._word(), "system": self._word(), "setting": self._word()}
        values = CAMPAIGN.check_new({**given, "world_state": {"tone": self._word()}})
        campaign = edits.add_entity(self._tx, CAMPAIGN, None, values)
        self.twin = twin = Twin(campaign.id)
        for number in range(2):
            id = self._add_open(LOCATION, parent_id=twin.places[-1] if number else None)
            twin.places.append(id)
        is_there = {"is_present": True, "groups": [GROUP]}
        twin.speaker = self._add_open(NPC, location_id=twin.places[1], **is_there)
        twin.other_npc = self._add_open(NPC, groups=[OTHER_GROUP])
        self._add_open(NPC, is_present=True)
        for kind in list_things():
            for _ in range(chance.randint(1, 2) if kind.name not in WITHOUT_AUDIENCE else 0):
                self._add_open(kind)
        twin.character = twin.find("character")[0]
        self._add_open(KINDS["character"])
        twin.other_character = twin.find("character")[-1]
        for _ in range(3):
            self._add_open_session()
        for _ in range(6):
            self._add_open_fact()
            self._add_open_relation()
        self._hide(self._hide_session, self._hide_talk, self._hide_elsewhere, self._hide_campaign)
        if self._crowd and self._hides:
            for _ in range(70):
                self._hide_thing()
                self._hide_relation()
                self._hide_fact()
        return twin

    # ── What is open ─────────────────────────────────────────────────────────────

    def _word(self) -> str:
        return "".join(self._open.choices("abcdefghijklmnop", k=9)).capitalize()

    def _fill(self, one: Field, word: str) -> object:
        """A value of the field that holds the word; None where no value can."""
        if one.shape.choices or one.shape.name in ("flag", "reference", "related", "message"):
            return None
        made: dict[str, object] = {
            "names": [word],
            "lines": [f"{word} {word}"],
            "secrets": [{"text": word, "may_hint": False}],
            "connections": [{"target": word, "relation": word}],
            "object": {word: word},
            "known_to": None,
        }
        return made.get(one.shape.name, word)

    def _add_open(self, kind: EntityKind[Any], **fixed: object) -> str:
        twin, name = self.twin, f"{self._word()} {self._word()}"
        given: dict[str, object] = {kind.name_field: name}
        for label, one in kind.fields.items():
            is_told = kind is NPC and fixed.get("location_id") and "voice" in one.parts
            is_told = is_told or (kind.name not in WITHOUT_AUDIENCE and SEEN_PARTS & one.parts)
            if is_told and not one.is_gm_only and label != kind.name_field:
                value = self._fill(one, self._word())
                given |= {} if value is None else {label: value}
        if kind.name not in WITHOUT_AUDIENCE:
            choices = kind.fields["audience"].shape.choices or {}
            wanted = [one for one in ("party", "public", "some") if one in choices]
            given["audience"] = self._open.choice(wanted)
            if given["audience"] == "some":
                known = [("npc", twin.speaker, ""), ("group", "", GROUP)]
                known += [("character", twin.character, "")] if twin.character else []
                given["known_to"] = _knowers(self._open.sample(known, 1))
        values = kind.check_new({**given, **fixed})
        id = str(edits.add_entity(self._tx, kind, twin.campaign_id, values).id)
        twin.open_ids.append(id)
        twin.kinds.append(kind.name)
        twin.open_names.append(name)
        self._hide(self._hide_thing, self._hide_field, self._hide_thing)
        return id

    def _add_open_session(self) -> None:
        twin = self.twin
        values = {"title": self._word(), "recap_players": f"{self._word()} {self._word()}"}
        game = game_sessions.add_game_session(
            self._tx, twin.campaign_id, GAME_SESSION.check_new(values)
        )
        before = twin.game_sessions[-1:]
        if before:
            game_sessions.end_game_session(self._tx, before[0])
        game_sessions.run_game_session(self._tx, game.id)
        twin.game_sessions.append(game.id)
        self._note(self._word(), gm_only=False)
        self._hide(self._hide_note, self._hide_note)

    def _note(self, text: str, *, gm_only: bool) -> str:
        game_id = self.twin.game_sessions[-1]
        return table_log.add_session_note(
            self._tx, game_id, text, gm_only=gm_only, id=None, at=None
        ).id

    def _add_open_fact(self) -> None:
        twin, text = self.twin, f"{self._word()} met {self._open.choice(self.twin.open_names)}"
        audience = self._open.choice(["party", "public", "npcs", "group"])
        more: dict[str, Any] = {"npcs": {"npc_ids": [twin.speaker]}, "group": {"groups": [GROUP]}}
        knowledge.add_fact(self._tx, twin.campaign_id, text, audience, **more.get(audience, {}))
        self._hide(self._hide_fact)

    def _add_open_relation(self) -> None:
        ends = self._open.sample(range(len(self.twin.open_ids)), 2)
        audience = self._open.choice(["party", "public"])
        places = [self._end(at) for at in ends]
        self._relate(*places, self._word(), audience, self._open.choice([None, -1, 2]))
        self._hide(self._hide_relation)

    def _end(self, at: int) -> tuple[str, str]:
        return self.twin.kinds[at], self.twin.open_ids[at]

    def _relate(
        self, one: Any, to: Any, label: str, audience: str, attitude: Any = None, **more: Any
    ) -> str:
        ends = {"from_kind": one[0], "from_id": one[1], "to_kind": to[0], "to_id": to[1]}
        said = {"label": label, "attitude": attitude, "audience": audience, "known_to": []}
        values = check_relation({**ends, **said, "note": "", **more})
        return relations.add_relation(self._tx, self.twin.campaign_id, values).id

    # ── What is hidden ───────────────────────────────────────────────────────────

    def _hide(self, *ways: Any) -> None:
        if self._hides:
            for way in ways:
                way()

    def _canary(self) -> str:
        return CANARY + "".join(self._hidden.choices("abcdefghijklmnop", k=9))

    def _name(self, *, is_near: bool = True) -> str:
        """Of its own, or so that it may be taken for what is open."""
        names = [*self.twin.open_names, ""] if is_near else [""]
        near, own = self._hidden.choice(names), self._canary()
        name = self._hidden.choice([own, own, f"{near} {own}".strip(), near or own])
        if is_near:
            self.twin.hidden_names.append(name)
        return name

    def _away(self) -> Mapping[str, object]:
        """An audience that nobody who looks belongs to."""
        twin = self.twin
        others = [("npc", twin.other_npc, ""), ("group", "", OTHER_GROUP)]
        others += [("character", twin.other_character, "")] if twin.other_character else []
        if self._hidden.random() < 0.5 or not twin.other_npc:
            return {"audience": "gm"}
        return {"audience": "some", "known_to": _knowers([self._hidden.choice(others)])}

    def _hide_thing(self) -> None:
        kind, twin = self._hidden.choice(list_things()), self.twin
        given: dict[str, object] = {}
        for label, one in kind.fields.items():
            value = self._fill(one, self._canary())
            given |= {} if value is None else {label: value}
        is_unreal = self._hidden.random() < 0.4
        # What has no audience is known by its name to whoever names it.
        given[kind.name_field] = self._name(is_near=is_unreal or "audience" in kind.fields)
        if "aliases" in kind.fields:
            near = twin.open_names if is_unreal or "audience" in kind.fields else []
            given["aliases"] = [self._hidden.choice([self._canary(), *near])]
        if is_unreal:
            given[kind.canon_field] = self._hidden.choice(["idea", "retconned"])
        else:
            given[kind.canon_field] = self._hidden.choice(
                [word for word in WORDS if word not in ("idea", "retconned")]
            )
        if "audience" in kind.fields:
            choices = kind.fields["audience"].shape.choices or {}
            away = self._away()
            away = away if away["audience"] in choices else {"audience": "gm"}
            given |= {"audience": "public"} if is_unreal else away
        if kind is NPC and is_unreal:
            given["is_present"] = True
        if kind is LOCATION and is_unreal and twin.places:
            given["parent_id"] = self._hidden.choice(twin.places)
        made = edits.add_entity(self._tx, kind, twin.campaign_id, kind.check_new(given))
        twin.hidden_ids.append(made.id)
        self._last_hidden = (kind.name, made.id)

    def _hide_field(self) -> None:
        """Something of an open thing that only the game master reads."""
        at = self._hidden.randrange(len(self.twin.open_ids))
        kind = KINDS[self.twin.kinds[at]]
        if kind is NPC and not self.twin.speaker:
            return  # The speaker itself was made last: its sheet is its own.
        is_speaker = self.twin.open_ids[at] == self.twin.speaker
        wanted = [
            label
            for label, one in kind.fields.items()
            if (one.is_gm_only or label == "tags" or not is_speaker)
            and (one.is_gm_only or not SEEN_PARTS & one.parts or self._is_closed(kind, at))
            and label not in (kind.name_field, "canon", "groups", "features", "kind")
            and self._fill(one, "x") is not None
        ]
        label = self._hidden.choice(wanted)
        changes = kind.check_changes({label: self._fill(kind.fields[label], self._canary())})
        self._edit(kind, self.twin.open_ids[at], changes)

    def _is_closed(self, kind: EntityKind[Any], at: int) -> bool:
        """Whether nothing but the name of this thing is known to those who look."""
        return kind.name in WITHOUT_AUDIENCE and self.twin.open_ids[at] != self.twin.speaker

    def _edit(self, kind: EntityKind[Any], id: str, changes: Mapping[str, object]) -> None:
        now = get_entity(self._tx, kind, id)
        edits.edit_entity(self._tx, kind, id, now.revision, changes)

    def _hide_fact(self) -> None:
        twin = self.twin
        text = f"{self._canary()} of {self._hidden.choice(twin.open_names)}"
        audience = self._hidden.choice(["gm", "npcs", "group", "public"])
        more: dict[str, Any] = {"npcs": {"npc_ids": [twin.other_npc]}}
        more |= {"group": {"groups": [OTHER_GROUP]}, "public": {"canon": "idea"}}
        made = knowledge.add_fact(
            self._tx, twin.campaign_id, text, audience, **more.get(audience, {})
        )
        twin.hidden_ids.append(made.id)

    def _hide_relation(self) -> None:
        """One that is for nobody here, or one with something that nobody here knows of."""
        twin, chance = self.twin, self._hidden
        one = self._end(chance.randrange(len(twin.open_ids)))
        to = self._end(chance.randrange(len(twin.open_ids)))
        away = {"audience": "gm"}
        named, _ = self._last_hidden
        if named not in WITHOUT_AUDIENCE and chance.random() < 0.5:
            to, away = self._last_hidden, {"audience": chance.choice(["party", "public"])}
        if one == to:
            return
        made = self._relate(one, to, self._canary(), **away, note=self._canary())
        twin.hidden_ids.append(made)

    def _hide_note(self) -> None:
        twin = self.twin
        twin.hidden_ids.append(self._note(self._canary(), gm_only=True))
        kind, id = self._end(self._hidden.randrange(len(twin.open_ids)))
        event = table_log.add_session_event(
            self._tx,
            twin.game_sessions[-1],
            "happened",
            self._canary(),
            entity_kind=kind,
            entity_id=id,
            id=None,
            at=None,
        )
        twin.hidden_ids.append(event.id)
        changes = {"plan": self._canary(), "recap_gm": self._canary()}
        self._edit(GAME_SESSION, twin.game_sessions[-1], GAME_SESSION.check_changes(changes))

    def _hide_session(self) -> None:
        values = {"title": self._canary(), "plan": self._canary(), "recap_players": self._canary()}
        game = game_sessions.add_game_session(
            self._tx, self.twin.campaign_id, GAME_SESSION.check_new(values)
        )
        self.twin.hidden_ids.append(game.id)

    def _hide_talk(self) -> None:
        """What the game master and the assistant say, and what other programs proposed."""
        twin = self.twin
        values = {"purpose": "general", "campaign_id": twin.campaign_id, "title_by": "person"}
        thread = add_conversation(self._tx, "thread", title=self._canary(), **values)
        twin.hidden_ids.append(thread.id)
        for number in range(4):
            text = f"{self._canary()} {self._hidden.choice(twin.open_names)}"
            role: Any = "assistant" if number % 2 else "user"
            twin.hidden_ids.append(new_id())
            post_message(
                self._tx, thread.id, message_id=twin.hidden_ids[-1], role=role, content=text
            )
        for _ in range(3):
            fields: dict[str, Any] = {"name": self._name(), "role": self._canary()}
            asked = OutsideProposal(new_id(), "npc", fields, source=self._canary())
            propose(self._tx, twin.campaign_id, asked, check_proposal(asked))
            twin.hidden_ids.append(asked.id)

    def _hide_elsewhere(self) -> None:
        """Another campaign of the same name, with somebody of the same name in its scene."""
        twin = self.twin
        name = get_entity(self._tx, CAMPAIGN, twin.campaign_id).name
        other = edits.add_entity(self._tx, CAMPAIGN, None, CAMPAIGN.check_new({"name": name}))
        speaker = twin.open_names[twin.open_ids.index(twin.speaker)]
        values = NPC.check_new({"name": speaker, "is_present": True, "role": self._canary()})
        stranger = edits.add_entity(self._tx, NPC, other.id, values)
        twin.hidden_ids += [other.id, stranger.id]

    def _hide_campaign(self) -> None:
        now = get_entity(self._tx, CAMPAIGN, self.twin.campaign_id)
        world = {**now.world_state, "hidden": self._canary()}
        changes = {"description": self._canary(), "gm_notes": self._canary()}
        rules = {self._canary(): self._canary()}
        changes = CAMPAIGN.check_changes({**changes, "world_state": world, "house_rules": rules})
        self._edit(CAMPAIGN, self.twin.campaign_id, changes)


def _knowers(named: list[tuple[str, str, str]]) -> list[dict[str, str]]:
    return [{"kind": kind, "id": id, "group": group} for kind, id, group in named]
