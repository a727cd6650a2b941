"""An Obsidian vault: a folder for each kind, a note for each thing, linked to one another.

A note of the game master's vault names its thing in its head (`ttrpg_id`, `ttrpg_kind`,
`ttrpg_revision`), so that it is found again when the vault comes back. What is for the game master
alone stands in folded callouts. The players' vault has neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ttrpg_assistant.campaigns.kinds.game_session import KIND as GAME_SESSION
from ttrpg_assistant.campaigns.registry import list_things
from ttrpg_assistant.exports.campaign_reader import CampaignReader
from ttrpg_assistant.exports.file_names import FileNames, spell_file_name
from ttrpg_assistant.exports.markdown_text import (
    TEXTS,
    join_blocks,
    quote,
    spell_fact,
    spell_field_text,
    spell_relation,
)
from ttrpg_assistant.exports.model import (
    Edition,
    Link,
    SeenFact,
    SeenGameSession,
    SeenPicture,
    SeenThing,
)
from ttrpg_assistant.exports.yaml_text import spell_head
from ttrpg_assistant.exports.zip_writing import ZipWriter
from ttrpg_assistant.imports.own_heads import (
    ARCHIVED,
    NAME,
    list_head_fields,
    spell_property,
    spell_tags,
)
from ttrpg_assistant.imports.own_notes import (
    LOG,
    MENTIONED,
    OWN_ID,
    OWN_KIND,
    OWN_REVISION,
    RELATIONS,
    mark_words,
    spell_first_line,
    spell_part,
)
from ttrpg_assistant.imports.vault_values import KEPT_SHAPES, spell_text
from ttrpg_assistant.storage.content_files import ENDINGS, ContentFiles

FACTS = "Facts"
PICTURES = "Pictures"


@dataclass(frozen=True, slots=True)
class Vault:
    """The vault of one edition."""

    name: str
    editions: tuple[Edition, ...]
    ending: str = "zip"
    media_type: str = "application/zip"
    is_printed: bool = False
    with_archived: bool = True

    def write(self, reader: CampaignReader, target: Path, files: ContentFiles) -> None:
        """Write the zip of the vault."""
        with ZipWriter(target) as file:
            _Writing(reader, file, files).write()


FORMATS = (Vault("vault", ("gm",)), Vault("players-vault", ("players",)))


class _Writing:
    def __init__(self, reader: CampaignReader, file: ZipWriter, files: ContentFiles) -> None:
        self._reader = reader
        self._file = file
        self._files = files
        self._is_for_gm = reader.edition == "gm"
        self._root = spell_file_name(reader.campaign.name)
        names = FileNames()
        self._home = names.add(reader.campaign.name)
        self._facts = names.add(FACTS)
        self._notes = {
            link.id: names.add(link.name, link.kind.replace("_", " "))
            for link in reader.links.values()
        }
        self._names = names

    def write(self) -> None:
        for kind in list_things():
            folder = spell_file_name(kind.plural)
            for thing in self._reader.iterate_things(kind):
                self._put(folder, self._notes[thing.id], self._spell_thing(thing))
        for game in self._reader.iterate_game_sessions():
            name = self._notes.get(game.thing.id) or self._names.add(
                f"{game.number:02} {game.thing.name}"
            )
            self._notes.setdefault(game.thing.id, name)
            self._put(spell_file_name(GAME_SESSION.plural), name, self._spell_game_session(game))
        facts = (
            f"{spell_fact(one, self._link)}{self._mark_fact(one)}\n"
            for one in self._reader.iterate_facts()
        )
        self._file.add_pieces(f"{self._root}/{self._facts}.md", facts)
        self._file.add_pieces(f"{self._root}/{self._home}.md", self._iterate_home())

    def _put(self, folder: str, name: str, blocks: Iterator[str]) -> None:
        self._file.add(f"{self._root}/{folder}/{name}.md", "".join(join_blocks(blocks)))

    def _mark_fact(self, one: SeenFact) -> str:
        return f" ^fact-{one.id}-{mark_words(one.text)}" if self._is_for_gm else ""

    def _link(self, link: Link) -> str:
        note = self._notes.get(link.id)
        if note is None:
            return link.name
        shown = link.name.replace("[", "(").replace("]", ")").replace("|", "/").replace("\n", " ")
        return f"[[{note}]]" if note == shown else f"[[{note}|{shown}]]"

    def _iterate_home(self) -> Iterator[str]:
        campaign = self._reader.campaign
        if self._is_for_gm:
            yield spell_head({"ttrpg_id": campaign.id, "ttrpg_kind": "campaign"})
        for label, text, is_gm_only in campaign.lines:
            secret = f"> [!secret]- {label}\n{quote(text)}"
            yield f"\n{secret if is_gm_only else f'**{label}**: {text}'}\n"
        by_kind: dict[str, list[Link]] = {}
        for link in self._reader.links.values():
            by_kind.setdefault(link.kind, []).append(link)
        for kind in (*list_things(), GAME_SESSION):
            if listed := by_kind.get(kind.name):
                yield f"\n## {kind.plural}\n\n"
                yield from (f"- {self._link(link)}\n" for link in listed)
        yield f"\n[[{self._facts}]]\n"

    def _spell_thing(self, thing: SeenThing) -> Iterator[str]:
        if head := self._make_head(thing):
            yield spell_head(head)
        yield from self._embed(thing)
        yield from self._spell_texts(thing)
        if thing.relations:
            lines = (
                spell_relation(one, self._link, with_gm_only=self._is_for_gm)
                for one in thing.relations
            )
            yield f"## {RELATIONS}"
            yield "\n".join(lines)
        if named := self._list_mentioned(thing):
            yield f"## {MENTIONED}"
            yield " · ".join(map(self._link, named))

    def _list_mentioned(self, thing: SeenThing) -> list[Link]:
        text = "\n".join(text for one in thing.fields for _, text in one.texts)
        shown = {one.other.id for one in thing.relations} | {thing.id}
        return [link for link in self._reader.list_named(text) if link.id not in shown]

    def _make_head(self, thing: SeenThing) -> dict[str, Any]:
        head: dict[str, Any] = {}
        if self._is_for_gm:
            head[OWN_ID] = thing.id
            head[OWN_KIND] = thing.kind.name
            head[OWN_REVISION] = thing.revision
        name = thing.given_name if self._is_for_gm else thing.name
        if self._notes.get(thing.id) != name:
            head[NAME] = name
        if thing.aliases:
            head["aliases"] = list(thing.aliases)
        head |= spell_tags(thing.kind.name, list(thing.tags))
        properties = list_head_fields(thing.kind)
        for one in thing.fields:
            if one.name not in ("aliases", "tags") and one.name in properties:
                links = {link.id: link for link in one.links}
                head[properties[one.name]] = spell_property(
                    one.field, one.value, partial(self._link_id, links)
                )
        if thing.is_archived:
            head[ARCHIVED] = True
        return head

    def _link_id(self, links: Mapping[str, Link], id: str) -> str | None:
        return self._link(links[id]) if id in links else None

    def _spell_texts(self, thing: SeenThing) -> Iterator[str]:
        for one in thing.fields:
            if one.field.shape.name not in TEXTS:
                continue
            shape = one.field.shape.name
            if shape not in KEPT_SHAPES:
                yield f"## {one.field.label}"
                yield spell_field_text(one)
                continue
            first = spell_first_line(thing.kind, one.name)
            text = spell_part(thing.kind, one.name, spell_text(shape, one.value))
            yield from [f"{first}\n{text}"] if one.is_gm_only else [first, text]

    def _embed(self, thing: SeenThing) -> Iterator[str]:
        for picture in thing.pictures:
            if name := self._put_picture(thing, picture):
                yield f"![[{name}]]" + (f"\n*{picture.caption}*" if picture.caption else "")

    def _put_picture(self, thing: SeenThing, picture: SeenPicture) -> str | None:
        ending = ENDINGS[picture.content.media_type]
        name = f"{self._names.add(f'{thing.name} picture')}.{ending}"
        put = self._file.add_picture(
            f"{self._root}/{PICTURES}/{name}", picture.content, self._files
        )
        return None if put is None else put.rsplit("/", 1)[1]

    def _spell_game_session(self, game: SeenGameSession) -> Iterator[str]:
        head = self._make_head(game.thing) | {"number": game.number}
        yield spell_head(head | ({"played": game.played_on} if game.played_on else {}))
        yield from self._spell_texts(game.thing)
        if game.notes:
            yield f"## {LOG}"
            yield "\n".join(
                f"- {one.text.replace(chr(10), chr(10) + '  ')}"
                + (" *(GM only)*" if one.is_gm_only and self._is_for_gm else "")
                for one in game.notes
            )
