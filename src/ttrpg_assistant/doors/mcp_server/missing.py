"""What is said where the MCP SDK is not installed: it is an optional part."""

from __future__ import annotations

from importlib.util import find_spec

from ttrpg_assistant.errors import Fault


class McpMissing(Fault):
    """The MCP SDK is not installed."""

    default_code = "mcp_not_installed"
    default_cure = "Install it with: pip install 'ttrpg-assistant[mcp]', then start again."

    @classmethod
    def spell(cls) -> McpMissing:
        """The one sentence about it."""
        return cls("MCP clients need a part that is not installed.")


def is_installed() -> bool:
    """Whether the SDK can be imported."""
    return find_spec("mcp") is not None
