"""Pictures of things: their rows. The bytes are files beside the database."""

from __future__ import annotations

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    connection = op.get_bind()
    connection.exec_driver_sql(
        "CREATE TABLE pictures (id VARCHAR(36) NOT NULL, campaign_id VARCHAR(36) NOT NULL,"
        " thing_kind VARCHAR(40) NOT NULL, thing_id VARCHAR(36) NOT NULL,"
        " role VARCHAR(40) NOT NULL, caption TEXT NOT NULL, sha256 VARCHAR(64) NOT NULL,"
        " media_type VARCHAR(40) NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,"
        " bytes INTEGER NOT NULL, place INTEGER NOT NULL, audience TEXT DEFAULT 'gm' NOT NULL,"
        " revision INTEGER NOT NULL, removed_at VARCHAR(27), created_at VARCHAR(27) NOT NULL,"
        " updated_at VARCHAR(27) NOT NULL,"
        " CONSTRAINT pk_pictures PRIMARY KEY (id),"
        " CONSTRAINT ck_pictures_role CHECK (role IN ('portrait', 'picture')),"
        " CONSTRAINT fk_pictures_campaign_id_campaigns FOREIGN KEY(campaign_id)"
        " REFERENCES campaigns (id) ON DELETE CASCADE)"
    )
    connection.exec_driver_sql(
        "CREATE INDEX ix_pictures_campaign_id_thing_id ON pictures (campaign_id, thing_id)"
    )
    connection.exec_driver_sql("CREATE INDEX ix_pictures_sha256 ON pictures (sha256)")
    connection.exec_driver_sql(
        "CREATE UNIQUE INDEX ix_pictures_one_portrait ON pictures"
        " (campaign_id, thing_kind, thing_id) WHERE role = 'portrait' AND removed_at IS NULL"
    )
