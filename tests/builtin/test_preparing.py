"""What the built-in model can say is imported before the first answer, not with the program."""

from __future__ import annotations

import json
import subprocess
import sys

LIST_REPLIES = """
import json, sys
from ttrpg_assistant.builtin import offline
def list_replies():
    return [name for name in sys.modules if name.startswith("ttrpg_assistant.builtin.replies")]
before = list_replies()
offline.prepare()
prepared = set(list_replies())
from ttrpg_assistant.llm.types import ModelRequest, PromptMessage
import random
model = offline.OfflineModel(rng=random.Random(1))
said = model.answer(ModelRequest("offline", "", (PromptMessage("user", "Roll 2d6"),)))
print(json.dumps([before, sorted(set(list_replies()) - prepared), said]))
"""


def test_an_answer_imports_nothing_more_than_was_prepared() -> None:
    told = subprocess.run(
        [sys.executable, "-c", LIST_REPLIES], capture_output=True, text=True, check=True
    )
    before, later, said = json.loads(told.stdout)
    assert before == []
    assert later == []
    assert "2d6" in said
