"""Flags over environment over file; bad values named with a cure; secrets never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.settings import PROVIDER_SETTINGS, SETTINGS, load_settings

CANARY = "canary-7f3a9b2c5d8e1f40"


def write_config(folder: Path, text: str) -> dict[str, str]:
    (folder / "config.toml").write_text(text)
    return {"TTRPG_DATA_DIR": str(folder)}


def test_nothing_set_means_loopback_port_8642_and_a_random_token(tmp_path: Path) -> None:
    first = load_settings({"TTRPG_DATA_DIR": str(tmp_path)})
    second = load_settings({"TTRPG_DATA_DIR": str(tmp_path)})
    assert (first.host, first.port, first.log_format) == ("127.0.0.1", 8642, "text")
    assert first.database_path == tmp_path / "ttrpg_assistant.db"
    assert first.database_url is None
    assert not first.token_is_fixed
    assert len(first.token) >= 32
    assert first.token != second.token


def test_the_default_folder_is_ours_and_not_the_desktop_applications() -> None:
    folder = load_settings({}).data_dir
    assert folder.name == "ttrpg-assistant"


def test_a_flag_wins_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    environ = write_config(tmp_path, 'port = 1111\nhost = "localhost"\nmodel = "offline"\n')
    environ |= {"TTRPG_PORT": "2222", "TTRPG_HOST": "127.0.0.2"}
    settings = load_settings(environ, {"port": 3333, "host": None})
    assert (settings.port, settings.host, settings.model) == (3333, "127.0.0.2", "offline")


def test_an_empty_variable_counts_as_not_set(tmp_path: Path) -> None:
    environ = write_config(tmp_path, "port = 1111\n") | {"TTRPG_PORT": "", "OPENAI_API_KEY": " "}
    settings = load_settings(environ)
    assert settings.port == 1111
    assert settings.get_access("openai").key is None


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("TTRPG_PORT", "65536"),
        ("TTRPG_PORT", "http"),
        ("TTRPG_PORT", "-1"),
        ("TTRPG_DATABASE_URL", "mysql://somewhere/else"),
        ("TTRPG_MODEL", "gpt-4"),
        ("TTRPG_MODEL", "anthropic:"),
        ("TTRPG_CONTEXT_TOKENS", "12"),
        ("TTRPG_LOG", "xml"),
        ("TTRPG_BACKUPS_KEPT", "-1"),
        ("TTRPG_TOKEN", "two words"),
        ("TTRPG_TOKEN", "x"),
        ("TTRPG_TOKEN", "fifteen-letters"),
        ("TTRPG_TOKEN", "1234123412341234"),
        ("TTRPG_ALLOWED_HOSTS", "*.home"),
        ("TTRPG_ALLOWED_HOSTS", "laptop:8642"),
        ("ANTHROPIC_BASE_URL", "ftp://models.test"),
        ("OPENAI_BASE_URL", "https://name:word@models.test/v1"),
        ("OPENAI_BASE_URL", "http://[half"),
        ("OLLAMA_HOST", "gpu-box:port"),
        ("TTRPG_DATA_DIR", "/tmp/com.ttrpg.assistant"),
    ],
)
def test_a_bad_value_names_its_variable_and_a_cure_and_is_not_repeated(
    variable: str, value: str, tmp_path: Path
) -> None:
    with pytest.raises(InvalidInput) as caught:
        load_settings({"TTRPG_DATA_DIR": str(tmp_path), variable: value})
    fault = caught.value
    assert variable in fault.sentence
    assert fault.code == "invalid_setting"
    assert fault.cure and variable in fault.cure
    assert value not in f"{fault.sentence.replace('http:// or https://', '')}{fault.cure}"


def test_a_bad_flag_is_named_as_the_flag_it_was(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"^--port must be a port number"):
        load_settings({}, {"data_dir": tmp_path, "port": 70000})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("prot = 1", "prot"),
        ("port = 'x'", "port in config.toml must be"),
        ("port = ", "not valid TOML"),
        ("token = 'two words'", "token in config.toml must be"),
        ("[providers.openai]\nkey = 'x'", "keeps no keys, and has providers.openai.key"),
        ("[providers.nobody]\nbase_url = 'http://x'", "providers.nobody"),
        ("[providers]\nopenai = 1", "must have a table at [providers.openai]"),
    ],
)
def test_a_mistake_in_the_config_file_is_said_and_not_ignored(
    text: str, said: str, tmp_path: Path
) -> None:
    with pytest.raises(InvalidInput) as caught:
        load_settings(write_config(tmp_path, text))
    assert said in caught.value.sentence


def test_providers_are_read_by_the_names_their_users_already_have_set(tmp_path: Path) -> None:
    environ = write_config(tmp_path, '[providers.google]\nbase_url = "http://g.test/"\n')
    for provider, setting in PROVIDER_SETTINGS:
        if setting.name == "key":
            environ[setting.variable] = f"{provider}-key"
    environ["OPENAI_BASE_URL"] = "http://127.0.0.1:9/v1/"
    settings = load_settings(environ)
    for provider in ("anthropic", "openai", "google", "openai-compatible"):
        assert settings.get_access(provider).key == f"{provider}-key"
    assert settings.get_access("openai").base_url == "http://127.0.0.1:9/v1"
    assert settings.get_access("google").base_url == "http://g.test"
    assert settings.get_access("ollama").base_url is None


@pytest.mark.parametrize("given", ["0.0.0.0", "gpu-box", "gpu-box:1234", "https://ollama.home/m"])
def test_ollama_host_may_be_spelled_as_for_ollama_itself(given: str, tmp_path: Path) -> None:
    settings = load_settings({"TTRPG_DATA_DIR": str(tmp_path), "OLLAMA_HOST": given})
    assert settings.get_access("ollama").base_url == given


def test_no_secret_shows_in_the_repr(tmp_path: Path) -> None:
    environ = {setting.variable: CANARY for _, setting in PROVIDER_SETTINGS if setting.is_secret}
    environ |= {
        "TTRPG_DATA_DIR": str(tmp_path),
        "TTRPG_TOKEN": CANARY,
        "TTRPG_DATABASE_URL": f"postgresql://gm:{CANARY}@db.test/ttrpg",
    }
    settings = load_settings(environ)
    assert settings.token == CANARY
    assert settings.database_url is not None and CANARY in settings.database_url
    assert CANARY not in repr(settings)
    assert settings.list_secrets() == (CANARY,) * 6


def test_an_override_that_is_no_setting_is_a_bug_and_loud() -> None:
    with pytest.raises(TypeError):
        load_settings({}, {"prot": 1})


def test_keys_of_providers_may_not_stand_in_the_config_file() -> None:
    assert not [s.variable for _, s in PROVIDER_SETTINGS if s.is_secret and s.in_file]
    assert all(setting.in_file for setting in SETTINGS if setting.name != "data_dir")
