"""A start is quick: what checks a request is made when the first one arrives."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

FEW = 8
"""FastAPI makes some of its own in any case."""

LIST_BUILT = """
import json, sys
from pathlib import Path
from pydantic import BaseModel
from pydantic.type_adapter import TypeAdapter

adapters = []
make_adapter = TypeAdapter.__init__
def note(self, kind, **how):
    adapters.append(str(kind))
    make_adapter(self, kind, **how)
TypeAdapter.__init__ = note

import ttrpg_assistant.cli, ttrpg_assistant.logs, ttrpg_assistant.serving
from ttrpg_assistant.missing_packages import models_made_late
with models_made_late():
    import fastapi
from ttrpg_assistant.app import create_app
from ttrpg_assistant.settings import Settings

create_app(Settings(data_dir=Path(sys.argv[1]), token="none", token_is_fixed=True, port=1))

def list_models(model):
    for each in model.__subclasses__():
        yield each
        yield from list_models(each)

found = set(list_models(BaseModel))
built = sorted(f"{each.__module__}.{each.__name__}" for each in found if each.__pydantic_complete__)
print(json.dumps([len(found), built, adapters]))
"""


def test_a_start_makes_hardly_any_validator(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", LIST_BUILT, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )
    count, built, adapters = json.loads(told.stdout)
    assert count > 100
    ours = [name for name in built if name.startswith("ttrpg_assistant.")]
    assert not ours, f"Take `api.bodies.Body` as its base: {ours}"
    assert len(built) <= FEW, f"A start makes these: {built}"
    assert len(adapters) <= FEW, f"Declare operations on `api.late_routes.Routes`: {adapters}"
