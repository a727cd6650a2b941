"""Documents of Foundry VTT: actors, journals, items, rollable tables, and adventures of them.

Every version since 9 and every system. Sections that are marked as secret become secrets, pages
that players may not see GM notes. Scenes, playlists and macros are not imported, and no macro runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ttrpg_assistant.campaigns.model import KindName
from ttrpg_assistant.campaigns.registry import get_kind
from ttrpg_assistant.campaigns.shapes import say
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.imports import own_foundry
from ttrpg_assistant.imports.foundry_actors import find_actor_kind, get_path, list_actor_lines
from ttrpg_assistant.imports.gathering import Gathering
from ttrpg_assistant.imports.html_text import HtmlText, read_html
from ttrpg_assistant.imports.json_files import parse_json, read_json
from ttrpg_assistant.imports.kind_words import find_kind
from ttrpg_assistant.imports.model import FoundRelation, Reading, SourceFile
from ttrpg_assistant.imports.note_kinds import is_session_title
from ttrpg_assistant.imports.own_texts import OURS
from ttrpg_assistant.imports.recognising import read_beginning

LINES_BYTES = 64 * 1024**2
OBSERVER = 2
"""The level from which on a player may read a document."""

_SIGNS = (b'"_stats"', b'"prototypeToken"', b'"pages"', b'"_id"', b'"ownership"', b'"permission"')
_LINK = re.compile(
    r"@(?:UUID|Actor|JournalEntry|Item|RollTable|Scene|Compendium)\[([\w.#-]{1,200})\]"
    r"(?:\{([^{}\n]{0,300})\})?"
)
_LISTS = {"actors": "actor", "journal": "journal", "items": "item", "tables": "table"}
_NOT_READ = {
    "scenes": "scenes are maps of the virtual table",
    "playlists": "music is not imported",
    "macros": "macros are programs, and none is run or kept",
    "cards": "cards are not imported",
    "combats": "running fights are not imported",
    "folders": "say what kind of thing is in them",
}
_GOODS = frozenset(
    {"weapon", "equipment", "consumable", "tool", "loot", "container", "backpack", "treasure"}
    | {"armor", "armour", "shield", "ammunition", "ammo", "gear", "item", "object", "artifact"}
)


class Foundry:
    """Documents as Foundry exports them, one or several to a file."""

    name = "foundry"
    label = "Foundry VTT"
    rank = 40

    def recognises(self, files: Sequence[SourceFile], beginning: bytes) -> bool:
        """Whether every file is a document of Foundry, or many, one a line."""
        return bool(files) and all(_is_foundry(one) for one in files)

    def read(self, files: Sequence[SourceFile]) -> Reading:
        """Every document as a thing. Raises `InvalidInput` when none can be read."""
        return _FoundryReading(files).read()


FORMAT = Foundry()


def _is_foundry(file: SourceFile) -> bool:
    beginning = read_beginning(file)
    if beginning.startswith(own_foundry.README_TITLE.encode()):
        return True
    if not any(sign in beginning for sign in _SIGNS):
        return False
    return any(type_of(one) is not None for one in _read_documents(file))


def _read_documents(file: SourceFile) -> list[Mapping[str, Any]]:
    value = read_json(file)
    if value is None and file.size <= LINES_BYTES:
        # A database of an old world: a document a line.
        with file.path.open("rb") as opened:
            value = [parse_json(line) for line in opened.read(file.size).splitlines() if line]
    rows = value if isinstance(value, list) else [value]
    return [one for one in rows if isinstance(one, Mapping)]


def type_of(document: Mapping[str, Any]) -> str | None:
    """What kind of document it is: `adventure`, `actor`, `journal`, `item` or `table`."""
    if not isinstance(document.get("name"), str):
        return None
    if sum(isinstance(document.get(one), list) for one in (*_LISTS, "scenes", "folders")) >= 2:
        return "adventure"
    if isinstance(document.get("pages"), list):
        return "journal"
    if isinstance(document.get("results"), list) and "formula" in document:
        return "table"
    is_kept = "_stats" in document or "_id" in document or "flags" in document
    if "prototypeToken" in document or (isinstance(document.get("items"), list) and is_kept):
        return "actor"
    has_values = isinstance(document.get("system", document.get("data")), Mapping)
    if has_values and is_kept and isinstance(document.get("type"), str):
        return "item"
    if isinstance(document.get("content"), str) and is_kept and "type" not in document:
        return "journal"
    return None


class _FoundryReading:
    def __init__(self, files: Sequence[SourceFile]) -> None:
        self._files = files
        self._found = Gathering(FORMAT.name)
        self._folders: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._keys: dict[str, str] = {}
        self._links: list[tuple[str, list[str]]] = []
        self._own: dict[str, tuple[str, str]] = {}
        self._has_facts = False
        self._shown: set[str] = set()

    def read(self) -> Reading:
        """All documents, then the links between them."""
        documents = [
            (f"{file.name}#{number}", type_of(document), document, file.name)
            for file in self._files
            for number, document in enumerate(_read_documents(file))
        ]
        flat = list(
            own_foundry.drop_doubles([one for each in documents for one in self._open(*each)])
        )
        for key, _, document, _ in flat:
            if (id := document.get("_id")) is not None:
                self._names[str(id)] = say(document["name"])
                self._keys[str(id)] = key
                if (own := own_foundry.find_own(document)) is not None:
                    self._own[str(id)] = (own[0].kind, key)
        for key, kind, document, file_name in flat:
            if not self._add_own(key, document, file_name):
                self._add(key, kind, document, file_name)
        if not self._found.things and not self._has_facts:
            raise InvalidInput(
                "There is no actor, journal, item or table in these files.", code="import_empty"
            )
        for key, ids in self._links:
            for id in dict.fromkeys(ids):
                if (target := self._keys.get(id)) is not None:
                    self._found.add_relation(FoundRelation(key, target, "mentions"))
                    self._found.used("links", "Relations")
        return self._found.make_reading()

    def _open(
        self, key: str, kind: str | None, document: Mapping[str, Any], file_name: str
    ) -> Iterator[tuple[str, str, Mapping[str, Any], str]]:
        """The document, or those in it when it is an adventure."""
        if kind != "adventure":
            if kind is not None:
                yield key, kind, document, file_name
            return
        for folder in document.get("folders") or []:
            if isinstance(folder, Mapping):
                self._folders[str(folder.get("_id"))] = say(folder.get("name") or "")
        for name, inner in _LISTS.items():
            for number, one in enumerate(document.get(name) or []):
                if isinstance(one, Mapping) and isinstance(one.get("name"), str):
                    yield f"{key}/{name}/{number}", inner, one, file_name
        for name, why in _NOT_READ.items():
            if rows := document.get(name):
                self._found.ignored(name, why, len(rows) if isinstance(rows, list) else 1)
        text = say(document.get("description") or "")
        if text.strip() and own_foundry.is_about(document, own_foundry.CAMPAIGN):
            self._found.ignored("description", "what the campaign says of itself is written here")
        elif text.strip():
            yield f"{key}/text", "text", {"name": document["name"], "content": text}, file_name

    def _add(self, key: str, type: str, document: Mapping[str, Any], file_name: str) -> None:
        make = {
            "actor": self._read_actor,
            "journal": self._read_journal,
            "text": self._read_journal,
            "item": self._read_item,
            "table": self._read_table,
        }[type]
        kind_name, given = make(key, document)
        kind = get_kind(kind_name)
        given[kind.name_field] = document["name"]
        used = ("name", "pages", "content", "items", "results", "img")
        own_id = get_path(document, "flags", OURS, "id")
        own = own_foundry.find_own(document)
        self._found.add_thing(
            key,
            kind_name,
            {name: value for name, value in given.items() if name in kind.fields},
            source_id=say(own_id or document.get("_id") or ""),
            own_id=own[0].id if own is not None else "",
            own_revision=own[0].revision if own is not None else 0,
            kept={name: one for name, one in document.items() if name not in used and one},
            file_name=file_name,
            is_for_players=key in self._shown,
        )
        self._found.used(f"{type}s" if type != "journal" else "journals", kind.plural)
        if get_path(document, "ownership", "default") not in (None, 0):
            self._found.used("ownership", "for you alone until you say otherwise")
        for name in ("effects", "flags", "_stats"):
            if document.get(name):
                self._found.kept(name)
        if document.get("img"):
            self._found.ignored("img", "the picture is not in the file")

    def _add_own(self, key: str, document: Mapping[str, Any], file_name: str) -> bool:
        """Add what this program wrote itself; whether it did."""
        if own_foundry.is_about(document, own_foundry.FACTS):
            self._has_facts = True
            for fact in own_foundry.read_facts(document):
                self._found.add_found_fact(fact)
            self._found.used("journals", "Facts")
            return True
        if type_of(document) == "table":
            return False
        read = own_foundry.read_thing(document, self._own.get)
        if read is None:
            return False
        thing, own = read
        self._found.add_thing(
            key,
            own.kind,
            thing.values,
            source_id=own.id,
            file_name=file_name,
            own_id=own.id,
            own_revision=own.revision,
            untouched=own.untouched,
            is_for_players=_is_shown(document),
        )
        for relation in own_foundry.list_relations(document, key, self._own.get):
            self._found.add_relation(relation)
        self._found.used("journals of this program", thing.kind.plural)
        return True

    def _read_actor(self, key: str, actor: Mapping[str, Any]) -> tuple[KindName, dict[str, Any]]:
        kind = find_actor_kind(actor)
        if _is_shown(actor):
            self._shown.add(key)
        system = actor.get("system", actor.get("data"))
        details = get_path(system, "details")
        whole = get_path(details, "biography", "value") or get_path(details, "biography")
        whole = whole or get_path(details, "privateNotes") or get_path(system, "description")
        public = get_path(details, "biography", "public") or get_path(details, "publicNotes")
        private_text, public_text = self._read_text(key, whole), self._read_text(key, public)
        lines = "\n".join(list_actor_lines(actor))
        text = public_text.markdown or private_text.markdown
        notes = [private_text.markdown] if public_text.markdown else []
        species = get_path(details, "type", "value") or get_path(details, "race")
        role = species if isinstance(species, str) else ""
        given: dict[str, Any] = {
            "secrets": [*private_text.secrets, *public_text.secrets],
            get_kind(kind).main_field: text,
        }
        if kind == "creature":
            given |= {"type": role, "stat_block": lines}
        else:
            notes.append(lines)
            traits = [get_path(details, one) for one in ("trait", "ideal", "bond", "flaw")]
            told = "\n".join(self._read_text(key, one).markdown for one in traits if one)
            looks = self._read_text(key, get_path(details, "appearance")).markdown
            given |= {"role": role, "personality": told, "goals": told}
            if kind == "character":
                given |= {"background": text, "description": looks}
            elif kind == "npc":
                given["appearance"] = looks
        given["gm_notes"] = "\n\n".join(part for part in notes if part)
        self._found.used("system", "Stat block" if kind == "creature" else "GM notes")
        return kind, given

    def _read_journal(
        self, key: str, journal: Mapping[str, Any]
    ) -> tuple[KindName, dict[str, Any]]:
        name = say(journal["name"])
        folder = self._folders.get(say(journal.get("folder") or ""), "")
        kind = find_kind(folder) or "handout"
        kind = "game_session" if is_session_title(name) else kind
        default = get_path(journal, "ownership", "default")
        seen: list[str] = []
        hidden: list[str] = []
        secrets: list[str] = []
        pages = journal.get("pages") if isinstance(journal.get("pages"), list) else []
        assert isinstance(pages, list)
        if isinstance(journal.get("content"), str):
            pages = [{"name": "", "text": {"content": journal["content"]}}, *pages]
        shown = [one for one in pages if isinstance(one, Mapping)]
        for page in sorted(shown, key=lambda one: _number(one.get("sort"))):
            read = self._read_page(key, page)
            title = say(page.get("name") or "")
            is_titled = bool(title) and len(shown) > 1
            text = f"## {title}\n\n{read.markdown}" if is_titled else read.markdown
            level = get_path(page, "ownership", "default")
            is_seen = _number(default if level in (None, -1) else level) >= OBSERVER
            (seen if is_seen else hidden).append(text.strip())
            secrets += read.secrets
        if any(seen):
            self._shown.add(key)
        if not any(seen) or kind == "game_session":
            seen, hidden = [*seen, *hidden], []
        main = "recap_gm" if kind == "game_session" else get_kind(kind).main_field
        if kind == "game_session":
            seen += secrets
        given = {
            main: "\n\n".join(part for part in seen if part),
            "gm_notes": "\n\n".join(part for part in hidden if part),
            "secrets": secrets,
        }
        if any(hidden):
            self._found.used("pages that players do not see", "GM notes", len(hidden))
        if secrets:
            self._found.used("secret sections", "Secrets", len(secrets))
        return kind, given

    def _read_page(self, key: str, page: Mapping[str, Any]) -> HtmlText:
        content = page.get("text")
        if isinstance(content, Mapping):
            markdown = content.get("markdown")
            if content.get("format") == 2 and isinstance(markdown, str) and markdown.strip():
                self._links.append((key, _list_ids(markdown)))
                return HtmlText(self._with_names(markdown))
            content = content.get("content")
        if isinstance(content, str) and content.strip():
            return self._read_text(key, content)
        if page.get("src"):
            self._found.ignored(f"{say(page.get('type') or 'file')} pages", "not in the file")
        return HtmlText(say(get_path(page, "image", "caption") or ""))

    def _read_item(self, key: str, item: Mapping[str, Any]) -> tuple[KindName, dict[str, Any]]:
        said = say(item.get("type") or "").lower()
        kind: KindName = "item" if said in _GOODS else "handout"
        system = item.get("system", item.get("data"))
        description = get_path(system, "description")
        html = get_path(description, "value") if isinstance(description, Mapping) else description
        text = self._read_text(key, html)
        rarity = say(get_path(system, "rarity") or "")
        words = ", ".join(part for part in (said, rarity) if part)
        main = "description" if kind == "item" else "text"
        given = {main: text.markdown, "secrets": text.secrets, "type": words, "origin": words}
        return kind, given

    def _read_table(self, key: str, table: Mapping[str, Any]) -> tuple[KindName, dict[str, Any]]:
        lines = []
        for row in table["results"]:
            if not isinstance(row, Mapping):
                continue
            place = row.get("range")
            low, high = place if isinstance(place, list) and len(place) == 2 else ("", "")
            numbers = say(low) if low == high else f"{say(low)}-{say(high)}"
            said = row.get("text") or row.get("description") or row.get("name") or ""
            text = " ".join(self._read_text(key, say(said)).markdown.split())
            name = say(row.get("name") or "")
            text = f"{name}: {text}" if name and name not in text else text
            if say(row.get("documentCollection") or "") == "RollTable":
                text = f"[[{text}]]"
            lines.append(f"{numbers} {text}".strip())
        dice = say(table.get("formula") or "")
        description = self._read_text(key, table.get("description")).markdown
        given = {"dice": dice.removeprefix("1"), "entries": "\n".join(lines)}
        return "random_table", {**given, "gm_notes": description}

    def _read_text(self, key: str, html: Any) -> HtmlText:
        if not isinstance(html, str) or not html.strip():
            return HtmlText("")
        self._links.append((key, _list_ids(html)))
        text = read_html(html)
        text.markdown = self._with_names(text.markdown)
        text.secrets = [self._with_names(one) for one in text.secrets]
        return text

    def _with_names(self, text: str) -> str:
        """The text with the names of what its links lead to."""

        def name(match: re.Match[str]) -> str:
            id = match[1].rsplit(".", 1)[-1].split("#")[0]
            return match[2] or self._names.get(id) or match[0]

        return _LINK.sub(name, text)


def _list_ids(text: str) -> list[str]:
    return [match[1].rsplit(".", 1)[-1].split("#")[0] for match in _LINK.finditer(text)]


def _is_shown(document: Mapping[str, Any]) -> bool:
    """Whether players may read all of it."""
    return _number(get_path(document, "ownership", "default")) >= OBSERVER


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
