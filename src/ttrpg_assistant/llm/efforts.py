"""Which models think before they answer, and how much of it a person can choose.

Known by name, because no provider's list says it in full. A model that turns out not to take
what is sent for it is asked without from then on (`refusals.py`).
"""

from __future__ import annotations

import re
from typing import Final, Literal

from ttrpg_assistant.llm.types import Effort

ALL: Final[tuple[Effort, ...]] = ("off", "low", "high")
NEVER_OFF: Final[tuple[Effort, ...]] = ("low", "high")
ON_OR_OFF: Final[tuple[Effort, ...]] = ("off", "high")

ClaudeThinking = Literal["none", "budget", "adaptive", "by_default", "always"]
"""How thinking is requested from a Claude model: it cannot think, it takes a budget of tokens, it
thinks adaptively on request, adaptively unless that is turned off, or always."""

_CLAUDE: Final = re.compile(
    r"claude-(?:(?P<family>[a-z]+)-)?(?P<major>\d{1,2})(?:[-.](?P<minor>\d{1,2})(?!\d))?(?!\d)"
)
_GPT: Final = re.compile(r"gpt-(?P<major>[5-9])(?:\.(?P<minor>\d+))?(?![\d.])")
_GEMINI: Final = re.compile(r"gemini-(?P<major>\d{1,2})(?:\.(?P<minor>\d+))?-")
_THINKING_NAMES: Final = re.compile(
    r"qwen-?3|qwq|deepseek-?(?:r\d|v3\.[1-9]|v4|reason)|gpt-oss|glm-?(?:4\.[5-9]|[5-9])|magistral"
    r"|smollm-?3|nemotron|kimi-?k2|think|reason|granite-?(?:3\.[2-9]|4)|exaone-?(?:deep|4)|minimax"
)


def claude_version(model: str) -> tuple[str, int, int]:
    """`(family, major, minor)` of a Claude model; zeros for a name that has no version."""
    found = _CLAUDE.search(model)
    if found is None:
        return "", 0, 0
    return found["family"] or "", int(found["major"]), int(found["minor"] or 0)


def claude_thinking(model: str) -> ClaudeThinking:
    """How thinking is requested from this Claude model."""
    family, major, minor = claude_version(model)
    if (major, minor) < (3, 7):
        return "none"
    if (major, minor) < (4, 6):
        return "budget"
    if major < 5:
        return "adaptive"
    if family in ("fable", "mythos") or (family == "opus" and (major, minor) >= (5, 5)):
        return "always"
    return "by_default"


def claude_efforts(model: str) -> tuple[Effort, ...]:
    """What a person can choose for this Claude model."""
    thinking = claude_thinking(model)
    if thinking == "none":
        return ()
    return NEVER_OFF if thinking == "always" else ALL


def gpt_version(model: str) -> tuple[int, int] | None:
    """The version of a GPT model that thinks, None for any other."""
    found = _GPT.match(model)
    if found is None or "-chat" in model:
        return None
    return int(found["major"]), int(found["minor"] or 0)


def openai_efforts(model: str) -> tuple[Effort, ...]:
    """What a person can choose for a model at OpenAI's own address."""
    if re.match(r"o\d", model):
        return NEVER_OFF
    return () if gpt_version(model) is None else ALL


def openai_effort(model: str, effort: Effort) -> str:
    """The value of `reasoning_effort`."""
    if effort != "off":
        return effort
    version = gpt_version(model)
    if version is None:
        return "low"
    return "minimal" if version == (5, 0) else "none"


def thinks_by_name(model: str) -> bool:
    """Whether a model on somebody's own server is likely to think, by its name."""
    return _THINKING_NAMES.search(model.lower()) is not None


def gemini_version(model: str) -> tuple[int, int] | None:
    """The version of a Gemini model that thinks, None for any other."""
    if re.match(r"gemini-(?:pro|flash|flash-lite)-latest", model):
        return 3, 0
    found = _GEMINI.match(f"{model}-")
    if found is None:
        return None
    version = int(found["major"]), int(found["minor"] or 0)
    return version if version >= (2, 5) else None


def gemini_efforts(model: str) -> tuple[Effort, ...]:
    """What a person can choose for this Gemini model."""
    if gemini_version(model) is None or "-image" in model or "-tts" in model:
        return ()
    return NEVER_OFF if "-pro" in model else ALL
