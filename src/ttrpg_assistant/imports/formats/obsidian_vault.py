"""An Obsidian vault, or some of its notes: every note becomes a thing of one kind.

The kind is what a note says it is, by its properties and tags, else by its folder. Links in
properties become relations and references, links in the text relations named "mentions". What has
no field is kept as it is written, comments and order included.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from ttrpg_assistant.campaigns.declaration import EntityKind
from ttrpg_assistant.campaigns.model import KindName
from ttrpg_assistant.campaigns.registry import get_kind
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.errors import TooLarge
from ttrpg_assistant.imports.formats.notes import add_documents, add_parts
from ttrpg_assistant.imports.front_matter import split_head
from ttrpg_assistant.imports.gathering import Gathering
from ttrpg_assistant.imports.hidden_sections import part_hidden, without_title
from ttrpg_assistant.imports.kind_words import find_first_kind, spell_snake
from ttrpg_assistant.imports.markdown_parts import plain_title
from ttrpg_assistant.imports.model import FoundPicture, FoundRelation, Reading, SourceFile
from ttrpg_assistant.imports.note_kinds import is_plan, is_session_title
from ttrpg_assistant.imports.own_reading import OwnNotes
from ttrpg_assistant.imports.stat_lines import list_stat_lines
from ttrpg_assistant.imports.text_files import decode_beginning, read_text
from ttrpg_assistant.imports.vault_notes import (
    VaultNote,
    list_link_targets,
    read_note,
    without_links,
)

NOTE_BYTES = 4 * 1024**2
PICTURE_BYTES = 20 * 1024**2
ALL_PICTURE_BYTES = 128 * 1024**2
MOST_PICTURES = 10
"""Of one note."""

_NOTES = frozenset({".md", ".markdown"})
_DOCUMENTS = frozenset({".docx", ".odt", ".rtf", ".html", ".htm"})
_PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".gif"})
_SKIPPED = frozenset({".obsidian", ".trash", ".git", "__macosx", "templates", "_templates"})
_PUBLISHED = ("publish", "dg-publish")
"""Properties of notes that anybody may read: of Obsidian Publish, and of the digital garden."""
_TYPE_NAMES = ("type", "kind", "category", "note_type", "entity_type", "class", "notetype")
_OWN = frozenset({"tags", "tag", "aliases", "alias", "cssclasses", "cssclass", "publish"})
_NOT_LINES = frozenset({"layout", "image"})
_SIGNS = re.compile(
    r"\[\[[^\[\]\n]{1,300}\]\]|(?m:^[ \t]{0,3}>[ \t]?\[![\w-]{1,40}\])|```statblock"
)


class ObsidianVault:
    """A vault as a set of files: notes, pictures, and what Obsidian keeps beside them."""

    name = "obsidian_vault"
    label = "Obsidian vault"
    rank = 110

    def recognises(self, files: Sequence[SourceFile], beginning: bytes) -> bool:
        """Whether a note among them has properties, links or callouts as Obsidian writes them, or
        its folder of settings is there."""
        notes = [one for one in files if _suffix(one.name) in _NOTES]
        if not notes:
            return False
        if any(".obsidian" in PurePosixPath(one.name).parts for one in files):
            return True
        return any(_has_signs(_read_beginning(one)) for one in notes[:50])

    def read(self, files: Sequence[SourceFile]) -> Reading:
        """All notes as things, with what connects them."""
        return _VaultReading(files).read()


FORMAT = ObsidianVault()


def _has_signs(text: str) -> bool:
    return text.startswith("---\n") or _SIGNS.search(text) is not None


def _read_beginning(file: SourceFile) -> str:
    with file.path.open("rb") as opened:
        return decode_beginning(opened.read(64 * 1024))


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


class _VaultReading:
    def __init__(self, files: Sequence[SourceFile]) -> None:
        self._found = Gathering(FORMAT.name)
        self._notes: dict[str, SourceFile] = {}
        self._pictures: dict[str, SourceFile] = {}
        self._documents: list[SourceFile] = []
        self._picture_bytes = 0
        self._keys: dict[str, str] = {}
        self._fault_count = 0
        for file in files:
            self._sort(file)

    def read(self) -> Reading:
        """Notes first, then the links between them."""
        for name in self._notes:
            stem = PurePosixPath(name).stem.casefold()
            # Obsidian leads a link to the note with the shortest path.
            known = self._keys.get(stem)
            if known is None or name.count("/") < known.count("/"):
                self._keys[stem] = name
            self._keys[name.casefold()] = name
            self._keys[name.casefold().rsplit(".", 1)[0]] = name
        links = []
        own = OwnNotes(self._found)
        for name, file in self._notes.items():
            try:
                text = read_text(file.path, NOTE_BYTES)[0]
            except TooLarge:
                self._found.warn(f"{_last(name)} is longer than 4 MB and is left out.")
                continue
            head = split_head(text)
            if own.add(name, head, self._take_pictures):
                continue
            note = read_note(text, head)
            for alias in _texts(_property(note, "aliases", "alias")):
                self._keys.setdefault(alias.casefold(), name)
            links.append((name, note.links, self._add(name, note)))
        for name, targets, typed in links:
            self._connect(name, targets, typed)
        own.connect(self._find)
        for fault in add_documents(self._found, self._documents):
            self._found.warn(fault.sentence)
        if self._fault_count:
            self._found.warn(
                f"The properties of {self._fault_count} notes cannot be read as YAML. They are kept"
                " as they are; the notes themselves are imported."
            )
        return self._found.make_reading()

    def _sort(self, file: SourceFile) -> None:
        path = PurePosixPath(file.name.replace("\\", "/"))
        if any(part.casefold() in _SKIPPED for part in path.parts[:-1]):
            kind = "templates" if "emplates" in file.name else "settings of Obsidian"
            self._found.ignored(kind, "not part of the world")
        elif path.suffix.lower() in _NOTES:
            self._notes.setdefault(str(path), file)
        elif path.suffix.lower() in _PICTURES:
            self._pictures.setdefault(path.name.casefold(), file)
        elif path.suffix.lower() in _DOCUMENTS:
            self._documents.append(file)
        elif path.suffix.lower() == ".txt":
            if file.size <= NOTE_BYTES:
                add_parts(self._found, str(path), read_text(file.path, NOTE_BYTES)[0], {})
            else:
                self._found.warn(f"{_last(file.name)} is longer than 4 MB and is left out.")
        elif path.suffix.lower() == ".pdf":
            self._found.ignored("PDF files", "kept beside notes; import them alone to read them")
        elif not path.name.startswith("."):
            self._found.ignored(path.suffix.lower() or path.name, "a kind of file that is not read")

    def _add(self, name: str, note: VaultNote) -> list[tuple[str, str]]:
        """Make a thing of a note; what it is to others, by their keys."""
        path = PurePosixPath(name)
        kind_name = find_note_kind(path, note)
        kind = get_kind(kind_name)
        given: dict[str, Any] = {kind.name_field: _find_title(path, note, kind_name)}
        kept: dict[str, Any] = {}
        typed: list[tuple[str, str]] = []
        aliases = _texts(_property(note, "aliases", "alias"))
        self._read_properties(kind, path, note, given, kept, typed)
        if "aliases" in kind.fields and aliases:
            given["aliases"] = [one for one in aliases if one.casefold() != path.stem.casefold()]
            self._found.used("aliases", kind.fields["aliases"].label)
        elif aliases:
            kept["aliases"] = aliases
        if "tags" in kind.fields and note.tags:
            given["tags"] = note.tags
            self._found.used("tags", kind.fields["tags"].label)
        self._add_texts(kind, note, given)
        if note.values is None:
            self._fault_count += 1
        if note.raw:
            kept["head"] = note.raw
        ttrpg_id = (note.values or {}).get("ttrpg_id")
        self._found.add_thing(
            name,
            kind_name,
            given,
            source_id=str(ttrpg_id) if ttrpg_id else name,
            kept=kept,
            pictures=self._take_pictures(note) if kind.is_pictured else (),
            file_name=name,
            is_for_players=any((note.values or {}).get(word) is True for word in _PUBLISHED),
        )
        self._found.used("Notes", kind.plural)
        return typed

    def _read_properties(
        self,
        kind: EntityKind[Any],
        path: PurePosixPath,
        note: VaultNote,
        given: dict[str, Any],
        kept: dict[str, Any],
        typed: list[tuple[str, str]],
    ) -> None:
        properties: dict[str, Any] = {}
        for word, value in {**note.fields, **(note.values or {})}.items():
            snake = spell_snake(word)
            is_kind_word = snake in _TYPE_NAMES and spell_snake(str(value)) in (
                *(kind.name, spell_snake(kind.noun), spell_snake(kind.plural)),
            )
            if snake in _OWN or snake.startswith("ttrpg_") or value is None or is_kind_word:
                continue
            targets = [key for one in list_link_targets(value) if (key := self._find(one))]
            reference = _find_reference(kind, snake)
            if reference is not None and targets:
                given.setdefault(reference, targets[0])
                self._found.used(word, kind.fields[reference].label)
                continue
            typed += [(word, key) for key in targets]
            target = kind.find_field(snake)
            if target == kind.name_field and str(value).casefold() == path.stem.casefold():
                continue
            if target is not None and target not in given:
                given[target] = without_links(value)
                self._found.used(word, kind.fields[target].label)
            elif not targets and word in (note.values or {}):
                properties[word] = value
                self._found.kept(word)
            elif word in (note.values or {}):
                properties[word] = value
        if properties:
            kept["properties"] = properties

    def _add_texts(self, kind: EntityKind[Any], note: VaultNote, given: dict[str, Any]) -> None:
        """The note's text and its hidden parts, where the kind has a place for them."""
        parted = part_hidden(without_title(note.text, str(given[kind.name_field])))
        text = parted.text
        hidden = [*note.comments, *parted.notes]
        for block, values in note.blocks:
            lines = "\n".join(list_stat_lines(values, _NOT_LINES))
            if block == "encounter":
                text = f"{text}\n\n{lines}".strip()
                self._found.used(block, "text")
            elif block == "statblock" and "stat_block" in kind.fields:
                before = given.get("stat_block")
                given["stat_block"] = f"{before}\n\n{lines}" if before else lines
                self._found.used("statblock", kind.fields["stat_block"].label)
            else:
                hidden.append(lines)
                self._found.used(block, "GM notes" if "gm_notes" in kind.fields else "text")
        secrets = [*note.secrets, *parted.secrets]
        if "secrets" in kind.fields:
            given["secrets"] = [*_texts(given.get("secrets")), *secrets]
            if secrets:
                self._found.used(
                    "secret callouts and headings", kind.fields["secrets"].label, len(secrets)
                )
        else:
            hidden += secrets
        if hidden and "gm_notes" in kind.fields:
            before = given.get("gm_notes")
            given["gm_notes"] = "\n\n".join([*([str(before)] if before else []), *hidden])
            self._found.used("comments and GM notes", kind.fields["gm_notes"].label, len(hidden))
        elif hidden:
            text = "\n\n".join([text, *hidden]).strip()
        main = kind.main_field
        if kind.name == "game_session" and not is_plan(note.tags):
            main = "recap_gm"
        before = given.get(main)
        given[main] = f"{before}\n\n{text}".strip() if isinstance(before, str) else text
        for embed in note.embeds:
            if _suffix(embed) not in _PICTURES:
                self._found.kept("embedded notes", "stays in the text as a link")

    def _take_pictures(self, note: VaultNote) -> tuple[FoundPicture, ...]:
        values = note.values or {}
        named = [values.get(one) for one in ("image", "portrait", "picture", "banner")]
        wanted = [target for one in named for target in (list_link_targets(one) or _texts(one))]
        found: list[FoundPicture] = []
        for one in dict.fromkeys(PurePosixPath(each).name for each in [*wanted, *note.embeds]):
            if PurePosixPath(one).suffix.lower() not in _PICTURES:
                continue
            file = self._pictures.get(one.casefold())
            if file is None:
                self._found.ignored("pictures", "not among the files that were sent")
            elif len(found) >= MOST_PICTURES or file.size > PICTURE_BYTES:
                self._found.ignored("pictures", "too many of one note, or too large")
            elif self._picture_bytes + file.size > ALL_PICTURE_BYTES:
                self._found.ignored("pictures", "more than 128 MB of pictures in one import")
            else:
                self._picture_bytes += file.size
                found.append(FoundPicture(file.name, file.path.read_bytes()))
                self._found.used("pictures", "Pictures")
        return tuple(found)

    def _find(self, target: str) -> str | None:
        """The key of the note that a link leads to."""
        folded = target.strip().replace("\\", "/").casefold()
        found = self._keys.get(folded) or self._keys.get(folded.removesuffix(".md"))
        return found or self._keys.get(PurePosixPath(folded.removesuffix(".md")).name)

    def _connect(self, name: str, targets: list[str], typed: list[tuple[str, str]]) -> None:
        related = set()
        for label, key in typed:
            self._found.add_relation(FoundRelation(name, key, label))
            self._found.used("links in properties", "relations")
            related.add(key)
        for target in targets:
            found = self._find(target)
            if found is None:
                self._found.kept("links to notes that are not there", "stay in the text")
            elif found not in related and found != name:
                related.add(found)
                self._found.add_relation(FoundRelation(name, found, "mentions"))
                self._found.used("links in the text", "relations")


