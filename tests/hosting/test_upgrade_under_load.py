"""The first version that served is stopped in mid-talk and this one goes on with its database."""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest

from tests.databases import PostgresServer, run_apart
from tests.hosting.real_proxies import find_free_port
from tests.house.source_tree import ROOT
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.storage import backup
from ttrpg_assistant.storage.schema import head_revision

pytestmark = [pytest.mark.deep, pytest.mark.slow, pytest.mark.fault]

FIRST = "e8e4c11"
"""The first commit whose server runs as it is: schema 0003."""

TOKEN = "a-launch-token-for-tests"
SPEAKERS = 6
PATIENCE = 120


@dataclass
class Speaker:
    """One game master who says line after line, and says a line again until it is taken."""

    address: str
    chat_id: str
    number: int
    said: list[str] = field(default_factory=list)
    longest_pause: float = 0.0

    def run(self, until: threading.Event) -> None:
        bearer = {"Authorization": f"Bearer {TOKEN}"}
        with httpx2.Client(base_url=self.address, headers=bearer, timeout=PATIENCE) as client:
            taken = time.monotonic()
            while not until.is_set():
                line = f"line {len(self.said):05d} of {self.number}"
                body = {"id": new_id(), "role": "user", "content": line}
                while True:  # Also after the end: a line that was begun is brought in.
                    try:
                        path = f"/api/chat-sessions/{self.chat_id}/messages"
                        answer = client.post(path, json=body)
                    except httpx2.TransportError:
                        time.sleep(0.05)
                        continue
                    if answer.status_code in (200, 201):
                        break
                    time.sleep(0.05)
                self.longest_pause = max(self.longest_pause, time.monotonic() - taken)
                taken = time.monotonic()
                self.said.append(line)


@contextmanager
def server(
    source: Path, folder: Path, port: int, url: str | None
) -> Iterator[subprocess.Popen[str]]:
    """A version of the program as a process of its own."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("TTRPG_")}
    environ |= {"PYTHONPATH": str(source), "TTRPG_DATA_DIR": str(folder), "TTRPG_TOKEN": TOKEN}
    if url is not None:
        environ["TTRPG_DATABASE_URL"] = url
    command = [sys.executable, "-m", "ttrpg_assistant", "serve", "--no-browser"]
    with (folder.parent / f"log-{source.parent.name}-{port}").open("a") as log:
        process = subprocess.Popen(
            [*command, "--port", str(port)],
            cwd=folder.parent,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def wait_until_it_listens(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert re.match("Listening on ", process.stdout.readline()), process.poll()


@pytest.fixture(scope="module")
def first_version(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source of the first version, out of the history."""
    folder = tmp_path_factory.mktemp("first")
    found = subprocess.run(["git", "archive", FIRST, "src"], cwd=ROOT, capture_output=True)
    if found.returncode != 0:
        pytest.skip("the history is not here")
    with tarfile.open(fileobj=io.BytesIO(found.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder / "src"


@pytest.mark.parametrize(
    "engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
)
def test_the_first_version_is_upgraded_in_mid_talk_and_refuses_to_go_back(
    engine: str, first_version: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    data, url, name = tmp_path / "data", None, ""
    postgres: PostgresServer | None = None
    data.mkdir()
    if engine == "postgresql":
        postgres = request.getfixturevalue("postgres_server")
        assert postgres is not None
        name = run_apart(postgres.make_database(migrated=False))
        url = postgres.address_of(name)
    port = find_free_port()
    address, ended = f"http://127.0.0.1:{port}", threading.Event()
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    with server(first_version, data, port, url) as old:
        wait_until_it_listens(old)
        with httpx2.Client(base_url=address, headers=bearer, timeout=PATIENCE) as client:
            chat_id = client.post("/api/chat-sessions/active", json={}).json()["id"]
        speakers = [Speaker(address, chat_id, number) for number in range(SPEAKERS)]
        threads = [threading.Thread(target=one.run, args=(ended,)) for one in speakers]
        for thread in threads:
            thread.start()
        while sum(len(one.said) for one in speakers) < 400:
            time.sleep(0.05)
        before = sum(len(one.said) for one in speakers)
        old.kill()  # In the middle of whatever it does.
        old.wait()
    with server(ROOT / "src", data, port, url) as new:
        begun = time.monotonic()
        wait_until_it_listens(new)
        ready = time.monotonic() - begun
        while sum(len(one.said) for one in speakers) < before + 400:
            time.sleep(0.05)
        ended.set()
        for thread in threads:
            thread.join()
        lost = doubled = moved = 0
        with httpx2.Client(base_url=address, headers=bearer, timeout=PATIENCE) as client:
            everything = read_lines(client, chat_id)
            for one in speakers:
                found = [line for line in everything if line.endswith(f" of {one.number}")]
                lost += len(set(one.said) - set(found))
                doubled += len(found) - len(set(found))
                moved += found != one.said
        assert (lost, doubled, moved) == (0, 0, 0)
        new.terminate()
        new.wait(PATIENCE)
    said = sum(len(one.said) for one in speakers)
    print(
        f"{engine}: {said} lines by {len(speakers)} game masters, {before} of them to the first"
        f" version; 0 lost, doubled or moved; schema 0003 to {head_revision()} and listening in"
        f" {ready:.1f} s; the longest pause of a game master"
        f" {max(one.longest_pause for one in speakers):.1f} s"
    )

    # Backwards is refused and changes nothing.
    file = data / "ttrpg_assistant.db"
    hashed = hashlib.sha256(file.read_bytes()).hexdigest() if engine == "sqlite" else ""
    with server(first_version, data, port, url) as refused:
        assert refused.wait(PATIENCE) == 2
    if engine == "sqlite":
        assert hashlib.sha256(file.read_bytes()).hexdigest() == hashed
        # The backup that the upgrade made brings the first version back to work.
        [kept] = (data / "backups").glob("before-migration-*-from-0003.db")
        backup.restore(kept, file)
        with server(first_version, data, port, url) as again:
            wait_until_it_listens(again)
            with httpx2.Client(base_url=address, headers=bearer, timeout=PATIENCE) as client:
                count = len(read_lines(client, chat_id))
        assert count >= before
        print(f"sqlite: back with the first version and its backup: {count} lines")
    if postgres is not None:
        run_apart(postgres.drop_database(name))


def read_lines(client: httpx2.Client, chat_id: str) -> list[str]:
    """Everything said in a conversation, oldest first."""
    found: list[str] = []
    after = 0
    while True:
        path = f"/api/chat-sessions/{chat_id}/messages"
        page = client.get(path, params={"limit": 500, "after": after}).json()["messages"]
        fresh = [one for one in page if one["seq"] > after]
        if not fresh:
            return found
        found += [one["content"] for one in fresh]
        after = max(one["seq"] for one in fresh)
