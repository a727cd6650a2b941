"""The one place that reads the environment and the config file.

`load_settings` turns flags, environment variables and `config.toml` into one frozen
`Settings`, in that order of strength. Everything else in the application is handed
values. Names that others script against are listed in `SETTINGS` and, for people, in
docs/settings.md; a house test keeps the two alike.

Secrets (the launch token, keys, the database address with its password) never show in
the `repr` of anything here.
"""

from __future__ import annotations

import secrets
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlsplit

from ttrpg_assistant import setting_values as values
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.setting_values import LogFormat

CONFIG_FILE: Final = "config.toml"
DATABASE_FILE: Final = "ttrpg_assistant.db"
DEFAULT_HOST: Final = "127.0.0.1"
DEFAULT_PORT: Final = 8642


@dataclass(frozen=True, slots=True)
class ProviderAccess:
    """Where a provider answers and with which key, as far as the environment or file says."""

    base_url: str | None = None
    key: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """How this process is to run. `token` is the launch token, random unless one was fixed."""

    data_dir: Path
    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    database_url: str | None = field(default=None, repr=False)
    """None means the SQLite file at `database_path`."""
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    token_is_fixed: bool = False
    model: str | None = None
    """The model choice (`provider:name`); None leaves it to what was chosen on the page."""
    context_tokens: int | None = None
    """The window of every model, in tokens, larger or smaller than what it says itself."""
    answer_tokens: int | None = None
    """The most that one answer may have, in tokens; None leaves it to the model."""
    log_format: LogFormat = "text"
    allowed_hosts: tuple[str, ...] = ()
    """Further Host names to answer to (no port), for a phone or tablet on the home network."""
    public_url: str | None = None
    """The address (`https://name`) at which browsers reach this server through a proxy."""
    peer_url: str | None = None
    """Where the other servers on the same database reach this one."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses and networks of proxies whose word on who asks is taken."""
    server_url: str | None = None
    """The server that `ttrpg-assistant mcp` speaks to, where it is not the data folder's own."""
    allowed_origins: tuple[str, ...] = ()
    """Sites whose pages may ask where other programs do, spelled as browsers send them."""
    backup_folder: Path | None = None
    """Where the daily backups go; None for `backups/` in the data folder."""
    backups_kept: int = values.BACKUPS_KEPT
    """How many daily backups are kept. 0: none are made."""
    metrics_token: str | None = field(default=None, repr=False)
    """What a program shows to read `/metrics`. None: there is no such page."""
    proxy: str | None = field(default=None, repr=False)
    """The proxy for calls of models; `none` for never. None leaves it to the usual variables."""
    ca_file: str | None = None
    """A PEM file with certificate authorities to trust besides the system's."""
    network_variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The usual variables for proxies and certificates, by their names."""
    providers: Mapping[str, ProviderAccess] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def database_path(self) -> Path:
        """The SQLite file. Without meaning when `database_url` is set."""
        return self.data_dir / DATABASE_FILE

    @property
    def backups_path(self) -> Path:
        """The folder of backups."""
        return self.backup_folder or self.data_dir / "backups"

    def get_access(self, provider: str) -> ProviderAccess:
        """What is known about reaching a provider; empty when nothing is."""
        return self.providers.get(provider, ProviderAccess())

    def list_secrets(self) -> tuple[str, ...]:
        """Every text that must never reach a log."""
        found = [self.token, *(access.key for access in self.providers.values() if access.key)]
        if self.metrics_token:
            found.append(self.metrics_token)
        if self.database_url and (password := urlsplit(self.database_url).password):
            found.append(password)
        for proxy in (self.proxy, *self.network_variables.values()):
            if proxy and "://" in proxy and (password := urlsplit(proxy).password):
                found.append(password)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that can be set: its name in `Settings` and `config.toml`, and elsewhere."""

    name: str
    variable: str
    read: Callable[[Any], Any]
    flag: str | None = None
    in_file: bool = True
    is_secret: bool = False


