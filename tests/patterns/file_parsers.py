"""What reads the texts of files that are imported, and what writes texts into files for others."""

# ruff: noqa: E501 — the words of a grammar read better on long lines.

from __future__ import annotations

from tests.patterns.parsers import Parser, _refusing, _words
from ttrpg_assistant.exports.book_markdown import lower_headings
from ttrpg_assistant.exports.file_names import spell_file_name
from ttrpg_assistant.exports.html_text import prose
from ttrpg_assistant.imports.excerpts import make_excerpt
from ttrpg_assistant.imports.front_matter import split_head
from ttrpg_assistant.imports.hidden_sections import part_hidden
from ttrpg_assistant.imports.html_text import read_html, strip_marks
from ttrpg_assistant.imports.kind_words import find_kind
from ttrpg_assistant.imports.macros import plain
from ttrpg_assistant.imports.markdown_parts import plain_title, split_row
from ttrpg_assistant.imports.note_kinds import split_kind
from ttrpg_assistant.imports.sections import split_notes
from ttrpg_assistant.imports.vault_notes import read_note, without_links

_NOTE = "a| |\n|\n\n|# |## |# GM\n|## Secrets\n|---\n|===\n|GM\n--\n|[[|]]|[[a]]|![[|[a](|)|> [!secret] |> |- |* |**|__|**Secret:** |%%|#tag |a:: |(a:: |```\n|```statblock\n|~~~\n|\\|`|<!--|a: b\n|: "
_HTML = "<p>|</p>|<div>|</div>|<b|>|<ul><li>|<table>|<tr><td>|</td>|<br>|<script>|</script>|<!--|-->|&amp;|&|;|a| |\n|<secret>|<section class='secret'>|=\"|"
_MACRO = "{{|}}|{{char}}|{{user}}|{{random::|::|<USER>|<BOT>|<START>|{|}|a| |\n"

FILE_PARSERS: tuple[Parser, ...] = (
    Parser(
        "a vault's note",
        lambda text: part_hidden(read_note(text).text),
        _words(_NOTE),
        ("", "---\na: b\n---\n"),
    ),
    Parser("the first words of a note", make_excerpt, _words(_NOTE)),
    Parser("a text with links as names", prose, _words(_NOTE)),
    Parser("the head of a note", split_head, _words(_NOTE), ("---\n", "---\r\n")),
    Parser("notes by headings", lambda text: split_notes("Notes", text), _words(_NOTE)),
    Parser("a property with links", without_links, _words(_NOTE)),
    Parser(
        "a heading",
        lambda text: (plain_title(text), split_kind(text), find_kind(text)),
        _words(_NOTE),
    ),
    Parser("a table's line", split_row, _words("¦|¦\\|¦<br>¦a¦ ¦`", "¦")),
    Parser("HTML of a file", _refusing(lambda text: read_html(text)), _words(_HTML)),
    Parser("marks in a text", strip_marks, _words(_HTML)),
    Parser("macros of a card", lambda text: plain(text, "Mira Vale"), _words(_MACRO)),
    Parser("a name of a file", spell_file_name, _words("a|/|\\|.| |:|\u0301|[|#|con|\x00|é")),
    Parser("prose of a book", prose, _words(_NOTE)),
    Parser("prose of a book in Markdown", lower_headings, _words(_NOTE)),
)
