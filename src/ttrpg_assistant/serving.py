"""From settings to a listening server, and from a signal to a clean end.

The socket is bound first, so that the port is known (`--port 0`) and a taken one is said
before anything else happens. Then the application starts, then the socket listens, then
one line on stdout says where. A signal stops accepting, gives requests under way three
seconds, and lets the application finish its writes. Whatever hangs, the process is gone five
seconds after the signal: all that was acknowledged is on the disk, and the next start says what
was interrupted.
"""

from __future__ import annotations

import asyncio
import dataclasses
import faulthandler
import gc
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import structlog

from ttrpg_assistant.browser_start import browser_start
from ttrpg_assistant.connection_limits import Limits, limits_for, raise_descriptors
from ttrpg_assistant.errors import StartupRefused
from ttrpg_assistant.listening import protocol_within
from ttrpg_assistant.missing_packages import as_if_missing, models_made_late
from ttrpg_assistant.private_files import tighten_data_folder
from ttrpg_assistant.running_server import announce_server
from ttrpg_assistant.settings import Settings

with as_if_missing("watchfiles"):
    # It would restart a server whose code changes, which this one never does.
    import uvicorn

if TYPE_CHECKING:
    from fastapi import FastAPI

_log = structlog.get_logger(__name__)

SHUTDOWN_SECONDS: Final = 3
"""How long requests under way may go on after SIGTERM before they are cut."""

LAST_SECONDS: Final = 4.8
"""From the signal until the process ends, finished or not. Below five seconds."""

KEEP_ALIVE_SECONDS: Final = 30
"""Longer than a moment of thought, so that sending a message needs no new connection."""

SWITCH_SECONDS: Final = 0.00025
"""How long one thread may keep the interpreter while another waits for it. Sending a message hands
it from the event loop to the writer and back a dozen times, and the event loop takes it anew for
each thing that happens on any connection; at Python's own 5 ms each of these waits that long while
a third thread checks a text or an archive, or searches."""

SETTLE_SECONDS: Final = 1.0
"""After the start, when the first page has been served: a collection takes a tenth of a second."""


def serve(settings: Settings, *, open_browser: bool) -> None:
    """Serve until told to stop. Raises `StartupRefused` when serving cannot begin."""
    make_data_folder(settings.data_dir)
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.disable()  # Nearly all that starting makes stays; `_settle_memory` collects the rest.
    listener = bind(settings.host, settings.port)
    with listener:
        settings = dataclasses.replace(settings, port=listener.getsockname()[1])
        # Importing the application takes most of the start: not before the port is ours.
        with models_made_late():
            # Its own describe an OpenAPI document, which hardly any server is asked for.
            import fastapi  # noqa: F401
        from ttrpg_assistant.app import create_app

        app = create_app(settings)
        issue_code = app.state.start_codes.issue
        page, key = spell_page(settings), app.state.command_key
        with (
            browser_start(settings.data_dir, page, issue_code) as open_page,
            ExitStack() as until_end,
        ):

            def say_listening() -> None:
                until_end.enter_context(announce_server(settings.data_dir, page, key))
                sys.stdout.write(f"Listening on {spell_address(settings)}\n")
                if settings.public_url is not None:
                    public = add_token(f"{settings.public_url}/", settings)
                    sys.stdout.write(f"Through the proxy: {public}\n")
                sys.stdout.flush()
                if open_browser:
                    open_page()

            run(app, listener, say_listening, settings.trusted_proxies)


def make_data_folder(folder: Path) -> None:
    """The data folder, for its owner only. Raises `StartupRefused`."""
    try:
        folder.mkdir(parents=True, mode=0o700, exist_ok=True)
        trouble = None if os.access(folder, os.W_OK | os.X_OK) else "no permission to write"
    except OSError as error:
        trouble = error.strerror
    if trouble is not None:
        raise StartupRefused(
            f"The data folder {folder} cannot be used ({trouble}).",
            code="data_folder_unusable",
            cure="Choose another with --data-dir, or make this one yours to write to.",
        )
    tighten_data_folder(folder)


