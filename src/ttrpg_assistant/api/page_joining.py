"""Many modules and style sheets of the page joined into one text each, without a tool.

Not a bundler for any JavaScript: it knows the few forms of `import` and `export` that the page's
own modules are written in, each at the start of a line, and refuses every other with its name.
Each module becomes a function that runs when it is first needed, its lines left as they are, so
that a source map of whole lines leads a debugger back to the file.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# All of the page is read through at each start, so each begins with the end of a line, which Python
# finds many times faster than a beginning (`^`): a line break is put before the first line.
IMPORT = re.compile(r'\nimport\s+(?:([^;"()]+?)\s+from\s+)?"([^"\n]+)";')
EXPORT = re.compile(
    r"\nexport\s+(?:(default\s+)?((?:async\s+)?function\*?|class)\s+([\w$]+)"
    r"|const\s+([\w$]+)\b|\{([\w$\s,]*)\};)"
)
LATER = re.compile(r'\bimport\("(\.[^"\n]+)"\)')
UNKNOWN = re.compile(r"\n(?:import|export)\b.*|\bimport\.meta\b|\$(?:need|later)\b")
UNKNOWN_HINTS = ("\nimport", "\nexport", "import.meta", "$need", "$later")
"""Without any of these there is nothing unknown."""

WAITING = re.compile(r"\n(?:(?:const|let) [^=]+= )?(?:for )?await\b.*")
"""At the top of a module: only the entry may, the others are functions that end at once."""

OPENING = """\
const $makers = {};
const $made = {};
const $need = (name) => $made[name] ?? ($makers[name](), $made[name]);
const $later = async (name) => $need(name);
"""
"""A module is made once, when it is first asked for."""


class CannotJoin(Exception):
    """A module is written in a way that is not known here; the page still works unjoined."""


@dataclass(frozen=True, slots=True)
class Joined:
    """One text made of many, and the source map (version 3) that leads back to them, in UTF-8."""

    text: bytes
    source_map: bytes


@dataclass(frozen=True, slots=True)
class _Module:
    text: bytes
    needs: tuple[tuple[str, tuple[str, ...]], ...]
    """Another module, and the names taken from it when this one is made."""

    gives: Mapping[str, str]
    """Its own name of what it gives, by the name others know it by."""

    hoisted: frozenset[str]
    """What of that is there before its first line has run."""


def join_modules(sources: Mapping[str, str], entry: str) -> Joined:
    """The modules as one that does what `entry` does, by their absolute addresses. Each is read
    once, when its turn comes.

    Addresses that are not among the sources (the vendored libraries) stay imports. Raises
    CannotJoin for a form that is not known, and for modules in a circle that take from each other
    more than functions.
    """
    modules = {
        name: _translate(name, text, sources, is_entry=name == entry)
        for name, text in sources.items()
    }
    _check_circles(modules)
    needed = {need for module in modules.values() for need, _ in module.needs}
    outside = sorted(needed - set(sources))
    writer = _Writer()
    for number, name in enumerate(outside):
        writer.write(f'import * as $outside{number} from "{name}";\n'.encode())
    writer.write(OPENING.encode())
    for number, name in enumerate(outside):
        writer.write(f'$made["{name}"] = $outside{number};\n'.encode())
    for name in sorted(set(modules) - {entry}):
        # In brackets: compiled at once, not looked through first and compiled when called.
        gives = ", ".join(
            f"get {said}() {{ return {own}; }}" for said, own in modules[name].gives.items()
        )
        begin = f'$makers["{name}"] = (function () {{ $made["{name}"] = {{ {gives} }};\n'
        writer.write(begin.encode())
        writer.write(modules[name].text, source=name)
        writer.write(b"});\n")
    writer.write(b"{\n")
    writer.write(modules[entry].text, source=entry)
    writer.write(b"}\n")
    return writer.close("//# sourceMappingURL=page.js.map\n")


def join_styles(sources: Sequence[tuple[str, str]]) -> Joined:
    """Style sheets in the order given, each an address and its text."""
    writer = _Writer()
    for name, text in sources:
        writer.write(text.encode(), source=name)
    return writer.close("/*# sourceMappingURL=page.css.map */\n")


def _translate(name: str, text: str, sources: Mapping[str, str], *, is_entry: bool) -> _Module:
    text = f"\n{text}"
    _refuse_unknown(name, IMPORT.sub("\n", EXPORT.sub("\n", text)), is_entry=is_entry)
    needs: list[tuple[str, tuple[str, ...]]] = []
    gives: dict[str, str] = {}
    hoisted: set[str] = set()

    def find(address: str) -> str:
        full = _resolve(name, address)
        if address.startswith(".") and full not in sources:
            raise CannotJoin(f"{name}: there is no {address}")
        return full

    def take(found: re.Match[str]) -> str:
        full = find(found[2])
        bound, taken = _bind(name, found[1])
        needs.append((full, taken))
        return f'\n{bound}$need("{full}");'

    def give(found: re.Match[str]) -> str:
        default, what, named, constant, listed = found.groups()
        if listed is not None:
            for each in filter(None, map(str.strip, listed.split(","))):
                own, _, said = each.partition(" as ")
                gives[said.strip() or own] = own
            return "\n" * found[0].count("\n")
        said = "default" if default else named or constant
        gives[said] = named or constant
        if what and what != "class":
            hoisted.add(said)
        kept = f"{what} {named}" if what else f"const {constant}"
        return "\n" + kept.rjust(len(found[0]) - 1)  # each word stays in its column

    text = IMPORT.sub(take, text)
    text = EXPORT.sub(give, text)
    if 'import("' in text:
        text = LATER.sub(lambda found: f'$later("{_resolve(name, found[1])}")', text)
    text = text[1:] if text.endswith("\n") else text[1:] + "\n"
    return _Module(text.encode(), tuple(needs), gives, frozenset(hoisted))


def _refuse_unknown(name: str, rest: str, *, is_entry: bool) -> None:
    """Raise CannotJoin for what is left of a module without its imports and exports, if it has
    more of them."""
    found = None
    if any(hint in rest for hint in UNKNOWN_HINTS):
        found = UNKNOWN.search(rest)
    if found is None and not is_entry and "await" in rest:
        found = WAITING.search(rest)
    if found is not None:
        raise CannotJoin(f"{name}: {found[0].strip()[:80]}")


def _resolve(name: str, address: str) -> str:
    if not address.startswith("."):
        return address
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), address))


def _bind(name: str, what: str | None) -> tuple[str, tuple[str, ...]]:
    """The beginning of a declaration that binds what an import names, and the names it takes."""
    if what is None:
        return "", ()
    if named := re.fullmatch(r"\{([\w$\s,]*)\}", what):
        bound = re.sub(r"\s+as\s+", ": ", named[1])
        taken = (each.partition(":")[0].strip() for each in bound.split(","))
        return f"const {{{bound}}} = ", tuple(filter(None, taken))
    if named := re.fullmatch(r"\*\s+as\s+([\w$]+)", what):
        return f"const {named[1]} = ", ()
    if re.fullmatch(r"[\w$]+", what):
        return f"const {{ default: {what} }} = ", ("default",)
    raise CannotJoin(f"{name}: import {what}")


def _check_circles(modules: Mapping[str, _Module]) -> None:
    """Raise CannotJoin when a module takes what is not there yet from one that needs it itself.

    Functions are there from the first moment, so two components may show each other.
    """
    needs = {
        name: {need for need, _ in module.needs if need in modules}
        for name, module in modules.items()
    }
    while free := [name for name, found in needs.items() if not found & needs.keys()]:
        for name in free:
            del needs[name]
    for name, found in needs.items():
        for need, taken in modules[name].needs:
            late = set(taken) - modules[need].hoisted if need in found & needs.keys() else set()
            if late and name in _reach(need, needs):
                words = ", ".join(sorted(late))
                raise CannotJoin(f"{name}: takes {words} from {need}, which needs it itself")


def _reach(start: str, needs: Mapping[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        fresh = needs.get(waiting.pop(), set()) - reached
        reached |= fresh
        waiting += fresh
    return reached


class _Writer:
    """Texts one after another, and for each of their lines where it came from."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._sources: list[str] = []
        self._lines: list[str] = []
        self._source = self._line = 0

    def write(self, text: bytes, source: str | None = None) -> None:
        """Add whole lines; with `source`, they are all its lines, or its first."""
        self._parts.append(text)
        count = text.count(b"\n")
        if source is None or count == 0:
            self._lines += [""] * count
            return
        number = len(self._sources)
        self._sources.append(source)
        # Column 0 here is column 0 of that line there; each number counts from the one before.
        moved = (0, number - self._source, -self._line, 0)
        self._lines.append("".join(map(_spell, moved)))
        self._lines += [NEXT_LINE] * (count - 1)
        self._source, self._line = number, count - 1

    def close(self, last: str) -> Joined:
        """What was written, ending with the line that names the map."""
        source_map = {
            "version": 3,
            "sources": self._sources,
            "names": [],
            "mappings": ";".join(self._lines),
        }
        return Joined(b"".join((*self._parts, last.encode())), json.dumps(source_map).encode())


NEXT_LINE = "AACA"
"""In source maps: the next line of the same source."""

BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def _spell(number: int) -> str:
    """A number as source maps write it: base 64, the sign last, five bits a letter."""
    rest = (abs(number) << 1) | (number < 0)
    spelled = ""
    while True:
        rest, low = rest >> 5, rest & 31
        spelled += BASE64[low | 32 if rest else low]
        if not rest:
            return spelled
