"""A start is quick: a library that is only needed at times is imported when it is needed."""

from __future__ import annotations

import json
import subprocess
import sys

AT_EVERY_START = {
    *("ahocorasick", "aiohappyeyeballs", "annotated_doc", "annotated_types", "anyio"),
    *(
        "click",
        "fastapi",
        "filelock",
        "greenlet",
        "httptools",
        "httpx2",
        "idna",
        "msgspec",
        "opentelemetry",
    ),
    *("pydantic", "pydantic_core", "python_multipart", "shellingham", "sqlalchemy", "starlette"),
    *("structlog", "typer", "typing_extensions", "typing_inspection", "uuid_utils", "uvicorn"),
    *("_brotli", "brotli", "backports", "brotlicffi", "certifi", "h2", "zstandard", "truststore"),
}
"""What the server itself, its routes and a call to a model need, and what these bring along."""

SELDOM_USED = ("sqlalchemy.dialects.postgresql",)
"""Parts of these that most servers never need."""

LATE_ROOMS = (
    *("exports", "doors.mcp_server", "doors.tools", "doors.talking", "imports.formats"),
    *("builtin.replies", "builtin.npc_voice"),
)
"""Of our own: what is imported when somebody asks for it."""

LIST_LIBRARIES = """
import json, sys
import ttrpg_assistant.cli, ttrpg_assistant.logs, ttrpg_assistant.serving, ttrpg_assistant.app
print(json.dumps(sorted(
    name for name, module in sys.modules.items()
    if "site-packages" in (getattr(module, "__file__", None) or "")
    or name.startswith("ttrpg_assistant.")
)))
"""


def test_a_start_imports_no_library_that_is_only_needed_at_times() -> None:
    told = subprocess.run(
        [sys.executable, "-c", LIST_LIBRARIES], capture_output=True, text=True, check=True
    )
    modules = json.loads(told.stdout)
    found = {name.partition(".")[0] for name in modules if not name.startswith("_distutils")}
    found.discard("ttrpg_assistant")
    assert "fastapi" in found
    parts = [name for name in modules if name.startswith(SELDOM_USED)]
    assert not parts, f"These parts of libraries are only needed at times: {parts}"
    rooms = tuple(f"ttrpg_assistant.{room}" for room in LATE_ROOMS)
    early = [name for name in modules if name.startswith(rooms)]
    assert not early, f"Imported with the first use (late_groups.py, services.py): {early}"
    late = sorted(name for name in found - AT_EVERY_START if not name.startswith("__editable"))
    assert not late, f"Import inside the function that needs it: {late}"
