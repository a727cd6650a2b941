"""The credentials of browsers that have been let in. Only their hashes are stored."""

from __future__ import annotations

from typing import Any, NamedTuple, cast

from sqlalchemy import Column, Connection, CursorResult, String, Table, delete, or_, select, update

from ttrpg_assistant.storage.base import id_column, metadata, moment
from ttrpg_assistant.storage.inserting import insert_into

credentials = Table(
    "credentials",
    metadata,
    id_column(),
    Column("secret_hash", String(64), nullable=False, unique=True),
    Column("device", String(80), nullable=False),
    Column("token_mark", String(64), nullable=True),
    moment("created_at"),
    moment("last_seen_at"),
)
"""`device` is what the browser calls itself, in plain words. `token_mark` tells which fixed launch
token a credential was given for; None for a random token or the page opened at the start."""


class CredentialRow(NamedTuple):
    """One stored credential; the moments as `ids.utc_now` spells them."""

    id: str
    secret_hash: str
    device: str
    token_mark: str | None
    created_at: str
    last_seen_at: str


def list_credentials(tx: Connection) -> list[CredentialRow]:
    """Every credential."""
    rows = tx.execute(select(*(credentials.c[name] for name in CredentialRow._fields)))
    return [CredentialRow(*row) for row in rows]


def find_credential(tx: Connection, secret_hash: str) -> CredentialRow | None:
    """The credential with this hash, or None."""
    wanted = select(*(credentials.c[name] for name in CredentialRow._fields)).where(
        credentials.c.secret_hash == secret_hash
    )
    row = tx.execute(wanted).one_or_none()
    return None if row is None else CredentialRow(*row)


def add_credential(tx: Connection, row: CredentialRow) -> None:
    """Store a credential. Storing the same one again changes nothing."""
    statement = insert_into(tx, credentials).values(**row._asdict())
    tx.execute(statement.on_conflict_do_nothing(index_elements=["id"]))


def note_seen(tx: Connection, credential_id: str, moment: str, latest: str) -> None:
    """Remember when a credential was last used, unless a later moment is known; one that is later
    than `latest` was noted by a clock that was wrong."""
    last = credentials.c.last_seen_at
    tx.execute(
        update(credentials)
        .where(credentials.c.id == credential_id, or_(last < moment, last > latest))
        .values(last_seen_at=moment)
    )


def remove_credential(tx: Connection, credential_id: str) -> bool:
    """End one credential; True when there was one."""
    result = tx.execute(delete(credentials).where(credentials.c.id == credential_id))
    return cast("CursorResult[Any]", result).rowcount > 0


def remove_all_credentials(tx: Connection, but: str | None) -> int:
    """End every credential but this one, if any; how many that were."""
    statement = delete(credentials)
    if but is not None:
        statement = statement.where(credentials.c.id != but)
    return cast("CursorResult[Any]", tx.execute(statement)).rowcount


def remove_of_other_tokens(tx: Connection, token_mark: str | None) -> int:
    """End the credentials that were given for a fixed token which is not this one any more."""
    statement = delete(credentials).where(credentials.c.token_mark.is_not(None))
    if token_mark is not None:
        statement = statement.where(credentials.c.token_mark != token_mark)
    return cast("CursorResult[Any]", tx.execute(statement)).rowcount
