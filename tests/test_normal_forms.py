"""Compatibility forms are Unicode's own, but for the few characters that stand for very many."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttrpg_assistant import normal_forms
from ttrpg_assistant.builtin import words
from ttrpg_assistant.campaigns.folding import fold, fold_with_offsets
from ttrpg_assistant.normal_forms import MOST_LETTERS, compose, decompose, thin_marks
from ttrpg_assistant.prompts.characters import strip_unseen
from ttrpg_assistant.prompts.disguises import plain

PACKAGE = Path(normal_forms.__file__).parent
OWN_FORMS = {
    "normal_forms.py": "has the bound",
    "campaigns/folding.py": "names of groups, which are short, as they are stored",
    "exports/file_names.py": "names of files, which are short",
    "storage/migrations/versions/0014_groups.py": "names of groups, as above",
    "storage/migrations/versions/0030_every_script.py": "one character after another, once",
}
"""Files that may ask for a compatibility form themselves, and why."""


@cache
def list_characters() -> list[str]:
    return [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]


@cache
def list_long_ones() -> set[str]:
    found = list_characters()
    return {one for one in found if len(unicodedata.normalize("NFKD", one)) > MOST_LETTERS}


def test_every_character_has_its_unicode_form_unless_it_stands_for_very_many() -> None:
    long_ones = list_long_ones()
    assert 30 < len(long_ones) < 60 and "ﷺ" in long_ones
    for form, made in (("NFKC", compose), ("NFKD", decompose)):
        for one in list_characters():
            expected = one if one in long_ones else unicodedata.normalize(form, one)
            assert made(one) == expected, f"U+{ord(one):04X}"


@pytest.mark.parametrize(
    "expand",
    [
        compose,
        decompose,
        fold,
        words.fold,
        strip_unseen,
        plain,
        lambda text: fold_with_offsets(text)[0],
    ],
)
def test_no_text_grows_beyond_a_few_times_its_length(expand) -> None:  # type: ignore[no-untyped-def]
    for one in {"ﷺ", *list_long_ones(), *"ﷻ㌖⑽…½ﬁᾂİßﷲ"}:
        assert len(expand(one * 100)) <= MOST_LETTERS * 100, f"U+{ord(one):04X}"


@given(st.text(st.sampled_from("aé½ﬁﷺ㌖ﷻ\u0301\u0323\u0327가가夜 ")))
def test_parts_that_keep_their_form_do_not_change_what_stands_around_them(text: str) -> None:
    for form, made in (("NFKC", compose), ("NFKD", decompose)):
        assert made(made(text)) == made(text)
        if not set(text) & list_long_ones():
            assert made(text) == unicodedata.normalize(form, text)


def test_ordinary_compatibility_forms_are_still_found_as_what_they_stand_for() -> None:
    said = "Ｍｉｒａ’s oﬃce, ½ mile, ℡ 5, ㍿, Ⅷ…"
    assert fold(said) == "mira's office, 1⁄2 mile, tel 5, 株式会社, viii..."
    assert words.list_words_in("ﬁre ÉTÉ ſtone Ⅷ") == ["fire", "ete", "stone", "viii"]
    assert strip_unseen("ﬁre\u200b ½ ㍿") == "fire 1⁄2 株式会社"


@given(st.text(st.sampled_from("aB é\u0301ß…ﷺİ½\n\t\u200b'夜")))
def test_offsets_say_where_each_folded_character_stood(text: str) -> None:
    folded, places = fold_with_offsets(text)
    assert len(folded) == len(places)
    assert list(places) == sorted(places)
    for character, place in zip(folded, places, strict=True):
        alone = fold_with_offsets(text[place])[0]
        assert character in alone or (character == " " and text[place].isspace())


@given(st.text(st.sampled_from("ab\u0301\u0323]\u20dd^")), st.integers(1, 4))
def test_no_character_keeps_more_marks_than_it_may(text: str, most: int) -> None:
    thinned, run = thin_marks(text, most), 0
    for one in thinned:
        run = run + 1 if unicodedata.category(one)[0] == "M" else 0
        assert run <= most
    marks = {one for one in text if unicodedata.category(one)[0] == "M"}
    rest = [one for one in text if one not in marks]
    assert [one for one in thinned if one not in marks] == rest


def test_compatibility_forms_are_made_in_one_place() -> None:
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if '"NFKC"' in (text := path.read_text("utf-8")) or '"NFKD"' in text
    }
    assert found == set(OWN_FORMS), "Use normal_forms, which has a bound, or say why not here."
