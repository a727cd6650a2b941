"""Transcripts are read part by part, and suggestions name the lines they were read from."""

from __future__ import annotations

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_FAULT = " error_code VARCHAR(60), error_detail TEXT, error_cure TEXT,"


def upgrade() -> None:
    """Make the tables, and the column of lines."""
    run = op.get_bind().exec_driver_sql
    run("ALTER TABLE suggestions ADD COLUMN lines JSON")
    run(
        "CREATE TABLE transcript_reviews (id VARCHAR(36) NOT NULL,"
        " campaign_id VARCHAR(36) NOT NULL, conversation_id VARCHAR(36) NOT NULL,"
        " game_session_id VARCHAR(36), status VARCHAR(10) NOT NULL, speakers JSON NOT NULL,"
        f"{_FAULT} created_at VARCHAR(27) NOT NULL, updated_at VARCHAR(27) NOT NULL,"
        " CONSTRAINT pk_transcript_reviews PRIMARY KEY (id),"
        " CONSTRAINT uq_transcript_reviews_conversation_id UNIQUE (conversation_id),"
        " CONSTRAINT ck_transcript_reviews_status"
        " CHECK (status IN ('ready', 'reading', 'stopped', 'done')),"
        " CONSTRAINT fk_transcript_reviews_campaign_id_campaigns FOREIGN KEY(campaign_id)"
        " REFERENCES campaigns (id) ON DELETE CASCADE,"
        " CONSTRAINT fk_transcript_reviews_conversation_id_conversations"
        " FOREIGN KEY(conversation_id) REFERENCES conversations (id) ON DELETE CASCADE,"
        " CONSTRAINT fk_transcript_reviews_game_session_id_game_sessions"
        " FOREIGN KEY(game_session_id) REFERENCES game_sessions (id) ON DELETE SET NULL)"
    )
    run(
        "CREATE INDEX ix_transcript_reviews_campaign_id_created_at ON transcript_reviews"
        " (campaign_id, created_at)"
    )
    run(
        "CREATE INDEX ix_transcript_reviews_status_updated_at ON transcript_reviews"
        " (status, updated_at)"
    )
    run(
        "CREATE TABLE transcript_parts (id VARCHAR(36) NOT NULL, review_id VARCHAR(36) NOT NULL,"
        " kind VARCHAR(10) NOT NULL, first_seq INTEGER NOT NULL, first_at INTEGER NOT NULL,"
        " last_seq INTEGER NOT NULL, last_at INTEGER NOT NULL, status VARCHAR(10) NOT NULL,"
        " summary TEXT NOT NULL, made_by VARCHAR(120), proposed INTEGER NOT NULL,"
        f" left_out INTEGER NOT NULL, repeated INTEGER NOT NULL,{_FAULT}"
        " updated_at VARCHAR(27) NOT NULL,"
        " CONSTRAINT pk_transcript_parts PRIMARY KEY (id),"
        " CONSTRAINT ck_transcript_parts_kind CHECK (kind IN ('lines', 'whole')),"
        " CONSTRAINT ck_transcript_parts_status"
        " CHECK (status IN ('waiting', 'done', 'failed')),"
        " CONSTRAINT fk_transcript_parts_review_id_transcript_reviews FOREIGN KEY(review_id)"
        " REFERENCES transcript_reviews (id) ON DELETE CASCADE)"
    )
    run("CREATE INDEX ix_transcript_parts_review_id_status ON transcript_parts (review_id, status)")
