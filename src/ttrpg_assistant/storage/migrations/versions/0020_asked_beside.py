"""What is asked beside the talk (recaps, summaries) is summed by month and model."""

from __future__ import annotations

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of sums."""
    op.get_bind().exec_driver_sql(
        "CREATE TABLE asked_beside (month VARCHAR(7) NOT NULL, model VARCHAR(120) NOT NULL,"
        " answers BIGINT NOT NULL, tokens_in BIGINT NOT NULL, tokens_cached BIGINT NOT NULL,"
        " tokens_out BIGINT NOT NULL, cost_microcents BIGINT, unpriced BIGINT NOT NULL,"
        " CONSTRAINT pk_asked_beside PRIMARY KEY (month, model))"
    )
