"""What a host sees of a server: numbers, ids of requests, slow statements, and nobody's words."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families
from structlog.testing import capture_logs

from tests.databases import QUICK
from tests.running import Running, running
from ttrpg_assistant.api.watching import Watched
from ttrpg_assistant.app import create_app
from ttrpg_assistant.errors import StartupRefused
from ttrpg_assistant.settings import Settings
from ttrpg_assistant.storage import slow_statements
from ttrpg_assistant.storage.engines import create_database
from ttrpg_assistant.storage.preferences import find_preference, put_preference

METRICS_TOKEN = "0123456789-for-metrics"
CANARY = "Quillon the heron-keeper"


async def talk(app: Running) -> str:
    """Words in a chat, a campaign and a search."""
    chat_id = await app.open_chat()
    await app.post(f"/api/chat-sessions/{chat_id}/messages", {"role": "user", "content": CANARY})
    await app.post("/api/campaigns", {"name": CANARY})
    await app.get("/api/search", q=CANARY)
    return chat_id


async def read_metrics(app: Running) -> tuple[str, dict[str, Any]]:
    headers = {"Authorization": f"Bearer {METRICS_TOKEN}"}
    answer = await app.client.get("/metrics", headers=headers)
    assert answer.status_code == 200, answer.text
    families = {one.name: one for one in text_string_to_metric_families(answer.text)}
    return answer.text, families


async def test_metrics_and_slow_statements_say_how_the_server_is_and_nothing_that_was_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path, metrics_token=METRICS_TOKEN) as app:
        monkeypatch.setattr(slow_statements, "SLOW_SECONDS", 0.0)
        with capture_logs() as logs:
            chat_id = await talk(app)
        monkeypatch.undo()
        assert len([line for line in logs if line["event"] == "statement.slow"]) > 10
        assert "Quillon" not in repr(logs)
        await app.post("/api/backups", status=201)
        text, families = await read_metrics(app)
        for private in ("Quillon", chat_id, METRICS_TOKEN, str(tmp_path), "127.0.0.1"):
            assert private not in text, private
        counted = {
            (one.labels["method"], one.labels["route"], one.labels["status"]): one.value
            for one in families["ttrpg_http_requests"].samples
            if one.name.endswith("_total")
        }
        assert counted["POST", "/api/campaigns", "201"] == 1
        assert counted["POST", "/api/chat-sessions/{chat_session_id}/messages", "201"] == 1
        assert families["ttrpg_saving"].samples[0].value == 1
        assert families["ttrpg_last_backup_timestamp_seconds"].samples[0].value > 1.7e9
        tasks = {one.labels["task"] for one in families["ttrpg_background_failures"].samples}
        assert "daily backup" in tasks

        # They want the token that was set for them, and it opens nothing else.
        assert (await app.client.get("/metrics")).status_code == 401, "not even the launch token"
        headers = {"Authorization": f"Bearer {METRICS_TOKEN}"}
        assert (await app.client.get("/api/models", headers=headers)).status_code == 401
        async with httpx2.AsyncClient(base_url=app.address, verify=False) as stranger:
            seen = [
                (await stranger.get("/metrics", headers={"Authorization": f"Bearer guess-{n}"}))
                for n in range(14)
            ]
        assert seen[-1].status_code == 429


def test_metrics_without_their_library_stop_the_start_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(StartupRefused) as caught:
        create_app(Settings(data_dir=tmp_path, metrics_token=METRICS_TOKEN))
    assert "ttrpg-assistant[metrics]" in str(caught.value.cure)


async def test_every_answer_has_an_id_and_what_is_logged_about_it_has_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path) as app:
        first, second = [await app.client.get("/healthz") for _ in range(2)]
        refused = await app.client.get("/", headers={"Host": "evil.test"})
        ids = {one.headers["x-request-id"] for one in (first, second, refused)}
        assert len(ids) == 3
        claimed = await app.client.get("/healthz", headers={"X-Request-ID": "claimed"})
        assert claimed.headers["x-request-id"] != "claimed", "nobody named a proxy"
        assert (await app.client.get("/metrics")).status_code == 404, "nobody asked for it"

        async def break_down(*_: object, **__: object) -> None:
            raise RuntimeError("a bug")

        monkeypatch.setattr(app.services.backups, "make", break_down)
        with capture_logs() as logs:
            broken = await app.client.post("/api/backups")
        assert broken.status_code == 500
        assert broken.json()["request_id"] == broken.headers["x-request-id"]
        [failed] = [line for line in logs if line["event"] == "request.failed"]
        assert (failed["route"], failed["status"]) == ("/api/backups", 500)


@pytest.mark.parametrize(
    ("given", "is_kept"), [("edge-17.a_B", True), ("x" * 65, False), ("a b", False)]
)
def test_behind_a_named_proxy_a_well_formed_id_is_kept(given: str, is_kept: bool) -> None:
    async def nothing(*_: Any) -> None:
        raise AssertionError("nobody asked")

    scope = {"headers": [(b"x-request-id", given.encode())]}
    assert (Watched(nothing, takes_ids=True, meter=None)._name(scope) == given) == is_kept


async def test_slow_statements_are_logged_without_anybodys_words(
    database_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slow_statements, "SLOW_SECONDS", 0.0)
    before = slow_statements.Counted.slow
    with capture_logs() as logs:
        is_file = not database_address.startswith("postgresql")
        address = Path(database_address) if is_file else database_address
        database = create_database(address, patience=QUICK)
        await database.open()
        await database.write(lambda tx: put_preference(tx, "name", CANARY))
        assert await database.read(lambda tx: find_preference(tx, "name")) == CANARY
        await database.close()
    slow = [line for line in logs if line["event"] == "statement.slow"]
    assert any("preferences" in line["statement"] for line in slow)
    assert slow_statements.Counted.slow - before >= len(slow) > 0
    assert CANARY not in repr(logs) and "Quillon" not in repr(logs)
