"""What search by meaning needs is installed at a press, by a real pip, whole or not at all."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.running import running
from tests.search.package_index import PackageIndex, make_wheel, serving_index
from tests.search.test_meaning import WordsOfAKind
from tests.search.test_search import new_thread, say
from ttrpg_assistant.errors import Fault
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.search.meaning import install_faults, meaning, requirements
from ttrpg_assistant.search.meaning.installation import Installation
from ttrpg_assistant.search.meaning.meaning import Meaning
from ttrpg_assistant.storage.database import Database

NAMES = ("ttrpg_fake_weights", "ttrpg_fake_words")


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Iterator[PackageIndex]:
    wheels = dict(make_wheel(name, os.urandom(400_000)) for name in NAMES)
    monkeypatch.setattr(sys, "path", list(sys.path))
    with serving_index(wheels, monkeypatch) as made:
        yield made


@pytest.fixture
def installation(index: PackageIndex, tmp_path: Path) -> Installation:
    wanted = index.write_requirements(tmp_path / "requirements.txt")
    (tmp_path / "kept").mkdir()
    return Installation(tmp_path / "kept", wanted, needed_bytes=10_000_000)


def list_left(tmp_path: Path) -> list[str]:
    """What lies in the folder of packages, by the first level."""
    return sorted(one.name for one in (tmp_path / "kept" / "meaning").glob("*"))


async def test_one_press_installs_what_is_missing_turns_it_on_and_reads_what_is_there(
    database: Database, index: PackageIndex, installation: Installation, tmp_path: Path
) -> None:
    old = await new_thread(database)
    await say(database, old.id, "A puppy barks behind the mill.")
    index.held = threading.Event()
    made = Meaning(
        database,
        Changes(),
        WordsOfAKind,  # type: ignore[arg-type]
        lambda: importlib.util.find_spec(NAMES[0]) is not None,
        installation,
    )
    assert not (await made.get_state()).is_installed
    first = await made.install()
    assert first.installing is not None and not first.is_on
    await asyncio.to_thread(index.asked.wait, 60)
    again = await made.install()
    assert again.installing is not None and again.installing.phase == "downloading"
    index.held.set()
    assert made._installing is not None
    await made._installing
    state = await made.get_state()
    assert (state.is_installed, state.is_on, state.fault, state.installing) == (
        True,
        True,
        None,
        None,
    )
    assert state.waiting == 1 and await made.catch_up() == 1
    [folder] = list_left(tmp_path)
    assert folder.startswith(str(sys.implementation.cache_tag)) and not folder.endswith(".part")
    assert requirements.list_missing(tmp_path / "requirements.txt") == {}
    # After a start it is found again, without another installation.
    sys.path[:] = [one for one in sys.path if folder not in one]
    assert set(requirements.list_missing(tmp_path / "requirements.txt")) == set(NAMES)
    Installation(tmp_path / "kept", tmp_path / "requirements.txt").use()
    assert requirements.list_missing(tmp_path / "requirements.txt") == {}


async def test_another_file_than_the_pinned_one_is_not_installed(
    index: PackageIndex, installation: Installation, tmp_path: Path
) -> None:
    name, body = make_wheel(NAMES[1], b"something else")
    index.wheels[name] = body
    with pytest.raises(Fault) as refused:
        await installation.install()
    assert refused.value.code == "meaning_wrong_file"
    assert list_left(tmp_path) == [] and importlib.util.find_spec(NAMES[0]) is None


async def test_what_is_in_the_way_is_said_with_a_cure(
    index: PackageIndex,
    installation: Installation,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fails(trying: Installation) -> str:
        with pytest.raises(Fault) as refused:
            await trying.install()
        assert refused.value.cure and refused.value.cure.endswith("press Install again.")
        return refused.value.code

    wanted = tmp_path / "requirements.txt"
    full = Installation(tmp_path / "kept", wanted, needed_bytes=10**18)
    assert await fails(full) == "meaning_no_room"
    (tmp_path / "file").write_text("")
    odd = Installation(tmp_path / "file", wanted, needed_bytes=0)
    with pytest.raises(Fault):  # a file where a folder should be
        await odd.install()
    with monkeypatch.context() as patched:
        patched.setattr(importlib.util, "find_spec", lambda name: None)
        assert await fails(installation) == "meaning_no_pip"
    monkeypatch.setenv("PIP_INDEX_URL", index.address)
    index.held = threading.Event()
    stalled = Installation(tmp_path / "kept", wanted, needed_bytes=0, stalled_seconds=0.1)
    assert await fails(stalled) == "meaning_install_stalled"
    assert list_left(tmp_path) == []


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("ERROR: [Errno 28] No space left on device", "meaning_no_room"),
        ("ERROR: [Errno 13] Permission denied: '/x'", "meaning_read_only"),
        ("ERROR: No matching distribution found for numpy==9", "meaning_no_files"),
        ("ERROR: Can not combine two things", "meaning_install_failed"),
        ("", "meaning_install_failed"),
    ],
)
def test_the_end_of_what_pip_says_is_understood(said: str, code: str, tmp_path: Path) -> None:
    fault = install_faults.of_pip(["Looking in indexes", said], tmp_path)
    assert fault.code == code and fault.cure
    assert ("two things" in fault.sentence) == ("two things" in said)


def test_pip_ends_when_the_server_dies(index: PackageIndex, tmp_path: Path) -> None:
    index.held = threading.Event()
    wanted = index.write_requirements(tmp_path / "requirements.txt")
    command = [sys.executable, "-m", "ttrpg_assistant.search.meaning.pip_process", str(tmp_path)]
    command += ["install", "--no-deps", "--target", str(tmp_path / "to"), "-r", str(wanted)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as running:
        assert index.asked.wait(60)
        assert running.stdin is not None
        running.stdin.close()  # as the system does when a process dies
        assert running.wait(60) == 3


async def test_a_server_that_ends_takes_the_installation_with_it(
    index: PackageIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.held = threading.Event()
    wanted = index.write_requirements(tmp_path / "requirements.txt")
    folder = tmp_path / "kept"
    folder.mkdir()

    def make(data_dir: Path) -> Installation:
        return Installation(data_dir, wanted, needed_bytes=0)

    monkeypatch.setattr("ttrpg_assistant.services.Installation", make)
    monkeypatch.setattr(meaning, "find_folder", lambda: None)
    async with running(folder) as app:
        stranger = {"Authorization": "Bearer wrong"}
        for method in ("POST", "DELETE"):
            refused = await app.client.request(method, "/api/meaning/install", headers=stranger)
            assert refused.status_code == 401
        state: Any = await app.get("/api/meaning")
        assert (state["installing"], state["fault"]) == (None, None)
        await app.services.meaning.close()  # nothing runs: nothing happens
        monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple/")
        began = await app.post("/api/meaning/install", status=202)
        assert app.services.meaning._installing is not None
        await app.services.meaning._installing
        state = await app.get("/api/meaning")
        assert (state["installing"], state["is_on"]) == (None, False)
        assert state["fault"]["code"] == "meaning_no_network"
        assert "internet" in state["fault"]["cure"]
        monkeypatch.setenv("PIP_INDEX_URL", index.address)
        began = await app.post("/api/meaning/install", status=202)
        assert began["fault"] is None
        assert began["installing"]["phase"] == "downloading"
        await asyncio.to_thread(index.asked.wait, 60)
        stopped = await app.client.delete("/api/meaning/install")
        assert stopped.json()["installing"] is None and stopped.json()["fault"] is None
        assert list_left(tmp_path) == []
        index.asked.clear()
        pressed = [("POST", 202), ("DELETE", 200), ("POST", 202), ("DELETE", 200), ("POST", 202)]
        answers = await asyncio.gather(
            *(app.client.request(method, "/api/meaning/install") for method, _ in pressed)
        )
        assert [one.status_code for one in answers] == [status for _, status in pressed]
        await app.post("/api/meaning/install", status=202)
        await asyncio.to_thread(index.asked.wait, 60)
    assert list_left(tmp_path) == []


def test_the_files_that_are_installed_are_those_that_the_command_names() -> None:
    pinned = requirements.read_requirements(requirements.REQUIREMENTS)
    typed = meaning.INSTALL.split("--no-deps ")[1].split()
    assert set(pinned) == set(typed) == set(requirements.DOWNLOAD_BYTES)
    for name, lines in pinned.items():
        assert "==" in lines and "--hash=sha256:" in lines, name


def test_half_an_installation_is_removed_at_the_next_start(tmp_path: Path) -> None:
    made = Installation(tmp_path)
    made._part.mkdir(parents=True)
    (made._part / "half.bin").write_bytes(b"x" * 10)
    with contextlib.suppress(FileNotFoundError):
        made.sweep()
    assert list((tmp_path / "meaning").iterdir()) == []
