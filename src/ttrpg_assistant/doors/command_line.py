"""Tokens from the command line: by the server that runs on the data folder, or without one.

The SQLite file belongs to one process. While a server holds it, the server makes and revokes.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

import msgspec

from ttrpg_assistant.doors.model import SCOPES, NewToken, Token, TokenScope
from ttrpg_assistant.doors.ports import Asked, TokenKeeper
from ttrpg_assistant.doors.tokens import Tokens
from ttrpg_assistant.errors import Fault, InvalidInput, NotFound
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.storage.engines import create_database


class TokensOfServer:
    """The tokens, asked of a server that runs."""

    def __init__(self, server: Asked) -> None:
        self._server = server

    async def create(self, campaign_id: str, name: str, scopes: Sequence[TokenScope]) -> NewToken:
        """A new token. Raises the fault that the server names."""
        body = {"campaign_id": campaign_id, "name": name, "scopes": list(scopes)}
        made = self._server.ask("POST", "/api/tokens", body)
        return NewToken(msgspec.convert(made["token"], Token), str(made["secret"]))

    async def find(self, secret: str) -> Token | None:
        """The token with this secret, or None."""
        try:
            found = self._server.as_holder(secret).ask("GET", "/api/doors/token")
        except Fault as fault:
            if fault.code == "token_not_valid":
                return None
            raise
        return msgspec.convert(found, Token)

    async def list_all(self) -> list[Token]:
        """Every token, the newest first."""
        found: list[Token] = msgspec.convert(
            self._server.ask("GET", "/api/tokens")["tokens"], list[Token]
        )
        return found

    async def revoke(self, token_id: str) -> None:
        """End a token. Raises the fault that the server names."""
        self._server.ask("DELETE", f"/api/tokens/{quote(token_id, safe='')}")


@asynccontextmanager
async def open_tokens(server: Asked | None, address: str | Path) -> AsyncIterator[TokenKeeper]:
    """The tokens: by the server where one runs, otherwise in the database, opened meanwhile.
    Raises `StartupRefused` when it cannot be opened."""
    if server is not None:
        yield TokensOfServer(server)
        return
    database = create_database(address)
    await database.open()
    try:
        yield Tokens(database, Changes())
    finally:
        await database.close()


def read_scopes(words: Sequence[str]) -> list[TokenScope]:
    """Scopes as they were typed. Raises `InvalidInput`."""
    unknown = [word for word in words if word not in SCOPES]
    if unknown:
        raise InvalidInput(
            f"There is no scope {unknown[0][:40]}.",
            code="token_scopes",
            cure=f"Use one or more of {', '.join(SCOPES)}.",
        )
    return [scope for scope in SCOPES if scope in words]


async def revoke_named(keeper: TokenKeeper, name: str) -> Token:
    """End the token of this name. Raises `NotFound`."""
    wanted = " ".join(name.split()).casefold()
    for token in await keeper.list_all():
        if token.name.casefold() == wanted:
            await keeper.revoke(token.id)
            return token
    raise NotFound(
        "There is no token of this name.",
        code="token_not_found",
        cure="`ttrpg-assistant token list` names all of them.",
    )