SETTINGS: Final = (
    Setting("data_dir", "TTRPG_DATA_DIR", values.read_folder, "--data-dir", in_file=False),
    Setting("host", "TTRPG_HOST", values.read_text, "--host"),
    Setting("port", "TTRPG_PORT", values.read_port, "--port"),
    Setting(
        "database_url",
        "TTRPG_DATABASE_URL",
        values.read_database_url,
        "--database-url",
        is_secret=True,
    ),
    Setting("token", "TTRPG_TOKEN", values.read_token, is_secret=True),
    Setting("model", "TTRPG_MODEL", values.read_model, "--model"),
    Setting(
        "context_tokens", "TTRPG_CONTEXT_TOKENS", values.read_context_tokens, "--context-tokens"
    ),
    Setting("answer_tokens", "TTRPG_ANSWER_TOKENS", values.read_answer_tokens),
    Setting("log", "TTRPG_LOG", values.read_log_format, "--log"),
    Setting("allowed_hosts", "TTRPG_ALLOWED_HOSTS", values.read_allowed_hosts, "--allowed-hosts"),
    Setting("public_url", "TTRPG_PUBLIC_URL", values.read_public_url, "--public-url"),
    Setting("peer_url", "TTRPG_PEER_URL", values.read_public_url),
    Setting("trusted_proxies", "TTRPG_TRUSTED_PROXIES", values.read_networks),
    Setting("server_url", "TTRPG_URL", values.read_base_url),
    Setting("allowed_origins", "TTRPG_ALLOWED_ORIGINS", values.read_allowed_origins),
    Setting("backup_folder", "TTRPG_BACKUP_FOLDER", values.read_folder),
    Setting("backups_kept", "TTRPG_BACKUPS_KEPT", values.read_backups_kept),
    Setting("metrics_token", "TTRPG_METRICS_TOKEN", values.read_token, is_secret=True),
    Setting("proxy", "TTRPG_PROXY", values.read_proxy, is_secret=True),
    Setting("ca_file", "TTRPG_CA_FILE", values.read_ca_file),
)

NETWORK_VARIABLES: Final = (
    "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY",
    "http_proxy", "https_proxy", "all_proxy", "no_proxy",
    "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE",
)  # fmt: skip
"""What other programs read as well, taken as it is; llm/network.py says what it means."""

PROVIDER_SETTINGS: Final = (
    ("anthropic", Setting("base_url", "ANTHROPIC_BASE_URL", values.read_base_url)),
    (
        "anthropic",
        Setting("key", "ANTHROPIC_API_KEY", values.read_text, in_file=False, is_secret=True),
    ),
    ("openai", Setting("base_url", "OPENAI_BASE_URL", values.read_base_url)),
    ("openai", Setting("key", "OPENAI_API_KEY", values.read_text, in_file=False, is_secret=True)),
    ("google", Setting("base_url", "GOOGLE_GEMINI_BASE_URL", values.read_base_url)),
    ("google", Setting("key", "GEMINI_API_KEY", values.read_text, in_file=False, is_secret=True)),
    ("ollama", Setting("base_url", "OLLAMA_HOST", values.read_ollama_host)),
    ("openai-compatible", Setting("base_url", "TTRPG_COMPATIBLE_BASE_URL", values.read_base_url)),
    (
        "openai-compatible",
        Setting("key", "TTRPG_COMPATIBLE_API_KEY", values.read_text, in_file=False, is_secret=True),
    ),
)
"""Keys live in the environment, the keyring or a private file, never in `config.toml`."""


def list_peer_names(settings: Settings) -> tuple[str, ...]:
    """The name under which other servers ask this one, if it is set."""
    name = urlsplit(settings.peer_url or "").hostname
    return () if not name else (f"[{name}]" if ":" in name else name,)


def find_peer_url(settings: Settings) -> str:
    """Where other servers reach this one: as set, or as far as it can be seen from here."""
    if settings.peer_url is not None:
        return settings.peer_url
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}.get(
        settings.host, settings.host
    )
    spelled = f"[{host}]" if ":" in host and not host.startswith("[") else host
    return f"http://{spelled}:{settings.port}"


