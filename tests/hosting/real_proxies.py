"""nginx and Caddy as docs/hosting.md writes them, in front of servers on loopback, with TLS.

The examples are read out of the document. Only what every host has its own of is put in: ports,
the certificate, and folders for what the proxy writes.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from tests.house.source_tree import ROOT

NAME = "club.example"

NGINX = """
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/answers;
    fastcgi_temp_path {folder}/unused1;
    uwsgi_temp_path {folder}/unused2;
    scgi_temp_path {folder}/unused3;
    {site}
}}
"""

CADDY = """
{{
    admin off
    auto_https disable_redirects
}}
{site}
"""


@dataclass(frozen=True)
class Certificates:
    """An authority of our own, and what it signed for the public name."""

    authority: Path
    certificate: Path
    key: Path

    @property
    def key_hash(self) -> str:
        """What Chromium knows the key by."""
        public = run_openssl("pkey", "-in", str(self.key), "-pubout", "-outform", "DER")
        return base64.b64encode(hashlib.sha256(public).digest()).decode()

    def context(self) -> ssl.SSLContext:
        """Trusts this authority and no other."""
        return ssl.create_default_context(cafile=str(self.authority))


def make_certificates(folder: Path) -> Certificates:
    """A new authority and a certificate for `NAME`."""
    folder.mkdir()
    made = Certificates(folder / "ca.pem", folder / "site.pem", folder / "site.key")
    ca_key, request, extra = folder / "ca.key", folder / "site.csr", folder / "extra"
    new_key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    run_openssl(
        *("req", "-x509", *new_key, "-keyout", str(ca_key), "-out", str(made.authority)),
        *("-days", "2", "-subj", "/CN=Authority of a test"),
    )
    run_openssl(
        *("req", *new_key, "-keyout", str(made.key), "-out", str(request)),
        *("-subj", f"/CN={NAME}"),
    )
    extra.write_text(f"subjectAltName=DNS:{NAME}\nbasicConstraints=CA:FALSE\n")
    run_openssl(
        *("x509", "-req", "-in", str(request), "-CA", str(made.authority), "-CAkey", str(ca_key)),
        *("-CAcreateserial", "-days", "2", "-extfile", str(extra)),
        *("-out", str(made.certificate)),
    )
    return made


def run_openssl(*arguments: str) -> bytes:
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True).stdout


def read_example(language: str, section: str = "## Behind a reverse proxy") -> str:
    """The example in a language, in a section of docs/hosting.md."""
    text = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
    begun = text.index(f"{section}\n")
    ended = text.find("\n## ", begun + 1)
    [found] = re.findall(
        rf"^```{language}\n(.*?)^```$", text[begun:ended], re.DOTALL | re.MULTILINE
    )
    return str(found)


def put_in(example: str, exchanges: dict[str, str]) -> str:
    """The example with what is this host's own; everything named must be there."""
    for old, new in exchanges.items():
        assert old in example, f"docs/hosting.md no longer has {old!r}"
        example = example.replace(old, new)
    return example


def find_program(name: str) -> str | None:
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


SEVERAL = "## Several servers on one database"


def spell_nginx(
    folder: Path, certificates: Certificates, ports: Sequence[int], listen: int
) -> list[str]:
    """Write its settings; the rest of its command line."""
    exchanges = {
        "listen 443": f"listen 127.0.0.1:{listen}",
        "/etc/letsencrypt/live/club.example/fullchain.pem": str(certificates.certificate),
        "/etc/letsencrypt/live/club.example/privkey.pem": str(certificates.key),
    }
    if len(ports) == 1:
        upstream = ""
        exchanges["127.0.0.1:8642"] = f"127.0.0.1:{ports[0]}"
    else:
        upstream = put_in(read_example("nginx", SEVERAL), exchange_addresses(ports))
        exchanges["http://127.0.0.1:8642"] = "http://ttrpg"
    site = upstream + put_in(read_example("nginx"), exchanges)
    user = "user root;" if os.geteuid() == 0 else ""
    config = NGINX.format(folder=folder, site=site, user=user)
    (folder / "config").write_text(config, encoding="utf-8")
    return ["-c", str(folder / "config"), "-p", str(folder), "-g", "daemon off;"]


def spell_caddy(
    folder: Path, certificates: Certificates, ports: Sequence[int], listen: int
) -> list[str]:
    """Write its settings; the rest of its command line."""
    own = f"    bind 127.0.0.1\n    tls {certificates.certificate} {certificates.key}"
    exchanges = {f"{NAME} {{": f"{NAME}:{listen} {{\n{own}"}
    if len(ports) == 1:
        example, addresses = read_example("caddy"), {"127.0.0.1:8642": f"127.0.0.1:{ports[0]}"}
    else:
        example, addresses = read_example("caddy", SEVERAL), exchange_addresses(ports)
    site = put_in(example, exchanges | addresses)
    (folder / "config").write_text(CADDY.format(site=site), encoding="utf-8")
    return ["run", "--adapter", "caddyfile", "--config", str(folder / "config")]


def exchange_addresses(ports: Sequence[int]) -> dict[str, str]:
    """The document's machines, and where its servers are here."""
    return {f"10.0.0.{11 + at}:8642": f"127.0.0.1:{port}" for at, port in enumerate(ports)}


@asynccontextmanager
async def proxy_in_front(
    kind: str, folder: Path, certificates: Certificates, ports: Sequence[int], listen: int
) -> AsyncIterator[None]:
    """Run `nginx` or `caddy` on the port `listen` before the servers on `ports`."""
    folder.mkdir()
    program = find_program(kind)
    assert program is not None
    spell = {"nginx": spell_nginx, "caddy": spell_caddy}[kind]
    command = spell(folder, certificates, ports, listen)
    environ = {"PATH": os.environ["PATH"], "HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    with (folder / "output").open("wb") as output:
        started = await asyncio.create_subprocess_exec(
            program, *command, stdout=output, stderr=output, env=environ
        )
    try:
        while not is_listening(listen):
            assert started.returncode is None, (folder / "output").read_text()
            await asyncio.sleep(0.05)
        yield
    finally:
        if started.returncode is None:
            started.terminate()
        await started.wait()


@asynccontextmanager
async def speak_through(
    port: int, certificates: Certificates, token: str
) -> AsyncIterator[httpx2.AsyncClient]:
    """A client that has been let in and speaks to the proxy as a browser would."""
    async with httpx2.AsyncClient(
        base_url=f"https://127.0.0.1:{port}",
        headers={
            "Host": f"{NAME}:{port}",
            "Origin": f"https://{NAME}:{port}",
            "Authorization": f"Bearer {token}",
        },
        verify=certificates.context(),
        timeout=30,
    ) as client:
        client.event_hooks["request"] = [_name_for_tls]
        yield client


async def _name_for_tls(request: httpx2.Request) -> None:
    request.extensions["sni_hostname"] = NAME


def is_listening(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def find_free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        number: int = one.getsockname()[1]
        return number
