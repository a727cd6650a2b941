"""A canary secret never comes out of any door of the log, nor does what is said at the table."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
import structlog

from ttrpg_assistant.logs import hide_in_logs, set_up_logs

CANARY = "canary/7f3a9b\"2c5d'8e1f40"

Said = Callable[[], str]


@pytest.fixture(params=["text", "json"])
def said(request: pytest.FixtureRequest) -> Iterator[Said]:
    """Logs set up in one format; calling it gives everything said so far."""
    stream = io.StringIO()
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    set_up_logs(request.param, secrets=[CANARY], stream=stream)
    yield stream.getvalue
    root.handlers = before
    root.setLevel(level)
    structlog.reset_defaults()


def test_a_known_secret_is_hidden_wherever_it_stands(said: Said) -> None:
    log = structlog.get_logger()
    log.info("called", address=f"http://127.0.0.1/?q={CANARY}", nested={"deep": [CANARY]})
    log.warning(f"answered {CANARY}")
    logging.getLogger("uvicorn.error").error("refused %s", CANARY, extra={"seen": CANARY})
    try:
        raise ValueError(CANARY)
    except ValueError:
        log.exception("failed")
        logging.getLogger("library").exception("failed too")
    assert said().count("[hidden]") >= 6
    assert "Traceback" in said()
    for part in (CANARY, "canary", "8e1f40"):
        assert part not in said()


def test_a_secret_learned_later_is_hidden_from_then_on(said: Said) -> None:
    hide_in_logs(["entered-on-the-page"])
    structlog.get_logger().info("kept", where="entered-on-the-page")
    assert "entered-on-the-page" not in said()


@pytest.mark.parametrize(
    "text",
    [
        "sk-ant-REDACTED",
        "AIzaSyA1234567890abcdefghijklmnop",
        "Authorization: Bearer abcdefghijkl",
        "GET /?token=abcdefghijkl HTTP/1.1",
        "GET /models?alt=sse&key=abcdefghijkl",
        "x-api-key: abcdefghijkl",
        "postgresql://gm:abcdefghijkl@db.test/ttrpg",
    ],
)
def test_what_looks_like_a_secret_is_hidden_unasked(text: str, said: Said) -> None:
    logging.getLogger("library").error("call of %s", text)
    structlog.get_logger().info("call", of=text)
    assert "abcdefghijkl" not in said()
    assert said().count("[hidden]") == 2


def test_fields_named_after_secrets_are_hidden_and_counts_are_not(said: Said) -> None:
    structlog.get_logger().info(
        "turn", api_key="word", headers={"Authorization": "word"}, context_tokens=8192, tokens_in=7
    )
    assert "word" not in said()
    assert "8192" in said()


def test_what_is_said_at_the_table_is_not_logged(said: Said) -> None:
    log = structlog.get_logger()
    log.info("stored", content="The duke is the murderer", seq=4)
    log.error("failed", prompt="The duke is the murderer")
    log.debug("never shown", content="The duke is the murderer")
    assert "duke" not in said()
    assert said().count("characters") == 2


def test_json_is_one_object_a_line_with_moment_level_and_event() -> None:
    stream = io.StringIO()
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    try:
        set_up_logs("json", stream=stream)
        structlog.get_logger("ttrpg").info("turn finished", turn="t1")
        logging.getLogger("library").warning("two\nlines")
    finally:
        root.handlers = before
        root.setLevel(level)
        structlog.reset_defaults()
    first, second = (json.loads(line) for line in stream.getvalue().splitlines())
    assert (first["event"], first["level"], first["turn"]) == ("turn finished", "info", "t1")
    assert first["at"].endswith("Z")
    assert (second["event"], second["logger"]) == ("two\nlines", "library")


def test_nothing_is_loaded_to_colour_what_is_never_coloured() -> None:
    program = (
        "import sys, ttrpg_assistant.logs, ttrpg_assistant.app, ttrpg_assistant.serving;"
        "print([name for name in ('rich', 'pygments', 'watchfiles') if name in sys.modules]);"
        "import rich"  # who wants it afterwards gets it
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert told.stdout.split() == [b"[]"]
