"""How a browser is let in: what it shows once, what it keeps, and what both prove.

The start link carries the launch token, and the page that is opened at the start carries a code
that works once. The page exchanges either for a credential, which it keeps in its own origin's
storage and sends as a Bearer header. Not a cookie: cookies ignore ports, and any other server on
this machine would receive it. Credentials are stored (`credentials.py`), so a restart of the
server locks nobody out in the middle of an evening, and each can be revoked.
"""

from __future__ import annotations

import hmac
import secrets
from typing import Any

from fastapi import Request, Response
from pydantic import Field

from ttrpg_assistant.api.attempts import Attempts
from ttrpg_assistant.api.bodies import PROBLEMS, Body, PathId, Text, answer
from ttrpg_assistant.api.device_names import name_device
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.api.start_codes import StartCodes
from ttrpg_assistant.credentials import Credential, Credentials, hash_secret
from ttrpg_assistant.errors import Refused
from ttrpg_assistant.ids import spell_epoch
from ttrpg_assistant.live.changes import Changes

CREDENTIAL: str = "credential"
"""Where a request's `state` holds the `Credential` it was let in with; None for the token."""


class Access:
    """Checks credentials, and gives them for the launch token or a code."""

    def __init__(self, launch_token: str, credentials: Credentials) -> None:
        self.codes = StartCodes()
        self.credentials = credentials
        self._launch_token = launch_token.encode()
        self.command_key = secrets.token_urlsafe(32)
        """Lets in commands on this machine, while this server runs (`running_server.py`)."""
        self._attempts = Attempts()

    async def exchange(self, token: str, shown: str, user_agent: str, address: str) -> str:
        """A credential for the launch token or a code. `shown` is the credential that the browser
        has already: it keeps it. Raises `Refused` or `TooManyAttempts` for a wrong token."""
        by_code = self.codes.use(token)
        if not by_code and not self._is_launch_token(token):
            hashed = hash_secret(token)
            if not self._attempts.has_tried(address, hashed):
                self._attempts.note_wrong(address, hashed)
            raise Refused(
                "This link is no longer valid.",
                code="launch_token_wrong",
                cure="Open the link that was printed last.",
            )
        if self.credentials.find(shown) is not None:
            return shown
        return await self.credentials.give(name_device(user_agent), for_token=not by_code)

    async def admit(self, shown: str, address: str) -> tuple[bool, Credential | None]:
        """Whether this is the launch token itself (scripts) or a credential, and which.

        Raises `TooManyAttempts` for a wrong one from an address that tried too many.
        """
        found = self.credentials.find(shown)
        if found is not None or self._is_launch_token(shown) or self._is_command_key(shown):
            return True, found
        if not shown:
            return False, None
        hashed = hash_secret(shown)
        if self._attempts.has_tried(address, hashed):
            # An old tab that keeps asking. What another server gave since is known by now.
            return False, None
        self._attempts.check_pause(address)
        found = await self.credentials.find_elsewhere(shown)
        if found is None:
            self._attempts.note_wrong(address, hashed)
        return found is not None, found

    def _is_launch_token(self, shown: str) -> bool:
        return hmac.compare_digest(shown.encode("utf-8", "replace"), self._launch_token)

    def _is_command_key(self, shown: str) -> bool:
        return hmac.compare_digest(shown.encode("utf-8", "replace"), self.command_key.encode())


class TokenBody(Body):
    """The launch token or the code from the link that was opened."""

    token: Text = Field(min_length=1, max_length=500)


class RevokeAllBody(Body):
    """Whom to sign out."""

    keep_this: bool = True


def access_routes(access: Access, changes: Changes) -> Routes:
    """Getting a credential, and what becomes of those that were given."""
    routes = Routes(tags=["access"])
    credentials = access.credentials

    @routes.post(
        "/api/access",
        operation_id="exchange_launch_token",
        responses={
            200: {"description": "A credential for this browser."},
            403: PROBLEMS[403],
            429: PROBLEMS[429],
        },
    )
    async def exchange_launch_token(body: TokenBody, request: Request) -> Response:
        """Give this browser a credential in exchange for the token of the start link."""
        scheme, _, shown = request.headers.get("authorization", "").partition(" ")
        given = await access.exchange(
            body.token,
            shown.strip() if scheme.lower() == "bearer" else "",
            request.headers.get("user-agent", ""),
            request.client.host if request.client else "",
        )
        changes.announce("credentials", {})
        return answer({"credential": given})

    @routes.get("/api/credentials", operation_id="list_credentials", responses=dict(PROBLEMS))
    async def list_credentials(request: Request) -> Response:
        """The browsers that have been let in, the one seen last first."""
        own = getattr(request.state, CREDENTIAL, None)
        return answer({"credentials": [_spell(one, own) for one in credentials.list()]})

    @routes.delete(
        "/api/credentials/{credential_id}",
        operation_id="revoke_credential",
        responses=dict(PROBLEMS),
    )
    async def revoke_credential(credential_id: PathId) -> Response:
        """Sign one browser out: its next request is refused, its streams end."""
        await credentials.revoke(credential_id)
        changes.announce("credentials", {})
        return answer({"revoked": 1})

    @routes.post(
        "/api/credentials/revoke-all",
        operation_id="revoke_all_credentials",
        responses=dict(PROBLEMS),
    )
    async def revoke_all_credentials(body: RevokeAllBody, request: Request) -> Response:
        """Sign out every browser, or every one but this."""
        own = getattr(request.state, CREDENTIAL, None)
        revoked = await credentials.revoke_all(own if body.keep_this else None)
        changes.announce("credentials", {})
        return answer({"revoked": revoked})

    return routes


def _spell(one: Credential, own: Credential | None) -> dict[str, Any]:
    return {
        "id": one.id,
        "device": one.device,
        "created_at": spell_epoch(one.created_at),
        "last_seen_at": spell_epoch(one.seen_at),
        "is_this": one is own,
    }
