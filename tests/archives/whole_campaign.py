"""A campaign with something in every table that an archive holds, and in every column."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import CheckConstraint, Connection, Table, insert, update

from ttrpg_assistant.archives.declared import DERIVED
from ttrpg_assistant.archives.store.campaign_rows import BY_NAME, TABLES, iterate_rows
from ttrpg_assistant.archives.store.columns import ColumnFacts, Kind, list_columns
from ttrpg_assistant.conversations.store.path_length import count_path
from ttrpg_assistant.conversations.tables import conversations, messages
from ttrpg_assistant.ids import new_id, utc_now

Row = dict[str, Any]

DIFFERENT_AFTERWARDS = {
    ("campaigns", "names_stamp"): "made again, so that no file can pass for names that are known",
    ("voices", "waiting_since"): "a voice that comes in a file waits from now on",
}
"""Columns whose value an archive does not bring back, and why."""

LEFT_EMPTY = {
    ("campaigns", "removed_at"): "what is restored is there to be seen",
    ("voices", "removed_at"): "a deleted voice is in no archive",
}
"""Columns that are empty in every archived row, and why."""

WORDS = {
    ("entity_sources", "entity_kind"): "npc",
    ("entity_edits", "entity_kind"): "npc",
    ("session_events", "entity_kind"): "npc",
    ("citations", "entity_kind"): "npc",
    ("acceptance_events", "entity_kind"): "npc",
    ("things", "entity_kind"): "character",
    ("things", "audience"): "some",
    ("npcs", "audience"): "some",
    ("locations", "audience"): "party",
    ("things", "canon"): "retconned",
    ("continuity_marks", "state"): "both_true",
    ("npcs", "canon"): "prepped",
    ("locations", "canon"): "idea",
    ("known_facts", "canon"): "idea",
    ("relations", "from_kind"): "npc",
    ("relations", "to_kind"): "location",
    ("relations", "audience"): "some",
    ("pictures", "thing_kind"): "npc",
    ("pictures", "role"): "portrait",
    ("pictures", "sha256"): "ab" * 32,
    ("imported_files", "sha256"): "cd" * 32,
    ("file_imports", "state"): "done",
    ("pictures", "media_type"): "image/webp",
    ("pictures", "audience"): "party",
    ("conversations", "purpose"): "world_building",
    ("conversations", "title_by"): "person",
    ("conversations", "kind"): "thread",
    ("game_sessions", "status"): "running",
    ("messages", "role"): "assistant",
    ("messages", "status"): "stopped",
    ("plot_points", "status"): "happened",
    ("turns", "state"): "stopped",
    ("turns", "finish_reason"): "length",
    ("transcript_reviews", "status"): "stopped",
    ("suggestions", "kind"): "npc_trait",
    ("suggestions", "target_kind"): "npc",
    ("draft_status_log", "from_status"): "draft",
    ("draft_status_log", "to_status"): "approved",
    ("wizards", "step"): "basics",
    ("wizards", "status"): "finished",
}
"""What a column takes that is one of several words."""

NUMBERS = {"next_seq": 20, "attitude": -2}
"""What a column takes that not every number fits."""

_LINES = ["A line of it."]
_MORE = {"a field of an older version": "kept"}
DOCUMENTS: dict[tuple[str, str], Any] = {
    ("file_imports", "report"): {"used": []},
    ("import_sources", "base"): {"name": "Mira"},
    ("import_sources", "before"): {"name": {"was": "Mira", "became": "Mirah"}},
    ("import_sources", "kept"): {"card": {"spec": "chara_card_v2"}},
    ("campaigns", "world_state"): {"moon": "full", "tide": 3},
    ("campaigns", "house_rules"): {"flanking": {"is_on": True}},
    **{(table, "more"): _MORE for table in ("campaigns", "game_sessions", "npcs", "locations")},
    ("plot_points", "more"): _MORE,
    ("things", "more"): {
        "player": "Ana",
        "role": "Ranger",
        "description": "Broken.",
        "background": "She came over the marsh.",
        "goals": "A boat of her own.",
        "party_knows": "She cannot swim.",
        "player_notes": "Ask about the ring.",
        "secrets": [{"text": "She is cursed.", "may_hint": False}],
        "gm_notes": "Returns in act two.",
    },
    ("npcs", "secrets"): [{"text": "She owes the guild.", "may_hint": True}],
    ("locations", "secrets"): [{"text": "There is a tunnel.", "may_hint": False}],
    ("npcs", "connections"): [{"target": "Tomas", "relation": "a brother"}],
    ("turns", "continues"): {"status": "complete", "characters": 3, "is_marked": False},
    ("turns", "manifest"): {"sections": ["voice"]},
    ("turns", "asked_under"): {"campaign_id": None, "game_session_id": None},
    ("wizards", "answers"): {"basics": {"name": "The Marsh"}},
    ("reading_notes", "notes"): ["One proposal could not be read."],
    ("suggestions", "fields"): {"role": "smuggler"},
    ("suggestions", "base_values"): {"role": "ferrywoman"},
    ("suggestions", "lines"): [{"message_id": "a message of it", "quote": "She owes"}],
    ("transcript_reviews", "speakers"): [
        {
            "label": "Ana",
            "role": "player",
            "thing_id": None,
            "name": "",
            "lines": 4,
            "is_guessed": False,
        }
    ],
    ("entity_edits", "before"): {"role": "ferrywoman"},
    ("drafts", "data"): {"role": "smuggler"},
    ("acceptance_events", "modifications"): {"role": "pilot"},
    ("acceptance_events", "before"): {"role": "ferrywoman"},
    ("acceptance_events", "after"): {"role": "pilot"},
}
"""Values of columns that hold JSON; the others are lists of lines."""

_ONE_OF = re.compile(r"(\w+) IN \('(\w+)'")


def fill_every_table(tx: Connection, campaign_id: str) -> None:
    """Give a campaign that has an NPC, a location and a message a row of every table in which
    every column holds something."""
    first = next(iter(iterate_rows(tx, messages, campaign_id)))["id"]
    made = _Made(tx, campaign_id, first)
    for table in TABLES:
        for row in made.make_rows(table):
            tx.execute(insert(table).values(**row))
    values = made.make_row(BY_NAME["campaigns"])
    values |= {"id": campaign_id, "name": "Marsh"}
    values |= DERIVED["campaigns"](values)
    tx.execute(update(BY_NAME["campaigns"]).values(**values))
    tip = made.ids["messages"]
    shown = count_path(tx, tip)
    whole = {"tip_message_id": tip, "wizard_id": made.ids["wizards"], "message_count": shown}
    wanted = conversations.c.id == made.ids["conversations"]
    tx.execute(update(conversations).where(wanted).values(**whole))


class _Made:
    def __init__(self, tx: Connection, campaign_id: str, first_message: str) -> None:
        self._tx = tx
        self.ids = {"campaigns": campaign_id, "suggestions": new_id()}
        self._first_message = first_message

    def make_rows(self, table: Table) -> list[Row]:
        """Full rows of a table; several where one cannot have everything."""
        if table.name == "campaigns":
            return []
        row = self.make_row(table)
        if "id" in row:
            self.ids[table.name] = row["id"]
        if table.name == "fact_audience":
            nobody = dict.fromkeys(("npc_id", "character_id", "group_name", "group_key"))
            own = (("group_name", "group_key"), ("character_id",), ("npc_id",))
            return [
                {**row, **nobody, "id": new_id(), **{name: row[name] for name in each}}
                for each in own
            ]
        if table.name == "conversations":
            row["title_by"] = "person"
            shown = {**row, "removed_at": None, "archived_at": None}
            gone = {**row, "id": new_id(), "message_count": 0, "tip_message_id": None}
            return [shown, gone]
        return [row]

    def make_row(self, table: Table) -> Row:
        """A row with something in every column."""
        words = _list_words(table)
        row = {one.name: self._make(table, one, words) for one in list_columns(table.name)}
        if table.name in DERIVED:
            row.update(DERIVED[table.name](row))
        for name in ("removed_at", "archived_at"):
            if (table.name, name) in LEFT_EMPTY:
                row[name] = None
        return row

    def _make(self, table: Table, column: ColumnFacts, words: dict[str, str]) -> Any:
        key = (table.name, column.name)
        if key in DOCUMENTS:
            return DOCUMENTS[key]
        if column.kind is Kind.DOCUMENT:
            if column.name == "related":
                return [{"kind": "npc", "id": self._npc()}]
            if column.name == "known_to":
                return [{"kind": "npc", "id": self._npc(), "group": ""}]
            return _LINES
        if column.kind is Kind.ID:
            return self._id(table, column.name)
        if column.kind is Kind.MOMENT:
            return utc_now()
        if column.kind is Kind.FLAG:
            return True
        if column.kind is Kind.NUMBER:
            return 0.5
        if column.kind in (Kind.INTEGER, Kind.LONG):
            return NUMBERS.get(column.name, 7)
        if key == ("conversations", "personality"):
            return self.ids["voices"]
        return WORDS.get(key) or words.get(column.name) or f"{column.name} words"[: column.length]

    def _id(self, table: Table, name: str) -> str | None:
        for key in table.foreign_keys:
            if key.parent.name == name and key.column.table is not table:
                return self.ids[key.column.table.name]
        if name == "id":
            return self.ids["suggestions"] if table.name == "suggestions" else new_id()
        if name == "parent_id" and table.name == "messages":
            return self._first_message
        if name == "parent_id":
            found = next(iter(iterate_rows(self._tx, table, self.ids["campaigns"])))
            return str(found["id"])
        if name == "to_id":
            return self.ids["locations"]
        if name == "branched_from_id":
            return self._first_message
        if name == "wizard_id":
            return None
        if name.endswith("message_id"):
            return self.ids.get("messages", self._first_message)
        if name == "suggestion_id":
            return self.ids["suggestions"]
        return self._npc()

    def _npc(self) -> str:
        return self.ids.get("npcs") or str(
            next(iter(iterate_rows(self._tx, BY_NAME["npcs"], self.ids["campaigns"])))["id"]
        )


def _list_words(table: Table) -> dict[str, str]:
    """For each column that takes certain words only, the first of them."""
    checks = (str(one.sqltext) for one in table.constraints if isinstance(one, CheckConstraint))
    return dict(pair for check in checks for pair in _ONE_OF.findall(check))
