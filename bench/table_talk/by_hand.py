"""Two evenings written by hand, line by line, with questions about them."""

from __future__ import annotations

from pathlib import Path

from bench.table_talk.model import GM, Line

_WRITTEN = Path(__file__).with_suffix(".txt")

EVENINGS = tuple(
    tuple(
        Line(GM if name == "GM" else name, text)
        for name, _, text in (line.strip().partition(": ") for line in evening.strip().splitlines())
    )
    for evening in _WRITTEN.read_text(encoding="utf-8").split("---\n")
)

QUESTIONS: tuple[tuple[str, str, tuple[tuple[int, int], ...]], ...] = (
    ("What did Gudrun take as payment for the loft?", "leaning answer", ((0, 9),)),
    ("How did the sword get to Gudrun Askeland's house?", "leaning answer", ((0, 18),)),
    ("Which story did Jonas tell the old woman?", "who said", ((0, 11),)),
    ("Where are the biscuits?", "leaning answer", ((0, 24),)),
    ("What did we hear during the night watch in the loft?", "single fact", ((0, 27),)),
    ("What does Gudrun's patron's heron have to do with us?", "multi-hop", ((0, 18), (0, 19))),
    ("What happened to the tax silver of the parishes?", "narration", ((1, 3),)),
    ("Since when is the ice at the mill rotten?", "when", ((1, 3),)),
    ("What is the matter with the wife of Eilif Rood?", "leaning answer", ((1, 13),)),
    ("What did the wife of Eilif foretell Jonas?", "leaning answer", ((1, 15),)),
    ("Where did the girl under the ice point?", "single fact", ((1, 22),)),
    ("What did Jonas promise about Gudrun?", "who said", ((1, 2),)),
)
