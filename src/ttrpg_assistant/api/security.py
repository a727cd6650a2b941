"""What stands in front of every route of a server on one's own machine (DESIGN, section 10).

A page of any website can make this browser send requests to the loopback address, and DNS
rebinding can even make them look like its own. So: an exact list of Host names on every
route, an Origin that is our own and JSON only on writes, a credential on everything but
the page's files and the sign of life, a limit on bodies, and a strict policy for the page.

Plain ASGI on purpose: a `BaseHTTPMiddleware` would slow streams to a third.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from urllib.parse import urlsplit

from fastapi import Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ttrpg_assistant.api.access import CREDENTIAL, Access
from ttrpg_assistant.api.door_access import DoorAccess, is_door, refuse_token
from ttrpg_assistant.api.errors import answer_fault, problem
from ttrpg_assistant.api.openai_shape import is_here as is_openai
from ttrpg_assistant.api.openai_shape import reshape
from ttrpg_assistant.api.own_addresses import OwnAddresses
from ttrpg_assistant.credentials import Credential
from ttrpg_assistant.errors import TooManyAttempts
from ttrpg_assistant.listening import CREDENTIAL_SHOWN
from ttrpg_assistant.other_servers import ASKED_BY, MISDIRECTED, OtherServers
from ttrpg_assistant.pictures.limits import UPLOAD_BYTES

BODY_BYTES = 10 * 1024 * 1024
"""The largest request body. A message of the longest kind is far smaller."""

UPLOADS = {
    "/api/archives": 1024**3,
    "/api/imports": 1024**3,
    "/api/transcripts": 512 * 1024**2,
    "/api/transcripts/preview": 512 * 1024**2,
}
"""Paths that take a whole file, and how many bytes of it."""

_LENGTH_DIGITS = 19
"""Python refuses to read numbers of thousands of digits."""

SAFE_METHODS = frozenset({"GET", "HEAD"})

OPEN_API_PATHS = frozenset({"/api/access"})
"""What under /api answers without a credential: what gives one."""

_FOREIGN = "Another site is not allowed to write here."
_PROXY = "Behind a proxy, set TTRPG_PUBLIC_URL to the address that the browser shows."

_ALWAYS: list[tuple[bytes, bytes]] = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
]


def content_security_policy(script_hashes: Iterable[str] = ()) -> str:
    """The page may load its own files and talk to its own server, nothing else.

    `script_hashes` are of inline blocks that cannot be files (an import map).
    """
    scripts = " ".join(["'self'", *(f"'{found}'" for found in script_hashes)])
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self'; font-src 'self'; "
        "img-src 'self' data: blob:; connect-src 'self'; manifest-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def find_upload_limit(path: str) -> int | None:
    """How many bytes of a file this path takes; None where it takes JSON."""
    if path.startswith("/api/campaigns/") and path.endswith("/pictures"):
        return UPLOAD_BYTES
    return UPLOADS.get(path)


class Guarded:
    """The application behind the checks of this module."""

    def __init__(
        self,
        app: ASGIApp,
        access: Access,
        doors: DoorAccess,
        addresses: OwnAddresses,
        policy: str,
        others: OtherServers | None = None,
    ) -> None:
        self._others = others
        self._app = app
        self._access = access
        self._doors = doors
        self._addresses = addresses
        self._headers = [*_ALWAYS, (b"content-security-policy", policy.encode())]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what must be refused; let the rest through with its headers set."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers: dict[bytes, bytes] = dict(scope["headers"])
        more = self._doors.list_headers(headers) if is_door(scope["path"]) else []
        sent = _Sent(send, [*self._headers, *more])
        refusal = await self._refuse(scope, headers)
        if refusal is not None:
            await refusal(scope, receive, sent)
            return
        limit = find_upload_limit(scope["path"]) or BODY_BYTES
        sent.credential = scope.get("state", {}).get(CREDENTIAL)
        try:
            with self._doors.under_way(scope, sent.end):
                await self._app(scope, _Limited(receive, limit), sent)
        except asyncio.CancelledError:
            if not sent.was_ended:
                raise
            await sent.finish(scope, receive)
        finally:
            sent.close()

    async def _refuse(self, scope: Scope, headers: dict[bytes, bytes]) -> Response | None:
        host = headers.get(b"host", b"").decode("latin-1").lower()
        if not self._addresses.is_own_host(host):
            return problem(
                403,
                "host_not_allowed",
                "This address is not one the assistant answers to.",
                cure="Use the link it printed, or add the name to TTRPG_ALLOWED_HOSTS. Behind a"
                " proxy, set TTRPG_PUBLIC_URL.",
            )
        path: str = scope["path"]
        method: str = scope["method"]
        if (named := headers.get(ASKED_BY.encode())) is not None:
            return self._refuse_server(named, path, headers)
        if is_door(path):
            origin = headers.get(b"origin", b"").decode("latin-1")
            is_own = self._addresses.is_own_origin(origin, scope["scheme"], host)
            refusal = await self._doors.refuse(scope, headers, is_own_page=is_own)
            if refusal is None and method not in SAFE_METHODS:
                refusal = _refuse_body(scope, headers)
            return reshape(refusal) if refusal is not None and is_openai(path) else refusal
        if method not in SAFE_METHODS:
            refusal = self._refuse_foreign(scope, headers, host)
            if refusal is not None:
                return refusal
        if path.startswith("/api/") and path not in OPEN_API_PATHS:
            scheme, _, shown = headers.get(b"authorization", b"").partition(b" ")
            is_bearer = scheme.lower() == b"bearer"
            client = scope.get("client")
            try:
                is_in, credential = await self._access.admit(
                    shown.decode("latin-1").strip() if is_bearer else "",
                    client[0] if client else "",
                )
            except TooManyAttempts as fault:
                return answer_fault(fault)
            if not is_in:
                answer = problem(
                    401,
                    "not_let_in",
                    "This browser is not signed in.",
                    cure="Open the link that was printed where the assistant was started.",
                )
                answer.headers["WWW-Authenticate"] = "Bearer"
                return answer
            scope.setdefault("state", {})[CREDENTIAL_SHOWN] = True
            scope["state"][CREDENTIAL] = credential
        return None if method in SAFE_METHODS else _refuse_body(scope, headers)

    def _refuse_server(
        self, named: bytes, path: str, headers: dict[bytes, bytes]
    ) -> Response | None:
        """Another server on the same database asks for what only this one knows. A wrong secret is
        no attempt to guess a credential: it may be meant for another server at this address."""
        if self._others is None or not self._others.is_me(named.decode("latin-1")):
            return problem(MISDIRECTED, "another_server_meant", "Another server was meant.")
        _, _, shown = headers.get(b"authorization", b"").partition(b" ")
        if not self._others.admits(shown.decode("latin-1")):
            return problem(401, "not_let_in", "This server is not known here.")
        if not path.startswith(("/api/replies/", "/api/imports/")):
            return problem(403, "not_for_servers", "Servers do not ask each other for this.")
        return None

    def _refuse_foreign(
        self, scope: Scope, headers: dict[bytes, bytes], host: str
    ) -> Response | None:
        origin = headers.get(b"origin")
        if origin is not None:
            spelled = origin.decode("latin-1")
            if not self._addresses.is_own_origin(spelled, scope["scheme"], host):
                # The same name over another scheme or port: most likely a proxy nobody told of.
                is_same_name = _find_name(spelled) == _find_name(f"//{host}")
                return problem(
                    403, "foreign_origin", _FOREIGN, cure=_PROXY if is_same_name else None
                )
        if headers.get(b"sec-fetch-site", b"same-origin") not in (b"same-origin", b"none"):
            return problem(403, "foreign_origin", _FOREIGN)
        return None


class _Sent:
    """An answer on its way: with the headers of every answer, and cut when what let it in ends.

    Of a browser only streams of events are cut. Anything else is an answer to something that was
    asked before. Of another program everything is: its answers take as long as a model does.
    """

    def __init__(self, send: Send, headers: list[tuple[bytes, bytes]]) -> None:
        self.credential: Credential | None = None
        self.was_ended = False
        self._send = send
        self._headers = headers
        self._task = asyncio.current_task()
        self._is_stream = False
        self._has_begun = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._has_begun = True
            message["headers"] = [*message.get("headers", ()), *self._headers]
            self._is_stream = _is_event_stream(message["headers"])
            if self.credential is not None and self._is_stream:
                self.credential.enders.add(self.end)
                if self.credential.has_ended:
                    self.end()
        elif self._is_stream and self.credential is not None:
            self.credential.touch()  # A page that only listens is in use.
        await self._send(message)

    async def finish(self, scope: Scope, receive: Receive) -> None:
        """End an answer that was cut so that its reader notices; a program gets the reason."""
        if self._task is not None:
            self._task.uncancel()
        if self.credential is not None:
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        refusal = refuse_token()
        refusal = reshape(refusal) if is_openai(scope["path"]) else refusal
        if not self._has_begun:
            await refusal(scope, receive, self)
            return
        said = b"data: " + bytes(refusal.body) + b"\n\n"
        await self._send({"type": "http.response.body", "body": said, "more_body": False})

    def close(self) -> None:
        """The answer is over."""
        if self.credential is not None:
            self.credential.enders.discard(self.end)

    def end(self) -> None:
        """What let this in is not valid any more. An answer that is there whole is still sent."""
        is_cut = self._is_stream or not self._has_begun
        if is_cut and self._task is not None and not self.was_ended:
            self.was_ended = True
            self._task.cancel()


def _is_event_stream(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    return any(
        name.lower() == b"content-type" and value.startswith(b"text/event-stream")
        for name, value in headers
    )


def _find_name(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def _refuse_body(scope: Scope, headers: dict[bytes, bytes]) -> Response | None:
    length = headers.get(b"content-length", b"0")
    limit = find_upload_limit(scope["path"]) or BODY_BYTES
    if not length.isdigit() or len(length) > _LENGTH_DIGITS or int(length) > limit:
        return problem(413, "too_large", f"The request is larger than {limit // 1024**2} MB.")
    has_body = length != b"0" or b"transfer-encoding" in headers
    kind = headers.get(b"content-type", b"").split(b";")[0].strip().lower()
    if has_body and find_upload_limit(scope["path"]) is not None:
        # Like JSON, no type that a foreign page could send without asking first.
        if kind != b"application/octet-stream":
            return problem(415, "file_only", "Send the file as application/octet-stream.")
        return None
    if has_body and kind != b"application/json":
        return problem(415, "json_only", "Writes are JSON only.")
    return None


class _Limited:
    """A body that may not grow past the limit, whatever its header said."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._limit = limit
        self._taken = 0

    async def __call__(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._taken += len(message.get("body", b""))
            if self._taken > self._limit:
                raise HTTPException(413, f"The request is larger than {self._limit // 1024**2} MB.")
        return message
