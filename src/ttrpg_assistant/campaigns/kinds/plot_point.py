"""A plot point: something that may happen, is prepared, or was established at the table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ttrpg_assistant.campaigns import shapes, tables
from ttrpg_assistant.campaigns.audiences import kept_audience
from ttrpg_assistant.campaigns.canon import SYNONYMS, WORDS
from ttrpg_assistant.campaigns.common_fields import CANON, GM_NOTES, TAGS
from ttrpg_assistant.campaigns.declaration import NOWHERE, PARTY_SHEET, EntityKind, Field, Line
from ttrpg_assistant.campaigns.model import PlotPoint
from ttrpg_assistant.prompts.audience import is_gm_only


def _sheet(values: Mapping[str, Any]) -> list[Line]:
    """The ledger in one line, as in "prepped, open"."""
    is_hidden = is_gm_only(kept_audience(values["audience"]))
    lines = [
        ("Status", f"{values['status']}, {_state(values)}", is_hidden),
        ("Description", str(values["description"]), is_hidden),
        ("GM notes", str(values["gm_notes"]), True),
    ]
    return [line for line in lines if line[1]]


def _quote(values: Mapping[str, Any]) -> list[Line]:
    is_hidden = is_gm_only(kept_audience(values["audience"]))
    lines = [
        ("Description", str(values["description"]), is_hidden),
        ("Status", _state(values), is_hidden),
        ("GM notes", str(values["gm_notes"]), True),
    ]
    return [line for line in lines if line[1]]


def _state(values: Mapping[str, Any]) -> str:
    return "open" if values["is_open"] else "resolved"


KIND: EntityKind[PlotPoint] = EntityKind(
    name="plot_point",
    noun="plot point",
    plural="Plot points",
    icon="scroll-text",
    hint="A thread of the story: what may happen, and whether it did",
    rank=40,
    filed_under=(
        "quests",
        "plots",
        "plotline",
        "adventure",
        "adventures",
        "hook",
        "hooks",
        "plot_hooks",
        "arc",
        "arcs",
        "storyline",
        "storylines",
        "thread",
        "threads",
        "event",
        "events",
        "encounter",
        "encounters",
        "mission",
        "missions",
    ),
    table=tables.plot_points,
    value=PlotPoint,
    path="plot-points",
    name_field="title",
    canon_field="status",
    proposals={
        "plot_point": (
            "plot",
            "plot_point",
            "plot_points",
            "new_plot_point",
            "create_plot_point",
            "plot_hook",
            "quest",
        )
    },
    taught={"plot_point": "title, description, status: idea/prepped/happened, is_open"},
    most_in_prompts=20,
    empty_list="Plot points are ideas, prepared events and what has happened in play."
    " Only what happened counts as canon.",
    tell={"brief": _sheet, "sheet": _sheet, "quote": _quote},
    fields={
        "title": Field(shapes.NAME, "Title", synonyms=("name",), is_column=True, is_first=True),
        "description": Field(
            shapes.PROSE,
            "What happens",
            said_as="Description",
            parts=PARTY_SHEET,
            synonyms=("summary", "hook", "details", "text"),
            is_first=True,
        ),
        "status": Field(
            shapes.choice(dict(WORDS), "idea", dict(SYNONYMS)),
            "Status",
            is_searched=False,
            synonyms=("state",),
            is_column=True,
            is_filter=True,
            is_first=True,
        ),
        "is_open": Field(
            shapes.flag("open", "resolved", blank=True),
            "Still open",
            is_searched=False,
            synonyms=("open",),
            is_filter=True,
        ),
        "audience": Field(
            shapes.choice({"gm": "GM only", "public": "Everyone"}, "gm"),
            "Who knows it",
            parts=NOWHERE,
            is_searched=False,
            is_proposable=False,
            is_column=True,
            is_filter=True,
            is_first=True,
        ),
        "game_session_id": CANON["game_session_id"],
        "related": Field(
            shapes.RELATED,
            "About",
            parts=NOWHERE,
            is_searched=False,
            is_proposable=False,
            offers=("npc", "location"),
        ),
        "gm_notes": GM_NOTES,
        "tags": TAGS,
        "source_message_id": CANON["source_message_id"],
    },
)
