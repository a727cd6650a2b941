"""What the chapters of a book hold and in which order, whatever it is spelled in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ttrpg_assistant.campaigns.declaration import EntityKind
from ttrpg_assistant.campaigns.registry import list_things
from ttrpg_assistant.exports.campaign_reader import CampaignReader
from ttrpg_assistant.exports.model import SeenField, SeenThing

AT_THE_TABLE = frozenset({"is_present", "tags"})
"""Fields that matter while one plays or sorts, and not in a book."""

FACTS = "What is known"
TEXT_OF_BOTH = {"gm": "The game master’s book", "players": "The players’ book"}


def list_chapters(reader: CampaignReader) -> list[EntityKind[Any]]:
    """The kinds of which there is anything, in their order."""
    there = {link.kind for link in reader.links.values()}
    return [kind for kind in list_things() if kind.name in there]


def list_printed_fields(thing: SeenThing) -> tuple[list[SeenField], list[SeenField]]:
    """The fields of a thing that are printed: those for all readers of the book, and apart those
    that are the game master's alone."""
    shown = [one for one in thing.fields if one.texts and one.name not in AT_THE_TABLE]
    return [one for one in shown if not one.is_gm_only], [one for one in shown if one.is_gm_only]


def iterate_chapter(reader: CampaignReader, kind: EntityKind[Any]) -> Iterator[SeenThing]:
    """The things of a chapter by name, without those that were retconned."""
    return (one for one in reader.iterate_things(kind) if one.canon != "retconned")
