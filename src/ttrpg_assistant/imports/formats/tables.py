"""Tables: CSV, TSV, what is copied out of a spreadsheet, and Markdown tables.

Every row becomes a thing; its columns become fields by the words of the kind's declaration. A
table that starts with numbers or dice is a random table. What has no field is kept by its heading.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from ttrpg_assistant.campaigns.model import KindName
from ttrpg_assistant.campaigns.registry import get_kind
from ttrpg_assistant.errors import InvalidInput, TooLarge
from ttrpg_assistant.imports.column_names import KIND_COLUMNS, find_table_kind
from ttrpg_assistant.imports.columns import fill_row
from ttrpg_assistant.imports.gathering import Gathering
from ttrpg_assistant.imports.kind_words import find_kind, spell_snake
from ttrpg_assistant.imports.markdown_parts import split_row
from ttrpg_assistant.imports.model import Reading, SourceFile
from ttrpg_assistant.imports.text_files import decode_beginning, read_text

TABLE_BYTES = 32 * 1024**2
MOST_ROWS = 20_000
MOST_COLUMNS = 200
CELL_CHARACTERS = 1_000_000

_NAMED = frozenset({".csv", ".tsv", ".tab"})
_DELIMITERS = ("\t", ";", ",", "|")
_RANGE = re.compile(r"\d{1,6}(?:\s?[-–—]\s?\d{1,6})?")
_DICE = re.compile(r"\d{0,3}d(?:\d{1,4}|%)", re.I)
_RULE = frozenset(" \t:|-")
"""What a line under the headings of a Markdown table is made of."""

Rows = list[list[str]]


class Tables:
    """Texts that are tables and nothing else."""

    name = "tables"
    label = "Table (CSV, TSV, Markdown)"
    rank = 70

    def recognises(self, files: Sequence[SourceFile], beginning: bytes) -> bool:
        """Whether the file is called a table and is one, or is a Markdown or tab-separated one."""
        for file in files:
            with file.path.open("rb") as opened:
                text = decode_beginning(opened.read(64 * 1024))
            if not _is_table(file, text):
                return False
        return bool(files)

    def read(self, files: Sequence[SourceFile]) -> Reading:
        """Every row as a thing. Raises `InvalidInput` for what is no table, `TooLarge`."""
        found = Gathering(self.name)
        for file in files:
            text, encoding = read_text(file.path, TABLE_BYTES)
            if not encoding.startswith("utf"):
                found.used(f"text in {encoding}", "read as UTF-8")
            title = PurePosixPath(file.name.replace("\\", "/")).stem
            rows = read_rows(text)
            add_table(found, file.name, title, rows)
        if not found.things:
            raise InvalidInput(
                "There is no row below the headings of this table.",
                code="import_empty",
                cure="The first row names the columns, every other row is a thing.",
            )
        return found.make_reading()


FORMAT = Tables()


def read_rows(text: str) -> Rows:
    """The rows of a table in any of these spellings. Raises `InvalidInput`, `TooLarge`."""
    lines = [line for line in text.split("\n") if line.strip()]
    if _is_markdown(lines):
        rows = [list(split_row(line)) for line in (lines[0], *lines[2 : MOST_ROWS + 3])]
    else:
        reader = csv.reader(io.StringIO(text), delimiter=find_delimiter(text))
        csv.field_size_limit(CELL_CHARACTERS)
        rows = []
        try:
            for row in reader:
                if any(cell.strip() for cell in row):
                    rows.append([cell.strip() for cell in row[:MOST_COLUMNS]])
                if len(rows) > MOST_ROWS + 1:
                    break
        except csv.Error:
            raise InvalidInput(
                f"Line {reader.line_num} of this table has a cell that does not end, or one longer"
                f" than {CELL_CHARACTERS:,} characters.",
                code="table_unreadable",
                cure="Open it in a spreadsheet and save it as CSV again.",
            ) from None
    if len(rows) > MOST_ROWS + 1:
        raise TooLarge(
            f"This table has more than {MOST_ROWS:,} rows.",
            code="import_too_large",
            cure="Import it in parts.",
        )
    return rows


def _is_markdown(lines: Sequence[str]) -> bool:
    return len(lines) > 1 and "|" in lines[0] and "-" in lines[1] and set(lines[1]) <= _RULE


def find_delimiter(text: str) -> str:
    """What stands between the cells: the sign that splits the first lines alike."""
    best, best_score = ",", (0.0, 0)
    sample = text[: 32 * 1024]
    for delimiter in _DELIMITERS:
        try:
            rows = list(csv.reader(io.StringIO(sample), delimiter=delimiter))[:40]
        except csv.Error:
            continue
        widths = [len(row) for row in rows if row]
        if not widths or widths[0] < 2:
            continue
        alike = sum(width == widths[0] for width in widths) / len(widths)
        score = (round(alike, 1), widths[0])
        if score > best_score:
            best, best_score = delimiter, score
    return best


def add_table(found: Gathering, file_name: str, title: str, rows: Rows) -> None:
    """Add the things of one table."""
    if len(rows) < 2:
        return
    headings = [heading or f"Column {place + 1}" for place, heading in enumerate(rows[0])]
    if _is_random(title, rows):
        _add_random_table(found, file_name, title, rows)
        return
    kind_name = find_table_kind(title, headings)
    if kind_name is None or kind_name in ("random_table", "game_session"):
        kind_name = "npc" if kind_name is None else kind_name
        if kind_name == "npc":
            found.warn(
                f"Nothing in {title[:80]} says what its rows are, so they are taken for NPCs."
                " Choose another kind where they are something else."
            )
    by_row = _find_kind_column(headings, rows)
    for number, row in enumerate(rows[1:]):
        own = find_kind(row[by_row]) if by_row is not None and by_row < len(row) else None
        if own is not None and by_row is not None and _is_plain_kind(own, row[by_row]):
            row = [*row[:by_row], "", *row[by_row + 1 :]]
        _add_row(found, f"{file_name}#{number}", own or kind_name, headings, row, file_name)


def _add_row(
    found: Gathering,
    key: str,
    kind_name: KindName,
    headings: Sequence[str],
    row: Sequence[str],
    file_name: str,
) -> None:
    cells: dict[str, str] = {}
    for place, cell in enumerate(row):
        heading = headings[place] if place < len(headings) else f"Column {place + 1}"
        cells[heading if heading not in cells else f"{heading} ({place + 1})"] = cell
    given, kept, went = fill_row(kind_name, cells, {})
    for heading, label in went.items():
        if label:
            found.used(heading, label)
        else:
            found.kept(heading)
    given.setdefault(get_kind(kind_name).name_field, f"Row {key.rsplit('#', 1)[-1]}")
    found.add_thing(key, kind_name, given, kept=kept, file_name=file_name, columns=cells)


def _is_plain_kind(kind_name: KindName, cell: str) -> bool:
    """Whether a cell says the kind and nothing more: "NPC", not "tavern"."""
    kind = get_kind(kind_name)
    return spell_snake(cell) in (kind.name, spell_snake(kind.noun), spell_snake(kind.plural))


def _find_kind_column(headings: Sequence[str], rows: Rows) -> int | None:
    """The column that says of every row what kind it is, if there is one."""
    for place, heading in enumerate(headings):
        if spell_snake(heading) in KIND_COLUMNS:
            said = [row[place] for row in rows[1:200] if place < len(row) and row[place]]
            kinds = {find_kind(one) for one in said}
            if said and None not in kinds:
                return place
    return None


def _is_random(title: str, rows: Rows) -> bool:
    first = rows[0][0].strip() if rows[0] else ""
    if _DICE.fullmatch(first) is not None:
        return True
    numbered = sum(bool(row and _RANGE.fullmatch(row[0].strip())) for row in rows[1:])
    is_narrow = max(map(len, rows)) <= 3
    return is_narrow and numbered == len(rows) - 1 and find_kind(title) in (None, "random_table")


def _add_random_table(found: Gathering, file_name: str, title: str, rows: Rows) -> None:
    first = rows[0][0].strip()
    dice = first if _DICE.fullmatch(first) else ""
    lines = []
    for row in rows[1:]:
        text = " | ".join(cell for cell in row[1:] if cell) if len(row) > 1 else ""
        lines.append(f"{row[0]} {text}".strip() if text else row[0])
    heading = " | ".join(cell for cell in rows[0][1:] if cell)
    kept: Mapping[str, Any] = {"headings": heading} if heading else {}
    given = {"name": title, "dice": dice, "entries": "\n".join(lines)}
    found.add_thing(f"{file_name}#0", "random_table", given, kept=kept, file_name=file_name)
    found.used("rows", "Entries of a random table", len(lines))


def _is_table(file: SourceFile, text: str) -> bool:
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) < 2 or text.lstrip().startswith(("{", "[")):
        return False
    if PurePosixPath(file.name).suffix.lower() in _NAMED:
        return True
    if _is_markdown(lines):
        # Only a table, and no text around it.
        return all("|" in line for line in lines[:-1])
    tabs = [line.count("\t") for line in lines[:-1] or lines]
    return tabs[0] > 0 and len(set(tabs)) == 1 and len(tabs) > 1
