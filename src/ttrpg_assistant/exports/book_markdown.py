"""The book as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ttrpg_assistant.campaigns.kinds.game_session import KIND as GAME_SESSION
from ttrpg_assistant.exports.campaign_reader import CampaignReader
from ttrpg_assistant.exports.chapters import (
    FACTS,
    TEXT_OF_BOTH,
    iterate_chapter,
    list_chapters,
    list_printed_fields,
)
from ttrpg_assistant.exports.html_text import links_as_names
from ttrpg_assistant.exports.markdown_text import (
    TEXTS,
    quote,
    spell_fact,
    spell_field_text,
    spell_relation,
)
from ttrpg_assistant.exports.model import Link, SeenField, SeenGameSession, SeenThing

_HEADING = re.compile(r"^(#{1,6})(?=\s)", re.MULTILINE)
_MARKS = re.compile(r"([\\`*_\[\]<>|#])")


class MarkdownBook:
    """One book of one campaign."""

    def __init__(self, reader: CampaignReader) -> None:
        self._reader = reader

    def iterate(self) -> Iterator[str]:
        """The book piece by piece."""
        campaign = self._reader.campaign
        yield f"# {plain(campaign.name)}\n\n{TEXT_OF_BOTH[self._reader.edition]}\n"
        for label, text, is_gm_only in campaign.lines:
            yield f"\n{self._spell_part(label, text, is_gm_only)}\n"
        for kind in list_chapters(self._reader):
            yield f"\n## {kind.plural}\n"
            for thing in iterate_chapter(self._reader, kind):
                yield "".join(f"\n{block}\n" for block in self._iterate_thing(thing))
        yield from self._iterate_game_sessions()
        yield from self._iterate_facts()

    def _iterate_thing(self, thing: SeenThing) -> Iterator[str]:
        yield f"### {plain(thing.name)}"
        yield from self._iterate_fields(thing)
        if thing.relations:
            is_for_gm = self._reader.edition == "gm"
            yield "**Relations**"
            yield "\n".join(
                spell_relation(one, _call, with_gm_only=is_for_gm) for one in thing.relations
            )

    def _iterate_fields(self, thing: SeenThing) -> Iterator[str]:
        shown, gm_only = list_printed_fields(thing)
        short = [one for one in shown if one.field.shape.name not in TEXTS]
        if short:
            yield "\n".join(f"- **{one.field.label}**: {_line(one)}" for one in short)
        for one in (*(one for one in shown if one not in short), *gm_only):
            yield self._spell_part(one.field.label, spell_field_text(one), one.is_gm_only)

    def _spell_part(self, label: str, text: str, is_gm_only: bool) -> str:
        told = f"**{label}{' (GM only)' if is_gm_only else ''}**\n\n{lower_headings(text)}"
        return quote(told) if is_gm_only else told

    def _iterate_game_sessions(self) -> Iterator[str]:
        is_first = True
        for game in self._reader.iterate_game_sessions():
            if is_first:
                yield f"\n## {GAME_SESSION.plural}\n"
            is_first = False
            yield "".join(f"\n{block}\n" for block in self._iterate_game_session(game))

    def _iterate_game_session(self, game: SeenGameSession) -> Iterator[str]:
        day = f" ({game.played_on})" if game.played_on else ""
        yield f"### {game.number}. {plain(game.thing.name)}{day}"
        yield from self._iterate_fields(game.thing)
        if game.notes:
            mark = " *(GM only)*" if self._reader.edition == "gm" else ""
            yield "**Notes**"
            yield "\n".join(
                f"- {one.text.replace(chr(10), chr(10) + '  ')}{mark if one.is_gm_only else ''}"
                for one in game.notes
            )

    def _iterate_facts(self) -> Iterator[str]:
        is_first = True
        for fact in self._reader.iterate_facts():
            if fact.canon != "retconned":
                yield f"\n## {FACTS}\n\n" if is_first else ""
                is_first = False
                yield f"{spell_fact(fact, None)}\n"


def plain(text: str) -> str:
    """A name in a heading: what Markdown would read in it is shown as it is."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def lower_headings(text: str) -> str:
    """The text with its headings below those of the book, and its links as names."""
    return _HEADING.sub(lambda found: "#" * min(6, len(found[1]) + 3), links_as_names(text))


def _call(link: Link) -> str:
    return link.name


def _line(one: SeenField) -> str:
    return " ".join(", ".join(text for _, text in one.texts).split())
