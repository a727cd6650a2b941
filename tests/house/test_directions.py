"""Data flows one way, so that a room can be understood by reading it and what is below it."""

from __future__ import annotations

import ast
import sys

from tests.house.source_tree import NAME, PACKAGE, list_modules

FLOOR = {"errors", "ids", "clock", "failpoints", "outside_json", "normal_forms", "characters"}
FLOOR |= {"script_words"}
STORED = FLOOR | {"storage", "llm"}

MAY_IMPORT: dict[str, set[str]] = {
    "__init__": set(),
    "errors": set(),
    "failpoints": set(),
    "clock": set(),
    "characters": set(),
    "ids": {"errors", "clock"},
    "outside_json": set(),
    "normal_forms": set(),
    "script_words": {"normal_forms"},
    "background": {"ids"},
    "setting_values": set(),
    "settings": {"errors", "setting_values", "__init__"},
    "missing_packages": set(),
    "process_limits": set(),
    "logs": {"setting_values", "missing_packages"},
    "storage": FLOOR,
    "llm": FLOOR,
    "builtin": FLOOR | {"llm"},
    "prompts": FLOOR | {"llm"},
    "live": STORED,
    "conversations": STORED | {"builtin", "prompts", "live"},
    "campaigns": STORED | {"builtin", "prompts", "live"},
    "suggestions": STORED | {"prompts", "live", "conversations", "campaigns"},
    "reviews": STORED | {"builtin", "prompts", "live", "conversations", "campaigns", "suggestions"},
    "pictures": STORED | {"live", "campaigns", "process_limits"},
    "archives": STORED
    | {"live", "conversations", "campaigns", "suggestions", "verification", "pictures"}
    | {"reviews", "continuity"},
    "search": STORED | {"builtin", "prompts", "live", "conversations", "campaigns"},
    "continuity": STORED
    | {"builtin", "prompts", "live", "conversations", "campaigns", "search"}
    | {"suggestions", "reviews"},
    "imports": STORED
    | {
        "process_limits",
        "prompts",
        "live",
        "conversations",
        "campaigns",
        "suggestions",
        "pictures",
        "archives",
    },
    "exports": STORED
    | {"prompts", "live", "conversations", "campaigns", "suggestions", "pictures", "archives"}
    | {"continuity", "imports", "process_limits"},
    "doors": STORED
    | {"prompts", "live", "conversations", "campaigns", "suggestions", "search", "continuity"}
    | {"builtin", "pictures", "archives", "reviews", "imports", "exports"},
    "vaults": STORED
    | {"live", "campaigns", "conversations", "archives", "imports", "exports", "private_files"},
    "model_choice": STORED | {"live"},
    "model_memory": STORED | {"setting_values", "live"},
    "shared_models": STORED | {"live", "model_choice", "model_memory"},
    "other_servers": STORED,
    "credentials": STORED,
    "daily_backups": STORED | {"live"},
    "api": STORED
    | {"prompts", "live", "conversations", "campaigns", "suggestions", "search", "archives"}
    | {"continuity"}
    | {"model_choice", "model_memory", "credentials", "settings", "background", "listening"}
    | {"other_servers"}
    | {"builtin", "pictures", "reviews", "imports", "exports", "doors"}
    | {"daily_backups", "vaults"},
    "sample_talk": STORED | {"conversations", "campaigns", "suggestions"},
    "services": STORED
    | {"prompts", "live", "conversations", "campaigns", "suggestions", "search", "archives"}
    | {"continuity"}
    | {"model_choice", "model_memory", "shared_models", "other_servers"}
    | {"credentials", "settings", "logs", "sample_talk"}
    | {"background", "builtin", "pictures", "reviews", "imports", "exports", "doors"}
    | {"daily_backups", "vaults"},
    "late_groups": {"services", "api", "doors"},
    "app": STORED
    | {"prompts", "live", "conversations", "campaigns", "suggestions", "search", "api"}
    | {"archives", "settings", "services", "imports", "exports", "doors", "__init__"}
    | {"vaults", "late_groups", "builtin", "llm"},
    "verification": STORED
    | {"conversations", "campaigns", "suggestions", "pictures", "reviews", "continuity", "vaults"},
    "doctor": STORED | {"settings", "services", "verification", "__init__"},
    "connection_limits": set(),
    "listening": {"connection_limits", "missing_packages"},
    "private_files": set(),
    "running_server": FLOOR | {"private_files"},
    "browser_start": {"private_files", "clock"},
    "serving": FLOOR
    | {"settings", "app", "listening", "private_files", "missing_packages"}
    | {"connection_limits", "browser_start", "running_server"},
    "mcp_command": STORED | {"settings", "running_server", "campaigns", "doors"},
    "cli_options": {"settings", "logs"},
    "cli_doors": {"cli_options", "settings", "running_server", "doors", "mcp_command", "__init__"},
    "cli_services": {"settings", "running_server", "services"},
    "cli_files": {"cli_options", "cli_services", "settings", "imports"},
    "cli_vaults": {"cli_options", "cli_services", "settings", "vaults"},
    "cli": STORED
    | {"cli_options", "cli_doors", "cli_files", "cli_vaults"}
    | {"settings", "logs", "services", "serving", "doctor", "verification", "__init__"}
    | {"running_server"}
    | {"imports", "exports", "doors", "daily_backups"},
    "__main__": {"cli"},
}

