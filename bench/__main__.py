"""`python -m bench` measures every row and writes the table of README.md.

`python -m bench NAME …` measures only these rows and puts them into the table. The column
`load` is how busy the machine was when the row began (its load average over a minute), `pace`
how many seconds a loop of plain Python took it then.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import sys
import tempfile
import time
import traceback
from pathlib import Path

import structlog
import uvloop

from bench import machine
from bench.figures import Line
from bench.rows import ROWS
from ttrpg_assistant.errors import Fault

README = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- results -->", "<!-- end of results -->"
HEAD = ("row", "what", "measured", "beside", "ratio", "target", "", "load", "pace")


def main() -> int:
    """Measure. Answers 1 when a row misses its target and `--strict` was given."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("rows", nargs="*", choices=[[], *ROWS], metavar="NAME", default=[])
    parser.add_argument("--strict", action="store_true", help="fail when a row misses")
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    facts, began = machine.describe(), time.monotonic()
    print(facts, flush=True)
    missed = False
    table = read_table()
    for name in given.rows or ROWS:
        started, load, pace = time.monotonic(), machine.find_load(), machine.find_pace()
        lines = measure(name)
        missed = missed or not all(line.reached for line in lines)
        table[name] = [spell_row(name, line, load, pace) for line in lines]
        print("\n".join(table[name]), flush=True)
        print(f"  {name} took {time.monotonic() - started:.0f} s", flush=True)
        write_table(facts, table)
    print(f"The run took {time.monotonic() - began:.0f} s.")
    return 1 if given.strict and missed else 0


def measure(name: str) -> list[Line]:
    """The lines of one row, measured in an empty folder that is gone afterwards.

    A row that cannot be measured is a row that misses; the others are measured all the same.
    """
    row = importlib.import_module(f"bench.rows.{name}")
    try:
        with tempfile.TemporaryDirectory(prefix="ttrpg-bench-") as folder:
            lines: list[Line] = uvloop.run(row.measure(Path(folder)))
    except (Fault, AssertionError, OSError, TimeoutError) as fault:
        traceback.print_exception(fault)
        return [Line("could not be measured", str(fault)[:200], "", "", "", reached=False)]
    return lines


def spell_row(name: str, line: Line, load: str, pace: str) -> str:
    """A row of the table."""
    verdict = "reached" if line.reached else "**missed**"
    told = (line.what, line.measured, line.beside, line.ratio, line.target)
    return f"| {' | '.join((name, *told, verdict, load, pace))} |"


def read_table() -> dict[str, list[str]]:
    """The rows that README.md holds, by name."""
    _, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    rows: dict[str, list[str]] = {}
    for text in rest.partition(END)[0].splitlines():
        name = text.removeprefix("| ").partition(" |")[0]
        if name in ROWS:
            rows.setdefault(name, []).append(text)
    return rows


def write_table(facts: str, table: dict[str, list[str]]) -> None:
    """Put the rows where README.md keeps them, in their order."""
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    head = f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}"
    rows = "\n".join(row for name in ROWS for row in table.get(name, ()))
    made = f"{before}{BEGIN}\n{head}\n{rows}\n\n{facts}\n{END}{after}"
    README.write_text(made, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
