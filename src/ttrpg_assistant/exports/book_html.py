"""The book as one HTML file that needs nothing else: its style and its pictures are inside."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from html import escape
from importlib.resources import files as package_files

from ttrpg_assistant.campaigns.kinds.game_session import KIND as GAME_SESSION
from ttrpg_assistant.campaigns.relations import ATTITUDES
from ttrpg_assistant.exports.campaign_reader import CampaignReader
from ttrpg_assistant.exports.chapters import (
    FACTS,
    TEXT_OF_BOTH,
    iterate_chapter,
    list_chapters,
    list_printed_fields,
)
from ttrpg_assistant.exports.html_text import inline, prose
from ttrpg_assistant.exports.markdown_text import TEXTS, label_fact, spell_field_text
from ttrpg_assistant.exports.model import (
    Link,
    SeenFact,
    SeenField,
    SeenGameSession,
    SeenPicture,
    SeenRelation,
    SeenThing,
)
from ttrpg_assistant.storage.content_files import ContentFiles

SMALL_PICTURE_BYTES = 300_000
"""A picture of more is shown by its small version."""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


class HtmlBook:
    """One book of one campaign."""

    def __init__(self, reader: CampaignReader, files: ContentFiles) -> None:
        self._reader = reader
        self._files = files
        self._is_for_gm = reader.edition == "gm"
        self._places = {id: f"t{at}" for at, id in enumerate(reader.links)}

    def iterate(self) -> Iterator[str]:
        """The book piece by piece."""
        campaign = self._reader.campaign
        chapters = list_chapters(self._reader)
        edition = TEXT_OF_BOTH[self._reader.edition]
        style = package_files("ttrpg_assistant.exports").joinpath("book.css").read_text("utf-8")
        yield (
            '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">'
            f"<title>{inline(campaign.name)}</title><style>{style}</style></head><body>\n"
        )
        yield f'<header class="cover"><h1>{inline(campaign.name)}</h1><p>{edition}</p></header>\n'
        titles = [*(kind.plural for kind in chapters), GAME_SESSION.plural, FACTS]
        yield '<nav class="contents"><h2>Contents</h2><ol>'
        yield "".join(f'<li><a href="#{_anchor(one)}">{one}</a></li>' for one in titles)
        yield "</ol></nav>\n"
        if campaign.lines:
            parts = (self._spell_part(*line) for line in campaign.lines)
            yield f'<section class="about">{"".join(parts)}</section>\n'
        for kind in chapters:
            yield _open(kind.plural)
            for thing in iterate_chapter(self._reader, kind):
                yield self._spell_thing(thing)
            yield "</section>\n"
        yield _open(GAME_SESSION.plural)
        for game in self._reader.iterate_game_sessions():
            yield self._spell_game_session(game)
        yield f"</section>\n{_open(FACTS)}<ul>\n"
        for fact in self._reader.iterate_facts():
            if fact.canon != "retconned":
                yield self._spell_fact(fact)
        yield "</ul></section>\n</body></html>\n"

    def _spell_thing(self, thing: SeenThing) -> str:
        portrait = next((one for one in thing.pictures if one.is_portrait), None)
        others = [one for one in thing.pictures if one is not portrait]
        related = "".join(map(self._spell_relation, thing.relations))
        return (
            f'<article id="{self._places[thing.id]}"><h3>{inline(thing.name)}</h3>'
            f"{self._spell_picture(portrait, thing.name) if portrait else ''}"
            f"{self._spell_fields(thing)}"
            f"{f'<h4>Relations</h4><ul>{related}</ul>' if related else ''}"
            f"{''.join(self._spell_picture(one, thing.name) for one in others)}</article>\n"
        )

    def _spell_fields(self, thing: SeenThing) -> str:
        shown, gm_only = list_printed_fields(thing)
        short = [one for one in shown if one.field.shape.name not in TEXTS]
        pairs = "".join(f"<dt>{one.field.label}</dt><dd>{self._line(one)}</dd>" for one in short)
        texts = [one for one in shown if one not in short]
        return (
            f"{f'<dl>{pairs}</dl>' if pairs else ''}"
            f"{''.join(self._spell_field(one) for one in (*texts, *gm_only))}"
        )

    def _spell_field(self, one: SeenField) -> str:
        return self._spell_part(one.field.label, spell_field_text(one), one.is_gm_only)

    def _spell_part(self, label: str, text: str, is_gm_only: bool) -> str:
        mark = ' <span class="mark">GM only</span>' if is_gm_only else ""
        kind = ' class="gm"' if is_gm_only else ""
        return f"<div{kind}><h4>{inline(label)}{mark}</h4>{prose(text)}</div>"

    def _line(self, one: SeenField) -> str:
        if one.links:
            return ", ".join(map(self._link, one.links))
        return inline(", ".join(text for _, text in one.texts))

    def _link(self, link: Link) -> str:
        place = self._places.get(link.id) if link.kind != GAME_SESSION.name else None
        name = inline(link.name)
        return name if place is None else f'<a href="#{place}">{name}</a>'

    def _spell_relation(self, one: SeenRelation) -> str:
        label = inline(one.label) or "related"
        sides = (label, self._link(one.other)) if one.is_from else (self._link(one.other), label)
        attitude = "" if one.attitude is None else f" ({ATTITUDES[one.attitude]})"
        is_marked = self._is_for_gm and not one.is_for_players
        mark = ' <span class="mark">GM only</span>' if is_marked else ""
        note = f" – {inline(one.note)}" if one.note else ""
        return f"<li>{' → '.join(sides)}{attitude}{mark}{note}</li>"

    def _spell_picture(self, one: SeenPicture, name: str) -> str:
        content, media_type = self._files.read(one.content), one.content.media_type
        if content is None or len(content) > SMALL_PICTURE_BYTES:
            small = self._files.thumbnail_of(one.content)
            if not small.is_file():
                return ""
            content, media_type = small.read_bytes(), "image/webp"
        kind = "portrait" if one.is_portrait else "picture"
        source = f"data:{media_type};base64,{base64.b64encode(content).decode()}"
        caption = f"<figcaption>{inline(one.caption)}</figcaption>" if one.caption else ""
        words = escape(one.caption or name, quote=True)
        return f'<figure class="{kind}"><img src="{source}" alt="{words}">{caption}</figure>'

    def _spell_game_session(self, game: SeenGameSession) -> str:
        day = f' <span class="day">{game.played_on}</span>' if game.played_on else ""
        notes = "".join(
            f"<li>{inline(one.text)}"
            + (' <span class="mark">GM only</span>' if one.is_gm_only and self._is_for_gm else "")
            + "</li>"
            for one in game.notes
        )
        return (
            f"<article><h3>{game.number}. {inline(game.thing.name)}{day}</h3>"
            f"{self._spell_fields(game.thing)}"
            f"{f'<h4>Notes</h4><ul>{notes}</ul>' if notes else ''}</article>\n"
        )

    def _spell_fact(self, one: SeenFact) -> str:
        label = label_fact(one)
        known = f' <span class="mark">{inline(one.knowers)}</span>' if one.knowers else ""
        return f"<li>{f'<em>{label}:</em> ' if label else ''}{inline(one.text)}{known}</li>\n"


def _open(title: str) -> str:
    return f'<section class="chapter" id="{_anchor(title)}"><h2>{title}</h2>\n'


def _anchor(title: str) -> str:
    return f"c-{title.lower().replace(' ', '-')}"
