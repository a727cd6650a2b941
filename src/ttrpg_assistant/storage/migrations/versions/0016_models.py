"""What models refused, and what a game master set for them, outlive a restart."""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables."""
    run = op.get_bind().exec_driver_sql
    run(
        "CREATE TABLE learned_models (address VARCHAR(500) NOT NULL, model VARCHAR(300) NOT NULL,"
        " learned JSON NOT NULL, updated_at VARCHAR(27) NOT NULL,"
        " CONSTRAINT pk_learned_models PRIMARY KEY (address, model))"
    )
    run(
        "CREATE TABLE model_settings (choice VARCHAR(300) NOT NULL, settings JSON NOT NULL,"
        " updated_at VARCHAR(27) NOT NULL, CONSTRAINT pk_model_settings PRIMARY KEY (choice))"
    )
