"""Notes as whole lines: adding some, finding some, and taking some out again.

Lines are compared without the white space at their ends. Every function reads its texts a fixed
number of times, however long they are.
"""

from __future__ import annotations


def append_lines(text: str, lines: str) -> str:
    """The text with the lines under it."""
    return f"{text.rstrip()}\n{lines}"


def has_lines(text: str, lines: str) -> bool:
    """Whether the text has these lines one after the other, each of them whole."""
    return _find_run(_split(text), _split(lines)) is not None


def remove_lines(text: str, before: str, after: str) -> str | None:
    """The text without the lines that were put under `before` to make `after`.

    They are removed where they were put, or where they are by now if there is only one such
    place. None when they were changed since, when it cannot be known which ones they are, or when
    `after` was not made that way.
    """
    old, new, now = _split(before), _split(after), _split(text)
    run = new[len(old) :]
    if new[: len(old)] != old or not any(run):
        return None
    at: int | None
    if now[: len(new)] == new:
        at = len(old)
    else:
        at = _find_run(now, run)
        if at is None or _find_run(now[at + 1 :], run) is not None:
            return None
    kept = text.split("\n")
    return "\n".join(kept[:at] + kept[at + len(run) :])


def _split(text: str) -> list[str]:
    """The lines of a text, without white space at their ends and empty lines at its end."""
    return [line.rstrip() for line in text.rstrip().split("\n")] if text.strip() else []


def _find_run(lines: list[str], run: list[str]) -> int | None:
    """The index of the first line at which the run begins in the lines, or None."""
    if not run:
        return None
    place = "\n".join(["", *lines, ""]).find("\n".join(["", *run, ""]))
    return None if place < 0 else "\n".join(["", *lines, ""]).count("\n", 0, place)
