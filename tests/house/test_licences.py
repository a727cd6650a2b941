"""THIRD_PARTY_LICENCES.md names what an installation is made of, and nothing unread is in it."""

from __future__ import annotations

import importlib.util
import re
import sys
import tomllib
from types import ModuleType

import pytest

from tests.house.source_tree import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def licences() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "write_licences", ROOT / "scripts" / "write_licences.py"
    )
    assert spec is not None and spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules["write_licences"] = made
    spec.loader.exec_module(made)
    return made


def test_the_list_of_licences_names_every_part_at_its_version(licences: ModuleType) -> None:
    text = (ROOT / "THIRD_PARTY_LICENCES.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\S+) \| (\S+) \| (.+) \|$", text, re.M)
    listed = {name: (version, licence) for name, version, licence in rows[1:]}
    pinned = licences.read_pins()
    page = {one.name: one.version for one in licences.read_page_parts()}
    assert len(pinned) > 40 and len(page) > 10
    for name, version in {**pinned, **page}.items():
        assert name in listed, f"{name}: run `make lock`, which lists licences too"
        assert listed[name][0] == version, f"{name}: run `python scripts/write_licences.py`"
    optional = [re.split(r"[^\w.-]", one)[0] for part in PROJECT["optional-dependencies"].values()
                for one in part]  # fmt: skip
    assert set(optional) <= listed.keys()
    assert all(licences.is_accepted(licence) for _, licence in listed.values())


@pytest.mark.parametrize(
    ("licence", "is_fine"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("", False),
        ("GPL-2.0-or-later OR MPL-1.1", True),
        ("MIT AND GPL-3.0-only", False),
        ("(MIT AND BSD-3-Clause) OR GPL-3.0-only", True),
    ],
)
def test_a_licence_that_binds_the_whole_is_not_accepted(
    licences: ModuleType, licence: str, is_fine: bool
) -> None:
    assert licences.is_accepted(licence) == is_fine
