"""The command line as others script against it: stdout, stderr, exit codes."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import httpx2
import pytest

from tests.faults.forked_command import run_forked
from tests.faults.forked_process import CAN_FORK

PATIENCE = 60.0
TOKEN = "canary-launch-token-7f3a9b"
PROGRAM = [sys.executable, "-m", "ttrpg_assistant"]

Result = subprocess.CompletedProcess[str]


def make_environ(folder: Path, **more: str) -> dict[str, str]:
    """An environment that holds nothing of the person who runs the tests."""
    kept = {k: v for k, v in os.environ.items() if k in {"PATH", "HOME", "SYSTEMROOT", "TMPDIR"}}
    kept |= {
        "TTRPG_DATA_DIR": str(folder),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    }
    # Nothing listens there: a developer's own Ollama must not change a test.
    return kept | {"OLLAMA_HOST": "http://127.0.0.1:9"} | more


def run(folder: Path, *arguments: str, **environ: str) -> Result:
    """A command, whole, in a process of its own that need not import the program first."""
    if not CAN_FORK:
        return run_anew(folder, *arguments, **environ)
    return run_forked(arguments, make_environ(folder, **environ), PATIENCE)


def run_anew(folder: Path, *arguments: str, **environ: str) -> Result:
    """A command as a person starts it."""
    return subprocess.run(
        [*PROGRAM, *arguments],
        env=make_environ(folder, **environ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


@contextmanager
def serving(folder: Path, *arguments: str, **environ: str) -> Iterator[subprocess.Popen[str]]:
    """A server of its own, gone at the end whatever happens."""
    process = subprocess.Popen(
        [*PROGRAM, *arguments],
        env=make_environ(folder, **environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    timer = threading.Timer(PATIENCE, process.kill)
    timer.start()
    try:
        yield process
    finally:
        timer.cancel()
        process.kill()
        process.communicate()


def read_address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None and process.stderr is not None
    line = process.stdout.readline()
    match = re.fullmatch(r"Listening on (http://127\.0\.0\.1:\d+)/\?token=(\S+)\n", line)
    assert match is not None, line or process.stderr.read()
    return match.group(1)


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_serve_prints_one_line_answers_and_ends_cleanly_at_sigterm(tmp_path: Path) -> None:
    arguments = ("serve", "--port", "0", "--no-browser")
    with serving(tmp_path, *arguments, TTRPG_TOKEN=TOKEN) as process:
        address = read_address(process)
        get = partial(httpx2.get, timeout=PATIENCE)  # a busy machine is no fault
        assert get(f"{address}/healthz").json() == {"status": "ok"}
        assert get(f"{address}/?token={TOKEN}").status_code == 200
        assert get(f"{address}/api/chat-sessions/active").status_code == 401
        bearer = {"Authorization": f"Bearer {TOKEN}"}
        answer = get(f"{address}/api/chat-sessions/active", headers=bearer)
        assert answer.status_code == 200
        process.send_signal(signal.SIGTERM)
        rest, errors = process.communicate(timeout=PATIENCE)
    assert rest == ""
    assert process.returncode == 0, errors
    assert TOKEN not in errors
    assert "Traceback" not in errors


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_key_entered_on_the_page_is_in_no_answer_and_no_log(tmp_path: Path) -> None:
    key = "canary-key-without-any-known-shape"
    arguments = ("serve", "--port", "0", "--no-browser", "--log", "json")
    with serving(tmp_path, *arguments, TTRPG_TOKEN=TOKEN) as process:
        address = read_address(process)
        said = {"key": key, "base_url": "http://127.0.0.1:9/v1"}
        with httpx2.Client(headers={"Authorization": f"Bearer {TOKEN}"}) as client:
            place = f"{address}/api/providers/openai-compatible"
            stored = client.put(f"{place}/key", json=said)
            answers = [stored, client.post(f"{place}/test"), client.get(f"{address}/api/models")]
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=PATIENCE)
    assert stored.json()["has_key"] is True
    for text in (errors, *(answer.text for answer in answers)):
        assert key not in text


def test_flags_without_a_command_belong_to_serve(tmp_path: Path) -> None:
    with serving(tmp_path, "--port", "0", "--no-browser") as process:
        assert httpx2.get(f"{read_address(process)}/healthz").status_code == 200


def test_a_second_server_on_the_same_file_says_so_and_ends_with_2(tmp_path: Path) -> None:
    arguments = ("serve", "--port", "0", "--no-browser")
    with serving(tmp_path, *arguments) as process:
        read_address(process)
        second = run(tmp_path, *arguments)
        assert (second.returncode, second.stdout) == (2, "")
        assert "already" in second.stderr
        assert "Traceback" not in second.stderr


def test_a_bad_setting_ends_with_2_and_names_itself(tmp_path: Path) -> None:
    result = run_anew(tmp_path, "serve", TTRPG_PORT="a lot")
    assert (result.returncode, result.stdout) == (2, "")
    assert "TTRPG_PORT must be a port number" in result.stderr
    assert "Traceback" not in result.stderr


def test_migrate_makes_the_schema_and_may_be_run_again(tmp_path: Path) -> None:
    for _ in range(2):
        result = run(tmp_path, "migrate")
        assert result.returncode == 0, result.stderr
        assert re.fullmatch(r"The database is at schema \d{4}\.\n", result.stdout)
    with closing(sqlite3.connect(tmp_path / "ttrpg_assistant.db")) as database:
        database.execute("SELECT * FROM chat_messages ORDER BY created_at DESC LIMIT 5")


def test_a_backup_can_be_restored_and_what_was_there_is_kept(tmp_path: Path) -> None:
    run(tmp_path, "migrate")
    made = run(tmp_path, "backup", str(tmp_path / "copy.db"))
    assert made.returncode == 0, made.stderr
    assert "0 messages" in made.stdout
    restored = run(tmp_path, "restore", str(tmp_path / "copy.db"))
    assert restored.returncode == 0, restored.stderr
    assert list(tmp_path.glob("ttrpg_assistant.db.replaced-*"))
    again = run(tmp_path, "backup", str(tmp_path / "copy.db"))
    assert again.returncode == 2
    assert "exists already" in again.stderr


def test_a_backup_without_a_target_goes_to_the_data_folder(tmp_path: Path) -> None:
    run(tmp_path, "migrate")
    assert run(tmp_path, "backup").returncode == 0
    assert len(list((tmp_path / "backups").glob("*.db"))) == 1


def test_a_file_that_is_no_backup_is_not_restored(tmp_path: Path) -> None:
    run(tmp_path, "migrate")
    before = (tmp_path / "ttrpg_assistant.db").read_bytes()
    (tmp_path / "letter.txt").write_text("Dear duke")
    result = run(tmp_path, "restore", str(tmp_path / "letter.txt"))
    assert result.returncode == 2
    assert "Traceback" not in result.stderr
    assert (tmp_path / "ttrpg_assistant.db").read_bytes() == before


def test_a_backup_of_a_postgresql_that_does_not_answer_is_refused_in_words(tmp_path: Path) -> None:
    result = run(tmp_path, "backup", "--database-url", "postgresql://gm@127.0.0.1:9/ttrpg")
    assert result.returncode == 2
    assert "cannot be reached" in result.stderr and "Traceback" not in result.stderr
    assert not (tmp_path / "backups").exists()


def test_doctor_tells_where_things_are_and_shows_no_key(tmp_path: Path) -> None:
    run(tmp_path, "migrate")
    result = run(
        tmp_path, "doctor", ANTHROPIC_API_KEY=TOKEN, ANTHROPIC_BASE_URL="http://127.0.0.1:9"
    )
    assert str(tmp_path / "ttrpg_assistant.db") in result.stdout
    assert sqlite3.sqlite_version in result.stdout
    assert "integrity ok" in result.stdout
    assert TOKEN not in result.stdout + result.stderr
    # A provider that was set up and cannot be reached needs attention.
    assert result.returncode == 1
    assert re.search(r"^! anthropic", result.stdout, re.MULTILINE)


def test_doctor_finds_damage(tmp_path: Path) -> None:
    run(tmp_path, "migrate")
    file = tmp_path / "ttrpg_assistant.db"
    content = bytearray(file.read_bytes())
    content[4096:12288] = os.urandom(8192)
    file.write_bytes(content)
    result = run(tmp_path, "doctor")
    assert result.returncode == 1
    assert re.search(r"^! (database|schema)", result.stdout, re.MULTILINE)
    assert "Traceback" not in result.stderr


def test_models_lists_the_built_in_one_with_nothing_configured(tmp_path: Path) -> None:
    result = run(tmp_path, "models")
    assert result.returncode == 0, result.stderr
    assert re.search(r"  offline$", result.stdout, re.MULTILINE)


def test_help_names_every_command(tmp_path: Path) -> None:
    result = run_anew(tmp_path, "--help")
    assert result.returncode == 0
    for command in ("serve", "migrate", "doctor", "models", "backup", "restore"):
        assert command in result.stdout
