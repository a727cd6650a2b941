"""Who is let in where other programs ask: a token, and pages of other sites that were named.

Under these paths nothing but a token lets in, and a token lets in nowhere else. A page of another
site may call them when its origin is one of `TTRPG_ALLOWED_ORIGINS`, exactly; it is answered with
the headers of CORS, on these paths alone. Without an `Origin` it is a program, and the token
decides.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager, nullcontext

from fastapi import Request, Response
from starlette.types import Scope

from ttrpg_assistant.api.attempts import Attempts
from ttrpg_assistant.api.errors import answer_fault, problem
from ttrpg_assistant.doors.model import Token
from ttrpg_assistant.doors.tokens import Tokens, hash_token
from ttrpg_assistant.errors import Fault
from ttrpg_assistant.listening import CREDENTIAL_SHOWN

TOKEN = "token"
"""Where a request's `state` holds the `Token` it was let in with."""

DOOR_ROOTS = ("/v1", "/mcp", "/api/doors")
"""Where other programs ask. What is under them is theirs alone."""

METHODS = "GET, POST, DELETE, OPTIONS"
EXPOSED = "mcp-session-id, mcp-protocol-version, x-conversation-id, retry-after"
PREFLIGHT_SECONDS = "600"
_LONGEST_HEADERS = 2_000
_HEADER_SIGNS = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_, ")


def is_door(path: str) -> bool:
    """Whether a token lets in here, and nothing else does."""
    return any(path == root or path.startswith(f"{root}/") for root in DOOR_ROOTS)


def get_token(request: Request) -> Token:
    """The token that this request was let in with."""
    found = getattr(request.state, TOKEN)
    assert isinstance(found, Token)
    return found


def refuse_token() -> Response:
    """The answer to a token that is none, or none any more."""
    refusal = problem(
        401,
        "token_not_valid",
        "This needs a valid token.",
        cure="Make a token under “Other tools” in Settings, and send it as a Bearer token.",
    )
    refusal.headers["WWW-Authenticate"] = "Bearer"
    return refusal


class DoorAccess:
    """Checks origins and tokens. `origins` are spelled as browsers send them."""

    def __init__(self, tokens: Tokens, origins: Collection[str]) -> None:
        self._tokens = tokens
        self._origins = frozenset(origin.encode() for origin in origins)
        self._attempts = Attempts()

    def list_headers(self, headers: Mapping[bytes, bytes]) -> list[tuple[bytes, bytes]]:
        """What lets the page of an allowed origin read the answer."""
        origin = headers.get(b"origin")
        allowed = [
            (b"access-control-allow-origin", origin),
            (b"access-control-expose-headers", EXPOSED.encode()),
        ]
        is_allowed = origin is not None and origin in self._origins
        return [
            (b"vary", b"Origin"),
            *((name, value) for name, value in allowed if is_allowed and value is not None),
        ]

    async def refuse(
        self, scope: Scope, headers: Mapping[bytes, bytes], *, is_own_page: bool
    ) -> Response | None:
        """The answer to what is not let in, and to a browser that asks whether it may call; None
        when the request is let in. `is_own_page`: our own page asks."""
        origin = headers.get(b"origin")
        if origin is not None and origin not in self._origins and not is_own_page:
            return problem(
                403,
                "foreign_origin",
                "Pages of this site are not allowed to ask here.",
                cure="Add the site's address to TTRPG_ALLOWED_ORIGINS and start again.",
            )
        if scope["method"] == "OPTIONS":
            return self._answer_preflight(headers)
        scheme, _, shown = headers.get(b"authorization", b"").partition(b" ")
        secret = shown.decode("latin-1").strip() if scheme.lower() == b"bearer" else ""
        client = scope.get("client")
        try:
            token = await self._admit(secret, client[0] if client else "")
        except Fault as fault:
            return answer_fault(fault)
        if token is None:
            return refuse_token()
        state = scope.setdefault("state", {})
        state[TOKEN], state[CREDENTIAL_SHOWN] = token, True
        return None

    def under_way(self, scope: Scope, end: Callable[[], None]) -> AbstractContextManager[None]:
        """A request for as long as the block lasts; `end` is called when its token ends first."""
        token = scope.get("state", {}).get(TOKEN)
        return nullcontext() if token is None else self._tokens.under_way(token, end)

    async def _admit(self, secret: str, address: str) -> Token | None:
        """Raises `TooManyAttempts` for a wrong token from an address that tried too many."""
        found = await self._tokens.find(secret)
        if found is not None or not secret:
            return found
        hashed = hash_token(secret)
        if not self._attempts.has_tried(address, hashed):
            self._attempts.note_wrong(address, hashed)
        return None

    def _answer_preflight(self, headers: Mapping[bytes, bytes]) -> Response:
        answer = Response(status_code=204)
        answer.headers["Access-Control-Allow-Methods"] = METHODS
        answer.headers["Access-Control-Max-Age"] = PREFLIGHT_SECONDS
        wanted = headers.get(b"access-control-request-headers", b"")
        if len(wanted) <= _LONGEST_HEADERS and set(wanted) <= _HEADER_SIGNS:
            # A header lets nothing in: only the token does, and clients send their own.
            answer.headers["Access-Control-Allow-Headers"] = wanted.decode("latin-1")
        if headers.get(b"access-control-request-private-network") == b"true":
            answer.headers["Access-Control-Allow-Private-Network"] = "true"
        return answer
