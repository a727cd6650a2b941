"""Packs what other programs install: the Foundry module as a zip, and an `.mcpb` bundle.

python scripts/pack.py [FOLDER]     # dist/ttrpg-assistant-foundry.zip, dist/ttrpg-assistant.mcpb

The same files give the same bytes.
"""

from __future__ import annotations

import json
import sys
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MOMENT = (2026, 1, 1, 0, 0, 0)


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "dist"
    folder.mkdir(parents=True, exist_ok=True)
    for made in (pack_foundry(folder), pack_bundle(folder)):
        print(made)


def pack_foundry(folder: Path) -> Path:
    """The module, as Foundry's “Install Module” and a world's folder of modules take it."""
    module = ROOT / "foundry"
    files = {
        path.relative_to(module).as_posix(): path.read_bytes()
        for path in sorted(module.rglob("*"))
        if path.is_file() and path.suffix != ".ts"
    }
    return _write(folder / "ttrpg-assistant-foundry.zip", {**files, **_license()})


def pack_bundle(folder: Path) -> Path:
    """A bundle for clients that take `.mcpb`: it starts the command that is installed here."""
    return _write(folder / "ttrpg-assistant.mcpb", {"manifest.json": _spell(), **_license()})


def _spell() -> bytes:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    env = {"TTRPG_TOKEN": "${user_config.token}", "TTRPG_URL": "${user_config.url}"}
    manifest = {
        "manifest_version": "0.3",
        "name": project["name"],
        "display_name": "TTRPG Assistant",
        "version": project["version"],
        "description": project["description"],
        "author": {"name": "TTRPG Assistant"},
        "license": project["license"],
        "server": {
            "type": "binary",
            "entry_point": project["name"],
            "mcp_config": {"command": "${user_config.command}", "args": ["mcp"], "env": env},
        },
        "tools_generated": True,
        "prompts_generated": True,
        "user_config": {
            "token": {
                "type": "string",
                "title": "Token",
                "description": "Made under “Other tools” in Settings",
                "sensitive": True,
                "required": True,
            },
            "url": {
                "type": "string",
                "title": "Address of the server",
                "description": "Where TTRPG Assistant runs",
                "default": "http://127.0.0.1:8642",
                "required": False,
            },
            "command": {
                "type": "string",
                "title": "Command",
                "description": "The installed command, with its folder if it is not found",
                "default": project["name"],
                "required": False,
            },
        },
    }
    return json.dumps(manifest, indent=2, ensure_ascii=False).encode()


def _license() -> dict[str, bytes]:
    return {"LICENSE": (ROOT / "LICENSE").read_bytes()}


def _write(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(zipfile.ZipInfo(name, MOMENT), content, zipfile.ZIP_DEFLATED)
    return path


if __name__ == "__main__":
    main()
