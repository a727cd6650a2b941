import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backend
import keyring.backends.fail
import pytest

from tests.llm.dialect_cases import CANARY
from ttrpg_assistant.errors import InvalidInput, PersistenceUnavailable
from ttrpg_assistant.llm.keys import FILE_NAME, KeyRing

ORIGIN = "https://api.anthropic.com"


class Drawer(keyring.backend.KeyringBackend):
    """An operating system's keyring that lives as long as the test."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError


@pytest.fixture
def drawer() -> Iterator[Drawer]:
    before = keyring.get_keyring()
    drawer = Drawer()
    keyring.set_keyring(drawer)
    yield drawer
    keyring.set_keyring(before)


@pytest.fixture
def no_keyring() -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(keyring.backends.fail.Keyring())
    yield
    keyring.set_keyring(before)


def test_the_environment_comes_first(tmp_path: Path, drawer: Drawer) -> None:
    keys = KeyRing({"anthropic": " from-env \n", "openai": ""}, tmp_path)
    keys.store_key("anthropic", "stored", ORIGIN)
    key = keys.find_key("anthropic")
    assert key is not None and (key.secret, key.source) == ("from-env", "environment")
    assert keys.find_key("openai") is None


def test_a_key_goes_into_the_keyring_and_not_into_the_file(tmp_path: Path, drawer: Drawer) -> None:
    assert KeyRing({}, tmp_path).store_key("anthropic", CANARY, ORIGIN) == "keyring"
    assert list(drawer.kept.values()) == [CANARY]
    assert CANARY not in (tmp_path / FILE_NAME).read_text()
    key = KeyRing({}, tmp_path).find_key("anthropic")
    assert key is not None and (key.secret, key.source) == (CANARY, "keyring")


def test_without_a_keyring_a_key_goes_into_a_private_file(tmp_path: Path, no_keyring: None) -> None:
    assert KeyRing({}, tmp_path).store_key("anthropic", CANARY, ORIGIN) == "file"
    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600
    key = KeyRing({}, tmp_path).find_key("anthropic")
    assert key is not None and (key.secret, key.source) == (CANARY, "file")
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def test_the_keyring_is_left_alone_when_it_is_not_wanted(tmp_path: Path, drawer: Drawer) -> None:
    assert KeyRing({}, tmp_path, use_keyring=False).store_key("openai", "k", ORIGIN) == "file"
    assert drawer.kept == {}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_file_that_others_can_read_is_made_private_again(tmp_path: Path) -> None:
    KeyRing({}, tmp_path, use_keyring=False).store_key("openai", "k", ORIGIN)
    path = tmp_path / FILE_NAME
    path.chmod(0o644)
    assert KeyRing({}, tmp_path, use_keyring=False).find_key("openai") is not None
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_is_found_only_for_its_own_origin(tmp_path: Path) -> None:
    keys = KeyRing({}, tmp_path, use_keyring=False)
    keys.store_key("openai", "k", "https://one.example/v1")
    assert keys.find_key("openai", "https://one.example:443") is not None
    assert keys.find_key("openai", "https://two.example:443") is None
    assert keys.find_base_url("openai") == "https://one.example/v1"


def test_a_new_key_replaces_the_old_one_everywhere(tmp_path: Path, drawer: Drawer) -> None:
    keys = KeyRing({}, tmp_path)
    keys.store_key("openai", "one", "https://one.example")
    keys.store_key("openai", "two", "https://two.example")
    assert list(drawer.kept.values()) == ["two"]
    key = KeyRing({}, tmp_path).find_key("openai")
    assert key is not None and (key.secret, key.origin) == ("two", "https://two.example:443")


def test_forgetting_leaves_nothing_behind(tmp_path: Path, drawer: Drawer) -> None:
    keys = KeyRing({}, tmp_path)
    keys.store_key("openai", CANARY, ORIGIN)
    keys.store_key("google", "other", ORIGIN)
    keys.forget_key("openai")
    keys.forget_key("anthropic")
    assert list(drawer.kept.values()) == ["other"]
    assert keys.find_key("openai") is None
    assert set(json.loads((tmp_path / FILE_NAME).read_text())["providers"]) == {"google"}


def test_an_address_can_be_kept_without_a_key(tmp_path: Path, drawer: Drawer) -> None:
    keys = KeyRing({}, tmp_path)
    keys.store_key("openai-compatible", "", "http://localhost:1234/v1")
    assert keys.find_key("openai-compatible") is None
    assert keys.find_base_url("openai-compatible") == "http://localhost:1234/v1"
    assert drawer.kept == {}


@pytest.mark.parametrize("secret", ["two words", "line\nbreak", "nül", "x" * 5_000, "a\x00b"])
def test_what_cannot_be_a_key_is_refused(tmp_path: Path, secret: str) -> None:
    with pytest.raises(InvalidInput):
        KeyRing({}, tmp_path, use_keyring=False).store_key("openai", secret, ORIGIN)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"{", b'{"providers": 7}', b"\xff"])
def test_a_damaged_file_is_set_aside_and_not_overwritten(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    keys = KeyRing({}, tmp_path, use_keyring=False)
    assert keys.find_key("openai") is None
    keys.store_key("openai", "k", ORIGIN)
    assert (tmp_path / "keys.damaged").read_bytes() == content


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    blocked = tmp_path / "a-file"
    blocked.write_text("x")
    with pytest.raises(PersistenceUnavailable) as caught:
        KeyRing({}, blocked / "inside", use_keyring=False).store_key("openai", CANARY, ORIGIN)
    assert CANARY not in repr(caught.value)


def test_no_repr_shows_a_key(tmp_path: Path) -> None:
    keys = KeyRing({"openai": CANARY}, tmp_path, use_keyring=False)
    keys.store_key("google", CANARY, ORIGIN)
    shown = [repr(keys), repr(keys.find_key("openai")), repr(keys.find_key("google"))]
    assert CANARY not in repr([*shown, keys._read()])
