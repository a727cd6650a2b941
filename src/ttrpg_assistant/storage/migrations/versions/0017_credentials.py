"""The credentials of browsers are stored, so that they can be listed and revoked."""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.get_bind().exec_driver_sql(
        "CREATE TABLE credentials (id VARCHAR(36) NOT NULL, secret_hash VARCHAR(64) NOT NULL,"
        " device VARCHAR(80) NOT NULL, token_mark VARCHAR(64), created_at VARCHAR(27) NOT NULL,"
        " last_seen_at VARCHAR(27) NOT NULL, CONSTRAINT pk_credentials PRIMARY KEY (id),"
        " CONSTRAINT uq_credentials_secret_hash UNIQUE (secret_hash))"
    )
