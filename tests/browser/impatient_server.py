"""The server, waiting one second and not two minutes for a silent provider."""

from __future__ import annotations

from ttrpg_assistant.cli import main
from ttrpg_assistant.llm.registry import ModelRegistry

if __name__ == "__main__":
    patience = ModelRegistry.__init__.__kwdefaults__
    assert patience is not None and "idle_seconds" in patience
    patience["idle_seconds"] = 1.0
    main()
