"""Several servers on one PostgreSQL behind round robin, while one is killed every minute.

    python -m bench.fleet --servers 2 --minutes 10 [--pooled]
    python -m bench.fleet --servers 2 --minutes 2 --every 0    # how late is what, nobody killed

Every campaign has a writer, pages listen through the balancer, and at the end each server is
asked for everything: what was acknowledged must be there once, in its place.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from contextlib import ExitStack
from pathlib import Path

from bench import machine, programs
from bench.figures import median, ms
from bench.fleet.house import Fleet
from bench.fleet.servers import Balancer, make_node
from bench.postgresql import start_server
from tests.pgbouncer import start_pgbouncer
from tests.providers import words

WORDS, WORDS_PER_SECOND = 40, 20


async def measure(given: argparse.Namespace, database: str, place: Path) -> None:
    """Lay, run, check, print."""
    async with programs.provider(WORDS, WORDS_PER_SECOND) as provider:
        nodes = [
            make_node(place / str(number), database, provider) for number in range(given.servers)
        ]
        await asyncio.gather(*(node.start() for node in nodes))
        balancer = Balancer(nodes)
        serving = await balancer.open()
        fleet = Fleet(nodes, balancer, given, "".join(words(WORDS)))
        try:
            found = await fleet.run()
        finally:
            serving.close()
            for node in nodes:
                programs.stop(node.process)
    figures, endings = fleet.figures, fleet.figures.endings
    print(machine.describe())
    print(f"{given.servers} servers, pooled={given.pooled}, {given.minutes} minutes")
    print(f"{len(figures.kills)} kills, retried {figures.retried}")
    print(f"acknowledged {len(figures.acknowledged)}: {found}")
    print(f"replies: {endings.whole} whole, {endings.cut} cut, {endings.failed} failed")
    print(f"replies that read otherwise: {endings.other_text or 'none'}")
    print(f"stored with less than was followed, and nobody killed: {endings.missing_unkilled}")
    ages = sorted(endings.missing)
    spelled = f": {ms(median(ages))} before the kill p50, {ms(ages[-1])} at most" if ages else ""
    print(
        f"replies that a kill cut and that lack words somebody had followed: {len(ages)}{spelled}"
    )
    print(f"hints {figures.hints}, pages reconnected {figures.reconnected}")
    print(fleet.probes.timings.spell())
    print(f"tasks of this program that broke: {figures.broken or 'none'}")


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--servers", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--campaigns", type=int, default=50)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--every", type=float, default=60, help="seconds between kills; 0: none")
    parser.add_argument("--pause", type=float, default=10, help="seconds between two questions")
    parser.add_argument("--pooled", action="store_true", help="through PgBouncer")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ttrpg-fleet-")))
        database = stack.enter_context(start_server(place / "postgresql"))
        if given.pooled:
            database = stack.enter_context(start_pgbouncer(database, pool=20))
        asyncio.run(measure(given, database, place))


if __name__ == "__main__":
    main()
