"""A package index on loopback: a folder of wheels, served as pip asks for them."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest


def make_wheel(name: str, content: bytes) -> tuple[str, bytes]:
    """The name and the bytes of a wheel whose package `name` holds one file, `content.bin`."""
    info = f"{name}-1.0.dist-info"
    files = {
        f"{name}/__init__.py": b"",
        f"{name}/content.bin": content,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\n"
        b"Tag: py3-none-any\n",
    }
    record = ""
    for path, body in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(body).digest()).rstrip(b"=").decode()
        record += f"{path},sha256={digest},{len(body)}\n"
    files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for path, body in files.items():
            archive.writestr(path, body)
    return f"{name}-1.0-py3-none-any.whl", made.getvalue()


@dataclass
class PackageIndex:
    """What it hands out. While `held` is set to an event, a file stops in its middle until then;
    `asked` is set when a file is asked for."""

    wheels: dict[str, bytes]
    address: str = ""
    held: threading.Event | None = None
    asked: threading.Event = field(default_factory=threading.Event)

    def write_requirements(self, file: Path) -> Path:
        """Exactly these wheels, each with its hash."""
        lines = []
        for name, body in self.wheels.items():
            digest = hashlib.sha256(body).hexdigest()
            lines.append(f"{name.split('-')[0]}==1.0 \\\n    --hash=sha256:{digest}\n")
        file.write_text("".join(lines), encoding="utf-8")
        return file


@contextmanager
def serving_index(
    wheels: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> Iterator[PackageIndex]:
    """Serve these wheels, and let every pip that is started meanwhile know of nothing else."""
    index = PackageIndex(wheels)

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.rstrip("/").rsplit("/", 1)[-1]
            if self.path.startswith("/simple/"):
                links = "".join(
                    f'<a href="/files/{one}">{one}</a>'
                    for one in index.wheels
                    if one.startswith(f"{name}-") or one.startswith(f"{name.replace('-', '_')}-")
                )
                self._send("text/html", f"<!DOCTYPE html>{links}".encode())
            elif name in index.wheels:
                self._send("application/octet-stream", index.wheels[name], held=index.held)
            else:
                self.send_error(404)

        def _send(self, kind: str, body: bytes, held: threading.Event | None = None) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            half = len(body) // 2
            self.wfile.write(body[:half])
            self.wfile.flush()
            if kind != "text/html":
                index.asked.set()
            if held is not None:
                held.wait(60)
            self.wfile.write(body[half:])

        def log_message(self, format: str, *args: object) -> None:
            return

    for name in [one for one in os.environ if one.upper().startswith("PIP_")]:
        monkeypatch.delenv(name)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    index.address = f"http://127.0.0.1:{server.server_port}/simple/"
    monkeypatch.setenv("PIP_INDEX_URL", index.address)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    try:
        yield index
    finally:
        if index.held is not None:
            index.held.set()
        server.shutdown()
        thread.join()
        server.server_close()