def bind(host: str, port: int) -> socket.socket:
    """A bound socket that does not listen yet. Raises `StartupRefused`."""
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as trouble:
        raise StartupRefused(
            f"There is no address to listen on for the host {host} ({trouble.strerror}).",
            code="address_unusable",
            cure="Use --host 127.0.0.1, or an address of this machine.",
        ) from None
    try:
        if os.name == "posix":
            # On Windows this option would let two programs take one port.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(where)
        listener.set_inheritable(False)
    except OSError as trouble:
        listener.close()
        raise StartupRefused(
            f"Port {port} of {host} cannot be used ({trouble.strerror}).",
            code="address_unusable",
            cure="Perhaps the application is already running: look for its page in the "
            "browser. Otherwise choose another port, or any free one with --port 0.",
        ) from None
    return listener


def spell_page(settings: Settings) -> str:
    """Where the page is. A wildcard host is spelled as loopback."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)
    if ":" in host and not host.startswith("["):
        host = f"[{host}]"
    return f"http://{host}:{settings.port}/"


def spell_address(settings: Settings) -> str:
    """Where the page is, with the launch token."""
    return add_token(spell_page(settings), settings)


def add_token(page: str, settings: Settings) -> str:
    """The address of the page with the launch token."""
    return f"{page}?token={quote(settings.token, safe='')}"


def run(
    app: FastAPI,
    listener: socket.socket,
    say_listening: Callable[[], None],
    proxies: tuple[str, ...] = (),
) -> None:
    """Run the application's lifespan around the server, on one event loop."""
    config = make_config(app, limits_for(raise_descriptors(), proxies))
    server = _Server(config, say_listening)

    async def live() -> None:
        async with app.router.lifespan_context(app):
            server.on_stop = getattr(app.state, "stop_streams", None)
            asyncio.get_running_loop().call_later(SETTLE_SECONDS, _settle_memory)
            await server.serve(sockets=[listener])

    with server.listen_to_signals(), asyncio.Runner(loop_factory=config.get_loop_factory()) as loop:
        loop.run(live())


def make_config(app: FastAPI, limits: Limits) -> uvicorn.Config:
    """How uvicorn serves this application."""
    return uvicorn.Config(
        app,
        http=protocol_within(limits),  # type: ignore[arg-type]  # Called, never subclassed.
        lifespan="off",  # `run` does it: there a fault at the start stays the fault it is.
        ws="none",
        access_log=False,  # It would write addresses, and with them the launch token.
        log_config=None,
        # Who asks is what a named proxy says (X-Forwarded-For, X-Forwarded-Proto), nobody else.
        proxy_headers=bool(limits.proxies),
        forwarded_allow_ips=list(limits.proxies),
        server_header=False,
        backlog=limits.backlog,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )


def _settle_memory() -> None:
    """What was made until now stays: no later collection has to look through it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)
    gc.enable()


class _Server(uvicorn.Server):
    """Uvicorn's server with four differences.

    It says when it listens. It tells the application that the end begins (`on_stop`), so
    that streams which never end by themselves do not hold it up. It does not raise a signal
    again after handling it: what the application writes at its end comes later. And a signal
    sets a limit to the end itself.
    """

    def __init__(self, config: uvicorn.Config, say_listening: Callable[[], None]) -> None:
        super().__init__(config)
        self.on_stop: Callable[[], None] | None = None
        self._say_listening = say_listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started and not self.should_exit:
            self._say_listening()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        _log.info("stopping", signals=[signal.Signals(n).name for n in self._captured_signals])
        if self.on_stop is not None:
            self.on_stop()
        await super().shutdown(sockets=sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        # A thread outside the interpreter: it needs neither the loop nor the lock, says on
        # stderr what every thread was doing, and ends the process.
        if not self.should_exit:
            faulthandler.dump_traceback_later(LAST_SECONDS, exit=True)
        super().handle_exit(sig, frame)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield  # Already done, for the whole life: see `listen_to_signals`.

    @contextmanager
    def listen_to_signals(self) -> Iterator[None]:
        """Stop at SIGINT, SIGTERM or a closed terminal, from before the application starts."""
        names = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
        wanted = [getattr(signal, name) for name in names if hasattr(signal, name)]
        before = {number: signal.signal(number, self.handle_exit) for number in wanted}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