ONLY_IN: dict[str, set[str]] = {
    "fastapi": {"api", "app", "serving"},
    "starlette": {"api", "app", "late_groups", "serving"},
    "uvicorn": {"serving", "listening"},
    "typer": {"cli", "cli_options", "cli_doors", "cli_files", "cli_vaults"},
    "watchfiles": {"vaults"},
    "httpx2": {"llm", "other_servers"},
    "keyring": {"llm"},
    "alembic": {"storage"},
    "sqlite3": {"storage"},
    "asyncpg": {"storage"},
    "platformdirs": {"settings"},
    "PIL": {"pictures"},
    "mcp": {"doors"},
    "mcp_types": {"doors"},
}
"""Libraries that belong to one room, so that they can be understood, or replaced, there."""

PURE_ROOMS = {"prompts"}
IMPURE = {"os", "io", "socket", "subprocess", "asyncio", "time", "random", "httpx2", "sqlalchemy"}


def test_every_room_imports_only_what_lies_below_it() -> None:
    wrong = []
    for module in list_modules():
        may = MAY_IMPORT.get(module.room)
        assert may is not None, f"{module.place}: a new room; say in this test what it may import"
        for line, imported, name in module.list_imports():
            parts = imported.split(".")
            if parts[0] != NAME:
                continue
            room = parts[1] if len(parts) > 1 else _room_named(name)
            if room != module.room and room not in may:
                wrong.append(f"{module.place}:{line}: {module.room} must not import {room}")
    assert not wrong, (
        "An import against the direction ties two rooms into one. Hand the value in, or move "
        "the code down (docs/architecture.md):\n" + "\n".join(wrong)
    )


def _room_named(name: str | None) -> str:
    """What `from ttrpg_assistant import name` means: a room, or the package's own names."""
    is_room = name and ((PACKAGE / name).is_dir() or (PACKAGE / f"{name}.py").is_file())
    return str(name) if is_room else "__init__"


def test_a_library_stays_in_the_room_that_owns_it() -> None:
    wrong = [
        f"{module.place}:{line}: {imported.split('.')[0]} belongs to "
        f"{', '.join(sorted(ONLY_IN[imported.split('.')[0]]))}"
        for module in list_modules()
        for line, imported, _ in module.list_imports()
        if module.room not in ONLY_IN.get(imported.split(".")[0], {module.room})
    ]
    assert not wrong, "A library used all over cannot be replaced:\n" + "\n".join(wrong)


def test_pure_rooms_touch_nothing_outside() -> None:
    assert IMPURE - {"httpx2", "sqlalchemy"} <= sys.stdlib_module_names
    wrong = [
        f"{module.place}:{line}: {imported}"
        for module in list_modules()
        if module.room in PURE_ROOMS
        for line, imported, _ in module.list_imports()
        if imported.split(".")[0] in IMPURE
    ]
    assert not wrong, "Rendering a prompt only turns facts into text:\n" + "\n".join(wrong)


INSIDE = {
    "storage/database.py": "the room's own face: both databases are its own",
    "storage/sqlite/writer.py": "one file of the room asks it of another",
    "llm/endings.py": "one file of the room asks it of another",
}
"""Protocols that nobody outside their room fulfils, with why."""


def test_what_a_room_asks_of_others_stands_in_its_ports() -> None:
    wrong = [
        f"{module.place}:{node.lineno}: {node.name}"
        for module in list_modules()
        if module.path.name != "ports.py" and str(module.path.relative_to(PACKAGE)) not in INSIDE
        for node in module.nodes
        if isinstance(node, ast.ClassDef)
        and any(isinstance(base, ast.Name) and base.id == "Protocol" for base in node.bases)
    ]
    assert not wrong, "Whoever fulfils it looks for it in ports.py:\n" + "\n".join(wrong)


def test_only_settings_reads_the_environment() -> None:
    # failpoints arms itself for tests, the command line hands the environment in, and
    # browser_start asks whether there is a screen. PostgreSQL's programs inherit it.
    free = {"settings", "failpoints", "cli_options", "cli_doors", "browser_start"}
    wrong = [
        f"{module.place}:{line}"
        for module in list_modules()
        if module.room not in free and not module.place.endswith("storage/postgresql_tools.py")
        for line, text in enumerate(module.path.read_text(encoding="utf-8").splitlines(), 1)
        if "os.environ" in text or "os.getenv" in text
    ]
    assert not wrong, "Everything but settings.py is handed values:\n" + "\n".join(wrong)
