"""What is published says what it is made of, and the files for hosts fit the program."""

from __future__ import annotations

import re
import tomllib

import pytest
from typer.testing import CliRunner

from tests.hosting.real_proxies import read_example
from tests.house.source_tree import ROOT
from ttrpg_assistant.cli import cli
from ttrpg_assistant.settings import SETTINGS

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_what_is_published_carries_its_licences_and_says_which_pythons() -> None:
    assert PROJECT["license-files"] == ["LICENSE", "THIRD_PARTY_LICENCES.md"]
    assert PROJECT["license"] == "MIT" and PROJECT["authors"] and PROJECT["keywords"]
    named = [one.rsplit(" ", 1)[-1] for one in PROJECT["classifiers"] if ":: 3." in one]
    assert PROJECT["requires-python"] == f">={named[0]}"
    assert not any("License ::" in one for one in PROJECT["classifiers"]), "said by `license`"


def test_the_image_is_built_from_what_the_build_is_given() -> None:
    dockerfile = read("Dockerfile")
    given = {line[1:] for line in read(".dockerignore").splitlines() if line.startswith("!")}
    copied = {
        name.removeprefix("./")
        for line in re.findall(r"^COPY (?!--from)(.+)$", dockerfile, re.M)
        for name in line.split()[:-1]
    }
    assert copied == given
    for name in copied:
        assert (ROOT / name).exists(), name
    needed = {PROJECT["readme"], *PROJECT["license-files"], "src", "requirements.lock"}
    assert needed <= copied
    assert re.search(r"^USER (?!root)", dockerfile, re.M) and "/readyz" in dockerfile


@pytest.mark.parametrize(
    "name",
    ["Dockerfile", "compose.yaml", "hosting/example.env", "hosting/ttrpg-assistant.service",
     "docs/hosting.md", "docs/installing.md"],
)  # fmt: skip
def test_files_for_hosts_name_settings_that_exist(name: str) -> None:
    known = {one.variable for one in SETTINGS}
    assert set(re.findall(r"\bTTRPG_[A-Z_]+\b", read(name))) <= known


def test_the_composed_proxy_is_the_one_that_is_trusted_and_tried() -> None:
    compose = read("compose.yaml")
    [trusted] = re.findall(r"TTRPG_TRUSTED_PROXIES: (\S+)", compose)
    assert re.findall(r"subnet: (\S+)", compose) == [trusted]
    tried = read_example("caddy").replace("club.example", "{$PUBLIC_NAME}")
    assert read("hosting/Caddyfile") == tried.replace("127.0.0.1:8642", "app:8642")
    assert set(re.findall(r"\$\{(\w+):\?\}", compose)) == set(
        re.findall(r"^(\w+)=", read("hosting/example.env"), re.M)
    )


def test_a_shell_completes_commands_and_flags() -> None:
    def complete(words: str) -> set[str]:
        number = str(len(words.split(" ")) - 1)
        environ = {
            "_TTRPG_ASSISTANT_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": number,
        }  # fmt: skip
        return set(CliRunner().invoke(cli, env=environ, prog_name="ttrpg-assistant").stdout.split())

    assert {"serve", "backup", "restore", "doctor"} <= complete("ttrpg-assistant ")
    assert complete("ttrpg-assistant doc") == {"doctor"}
    assert {"--port", "--public-url"} <= complete("ttrpg-assistant serve --p")
