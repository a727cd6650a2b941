"""Plot points: what may happen, what is prepared, what was established at the table."""

from __future__ import annotations

from ttrpg_assistant.campaigns.entities import Entities
from ttrpg_assistant.campaigns.model import PlotPoint
from ttrpg_assistant.campaigns.store.kinds import PLOT_POINT


class PlotPoints(Entities[PlotPoint]):
    """Plot points, with the ledger idea → prepped → happened → retconned."""

    kind = PLOT_POINT
