"""The share that is right: python -m tests.gm_questions.run [working|kept-apart|all]."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.gm_questions.table import Answer, ask_all, split_questions


def main() -> None:
    """Ask them, say what is wrong, and how many are right."""
    working, kept_apart = split_questions()
    which = next((one for one in sys.argv[1:] if not one.startswith("-")), "working")
    questions = {"working": working, "kept-apart": kept_apart, "all": working + kept_apart}[which]
    with tempfile.TemporaryDirectory() as folder:
        answers = asyncio.run(ask_all(Path(folder), questions))
    for answer in answers:
        if answer.wrong or answer.unmarked or "--answers" in sys.argv:
            _show(answer)
    right = sum(not answer.wrong and not answer.unmarked for answer in answers)
    unmarked = sum(bool(answer.unmarked) for answer in answers)
    print(f"{which}: {right} of {len(answers)} right; {unmarked} with a plan or secret unmarked")


def _show(answer: Answer) -> None:
    print(f"■ {answer.asked.name}")
    for wrong in (*answer.wrong, *answer.unmarked):
        print(f"  ✗ {wrong}")
    print("  " + answer.text.replace("\n", "\n  ")[:900] + "\n")


if __name__ == "__main__":
    main()
