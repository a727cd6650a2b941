"""The credentials that browsers were given: who is let in, since when, until when.

Every request needs one, so they are all kept in memory; the database is read at the start and,
where other servers use it too, every two seconds. It is written when a credential is given or
ended, and every five minutes for those that were used. A credential is a random secret; only its
hash is stored. It ends when it is revoked, after 30 days without use, and with the fixed launch
token it was given for.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import structlog
from sqlalchemy import Connection

from ttrpg_assistant.clock import epoch_of, steady_seconds, wall_seconds
from ttrpg_assistant.errors import NotFound, PersistenceUnavailable
from ttrpg_assistant.ids import new_id, spell_epoch
from ttrpg_assistant.storage import credential_rows
from ttrpg_assistant.storage.credential_rows import CredentialRow
from ttrpg_assistant.storage.database import Database

log = structlog.get_logger(__name__)

UNUSED_SECONDS = 30 * 86_400.0
"""A credential that was not used for so long ends."""

NOTED_SECONDS = 300.0
"""How often it is written down that a credential was used."""

SKEW_SECONDS = 300.0
"""How far the clocks of servers that share a database may differ."""

POLL_SECONDS = 2.0
"""How often a server that shares its database looks for what other servers revoked."""

MOST = 500
"""Beyond so many, giving a credential ends the one that was not used for the longest time."""

SECRET_LENGTH = len(secrets.token_urlsafe(32))


@dataclass(slots=True, eq=False)
class Credential:
    """A browser that has been let in. Moments are seconds since 1970 by the machine's clock, but
    for `used_at` and `stored_at`, which are on the steady clock."""

    id: str
    secret_hash: str = field(repr=False)
    device: str
    token_mark: str | None = field(repr=False)
    created_at: float
    seen_at: float
    noted_at: float
    """The `seen_at` that is stored."""
    used_at: float
    """When it was used last. This decides when it ends, and which is the oldest."""
    stored_at: float | None = None
    """When it was known to be stored; None while it is not."""
    has_ended: bool = False
    enders: set[Callable[[], None]] = field(default_factory=set, repr=False)
    """What ends the streams that are open with this credential."""

    def touch(self) -> None:
        """It is being used now."""
        self.seen_at = wall_seconds()
        self.used_at = steady_seconds()

    @property
    def is_unused(self) -> bool:
        """Whether it was not used for 30 days."""
        return steady_seconds() - self.used_at > UNUSED_SECONDS

    def as_row(self) -> CredentialRow:
        """How it is stored."""
        return CredentialRow(
            self.id,
            self.secret_hash,
            self.device,
            self.token_mark,
            spell_epoch(self.created_at),
            spell_epoch(self.seen_at),
        )


class Credentials:
    """Gives, knows, lists and ends credentials.

    `fixed_token` is the launch token when it was set and not made at random; `shared` says
    whether other servers use the database.
    """

    def __init__(self, database: Database, fixed_token: str | None, *, shared: bool) -> None:
        self._database = database
        self._fixed_token = fixed_token
        self._shared = shared
        self._mark: str | None = None
        self._known: dict[str, Credential] = {}
        self._revoked: dict[str, float] = {}
        """Ids that ended here, and when: a look at the database may have begun before."""

    async def load(self) -> None:
        """Read every credential; those of a fixed token that has been changed end."""
        rows = await self._database.read(credential_rows.list_credentials)
        if any(row.token_mark is not None for row in rows):
            mark = await self._mark_token()
            ended = await self._database.write(
                lambda tx: credential_rows.remove_of_other_tokens(tx, mark)
            )
            if ended:
                log.info("credentials.ended", reason="another launch token", count=ended)
            rows = [row for row in rows if row.token_mark in (None, mark)]
        self._take(rows, steady_seconds())

    def find(self, secret: str) -> Credential | None:
        """The credential with this secret, as far as this server knows; notes that it is used."""
        if len(secret) != SECRET_LENGTH:
            return None
        found = self._known.get(hash_secret(secret))
        if found is None or found.is_unused:  # `write_down` ends those
            return None
        found.touch()
        return found

    async def find_elsewhere(self, secret: str) -> Credential | None:
        """One that another server gave a moment ago. None where the database is not shared, and
        while it cannot be read."""
        if not self._shared or len(secret) != SECRET_LENGTH:
            return None
        wanted = hash_secret(secret)
        began = steady_seconds()
        try:
            row = await self._database.read(lambda tx: credential_rows.find_credential(tx, wanted))
        except PersistenceUnavailable:
            return None
        if row is not None and row.id not in self._revoked:
            self._add(row, began)
        return self.find(secret)

    async def give(self, device: str, *, for_token: bool) -> str:
        """A new credential. `for_token`: it was given for the launch token itself.

        While nothing can be stored it is kept in memory and stored as soon as that works.
        """
        secret = secrets.token_urlsafe(32)
        now = wall_seconds()
        mark = await self._mark_token() if for_token else None
        made = Credential(
            new_id(), hash_secret(secret), device, mark, now, now, now, steady_seconds()
        )
        self._known[made.secret_hash] = made
        surplus = sorted(self._known.values(), key=lambda one: one.used_at)[:-MOST]
        await self._store(made)
        for one in surplus:
            try:
                await self._remove(one)
            except PersistenceUnavailable as fault:
                log.warning("credentials.too_many", code=fault.code)
                break
        return secret

    def list(self) -> list[Credential]:
        """Every credential, the one used last first."""
        kept = [one for one in self._known.values() if not one.is_unused]
        return sorted(kept, key=lambda one: one.used_at, reverse=True)

    async def revoke(self, credential_id: str) -> None:
        """End one, with its streams. Raises `NotFound`, or `PersistenceUnavailable`: then it
        has not ended."""
        found = next((one for one in self._known.values() if one.id == credential_id), None)
        if found is None:
            raise NotFound("This device no longer exists.", code="credential_not_found")
        await self._remove(found)

    async def revoke_all(self, but: Credential | None) -> int:
        """End every credential but this one, also those of other servers; how many that were.

        Raises `PersistenceUnavailable`: then none has ended.
        """
        kept = None if but is None else but.id
        await self._database.write(lambda tx: credential_rows.remove_all_credentials(tx, kept))
        ended = [one for one in self._known.values() if one is not but]
        self._end(ended)
        return len(ended)

    async def keep(self) -> None:
        """For as long as the task lives: note what is used, end what is not, see revocations."""
        pause = POLL_SECONDS if self._shared else NOTED_SECONDS
        noted = steady_seconds()
        while True:
            await asyncio.sleep(pause)
            try:
                if self._shared:
                    await self.refresh()
                if steady_seconds() - noted >= NOTED_SECONDS:
                    noted = steady_seconds()
                    await self.write_down()
            except PersistenceUnavailable as fault:
                log.warning("credentials.postponed", code=fault.code)

    async def refresh(self) -> None:
        """Take over what other servers gave and ended."""
        began = steady_seconds()
        self._take(await self._database.read(credential_rows.list_credentials), began)

    async def write_down(self) -> None:
        """Store what is not stored yet, and when each was used; end those not used for 30 days."""
        used = [one for one in self._known.values() if one.seen_at != one.noted_at]
        seen = [(one, one.seen_at, one.as_row()) for one in used]
        missing = [one for one in self._known.values() if one.stored_at is None]
        missing_rows = [one.as_row() for one in missing]
        unused = [one for one in self._known.values() if one.is_unused]
        latest = spell_epoch(wall_seconds() + SKEW_SECONDS)

        def write(tx: Connection) -> None:
            for row in missing_rows:
                credential_rows.add_credential(tx, row)
            for _, _, row in seen:
                credential_rows.note_seen(tx, row.id, row.last_seen_at, latest)
            for one in unused:
                credential_rows.remove_credential(tx, one.id)

        await self._database.write(write)
        for one in missing:
            await self._note_stored(one)
        for one, moment, _ in seen:
            one.noted_at = moment
        self._end(unused)

    async def close(self) -> None:
        """Write down what was used; a database that cannot be written loses only that."""
        if any(one.seen_at != one.noted_at or not one.stored_at for one in self._known.values()):
            try:
                await self.write_down()
            except PersistenceUnavailable as fault:
                log.warning("credentials.not_noted", code=fault.code)

    async def _store(self, made: Credential) -> None:
        if self._database.health.state == "unavailable":
            return
        row = made.as_row()
        try:
            await self._database.write(lambda tx: credential_rows.add_credential(tx, row))
        except PersistenceUnavailable as fault:
            log.warning("credentials.not_stored", code=fault.code)
            return
        await self._note_stored(made)

    async def _note_stored(self, one: Credential) -> None:
        one.stored_at = steady_seconds()
        if one.has_ended:  # Revoked while it was being stored.
            await self._remove(one)

    async def _remove(self, one: Credential) -> None:
        if one.stored_at is not None:
            await self._database.write(lambda tx: credential_rows.remove_credential(tx, one.id))
        self._end([one])

    def _take(self, rows: Iterable[CredentialRow], began: float) -> None:
        """What the database held when a look at it began."""
        there = {row.id for row in rows}
        self._end(
            [
                one
                for one in self._known.values()
                if one.id not in there and one.stored_at is not None and one.stored_at <= began
            ]
        )
        for row in rows:
            if row.id not in self._revoked:
                self._add(row, began)
        self._revoked = {name: moment for name, moment in self._revoked.items() if moment >= began}

    def _add(self, row: CredentialRow, began: float) -> None:
        try:
            created, seen = epoch_of(row.created_at), epoch_of(row.last_seen_at)
        except ValueError:
            log.warning("credentials.unreadable", id=row.id)
            return
        # What was noted while some clock was ahead says only that it was used before now. Set right
        # with the next note, it does not keep the credential longer than it should be.
        age = wall_seconds() - seen
        is_ahead = age < -SKEW_SECONDS
        noted, seen = (0.0, wall_seconds()) if is_ahead else (seen, seen)
        used_at = steady_seconds() - max(0.0, age)
        known = self._known.get(row.secret_hash)
        if known is None:
            self._known[row.secret_hash] = Credential(
                row.id, row.secret_hash, row.device, row.token_mark, created, seen, noted, used_at,
                began,
            )  # fmt: skip
        elif is_ahead:
            known.noted_at = noted
        elif seen > known.seen_at:
            known.seen_at = known.noted_at = seen
            known.used_at = max(known.used_at, used_at)

    def _end(self, ended: Iterable[Credential]) -> None:
        for one in list(ended):
            self._known.pop(one.secret_hash, None)
            self._revoked[one.id] = steady_seconds()
            one.has_ended = True
            for end in list(one.enders):
                end()

    async def _mark_token(self) -> str | None:
        """What tells the fixed launch token from another one; slow to guess back."""
        if self._fixed_token is None:
            return None
        if self._mark is None:
            self._mark = await asyncio.to_thread(mark_token, self._fixed_token)
        return self._mark


def hash_secret(secret: str) -> str:
    """How a credential is stored and looked up. It is random, so one fast hash is enough."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def mark_token(token: str) -> str:
    """How a fixed launch token is stored: people choose them, so a hash that costs time."""
    made = hashlib.scrypt(token.encode(), salt=b"ttrpg-assistant launch token", n=2**14, r=8, p=1)
    return made[:32].hex()
