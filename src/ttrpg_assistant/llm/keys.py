"""Where keys come from: the environment, the operating system's keyring, a 0600 file.

A key belongs to the one origin it was saved for. Which origin that is (no secret) stands
in `keys.json` in the data folder, beside the keys themselves where there is no keyring.
No operation returns a key, and no repr, fault or log line shows one.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import msgspec
import structlog

from ttrpg_assistant.errors import InvalidInput, PersistenceUnavailable
from ttrpg_assistant.llm.addresses import check_base_url, origin_of
from ttrpg_assistant.outside_json import NOT_JSON

KeySource = Literal["environment", "keyring", "file"]

SERVICE = "ttrpg-assistant"
"""The name our entries have in the operating system's keyring."""

FILE_NAME = "keys.json"
MAX_KEY = 4_096

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Key:
    """A key, where it was found, and the base URL it was saved with.

    `base_url` is None for a key from the environment: its origin is the address that the
    environment gives, or the provider's usual one.
    """

    provider: str
    secret: str = field(repr=False)
    source: KeySource
    base_url: str | None = None

    @property
    def origin(self) -> str | None:
        return None if self.base_url is None else origin_of(self.base_url)


class _Saved(msgspec.Struct, omit_defaults=True):
    base_url: str
    place: Literal["keyring", "file"]
    secret: str | None = None

    def __repr__(self) -> str:
        return f"_Saved({self.base_url!r}, {self.place!r})"


class _File(msgspec.Struct):
    version: int = 1
    providers: dict[str, _Saved] = {}


