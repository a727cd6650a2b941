"""How the value of one setting is read, whether a flag, the environment or the file gave it.

Each function raises `ValueError` with the rest of the sentence "TTRPG_PORT must be ...".
"""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit

LogFormat = Literal["text", "json"]

PROVIDER_NAMES: Final = ("offline", "anthropic", "openai", "google", "ollama", "openai-compatible")

SMALLEST_CONTEXT_TOKENS: Final = 1024
"""Below this, instructions and one message no longer fit beside room for an answer."""

SMALLEST_ANSWER_TOKENS: Final = 64

BACKUPS_KEPT: Final = 14
MOST_BACKUPS: Final = 1000

SHORTEST_TOKEN: Final = 16
FEWEST_CHARACTERS: Final = 8
"""What a launch token that somebody chose has at least: characters, and different ones."""

FOREIGN_DATA_FOLDER: Final = "com.ttrpg.assistant"
"""The folder of the earlier desktop application: its file has another schema and is not ours."""


def read_text(value: Any) -> str:
    """A text that is not empty, without spaces around it."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError("a text that is not empty")
    return value.strip()


def read_folder(value: Any) -> Path:
    """A folder, which need not be there yet."""
    folder = Path(read_text(str(value))).expanduser().absolute()
    if folder.name == FOREIGN_DATA_FOLDER:
        raise ValueError("a folder of its own, not the one of the earlier desktop application")
    if folder.exists() and not folder.is_dir():
        raise ValueError("a folder, and there is a file of that name")
    return folder


def read_port(value: Any) -> int:
    """A port number."""
    port = read_whole_number(value, "a port number from 0 to 65535")
    if not 0 <= port <= 65535:
        raise ValueError("a port number from 0 to 65535")
    return port


def read_context_tokens(value: Any) -> int:
    """The size of a model's window."""
    return read_tokens(value, SMALLEST_CONTEXT_TOKENS)


def read_answer_tokens(value: Any) -> int:
    """The most that an answer may have."""
    return read_tokens(value, SMALLEST_ANSWER_TOKENS)


def read_tokens(value: Any, least: int) -> int:
    """A number of tokens."""
    wanted = f"a number of tokens, {least} or more"
    if (tokens := read_whole_number(value, wanted)) < least:
        raise ValueError(wanted)
    return tokens


def read_whole_number(value: Any, wanted: str) -> int:
    """A whole number; `wanted` is what it must be."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError(wanted)
    try:
        return int(value)
    except ValueError:
        raise ValueError(wanted) from None


def read_database_url(value: Any) -> str:
    """The address of a PostgreSQL database."""
    url = read_text(value)
    if urlsplit(url).scheme not in {"postgresql", "postgres"}:
        raise ValueError("an address that begins with postgresql://")
    return url.replace("postgres://", "postgresql://", 1)


def read_token(value: Any) -> str:
    """A secret that is long and mixed enough not to be guessed."""
    token = read_text(value)
    if not all("!" <= character <= "~" for character in token):
        raise ValueError("made of ASCII letters, digits and signs, without spaces")
    if len(token) < SHORTEST_TOKEN or len(set(token)) < FEWEST_CHARACTERS:
        raise ValueError(
            f"{SHORTEST_TOKEN} characters or more, {FEWEST_CHARACTERS} of them different; "
            'python -c "import secrets; print(secrets.token_urlsafe(32))" makes one'
        )
    return token


def read_model(value: Any) -> str:
    """A model choice."""
    model = read_text(value)
    provider, _, name = model.partition(":")
    if provider not in PROVIDER_NAMES or (provider != "offline" and not name):
        raise ValueError(
            "'offline' or 'PROVIDER:NAME' with a provider out of " + ", ".join(PROVIDER_NAMES[1:])
        )
    return model


def read_log_format(value: Any) -> LogFormat:
    """How logs are written."""
    if value == "text":
        return "text"
    if value == "json":
        return "json"
    raise ValueError("'text' or 'json'")


def read_allowed_hosts(value: Any) -> tuple[str, ...]:
    """Host names without ports."""
    wanted = "host names without ports, separated by commas"
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list | tuple) or not all(isinstance(part, str) for part in parts):
        raise ValueError(wanted)
    hosts = tuple(part.strip().lower() for part in parts if part.strip())
    if any(set(host) & set("*/:@ ") for host in hosts):
        raise ValueError(wanted)
    return hosts


def read_allowed_origins(value: Any) -> tuple[str, ...]:
    """Origins, spelled as browsers send them."""
    wanted = "addresses like https://table.example, without paths or *, separated by commas"
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list | tuple) or not all(isinstance(part, str) for part in parts):
        raise ValueError(wanted)
    origins = []
    for part in (part.strip().lower().rstrip("/") for part in parts if part.strip()):
        try:
            found = urlsplit(part)
            port = found.port
        except ValueError:
            raise ValueError(wanted) from None
        if not found.scheme or not found.hostname or not part.isascii() or set(part) & set("*@? "):
            raise ValueError(wanted)
        if found.path or found.fragment:
            raise ValueError(wanted)
        is_usual = port is not None and {"http": 80, "https": 443}.get(found.scheme) == port
        origins.append(part.removesuffix(f":{port}") if is_usual else part)
    return tuple(origins)


def read_base_url(value: Any) -> str:
    """The address of a provider."""
    url = read_text(value).rstrip("/")
    wanted = "an address that begins with http:// or https:// and holds no name, password or query"
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and parts.hostname and (parts.port or 1)
    except ValueError:
        raise ValueError(wanted) from None
    if not usable or parts.username or parts.query or parts.fragment:
        raise ValueError(wanted)
    return url


def read_proxy(value: Any) -> str:
    """The proxy for calls of models."""
    text = read_text(value)
    wanted = "'none' or the http:// address of a proxy (SOCKS and https:// are not supported)"
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        usable = parts.scheme == "http" and parts.hostname and (parts.port or 1)
    except ValueError:
        raise ValueError(wanted) from None
    if not usable:
        raise ValueError(wanted)
    return text.lower() if text.lower() == "none" else text


def read_ca_file(value: Any) -> str:
    """A file of certificates."""
    path = Path(read_text(value)).expanduser().absolute()
    if not path.is_file():
        raise ValueError("a file of certificates in PEM format, and there is no file at its path")
    return str(path)


def read_ollama_host(value: Any) -> str:
    """Ollama's own variable also takes `host` and `host:port`; llm/addresses.py completes it."""
    text = read_text(value)
    read_base_url(text if "://" in text else f"http://{text}")
    return text


