"""One line when it listens, faults as sentences, and a clean end at a signal.

Each server here is a process of its own: signals and stdout are what is tested.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest

from ttrpg_assistant import serving
from ttrpg_assistant.errors import StartupRefused
from ttrpg_assistant.settings import load_settings

PATIENCE = 20.0

APPLICATION = """
import asyncio, contextlib, sys
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from ttrpg_assistant import serving
from ttrpg_assistant.errors import StartupRefused
from ttrpg_assistant.logs import set_up_logs

set_up_logs("json")

def note(text):
    print(text, file=sys.stderr, flush=True)

@contextlib.asynccontextmanager
async def lifespan(app):
    note("opened")
    yield
    await asyncio.sleep(0)
    note("closed")

app = FastAPI(lifespan=lifespan)
ended = asyncio.Event()
app.state.stop_streams = ended.set

@app.get("/healthz")
async def health():
    return {"status": "ok"}

@app.get("/endless")
async def endless():
    async def say():
        yield b"first"
        await ended.wait()
        yield b"last"
    return StreamingResponse(say())

listener = serving.bind("127.0.0.1", 0)
print(listener.getsockname()[1], flush=True)
serving.run(app, listener, lambda: print("listens", flush=True))
note("ended")
"""

Start = Callable[[str], "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts a Python program, and makes sure that it is gone afterwards."""
    started: list[subprocess.Popen[str]] = []

    def run(program: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", program],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


def read_line(process: subprocess.Popen[str]) -> str:
    """The next line of stdout; fails rather than waiting for ever."""
    assert process.stdout is not None
    timer = threading.Timer(PATIENCE, process.kill)
    timer.start()
    try:
        return process.stdout.readline().strip()
    finally:
        timer.cancel()


def list_notes(said: str) -> list[str]:
    """What the program noted, without its log."""
    return [line for line in said.splitlines() if not line.startswith("{")]


def test_it_says_that_it_listens_only_when_it_does(start: Start) -> None:
    process = start(APPLICATION)
    port = read_line(process)
    assert read_line(process) == "listens"
    answer = httpx2.get(f"http://127.0.0.1:{port}/healthz")
    assert answer.json() == {"status": "ok"}
    assert "server" not in answer.headers


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_streams_and_lets_the_application_finish(
    number: signal.Signals, start: Start
) -> None:
    process = start(APPLICATION)
    port = read_line(process)
    read_line(process)
    with httpx2.stream("GET", f"http://127.0.0.1:{port}/endless", timeout=PATIENCE) as answer:
        pieces = answer.iter_text()
        assert next(pieces) == "first"
        process.send_signal(number)
        assert "".join(pieces) == "last"
    _, said = process.communicate(timeout=PATIENCE)
    assert list_notes(said) == ["opened", "closed", "ended"]
    assert process.returncode == 0


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_signal_before_it_listens_is_not_lost(start: Start) -> None:
    process = start(
        APPLICATION.replace('note("opened")', 'note("opened"); signal.raise_signal(15)')
        .replace("import asyncio", "import signal, asyncio")
        .replace("print(listener.getsockname()[1], flush=True)", "")
    )
    said, errors = process.communicate(timeout=PATIENCE)
    assert (said, process.returncode) == ("", 0), errors
    assert list_notes(errors) == ["opened", "closed", "ended"]


def test_a_fault_at_the_start_stays_the_fault_it_is(start: Start) -> None:
    refusing = APPLICATION.replace(
        'note("opened")', 'raise StartupRefused("No.", cure="Do this.")'
    ).replace(
        "serving.run(",
        "import atexit\ndef run(*a):\n    try:\n        serving.run(*a)\n"
        "    except StartupRefused as fault:\n        note(fault.cure)\n        raise SystemExit(2)"
        "\nrun(",
    )
    process = start(refusing)
    said, errors = process.communicate(timeout=PATIENCE)
    assert "listens" not in said
    assert (errors, process.returncode) == ("Do this.\n", 2)


def test_a_taken_port_is_refused_with_a_cure() -> None:
    with serving.bind("127.0.0.1", 0) as first:
        first.listen()
        with pytest.raises(StartupRefused) as caught:
            serving.bind("127.0.0.1", first.getsockname()[1])
    assert caught.value.code == "address_unusable"
    assert "--port 0" in str(caught.value.cure)


def test_an_unknown_host_is_refused_with_a_cure() -> None:
    with pytest.raises(StartupRefused) as caught:
        serving.bind("256.256.256.256", 0)
    assert "--host 127.0.0.1" in str(caught.value.cure)


def test_a_data_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StartupRefused) as caught:
        serving.make_data_folder(tmp_path / "file" / "folder")
    assert "--data-dir" in str(caught.value.cure)


def test_a_folder_made_here_is_for_its_owner_alone(tmp_path: Path) -> None:
    serving.make_data_folder(tmp_path / "new")
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("host", "spelled"),
    [
        ("127.0.0.1", "http://127.0.0.1:8642/?token=a%2Fb%26c-defghijklmnop"),
        ("0.0.0.0", "http://127.0.0.1:8642/?token=a%2Fb%26c-defghijklmnop"),
        ("::1", "http://[::1]:8642/?token=a%2Fb%26c-defghijklmnop"),
        ("::", "http://[::1]:8642/?token=a%2Fb%26c-defghijklmnop"),
        ("desk.local", "http://desk.local:8642/?token=a%2Fb%26c-defghijklmnop"),
    ],
)
def test_the_link_can_be_opened_as_it_is_printed(host: str, spelled: str, tmp_path: Path) -> None:
    environ = {
        "TTRPG_DATA_DIR": str(tmp_path),
        "TTRPG_TOKEN": "a/b&c-defghijklmnop",
        "TTRPG_HOST": host,
    }
    assert serving.spell_address(load_settings(environ)) == spelled


def test_a_bound_socket_does_not_listen_yet() -> None:
    with (
        serving.bind("127.0.0.1", 0) as bound,
        socket.socket() as caller,
        pytest.raises(ConnectionRefusedError),
    ):
        caller.connect(bound.getsockname())


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("place", ["the loop", "the end of the application", "a thread"])
def test_a_signal_ends_the_process_whatever_hangs(place: str, start: Start) -> None:
    application = APPLICATION.replace("import asyncio", "import time, asyncio")
    hanging = {
        "the loop": application.replace("await ended.wait()", "time.sleep(60)"),
        "the end of the application": application.replace(
            "await asyncio.sleep(0)", "time.sleep(60)"
        ),
        "a thread": application.replace(
            "await ended.wait()", "await asyncio.to_thread(time.sleep, 60)"
        ),
    }[place]
    process = start(hanging)
    port = read_line(process)
    read_line(process)
    with httpx2.stream("GET", f"http://127.0.0.1:{port}/endless", timeout=PATIENCE) as answer:
        assert next(answer.iter_text()) == "first"
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "ended" not in list_notes(said)
    assert "most recent call first" in said  # Where it hung is in the log of the service.
