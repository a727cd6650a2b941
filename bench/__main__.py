"""`python -m bench` measures every row and writes the table of README.md.

`python -m bench NAME …` measures only these rows and prints them.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import sys
import tempfile
import time
from pathlib import Path

import structlog
import uvloop

from bench import machine
from bench.figures import Line
from bench.rows import ROWS

README = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- results -->", "<!-- end of results -->"
HEAD = ("row", "what", "measured", "beside", "ratio", "target", "")


def main() -> int:
    """Measure. Answers 1 when a row misses its target and `--strict` was given."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("rows", nargs="*", choices=[[], *ROWS], metavar="NAME", default=[])
    parser.add_argument("--strict", action="store_true", help="fail when a row misses")
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    facts, began = machine.describe(), time.monotonic()
    print(facts, flush=True)
    results: list[tuple[str, Line]] = []
    for name in given.rows or ROWS:
        started = time.monotonic()
        for line in measure(name):
            results.append((name, line))
            print(spell_row(name, line), flush=True)
        print(f"  {name} took {time.monotonic() - started:.0f} s", flush=True)
    took = f"The run took {time.monotonic() - began:.0f} s."
    if not given.rows:
        write_table(f"{facts} {took}", results)
    print(took)
    return 1 if given.strict and not all(line.reached for _, line in results) else 0


def measure(name: str) -> list[Line]:
    """The lines of one row, measured in an empty folder that is gone afterwards."""
    row = importlib.import_module(f"bench.rows.{name}")
    with tempfile.TemporaryDirectory(prefix="ttrpg-bench-") as folder:
        lines: list[Line] = uvloop.run(row.measure(Path(folder)))
    return lines


def spell_row(name: str, line: Line) -> str:
    """A row of the table."""
    verdict = "reached" if line.reached else "**missed**"
    cells = (name, line.what, line.measured, line.beside, line.ratio, line.target, verdict)
    return f"| {' | '.join(cells)} |"


def write_table(facts: str, results: list[tuple[str, Line]]) -> None:
    """Put the results where README.md keeps them."""
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    head = f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}"
    rows = "\n".join(spell_row(name, line) for name, line in results)
    made = f"{before}{BEGIN}\n{head}\n{rows}\n\n{facts}\n{END}{after}"
    README.write_text(made, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
