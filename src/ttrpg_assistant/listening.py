"""What a connection may take before anybody knows whose it is.

Uvicorn's protocol bounds neither the header of a request nor the time a client takes over it, so
this one does: bytes and seconds for a header, a least speed for a body, a longest pause of
a reader, and how many connections there are. Who asks is only known once a header is read, so
nothing here asks for a credential; but a connection that has shown one is closed last.

When there is no room for a new connection, the one that is least missed makes room: first those
that never asked for anything, never those that the page is using. So idle strangers push each
other out and shut nobody out.
"""

from __future__ import annotations

import asyncio
import select
import sys
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import structlog

from ttrpg_assistant.connection_limits import Limits
from ttrpg_assistant.missing_packages import as_if_missing

with as_if_missing("watchfiles"):
    # It would restart a server whose code changes, which this one never does.
    from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

if TYPE_CHECKING:
    from uvicorn import Config
    from uvicorn.server import ServerState

_log = structlog.get_logger(__name__)

CREDENTIAL_SHOWN: Final = "credential_shown"
"""Set in a request's `state` by whoever has checked its credential."""

_PIECE: Final = 16 * 1024
"""What is read from a connection is parsed in pieces of this many bytes."""

LOG_SECONDS: Final = 1.0
"""How long connections that are cut are counted before the log has a line for all of them."""

MOST_LOGGED: Final = 20
"""Addresses that get a line of their own in that time."""


