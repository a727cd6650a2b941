"""Who may call: the launch token, the credential it is exchanged for, and what both prove.

The start link carries a launch token. The page exchanges it once for a credential, which
it keeps in its own origin's storage and sends as a Bearer header. Not a cookie: cookies
ignore ports, and any other server on this machine would receive it. The credential is
signed with a key that stays in the data folder, so that a restart of the server does not
lock anybody out in the middle of an evening.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from fastapi import APIRouter, Response
from pydantic import Field

from ttrpg_assistant.api.bodies import PROBLEMS, Body, Text, answer
from ttrpg_assistant.errors import Refused

KEY_FILE = "access.key"


class Access:
    """Checks credentials and gives them for the launch token."""

    def __init__(self, launch_token: str, signing_key: bytes) -> None:
        self._launch_token = launch_token.encode()
        self._signing_key = signing_key

    def exchange(self, token: str) -> str:
        """A credential for the launch token; `Refused` for anything else."""
        if not hmac.compare_digest(token.encode(), self._launch_token):
            raise Refused(
                "This link is not the one the assistant printed when it was started.",
                code="launch_token_wrong",
                cure="Open the link that was printed last.",
            )
        return self._sign(secrets.token_urlsafe(18))

    def is_known(self, credential: str) -> bool:
        """Whether this is the launch token itself (scripts) or a credential given for one."""
        if hmac.compare_digest(credential.encode(), self._launch_token):
            return True
        name, _, _ = credential.partition(".")
        return hmac.compare_digest(credential.encode(), self._sign(name).encode())

    def _sign(self, name: str) -> str:
        proof = hmac.new(self._signing_key, name.encode(), hashlib.sha256).hexdigest()
        return f"{name}.{proof}"


def load_signing_key(folder: Path) -> bytes:
    """The key that signs credentials: made once, readable by its owner alone."""
    path = folder / KEY_FILE
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        key = path.read_bytes()
        if len(key) >= 32:
            return key
        path.unlink()
        return load_signing_key(folder)
    with os.fdopen(descriptor, "wb") as file:
        key = secrets.token_bytes(32)
        file.write(key)
    return key


class TokenBody(Body):
    """The launch token from the start link."""

    token: Text = Field(min_length=1, max_length=500)


def access_routes(access: Access) -> APIRouter:
    """The door itself."""
    routes = APIRouter(tags=["access"])

    @routes.post(
        "/api/access",
        operation_id="exchange_launch_token",
        responses={200: {"description": "A credential for this browser."}, 403: PROBLEMS[403]},
    )
    async def exchange_launch_token(body: TokenBody) -> Response:
        """Give this browser a credential in exchange for the token of the start link."""
        return answer({"credential": access.exchange(body.token)})

    return routes
