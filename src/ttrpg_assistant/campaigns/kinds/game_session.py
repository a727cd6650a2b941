"""A game session: one evening at the table, numbered within its campaign."""

from __future__ import annotations

from ttrpg_assistant.campaigns import shapes, tables
from ttrpg_assistant.campaigns.declaration import PARTY_SHEET, EntityKind, Field
from ttrpg_assistant.campaigns.model import GameSession
from ttrpg_assistant.campaigns.played import with_played_seconds

KIND: EntityKind[GameSession] = EntityKind(
    name="game_session",
    noun="game session",
    plural="Game sessions",
    icon="swords",
    path="game-sessions",
    rank=10,
    filed_under=(
        "sessions",
        "game_sessions",
        "session_notes",
        "session_note",
        "session_log",
        "session_logs",
        "session_recap",
        "session_journal",
        "recap",
        "recaps",
        "journal",
        "journals",
        "log",
        "logs",
    ),
    table=tables.game_sessions,
    value=GameSession,
    proposals={"session_plan": ("session_plan", "session", "game_session", "plan")},
    taught={"session_plan": "plan"},
    name_field="title",
    main_field="plan",
    left_over_field="plan",
    order="session_number",
    newest_first=True,
    is_named_in_talk=False,
    is_thing=False,
    more_filters=frozenset({"status"}),
    empty_list="Each game session has a plan, notes and a recap. They are numbered automatically.",
    first_of_all="Plan the first game session",
    complete=with_played_seconds,
    fields={
        "title": Field(
            shapes.TITLE, "Title", hint="Numbered automatically", synonyms=("name",), is_first=True
        ),
        "plan": Field(
            shapes.PROSE,
            "Plan",
            is_gm_only=True,
            synonyms=("outline", "summary", "description"),
            is_first=True,
        ),
        "recap_players": Field(
            shapes.PROSE, "Recap for the players", parts=PARTY_SHEET, is_proposable=False
        ),
        "recap_gm": Field(shapes.PROSE, "Recap for the GM", is_gm_only=True, is_proposable=False),
    },
)