class Room:
    """Every open connection of a server, and which of them goes when there are too many."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._open: dict[LimitedProtocol, None] = {}  # In the order they came.
        self._by_address: Counter[str] = Counter()

        self._cut: Counter[tuple[str, str]] = Counter()
        """How many were cut since the log was told, by reason and address."""

    def __len__(self) -> int:
        return len(self._open)

    def note_cut(self, reason: str, address: str, loop: asyncio.AbstractEventLoop) -> None:
        """Let the log know, a moment later, how many were cut: there may be hundreds a second."""
        if not self._cut:
            loop.call_later(LOG_SECONDS, self._log_cut)
        if (reason, address) not in self._cut and len(self._cut) >= MOST_LOGGED:
            address = ""
        self._cut[reason, address] += 1

    def _log_cut(self) -> None:
        for (reason, address), count in self._cut.items():
            _log.info("connections.cut", reason=reason, address=address or "others", count=count)
        self._cut.clear()

    def enter(self, one: LimitedProtocol) -> bool:
        """Count a new connection in. False when there is no room and nobody to make some."""
        is_full = self._by_address[one.address] >= self._limits.per_address
        if is_full and not self._limits.is_proxy(one.address):
            if not self._make_room(one.address):
                return False
        elif len(self._open) >= self._limits.connections and not self._make_room(None):
            return False
        self._open[one] = None
        self._by_address[one.address] += 1
        return True

    def leave(self, one: LimitedProtocol) -> None:
        """Count a connection out; once, however often it is said."""
        if one in self._open:
            del self._open[one]
            self._by_address[one.address] -= 1
            if not self._by_address[one.address]:
                del self._by_address[one.address]

    def _make_room(self, address: str | None) -> bool:
        least, least_worth, looks = None, _IN_USE, _LOOKS
        for one in self._open:
            if address is None or one.address == address:
                worth = one.worth
                if not worth and looks:
                    # What came a moment ago may have asked, and nobody has read it yet.
                    looks -= 1
                    worth = _UNREAD if one.has_unread() else 0
                if worth < least_worth:
                    least, least_worth = one, worth
                if not worth:
                    break  # It never asked for anything: none is missed less.
        if least is None:
            return False
        self.leave(least)
        least.cut("room")
        return True


_IN_USE = 4
"""The `worth` from which a connection is never closed for another."""

_UNREAD = 2
"""The `worth` of one that has sent something nobody has looked at."""

_LOOKS = 8
"""How many connections are asked for what is unread when one has to go; each is a system call."""


class LimitedProtocol(HttpToolsProtocol):
    """One connection of uvicorn's, within `Limits`."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        limits: Limits,
        room: Room,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.address = ""
        self._limits = limits
        self._room = room
        self._deadline: asyncio.TimerHandle | None = None
        self._stalled: asyncio.TimerHandle | None = None
        self._is_reading_header = True
        self._is_reading_body = False
        self._header_bytes = 0
        self._body_bytes = 0
        self._body_begun = 0.0
        self._has_asked = False
        self._has_credential = False
        self._is_refused = False

    @property
    def worth(self) -> int:
        """How much would be lost with this connection: see `Room`."""
        if self.cycle is not None and not self.cycle.response_complete:
            self._note_credential()
            is_whole = not self._is_reading_body
            return _IN_USE + is_whole if self._has_credential else 1 + is_whole
        return 3 if self._has_credential else 0

    def has_unread(self) -> bool:
        """Whether the client has sent something that was not read yet, or has closed."""
        handle = self.transport.get_extra_info("socket").fileno()
        if handle < 0:
            return False
        if sys.platform == "win32":
            return bool(select.select([handle], [], [], 0)[0])
        waiting = select.poll()
        waiting.register(handle, select.POLLIN)
        return bool(waiting.poll(0))

    # The connection

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.address = self.client[0] if self.client else ""
        if not self._room.enter(self):
            self._room.note_cut("refused", self.address, self.loop)
            self._refuse(503, "too_many_connections", "Too many connections are open.")
            return
        self._expect_header()

    def connection_lost(self, exc: Exception | None) -> None:
        self._room.leave(self)
        self._is_refused = True
        self._disarm()
        if self._stalled is not None:
            self._stalled.cancel()
        super().connection_lost(exc)

    def cut(self, reason: str) -> None:
        """Close at once, whatever is under way."""
        self._room.note_cut(reason, self.address, self.loop)
        self._is_refused = True
        self._disarm()
        self.transport.abort()

    # Reading

    def data_received(self, data: bytes) -> None:
        """Parse what came, piece by piece: a header is counted before more of it is kept."""
        if self._deadline is None:
            self._expect_header()  # The first bytes after an answer.
        view = memoryview(data)
        for at in range(0, len(view), _PIECE):
            if self._is_refused or self.transport.is_closing():
                return
            piece = view[at : at + _PIECE]
            if self._is_reading_header:
                self._header_bytes += len(piece)
            super().data_received(bytes(piece))
            if self._is_reading_header and self._header_bytes > self._limits.header_bytes:
                self._refuse(431, "header_too_large", "The header of the request is too large.")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._is_reading_header, self._is_reading_body = True, False
        self._expect_header()

    def on_url(self, url: bytes) -> None:
        if len(self.url) + len(url) > self._limits.target_bytes:
            self._refuse(414, "address_too_long", "The address of the request is too long.")
            return
        super().on_url(url)

    def on_headers_complete(self) -> None:
        self._is_reading_header, self._is_reading_body = False, True
        self._header_bytes = 0
        if self._is_refused:
            return
        if self._get_upgrade() == b"websocket":
            self._refuse(400, "no_websockets", "There are no WebSockets here.")
            return
        if len(self.pipeline) >= self._limits.pipelined:
            self._refuse(400, "too_many_requests_ahead", "Wait for answers before sending more.")
            return
        self._note_credential()
        super().on_headers_complete()
        self._has_asked = True
        if self.parser.should_upgrade():
            self.cycle.keep_alive = False  # The parser reads no further request.
        self._body_bytes, self._body_begun = 0, self.loop.time()
        self._arm(self._limits.body_grace_seconds, self._check_body)

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        if not self._is_refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        self._is_reading_header, self._is_reading_body = True, False
        self._header_bytes = 0
        self._disarm()
        if self._is_refused:
            return
        super().on_message_complete()

    def on_response_complete(self) -> None:
        self._note_credential()
        super().on_response_complete()
        if self._is_reading_body and not self.transport.is_closing():
            # Answered without its body: a short rest may still come, an endless one may not.
            self._arm(self._limits.body_grace_seconds, lambda: self.cut("body"))

    def _unsupported_upgrade_warning(self) -> None:
        """No offer to speak another protocol is worth a line in the log."""

    # Writing

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stalled = self.loop.call_later(self._limits.stalled_seconds, self.cut, "stalled")

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    # Time

    def _expect_header(self) -> None:
        self._arm(self._limits.header_seconds, self._end_header)

    def _end_header(self) -> None:
        if self._has_asked:
            self._refuse(408, "header_too_slow", "The request took too long to arrive.")
        else:
            self.cut("header")

    def _check_body(self) -> None:
        spent = self.loop.time() - self._body_begun
        allowed = self._limits.body_grace_seconds + (
            self._body_bytes / self._limits.body_bytes_per_second
        )
        if self.flow.read_paused:  # We are the ones who are slow.
            self._body_begun = self.loop.time()
            self._arm(self._limits.body_grace_seconds, self._check_body)
        elif spent < allowed:
            self._arm(allowed - spent, self._check_body)
        else:
            self.cut("body")

    def _arm(self, seconds: float, then: Callable[[], None]) -> None:
        self._disarm()
        self._deadline = self.loop.call_later(seconds, then)

    def _disarm(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    # Answers of our own

    def _note_credential(self) -> None:
        if self.scope is not None and self.scope["state"].get(CREDENTIAL_SHOWN):
            self._has_credential = True

    def _refuse(self, status: int, code: str, sentence: str) -> None:
        """Say why, where nothing is being answered yet, and close."""
        self._is_refused = True
        self._disarm()
        if self.cycle is not None and not self.cycle.response_complete:
            self.transport.abort()  # In the middle of another answer: nothing can be said.
            return
        body = b'{"type":"urn:ttrpg-assistant:%b","status":%d,"code":"%b","detail":"%b"}' % (
            *(code.encode(), status),
            *(code.encode(), sentence.encode()),
        )
        head = (
            b"content-type: application/problem+json\r\ncontent-length: %d\r\n"
            b"connection: close\r\n\r\n"
        )
        self.transport.write(STATUS_LINE[status] + head % len(body) + body)
        self.transport.close()


def protocol_within(limits: Limits) -> Callable[..., asyncio.Protocol]:
    """What uvicorn makes a connection with: all of them share one `Room`."""
    room = Room(limits)

    def make(**given: Any) -> asyncio.Protocol:
        return LimitedProtocol(**given, limits=limits, room=room)

    return make
