"""Tokens of other programs: made, listed, revoked, and looked up for each request.

A token is 256 random bits, shown once; only its SHA-256 is stored. Each request looks it up in
the database, so that revoking one ends it at once, from whichever process it was revoked. What is
under way for it then, a stream or a long answer, ends as well.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

import structlog
from sqlalchemy import Connection

from ttrpg_assistant.campaigns.registry import KINDS
from ttrpg_assistant.campaigns.store.entities import get_entity
from ttrpg_assistant.clock import steady_seconds, wall_seconds
from ttrpg_assistant.doors.model import NAME_CHARACTERS, SCOPES, NewToken, Token, TokenScope
from ttrpg_assistant.doors.store import tokens
from ttrpg_assistant.errors import Conflict, InvalidInput, NotFound, PersistenceUnavailable
from ttrpg_assistant.ids import new_id, spell_epoch, utc_now
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.storage.database import Database

log = structlog.get_logger(__name__)

PREFIX = "ttrpg_"
"""What every token begins with, so that people and programs that look for secrets know one."""

SECRET_LENGTH = len(PREFIX) + len(secrets.token_urlsafe(32))

MOST = 200
"""Of all campaigns together."""

NOTED_SECONDS = 60.0
"""How exactly it is written down when a token was last used."""

LOOK_SECONDS = 1.0
"""How often it is looked whether a token with requests under way is still there: another process
may have revoked it, or its campaign may have been removed."""

SKEW_SECONDS = 300.0
"""How far the clocks of servers that share a database may differ."""


class Tokens:
    """The tokens of all campaigns."""

    def __init__(self, database: Database, changes: Changes) -> None:
        self._database = database
        self._changes = changes
        self._noted: dict[str, float] = {}
        self._under_way: dict[str, set[Callable[[], None]]] = {}

    async def create(self, campaign_id: str, name: str, scopes: Collection[TokenScope]) -> NewToken:
        """A new token. Raises `NotFound` without such a campaign, `InvalidInput` for a name or
        scopes that cannot be, `Conflict` when the name is taken or there are too many."""
        shown_name = " ".join(name.split())
        if not 0 < len(shown_name) <= NAME_CHARACTERS:
            raise InvalidInput(
                f"A token needs a name of 1 to {NAME_CHARACTERS} characters.",
                code="token_name",
                facts={"field": "name"},
            )
        chosen = tuple(scope for scope in SCOPES if scope in scopes)
        if not chosen or len(chosen) != len(set(scopes)):
            raise InvalidInput(
                f"A token needs one or more of the scopes {', '.join(SCOPES)}.",
                code="token_scopes",
                facts={"field": "scopes"},
            )
        secret = PREFIX + secrets.token_urlsafe(32)
        made_id, hashed, now = new_id(), hash_token(secret), utc_now()

        def work(tx: Connection) -> Token:
            campaign = get_entity(tx, KINDS["campaign"], campaign_id)
            token = Token(made_id, campaign.id, campaign.name, shown_name, chosen, now, None)
            names = tokens.list_names(tx)
            if len(names) >= MOST:
                raise Conflict(
                    f"There are {MOST} tokens already.",
                    code="too_many_tokens",
                    cure="Revoke those that are not used any more.",
                )
            taken = {one.casefold() for one in names}
            if shown_name.casefold() in taken or not tokens.add_token(tx, token, hashed):
                raise Conflict(
                    "Another token has this name.",
                    code="token_name_taken",
                    cure="Choose another name, or revoke the other token first.",
                )
            return token

        token = await self._changes.write(self._database, work, lambda _: [("tokens", {})])
        return NewToken(token, secret)

    async def list_all(self, campaign_id: str | None = None) -> list[Token]:
        """Every token, or those of one campaign, the newest first."""
        return await self._database.read(lambda tx: tokens.list_tokens(tx, campaign_id))

    async def revoke(self, token_id: str) -> None:
        """End a token: its next request is refused, and those under way end. Raises `NotFound`."""
        removed = await self._changes.write(
            self._database,
            lambda tx: tokens.remove_token(tx, token_id),
            lambda removed: [("tokens", {})] if removed else [],
        )
        if not removed:
            raise NotFound("This token no longer exists.", code="token_not_found")
        self._noted.pop(token_id, None)
        self._end(token_id)

    @contextmanager
    def under_way(self, token: Token, end: Callable[[], None]) -> Iterator[None]:
        """A request of this token, for as long as the block lasts; `end` is called when the token
        ends first."""
        self._under_way.setdefault(token.id, set()).add(end)
        try:
            yield
        finally:
            enders = self._under_way.get(token.id, set())
            enders.discard(end)
            if not enders:
                self._under_way.pop(token.id, None)

    async def keep(self) -> None:
        """For as long as the task lives: end what is under way for tokens that ended elsewhere."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            before = set(self._under_way)
            if not before:
                continue
            try:
                there = {one.id for one in await self.list_all()}
            except PersistenceUnavailable as fault:
                log.warning("tokens.not_looked_at", code=fault.code)
                continue
            for token_id in before - there:
                self._end(token_id)

    def _end(self, token_id: str) -> None:
        for end in list(self._under_way.get(token_id, ())):
            end()

    async def find(self, secret: str) -> Token | None:
        """The token with this secret, or None; notes that it is used."""
        if len(secret) != SECRET_LENGTH or not secret.startswith(PREFIX):
            return None
        hashed = hash_token(secret)
        token = await self._database.read(lambda tx: tokens.find_token(tx, hashed))
        if token is not None:
            await self._note_used(token.id)
        return token

    async def _note_used(self, token_id: str) -> None:
        now = steady_seconds()
        if now - self._noted.get(token_id, -NOTED_SECONDS) < NOTED_SECONDS:
            return
        self._noted[token_id] = now
        moment, latest = utc_now(), spell_epoch(wall_seconds() + SKEW_SECONDS)
        try:
            await self._changes.write(
                self._database,
                lambda tx: tokens.note_used(tx, token_id, moment, latest),
                lambda is_news: [("tokens", {})] if is_news else [],
            )
        except PersistenceUnavailable as fault:
            log.warning("token.use_not_noted", code=fault.code)


def hash_token(secret: str) -> str:
    """How a token is stored and looked up. It is random, so one fast hash is enough."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
