"""Patterns that are only put together while the program runs, each with samples of them.

Keyed by module and function. A new one fails `test_python_patterns.py` until it stands here.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ttrpg_assistant import script_words
from ttrpg_assistant.builtin.tables import list_words
from ttrpg_assistant.continuity import commitments, debts, deeds, secrets_kept, settling
from ttrpg_assistant.continuity.phrases import Phrases
from ttrpg_assistant.llm import marks, speech
from ttrpg_assistant.prompts import guard

_NAME = "mira the quiet"


def _compiled(*texts: str, flags: int = re.IGNORECASE) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(text, flags) for text in texts)


def _speech_label() -> re.Pattern[str]:
    made = speech._label([_NAME, "user"])
    assert made is not None
    return made


def _list_phrases() -> tuple[re.Pattern[str], ...]:
    modules = (commitments, debts, deeds, secrets_kept, settling)
    found = (value for module in modules for value in vars(module).values())
    return tuple({one.pattern: None for one in found if isinstance(one, Phrases)})


BUILT: dict[str, Callable[[], tuple[re.Pattern[str], ...]]] = {
    "conversations.npc.voice._out_of_character": lambda: _compiled(
        rf"(?:^|[.!?\n] ?)(?:as {_NAME}, i\b|{_NAME} (?:would|says|said|thinks)\b|{_NAME}:)"
    ),
    "builtin.first_person._turn_subjects": lambda: _compiled(
        rf"(?<![\w’'])(?:{_NAME}|she)(?!['’]?\w) ((?:\w+ly )?)([\w'’]+)"
    ),
    "builtin.first_person._turn_names": lambda: _compiled(
        rf"(?<!\w)(?:{_NAME}|mira)(?:['’]s)(?!\w)", rf"(?<=\w )(?:{_NAME}|mira)(?!\w)"
    ),
    "builtin.first_person._turn_pronouns": lambda: _compiled(
        r"\bherself\b", r"\bher\b", r"\bshe(?=['’](?:s|d|ll|re|ve)\b)"
    ),
    "builtin.first_person._begins_with_name": lambda: _compiled(rf"(?:{_NAME}|mira)(?!\w)"),
    "builtin.first_person.find_speaker": lambda: _compiled(r"\bherself\b"),
    "builtin.npc_voice._as_action": lambda: _compiled(rf"^(?:{_NAME}|mira|she)\s+(?=\w)"),
    "builtin.replies.tables.make_npc": lambda: _compiled(
        *(rf"\b{trade}s?\b" for trade in list_words("trades", "trades")[:3])
    ),
    "builtin.replies.tasks.clarify": lambda: _compiled(r"\bdoor"),
    "continuity.phrases.pattern": lambda: _list_phrases(),
    "llm.marks.one_of": lambda: (marks.OPENING, marks.CLOSING, marks.one_of(("</think>",))),
    "llm.speech._label": lambda: (_speech_label(),),
    "normal_forms._runs_of": lambda: _compiled("([\u0300\u0301]{8})[\u0300\u0301]++", flags=0),
    "prompts.guard_index.__init__": lambda: tuple(
        {rule.pattern: 0 for rules in guard._index()._rules.values() for rule in rules}
    ),
    "prompts.guard._sure_patterns": lambda: guard._sure_patterns(),
    "prompts.disguises._find_stretched": lambda: _compiled("a{3,}|b{3,}", flags=0),
    "prompts.fence.without_nonce": lambda: _compiled("0123456789abcdef" * 2),
    "script_words._find_pieces": lambda: (script_words._find_pieces(),),
    "script_words._find_words": lambda: (script_words._find_words(),),
}

OWN_TEXT = {
    "api.page_edition": "the page's own files",
    "api.page": "the page's own files",
    "api.page_joining": "the page's own files",
}
"""Modules whose patterns no text from outside ever reaches, and what they read."""
