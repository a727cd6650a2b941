"""The tokens of other programs, each for one campaign."""

from __future__ import annotations

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    run = op.get_bind().exec_driver_sql
    run(
        "CREATE TABLE access_tokens (id VARCHAR(36) NOT NULL, campaign_id VARCHAR(36) NOT NULL,"
        " name VARCHAR(80) NOT NULL, secret_hash VARCHAR(64) NOT NULL, scopes JSON NOT NULL,"
        " created_at VARCHAR(27) NOT NULL, last_used_at VARCHAR(27),"
        " CONSTRAINT pk_access_tokens PRIMARY KEY (id),"
        " CONSTRAINT uq_access_tokens_name UNIQUE (name),"
        " CONSTRAINT uq_access_tokens_secret_hash UNIQUE (secret_hash),"
        " CONSTRAINT fk_access_tokens_campaign_id_campaigns FOREIGN KEY(campaign_id)"
        " REFERENCES campaigns (id) ON DELETE CASCADE)"
    )
    run("CREATE INDEX ix_access_tokens_campaign_id ON access_tokens (campaign_id)")
