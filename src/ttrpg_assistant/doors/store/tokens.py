"""The tokens of other programs as rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, delete, or_, select, update

from ttrpg_assistant.campaigns.store.entities import is_live
from ttrpg_assistant.campaigns.tables import campaigns
from ttrpg_assistant.doors.model import SCOPES, Token
from ttrpg_assistant.storage.inserting import insert_into
from ttrpg_assistant.storage.token_tables import access_tokens

_t = access_tokens.c


def list_tokens(tx: Connection, campaign_id: str | None = None) -> list[Token]:
    """Every token of campaigns that are there, or those of one campaign, the newest first."""
    query = _tokens().order_by(_t.created_at.desc(), _t.id.desc())
    if campaign_id is not None:
        query = query.where(_t.campaign_id == campaign_id)
    return [_read(row) for row in tx.execute(query)]


def list_names(tx: Connection) -> list[str]:
    """The names of all tokens, also of campaigns that were removed and may come back."""
    return [str(name) for name in tx.execute(select(_t.name)).scalars()]


def find_token(tx: Connection, secret_hash: str) -> Token | None:
    """The token with this hash, or None; None also while its campaign is removed."""
    row = tx.execute(_tokens().where(_t.secret_hash == secret_hash)).one_or_none()
    return None if row is None else _read(row)


def add_token(tx: Connection, token: Token, secret_hash: str) -> bool:
    """Store a token; False when another one has its name."""
    made = insert_into(tx, access_tokens).values(
        id=token.id,
        campaign_id=token.campaign_id,
        name=token.name,
        secret_hash=secret_hash,
        scopes=list(token.scopes),
        created_at=token.created_at,
        last_used_at=token.last_used_at,
    )
    return tx.execute(made.on_conflict_do_nothing(index_elements=["name"])).rowcount == 1


def note_used(tx: Connection, token_id: str, moment: str, latest: str) -> bool:
    """Remember when a token was last used, unless a later moment is known; one that is later than
    `latest` was noted by a clock that was wrong. False when nothing was changed."""
    last = _t.last_used_at
    is_news = or_(last.is_(None), last < moment, last > latest)
    noted = update(access_tokens).where(_t.id == token_id, is_news).values(last_used_at=moment)
    return tx.execute(noted).rowcount > 0


def remove_token(tx: Connection, token_id: str) -> bool:
    """End a token for good; True when there was one."""
    return tx.execute(delete(access_tokens).where(_t.id == token_id)).rowcount > 0


def _tokens() -> Select[Any]:
    columns = (_t.id, _t.campaign_id, campaigns.c.name, _t.name, _t.scopes)
    query = select(*columns, _t.created_at, _t.last_used_at)
    return query.join(campaigns, campaigns.c.id == _t.campaign_id).where(is_live(campaigns))


def _read(row: Any) -> Token:
    id, campaign_id, campaign_name, name, scopes, created_at, last_used_at = row
    # A scope that this version does not know gives nothing.
    known = tuple(scope for scope in SCOPES if isinstance(scopes, list) and scope in scopes)
    return Token(id, campaign_id, campaign_name, name, known, created_at, last_used_at)
