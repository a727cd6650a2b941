"""Notes as things, by their headings alone: a heading that names a kind ("NPCs") makes things of
the headings under it, a heading of an evening ("Session 12") a game session, and every other part
of the notes is a handout. Every word ends in a thing. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ttrpg_assistant.campaigns.model import KindName
from ttrpg_assistant.imports.kind_words import find_kind
from ttrpg_assistant.imports.markdown_parts import Section, split_sections
from ttrpg_assistant.imports.note_kinds import is_plan, is_session_title, split_kind


@dataclass(frozen=True, slots=True)
class NotePart:
    """A part of notes that becomes one thing. `under` are the headings that it stands under and
    that make no things themselves."""

    kind: KindName
    name: str
    text: str
    is_plan: bool = False
    under: tuple[str, ...] = ()


def split_notes(title: str, text: str) -> list[NotePart]:
    """The parts of notes. `title` is what the file is called."""
    sections = split_sections(text)
    if not sections:
        return []
    headed = [one for one in sections if one.level]
    if not headed:
        kind, name = _name_whole(title)
        return [_part(kind, name, text)]
    # A lone heading at the top is the title of the whole.
    top = headed[0].level
    is_alone = all(one.level > top for one in headed[1:])
    is_titled = is_alone and len(sections) == len(headed)
    whole = headed[0].title if is_titled and headed[0].title else title
    if is_session_title(whole) or is_session_title(title):
        return [_part("game_session", whole if is_session_title(whole) else title, text)]
    return list(_split(sections, whole, is_titled))


def _split(sections: Sequence[Section], whole: str, is_titled: bool) -> Iterator[NotePart]:
    levels = sorted({one.level for one in sections if one.level})
    top = levels[1] if is_titled and len(levels) > 1 else levels[0]
    at = 0
    above: list[Section] = []
    inherited: tuple[int, KindName] | None = None
    if is_titled and (kind := find_kind(whole)) is not None:
        inherited = (sections[0].level, kind)
    while at < len(sections):
        one = sections[at]
        above = [each for each in above if each.level < one.level]
        under = tuple(each.title for each in above if each.title)
        if one.level < top:
            above.append(one)
            if one.text.strip():
                yield _part("handout", one.title or whole, one.text)
            at += 1
            continue
        if inherited is not None and one.level <= inherited[0]:
            inherited = None
        kind = find_kind(one.title)
        has_under = at + 1 < len(sections) and sections[at + 1].level > one.level
        if kind is not None and has_under and not is_session_title(one.title):
            inherited = (one.level, kind)
            above.append(one)
            if one.text.strip():
                yield _part("handout", one.title, one.text, under)
            at += 1
            continue
        end = at + 1
        while end < len(sections) and sections[end].level > one.level:
            end += 1
        own = split_kind(one.title)
        if is_session_title(one.title):
            own = ("game_session", one.title)
        found = own[0] or (inherited[1] if inherited is not None else None)
        if found is None and has_under and _holds_kinds(sections[at + 1 : end]):
            # A chapter whose headings say more than it does itself.
            above.append(one)
            if one.text.strip():
                yield _part("handout", one.title, one.text, under)
            at += 1
            continue
        yield _part(found or "handout", own[1], _join(one, sections[at + 1 : end]), under)
        at = end


def _holds_kinds(sections: Sequence[Section]) -> bool:
    return any(
        find_kind(one.title) is not None
        or split_kind(one.title)[0] is not None
        or is_session_title(one.title)
        for one in sections
    )


def _join(head: Section, under: Sequence[Section]) -> str:
    parts = [head.text]
    parts += [f"{'#' * one.level} {one.title}\n\n{one.text}".rstrip() for one in under]
    return "\n\n".join(part for part in parts if part.strip())


def _name_whole(title: str) -> tuple[KindName, str]:
    if is_session_title(title):
        return "game_session", title
    kind, name = split_kind(title)
    return kind or "handout", name


def _part(kind: KindName, name: str, text: str, under: tuple[str, ...] = ()) -> NotePart:
    words = name.replace("-", " ").replace(":", " ").lower().split()
    return NotePart(kind, name or "Notes", text.strip("\n"), is_plan(words), under)
