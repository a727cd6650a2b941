"""One measured figure and whether it meets its target."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A line of the result. `met` is None where there is no target: it is reported, not judged."""

    what: str
    measured: str
    target: str = ""
    met: bool | None = None

    def spell(self) -> str:
        """A row of a table."""
        verdict = {True: "met", False: "**missed**", None: ""}[self.met]
        return f"| {self.what} | {self.measured} | {self.target} | {verdict} |"


def at_least(what: str, value: float, target: float, more: str = "") -> Figure:
    """A share that has to reach a target."""
    return Figure(what, f"{value:.3f}{more}", f"≥ {target}", value >= target)
