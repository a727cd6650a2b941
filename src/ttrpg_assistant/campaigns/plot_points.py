"""Plot points: what may happen, what is prepared, what was established at the table."""

from __future__ import annotations

from ttrpg_assistant.campaigns.entities import Entities
from ttrpg_assistant.campaigns.kinds.plot_point import KIND as PLOT_POINT
from ttrpg_assistant.campaigns.model import PlotPoint


class PlotPoints(Entities[PlotPoint]):
    """Plot points, with the ledger idea → prepped → happened → retconned."""

    kind = PLOT_POINT