class KeyRing:
    """The keys this installation has.

    `environment_keys` maps provider names to the keys found there (settings.py reads the
    environment, nobody else does); `folder` is the data folder; `use_keyring=False` keeps
    to the file. Reading is cached: the keyring is asked once for each provider. `hide` is
    told every key that turns up later, so that logs can leave it out.
    """

    def __init__(
        self,
        environment_keys: Mapping[str, str],
        folder: Path,
        use_keyring: bool = True,
        *,
        hide: Callable[[Sequence[str]], None] = lambda secrets: None,
    ) -> None:
        self._environment = {
            provider: secret.strip()
            for provider, secret in environment_keys.items()
            if secret and secret.strip()
        }
        self._path = folder / FILE_NAME
        self._use_keyring = use_keyring
        self._hide = hide
        self._file: _File | None = None
        self._from_keyring: dict[str, str | None] = {}

    def __repr__(self) -> str:
        return f"KeyRing({str(self._path)!r})"

    def find_key(self, provider: str, origin: str | None = None) -> Key | None:
        """The provider's key, the environment's first.

        With an `origin`, only a key that was saved for it; a key from the environment is
        not bound to one here (the registry knows the environment's addresses).
        """
        secret = self._environment.get(provider)
        if secret is not None:
            return Key(provider, secret, "environment")
        key = self.find_saved_key(provider)
        if key is not None and origin is not None and key.origin != origin:
            return None
        return key

    def find_saved_key(self, provider: str) -> Key | None:
        """The key stored by `store_key`, whatever the environment says."""
        saved = self._read().providers.get(provider)
        if saved is None:
            return None
        secret = saved.secret
        if saved.place == "keyring":
            if provider not in self._from_keyring:
                entry = _entry(provider, saved.base_url)
                self._from_keyring[provider] = _ask_keyring(entry) if self._use_keyring else None
            secret = self._from_keyring[provider]
        if not secret:
            return None
        self._hide([secret])
        return Key(provider, secret, saved.place, saved.base_url)

    def find_base_url(self, provider: str) -> str | None:
        """The base URL the provider's key was saved with."""
        saved = self._read().providers.get(provider)
        return None if saved is None else saved.base_url

    def store_key(self, provider: str, secret: str, origin: str) -> KeySource:
        """Keep the key for this origin (a whole base URL may be given, and is kept).

        Replaces the key before it. Returns where it is kept now. Raises `InvalidInput` for
        something that cannot be a key, `PersistenceUnavailable` when it cannot be written.
        An empty secret keeps only the address, for servers that want no key.
        """
        base_url = check_base_url(origin)
        secret = secret.strip()
        if secret:
            check_key(secret)
            self._hide([secret])
        before = self._read().providers.get(provider)
        in_keyring = bool(secret) and self._use_keyring
        if in_keyring:
            in_keyring = _tell_keyring(_entry(provider, base_url), secret)
        place: Literal["keyring", "file"] = "keyring" if in_keyring else "file"
        kept = None if in_keyring or not secret else secret
        providers = dict(self._read().providers)
        providers[provider] = _Saved(base_url, place, kept)
        self._write(_File(providers=providers))
        self._from_keyring[provider] = secret if in_keyring else None
        if before is not None and before.place == "keyring":
            old_entry = _entry(provider, before.base_url)
            if not in_keyring or old_entry != _entry(provider, base_url):
                _forget_in_keyring(old_entry)
        return place

    def forget_key(self, provider: str) -> None:
        """Remove a stored key and its address. One from the environment cannot be removed."""
        providers = dict(self._read().providers)
        saved = providers.pop(provider, None)
        self._from_keyring.pop(provider, None)
        if saved is None:
            return
        if saved.place == "keyring" and self._use_keyring:
            _forget_in_keyring(_entry(provider, saved.base_url))
        self._write(_File(providers=providers))

    def _read(self) -> _File:
        if self._file is not None:
            return self._file
        found = _File()
        try:
            content = self._path.read_bytes()
            self._keep_private()
            found = msgspec.json.decode(content, type=_File)
        except FileNotFoundError:
            pass
        except (OSError, *NOT_JSON) as reason:
            # Keys can be entered again; a damaged file must not keep the house shut.
            log.warning("keys_unreadable", path=str(self._path), reason=type(reason).__name__)
            with contextlib.suppress(OSError):
                self._path.replace(self._path.with_suffix(".damaged"))
        self._file = found
        return found

    def _keep_private(self) -> None:
        if os.name == "nt":
            return
        mode = stat.S_IMODE(self._path.stat().st_mode)
        if mode & 0o077:
            log.warning("keys_were_readable_by_others", path=str(self._path), mode=oct(mode))
            self._path.chmod(0o600)

    def _write(self, content: _File) -> None:
        fresh = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            fresh.unlink(missing_ok=True)
            number = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(number, "wb") as file:
                file.write(msgspec.json.encode(content))
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._path)
        except OSError as reason:
            problem = reason.strerror or "the folder cannot be written"
        else:
            self._file = content
            return
        raise PersistenceUnavailable(f"The key cannot be saved: {problem}.")


def check_key(secret: str) -> None:
    """`InvalidInput` for text that no provider gives as a key (and no header may carry)."""
    if len(secret) > MAX_KEY or not secret.isascii() or not secret.isprintable() or " " in secret:
        raise InvalidInput("That does not look like a key.", code="invalid_key")


def _entry(provider: str, base_url: str) -> str:
    return f"{provider} {origin_of(base_url)}"


def _ask_keyring(entry: str) -> str | None:
    import keyring
    import keyring.errors

    try:
        return keyring.get_password(SERVICE, entry)
    except (keyring.errors.KeyringError, OSError, RuntimeError) as reason:
        log.warning("keyring_unavailable", reason=type(reason).__name__)
        return None


def _tell_keyring(entry: str, secret: str) -> bool:
    """Whether the keyring now holds the secret: it is read back, some backends only nod."""
    import keyring
    import keyring.errors

    try:
        keyring.set_password(SERVICE, entry, secret)
        return keyring.get_password(SERVICE, entry) == secret
    except (keyring.errors.KeyringError, OSError, RuntimeError):
        return False


def _forget_in_keyring(entry: str) -> None:
    import keyring
    import keyring.errors

    try:
        keyring.delete_password(SERVICE, entry)
    except (keyring.errors.KeyringError, OSError, RuntimeError) as reason:
        log.warning("keyring_unavailable", reason=type(reason).__name__)