def read_public_url(value: Any) -> str:
    """The origin at which browsers reach this server: scheme, name and port, nothing else."""
    wanted = (
        "the address at which browsers reach this server, https://NAME or https://NAME:PORT,"
        " without a path"
    )
    text = read_text(value)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise ValueError(wanted) from None
    name = parts.hostname
    beyond = (parts.path.strip("/"), parts.query, parts.fragment, parts.username, parts.password)
    if parts.scheme not in {"http", "https"} or not name or any(beyond) or port == 0:
        raise ValueError(wanted)
    try:
        name = _spell_as_browsers_do(name)
    except ValueError:
        raise ValueError(wanted) from None
    is_usual = port is None or port == {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{name}" + ("" if is_usual else f":{port}")


_HOST: Final = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?")
_NUMBER: Final = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)\.?")
_SPELLED_OTHERWISE: Final = frozenset("ßς\u200c\u200d")
"""Letters that browsers keep in names, and that Python's rules of 2003 turn into others."""


def _spell_as_browsers_do(name: str) -> str:
    """A host as Host and Origin have it. Raises `ValueError` where a browser has no such host, or
    spells it in a way that is not known here."""
    if ":" in name:
        if "%" in name:
            raise ValueError("a browser knows no zones of addresses")
        return f"[{ipaddress.IPv6Address(name)}]"
    if _SPELLED_OTHERWISE & set(name):
        raise ValueError("to be written as xn--")
    spelled = name.encode("idna").decode()
    if not _HOST.fullmatch(spelled):
        raise ValueError("not a name")
    if _NUMBER.fullmatch(spelled):
        return str(ipaddress.IPv4Address(spelled))
    return spelled


def read_networks(value: Any) -> tuple[str, ...]:
    """Addresses and networks of machines, each spelled as a network."""
    wanted = "addresses or networks of proxies (10.0.0.5, 172.16.0.0/12), separated by commas"
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list | tuple) or not all(isinstance(part, str) for part in parts):
        raise ValueError(wanted)
    try:
        found = [ipaddress.ip_network(one.strip()) for one in parts if one.strip()]
    except ValueError:
        raise ValueError(wanted) from None
    if any(one.prefixlen == 0 for one in found):
        raise ValueError(f"{wanted}; everybody is no proxy")
    return tuple(spelling for one in found for spelling in _spell_network(one))


def _spell_network(one: ipaddress.IPv4Network | ipaddress.IPv6Network) -> list[str]:
    """Also as a server that listens on `::` sees it."""
    if isinstance(one, ipaddress.IPv6Network):
        return [str(one)]
    mapped = ipaddress.IPv6Address(int(one.network_address) | 0xFFFF << 32)
    return [str(one), f"{mapped}/{96 + one.prefixlen}"]


def read_backups_kept(value: Any) -> int:
    """How many daily backups are kept."""
    wanted = f"a whole number from 0 (no daily backups) to {MOST_BACKUPS}"
    if not 0 <= (count := read_whole_number(value, wanted)) <= MOST_BACKUPS:
        raise ValueError(wanted)
    return count