def load_settings(
    environ: Mapping[str, str], overrides: Mapping[str, object] | None = None
) -> Settings:
    """Settings from flags (`overrides`, by name; None means not given), environment and file.

    Raises `InvalidInput` with the code `invalid_setting`, naming the variable, the flag
    or the file and what it must be. A value is never repeated: it may be a secret.
    """
    flags = {name: value for name, value in (overrides or {}).items() if value is not None}
    unknown = flags.keys() - {setting.name for setting in SETTINGS}
    if unknown:
        raise TypeError(f"no such setting: {', '.join(sorted(unknown))}")

    found: dict[str, Any] = {}
    data_dir = _find_value(SETTINGS[0], flags, environ, {}) or _default_data_dir()
    file = _read_config(data_dir / CONFIG_FILE)
    for setting in SETTINGS[1:]:
        value = _find_value(setting, flags, environ, file)
        if value is not None:
            found[setting.name] = value
    if "log" in found:
        found["log_format"] = found.pop("log")
    providers: dict[str, dict[str, str]] = {}
    tables = file.get("providers", {})
    for provider, setting in PROVIDER_SETTINGS:
        value = _find_value(setting, {}, environ, tables.get(provider, {}))
        if value is not None:
            providers.setdefault(provider, {})[setting.name] = value
    network = {name: environ[name] for name in NETWORK_VARIABLES if environ.get(name, "").strip()}
    return Settings(
        data_dir=data_dir,
        network_variables=MappingProxyType(network),
        token_is_fixed="token" in found,
        providers=MappingProxyType({name: ProviderAccess(**a) for name, a in providers.items()}),
        **found,
    )


def _default_data_dir() -> Path:
    from platformdirs import user_data_path

    return user_data_path("ttrpg-assistant", appauthor=False)


def _find_value(
    setting: Setting,
    flags: Mapping[str, object],
    environ: Mapping[str, str],
    file: Mapping[str, object],
) -> Any:
    """The strongest value given for a setting, read; None when there is none."""
    if setting.name in flags:
        said_by, value = setting.flag or setting.name, flags[setting.name]
    elif environ.get(setting.variable, "").strip():
        # An empty variable counts as not set: that is how people unset one in a script.
        said_by, value = setting.variable, environ[setting.variable]
    elif setting.in_file and setting.name in file:
        said_by, value = f"{setting.name} in {CONFIG_FILE}", file[setting.name]
    else:
        return None
    try:
        return setting.read(value)
    except ValueError as wrong:
        raise InvalidInput(
            f"{said_by} must be {wrong}.",
            code="invalid_setting",
            cure=f"Correct {said_by}, or leave it out to use the default (docs/settings.md).",
            facts={"setting": setting.name},
        ) from None


def _read_config(path: Path) -> Mapping[str, Any]:
    """The config file, or nothing when there is none. A misspelled name is an error."""
    try:
        with path.open("rb") as file:
            config = tomllib.load(file)
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise _bad_config(path, f"is not valid TOML ({wrong})") from None
    except OSError as wrong:
        raise _bad_config(path, f"cannot be read ({wrong.strerror})") from None
    known = {setting.name for setting in SETTINGS if setting.in_file} | {"providers"}
    _check_names(path, config, known, "")
    tables = config.get("providers", {})
    with_address = {name for name, setting in PROVIDER_SETTINGS if setting.in_file}
    _check_names(path, tables, with_address, "providers.")
    for provider, table in tables.items():
        _check_names(path, table, {"base_url"}, f"providers.{provider}.")
    return config


def _check_names(path: Path, table: object, known: set[str], prefix: str) -> None:
    if not isinstance(table, dict):
        raise _bad_config(path, f"must have a table at [{prefix.rstrip('.')}]")
    for name in table.keys() - known:
        what = "keeps no keys, and has" if name == "key" else "knows no setting named"
        raise _bad_config(path, f"{what} {prefix}{name}")


def _bad_config(path: Path, what: str) -> InvalidInput:
    return InvalidInput(
        f"The config file {path} {what}.",
        code="invalid_setting",
        cure="Correct the file or rename it; docs/settings.md lists what it may hold.",
    )