def find_note_kind(path: PurePosixPath, note: VaultNote) -> KindName:
    """What a note is: as it says, else a handout."""
    return find_said_kind(path, note) or "handout"


def find_said_kind(path: PurePosixPath, note: VaultNote) -> KindName | None:
    """What a note says it is: by its properties, its tags, its folders, its blocks, its name."""
    values = {spell_snake(name): one for name, one in (note.values or {}).items()}
    said = [text for name in _TYPE_NAMES for text in _texts(values.get(name))]
    found: KindName | None = find_first_kind(said) or find_first_kind(note.tags)
    is_index = bool(path.parts[:-1]) and path.stem.casefold() == path.parts[-2].casefold()
    if found is None and not is_index:
        found = find_first_kind(reversed(path.parts[:-1]))
    if found is None and any(map(is_session_title, (path.stem, _first_heading(note)))):
        found = "game_session"
    if found is None and any(block == "statblock" for block, _ in note.blocks):
        found = "creature"
    return found


def _last(name: str) -> str:
    """The last part of a file's name, for a sentence."""
    return cut_text(PurePosixPath(name).name, 80)


def _first_heading(note: VaultNote) -> str:
    line = note.text.lstrip().split("\n", 1)[0]
    return plain_title(line.lstrip("# ")) if line.startswith("#") else ""


def _find_title(path: PurePosixPath, note: VaultNote, kind: KindName) -> str:
    """What a note is called: as its file, but for notes of an evening in a file of another name."""
    heading = _first_heading(note)
    is_other = kind == "game_session" and not is_session_title(path.stem)
    return heading if is_other and is_session_title(heading) else path.stem


def _find_reference(kind: EntityKind[Any], word: str) -> str | None:
    for name in kind.references:
        if word in (name.removesuffix("_id"), spell_snake(kind.fields[name].label)):
            return name
    return None


def _property(note: VaultNote, *names: str) -> Any:
    values: Mapping[str, Any] = note.values or {}
    return next((values[name] for name in names if values.get(name)), None)


def _texts(value: Any) -> list[str]:
    if isinstance(value, list):
        return [text for one in value if (text := str(one).strip())]
    if isinstance(value, str):
        return [text for one in value.split(",") if (text := one.strip())]
    return []
