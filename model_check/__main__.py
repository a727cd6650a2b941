"""`python -m model_check [shares] [sizes] [stopping] [wire_formats]`: measures and judges.

Prints one row a figure. The exit code is 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from model_check import shares, sizes, stopping, wire_formats
from model_check.figures import Figure
from model_check.programs import ROOT

PARTS = ("shares", "sizes", "stopping", "wire_formats")


def main() -> int:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m model_check", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], metavar="PART", default=[])
    parser.add_argument("--tree", type=Path, default=ROOT, help="a work tree to measure instead")
    parser.add_argument("--talk", action="append", default=[], help="only this kind of talk")
    parser.add_argument("--explain", action="store_true", help="say where prompts begin to differ")
    given = parser.parse_args()
    began, figures = time.monotonic(), []
    print("| what | measured | target | |\n|---|---|---|---|", flush=True)
    for part in given.parts or PARTS:
        with tempfile.TemporaryDirectory(prefix="ttrpg-model-check-") as folder:
            figures += asyncio.run(measure(part, Path(folder), given))
    missed = [figure for figure in figures if figure.met is False]
    print(f"{len(missed)} of {sum(f.met is not None for f in figures)} targets missed, ", end="")
    print(f"{time.monotonic() - began:.0f} s.")
    return 1 if missed else 0


async def measure(part: str, place: Path, given: argparse.Namespace) -> list[Figure]:
    """The figures of one part."""
    match part:
        case "shares":
            return await shares.measure(place, given.tree.resolve(), given.talk, given.explain)
        case "sizes":
            return await sizes.measure(place, given.tree.resolve())
        case "stopping":
            return await stopping.measure(place, given.tree.resolve())
        case "wire_formats":
            return await wire_formats.measure(place, given.tree.resolve())
        case _:
            raise AssertionError(part)


if __name__ == "__main__":
    sys.exit(main())
