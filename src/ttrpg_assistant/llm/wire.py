"""Calling a provider over HTTP: one client, every failure a named fault.

The key is put on a request at the last moment, and only if the request goes to the origin
the key belongs to; it is in no header mapping, traceback frame, sentence or log of ours.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator
from typing import TypeVar

import httpx2
import msgspec

from ttrpg_assistant.errors import (
    BadAnswer,
    BadKey,
    CertificateRefused,
    ModelFault,
    ModelNotFound,
    Stalled,
    Unreachable,
    WrongAddress,
)
from ttrpg_assistant.llm.addresses import check_base_url, origin_of
from ttrpg_assistant.llm.connecting import ConnectFailed
from ttrpg_assistant.llm.error_bodies import is_web_page
from ttrpg_assistant.llm.network import DIRECT, Network, Patience
from ttrpg_assistant.llm.transport import REUSE, StreamingTransport
from ttrpg_assistant.llm.unpacking import PACKED, unpack
from ttrpg_assistant.llm.wire_faults import status_fault, web_page_fault, within_sentence
from ttrpg_assistant.outside_json import NOT_JSON, check_nesting, mend_json

CONNECT_SECONDS = 10.0

MAX_LISTING_BYTES = 16 * 1024 * 1024
MAX_ERROR_BYTES = 64 * 1024
ERROR_SECONDS = 5.0
MOST_URLS = 100

T = TypeVar("T")


class KeyHeader(httpx2.Auth):
    """Puts the key on requests to its own origin, and on no others."""

    def __init__(self, header: str, secret: str, origin: str, prefix: str = "") -> None:
        self.secret = secret
        self._header = header
        self._prefix = prefix
        self._origin = origin

    def __repr__(self) -> str:
        return f"KeyHeader({self._header!r}, {self._origin!r})"

    def auth_flow(
        self, request: httpx2.Request
    ) -> Generator[httpx2.Request, httpx2.Response, None]:
        if origin_of(str(request.url)) == self._origin:
            request.headers[self._header] = self._prefix + self.secret
        yield request


def make_client(
    *,
    connect_seconds: float = CONNECT_SECONDS,
    idle_seconds: float | None = None,
    network: Network = DIRECT,
    auth: httpx2.Auth | None = None,
) -> httpx2.AsyncClient:
    """A client that follows no redirect and reads no environment.

    `idle_seconds` is how long any server may be silent; None decides by where it is.
    """
    patience = Patience() if idle_seconds is None else Patience.always(idle_seconds)
    return httpx2.AsyncClient(
        transport=StreamingTransport(network, patience),
        timeout=httpx2.Timeout(patience.away, connect=connect_seconds),
        follow_redirects=False,
        trust_env=False,
        auth=auth,
    )


class Wire:
    """The way to one provider at one address. Opened lazily, shared by all its calls."""

    def __init__(
        self,
        base_url: str,
        label: str,
        *,
        key: KeyHeader | None = None,
        headers: dict[str, str] | None = None,
        idle_seconds: float | None = None,
        connect_seconds: float = CONNECT_SECONDS,
        network: Network = DIRECT,
    ) -> None:
        self.base_url = check_base_url(base_url)
        self.label = label
        self._key = key
        self._headers = {
            "accept-encoding": "identity",
            "connection": "keep-alive",
            "user-agent": "ttrpg-assistant",
            **(headers or {}),
        }
        self._idle_seconds = idle_seconds
        self._connect_seconds = connect_seconds
        self._network = network
        self._client: httpx2.AsyncClient | None = None
        self._urls: dict[str, httpx2.URL] = {}
        """By path: of each, the address is parsed once."""

    @property
    def secret(self) -> str | None:
        """The key, so that it can be kept out of what the provider says."""
        return None if self._key is None else self._key.secret

    async def open(
        self, path: str, body: object, *, accept: str, reuse: bool = True
    ) -> httpx2.Response:
        """Post the body; the answer's head, its body still to be read and to be closed.

        Without `reuse` it goes out on a new connection, and so exactly once: a kept connection
        that turns out to be dead costs a second request.

        Raises a `ModelFault` for anything but a successful status.
        """
        headers = {"content-type": "application/json", "accept": accept}
        content = msgspec.json.encode(body)
        response = await self._send("POST", path, content, headers, reuse=reuse)
        try:
            self._check_kind(response)
        except ModelFault:
            await response.aclose()
            raise
        return response

    async def get(self, path: str, kind: type[T]) -> T:
        """A JSON document from the provider as the value it should be."""
        return await self._fetch("GET", path, None, kind)

    async def post(self, path: str, body: object, kind: type[T]) -> T:
        """The JSON answer to a JSON question as the value it should be."""
        return await self._fetch("POST", path, msgspec.json.encode(body), kind)

    async def read(self, response: httpx2.Response) -> AsyncGenerator[bytes, None]:
        """The body as it arrives. Raises httpx2's own errors; `answers.relay` names them."""
        stream = response.stream
        assert isinstance(stream, httpx2.AsyncByteStream)
        encoding = response.headers.get("content-encoding", "identity").strip().lower()
        if encoding in ("", "identity"):
            async for data in stream:
                yield data
        elif encoding in PACKED:
            async for data in unpack(stream):
                yield data
        else:
            raise BadAnswer(f"{self.label} packs its answers in a way that was not asked for.")

    async def aclose(self) -> None:
        """Close every connection; the next call opens new ones."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def _fetch(self, method: str, path: str, content: bytes | None, kind: type[T]) -> T:
        headers = {"accept": "application/json"}
        if content is not None:
            headers["content-type"] = "application/json"
        try:
            response = await self._send(method, path, content, headers)
        except (ModelNotFound, WrongAddress) as fault:
            if method == "POST":
                raise
            sentence = f"{self.label}'s address has no list of models. {fault.sentence}"
            problem: ModelFault = WrongAddress(sentence, facts=fault.facts)
        else:
            try:
                body = await self._read_all(response, MAX_LISTING_BYTES)
            finally:
                await response.aclose()
            value = _find_document(body, kind)
            if value is not None:
                return value
            page = is_web_page(body)
            problem = web_page_fault(self.label) if page else self._not_an_answer()
        raise problem

    async def _send(
        self,
        method: str,
        path: str,
        content: bytes | None,
        headers: dict[str, str],
        *,
        reuse: bool = True,
    ) -> httpx2.Response:
        if self._key is not None and not _fits_in_a_header(self._key.secret):
            name = within_sentence(self.label)
            raise BadKey(f"The key for {name} contains characters that no key has.")
        if self._client is None:
            self._client = make_client(
                connect_seconds=self._connect_seconds,
                idle_seconds=self._idle_seconds,
                network=self._network,
                auth=self._key,
            )
        fault: ModelFault
        try:
            # Not the client's `build_request`: parsing the same address and merging the same
            # headers for each call would be a twentieth of all that a turn costs.
            request = httpx2.Request(
                method,
                self._find_url(path),
                content=content,
                headers=self._headers | headers,
                extensions={REUSE: reuse, "timeout": self._client.timeout.as_dict()},
            )
            response = await self._client.send(request, stream=True)
        except httpx2.ReadTimeout:
            fault = Stalled(f"{self.label} accepted the question and has not answered since.")
        except (httpx2.TransportError, httpx2.InvalidURL) as reason:
            fault = self._unreachable(reason)
        else:
            if 200 <= response.status_code < 300:
                return response
            fault = await self._read_fault(response)
        # Raised out here so that the fault carries no request, and so no key, as its context.
        raise fault

    def _find_url(self, path: str) -> httpx2.URL:
        url = self._urls.get(path)
        if url is None:
            if len(self._urls) >= MOST_URLS:
                self._urls.clear()
            url = self._urls[path] = httpx2.URL(self.base_url + path)
        return url

    async def _read_fault(self, response: httpx2.Response) -> ModelFault:
        try:
            async with asyncio.timeout(ERROR_SECONDS):
                body = await self._read_all(response, MAX_ERROR_BYTES, cut=True)
        except (TimeoutError, ModelFault):
            body = b""
        finally:
            await response.aclose()
        return status_fault(response.status_code, response.headers, body, self.label, self.secret)

    async def _read_all(self, response: httpx2.Response, most: int, *, cut: bool = False) -> bytes:
        body = bytearray()
        fault: ModelFault | None = None
        try:
            async for data in self.read(response):
                body += data
                if len(body) > most:
                    break
        except httpx2.ReadTimeout:
            fault = Stalled(f"{self.label} stopped in the middle of its answer.")
        except (httpx2.TransportError, httpx2.DecodingError) as reason:
            fault = self._unreachable(reason)
        if len(body) > most:
            if not cut:
                raise BadAnswer(f"{self.label} sent far more than a list of models.")
            del body[most:]
        if fault is not None and not (cut and body):
            raise fault
        return bytes(body)

    def _check_kind(self, response: httpx2.Response) -> None:
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "text/html":
            raise web_page_fault(self.label)

    def _not_an_answer(self) -> BadAnswer:
        return BadAnswer(
            f"{self.label}'s address answered with something that is not its own format.",
            cure="Check the address in Settings.",
        )

    def _unreachable(self, reason: Exception) -> Unreachable:
        # The reason is the network's own words about a host name; no header is in it.
        if isinstance(reason, httpx2.ConnectTimeout):
            why = "it did not accept a connection in time"
        elif isinstance(reason, ConnectFailed):
            kind = CertificateRefused if reason.by_certificate else Unreachable
            return kind(
                f"{self.label} at {self.base_url} cannot be reached: {reason.why}.",
                cure=reason.cure,
            )
        else:
            why = "the connection broke before there was an answer"
        return Unreachable(f"{self.label} at {self.base_url} cannot be reached: {why}.")


def _find_document(body: bytes, kind: type[T]) -> T | None:
    """The body as a value of this kind, mended if need be; None when it is no such value."""
    for mending in (False, True):
        try:
            value = msgspec.json.decode(mend_json(body) if mending else body, type=kind)
            check_nesting(value, body)
        except NOT_JSON:
            continue
        return value
    return None


def _fits_in_a_header(secret: str) -> bool:
    return secret.isascii() and secret.isprintable() and " " not in secret and secret != ""
