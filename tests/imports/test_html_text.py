"""HTML becomes Markdown, runs nothing, and costs time in proportion to its length."""

from __future__ import annotations

import re
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from ttrpg_assistant.imports.html_text import read_html
from ttrpg_assistant.imports.markdown_parts import split_sections
from ttrpg_assistant.imports.text_files import decode_text, is_text


def test_the_shape_of_a_page_is_kept_and_its_programs_are_not() -> None:
    page = read_html(
        "<h1>Hello <b>you</b></h1><p>A <i>port</i><br># no heading</p>"
        "<section class='secret'><p>Key</p></section>"
        "<ul><li>one<ul><li>in</ul><li><p>two</p><p>more</p></ul><ol start=3><li>x"
        "</ol><blockquote><p>said</p></blockquote><table><tr><th>A<th>B<tr><td>1|2<td>3</table>"
        "<pre>a\n b</pre><script>steal()</script><a href='https://a.example/'>there</a>"
        "<a href='javascript:steal()'>no</a><svg><text onload=steal()>drawn</text></svg>"
    )
    assert page.markdown == (
        "# Hello **you**\n\nA *port*\n\\# no heading\n\n- one\n  - in\n- two\n\n  more\n\n3. x\n\n"
        "> said\n\n| A | B |\n| --- | --- |\n| 1\\|2 | 3 |\n\n```\na\n b\n```\n\n"
        "[there](https://a.example/)no"
    )
    assert page.secrets == ["Key"] and page.left_out == {"script": 1, "svg": 1}


def test_no_nesting_costs_more_than_its_length() -> None:
    attacks = ["<div>", "<b>", "<div><select></div></select>", "<table>", "<ul><li>", "<div></p>"]
    attacks += ["<b><p></b>", "<svg><p></svg>", "<!--", "<a ", "&", "<font a=1>", "<", "<em></i>"]
    began = time.process_time()
    for attack in attacks:
        assert isinstance(read_html(attack * (30_000 // len(attack)) + "end").markdown, str)
        assert "end" in read_html(attack * (150_000 // len(attack)) + "<p>end").markdown or (
            attack in ("<!--", "<a ", "<", "<svg><p></svg>")
        )
    assert time.process_time() - began < 30


_TAGS = [
    "p",
    "div",
    "b",
    "i",
    "ul",
    "li",
    "ol",
    "table",
    "tr",
    "td",
    "h2",
    "blockquote",
    "a",
    "pre",
]
_PART = st.sampled_from(
    [*(f"<{tag}>" for tag in _TAGS), *(f"</{tag}>" for tag in _TAGS), "W", "W", "W"]
)


@settings(max_examples=80, deadline=None)
@given(st.lists(_PART, max_size=30))
def test_every_word_of_any_tangle_of_elements_is_kept(parts: list[str]) -> None:
    count = iter(range(10_000))
    text = " ".join(f"word{next(count)}q" if one == "W" else one for one in parts)
    assert set(re.findall(r"word\d+q", text)) <= set(
        re.findall(r"word\d+q", read_html(text).markdown)
    )


def test_headings_are_found_and_no_line_is_lost() -> None:
    text = "pre\n\n# A **b**\ntext\n\n```\n# no\n```\n> # q\n\nSet\n===\n\n## C:\nx"
    found = [(one.level, one.title, one.text) for one in split_sections(text)]
    assert found == [
        (0, "", "pre\n"),
        (1, "A b", "text\n\n```\n# no\n```\n> # q"),
        (1, "Set", ""),
        (2, "C", "x"),
    ]


def test_texts_in_old_encodings_are_read() -> None:
    for text, encoding in (
        ("Die Königin sprach: „Wir gehen“ – über den Fluß.", "cp1252"),
        ("Привет, это записка о деревне и кузнице Миры", "cp1251"),
        ("Zażółć gęślą jaźń, kowal Mira z Żabiej Wsi", "cp1250"),
        ("これは日本語のメモです。剣と魔法の物語。", "cp932"),
        ("plain", "utf-16-le"),
        ("Café", "utf-16"),
    ):
        assert is_text(text.encode(encoding)), encoding
        assert decode_text(text.encode(encoding))[0] == text, encoding
    assert not is_text(bytes(range(256)) * 4)
