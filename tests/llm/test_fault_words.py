import ast
import re
from collections.abc import Iterator

import msgspec

from tests.house.source_tree import PACKAGE, ROOT, list_modules
from ttrpg_assistant import errors
from ttrpg_assistant.conversations.model import Message
from ttrpg_assistant.conversations.store.shown import _error
from ttrpg_assistant.errors import Fault, ModelFault
from ttrpg_assistant.llm.fault_words import OTHER_MEANS, PAGE_CONTROLS, describe, list_words

ROOMS = {"llm", "conversations", "errors", "prompts"}
"""Where the faults of a reply are made."""


def list_kinds() -> list[type[Fault]]:
    kinds: list[type[Fault]] = [ModelFault]
    for kind in kinds:
        kinds += kind.__subclasses__()
    return kinds


def list_calls() -> Iterator[tuple[str, ast.Call]]:
    """Every place in these rooms that makes a fault of a model or a failed connection."""
    names = {kind.__name__ for kind in list_kinds()} | {"ConnectFailed"}
    for module in list_modules():
        for node in module.nodes if module.room in ROOMS else ():
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                if name in names:
                    yield f"{module.path.name}:{node.lineno}", node


def spell(node: ast.expr) -> str | None:
    """A text in the source, with … for what is filled in; None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = (p.value if isinstance(p, ast.Constant) else "…" for p in node.values)
        return "".join(map(str, parts))
    return None


def list_cures() -> dict[str, str]:
    """Every cure by where it is written."""
    cures = {f"code {code}": words.cure for code, words in list_words().items() if words.cure}
    for place, call in list_calls():
        for keyword in call.keywords:
            if keyword.arg == "cure" and (cure := spell(keyword.value)) is not None:
                cures[place] = cure
        if len(call.args) > 1 and (cure := spell(call.args[1])) is not None:
            cures[place] = cure
    return cures


def test_every_cure_names_a_control_or_an_action_that_exists() -> None:
    means = [*PAGE_CONTROLS, *OTHER_MEANS]
    wrong = [
        f"{place}: {cure}"
        for place, cure in list_cures().items()
        if not any(re.search(rf"\b{re.escape(m)}", cure, re.I) for m in means) and "…" not in cure
    ]
    assert len(list_cures()) > 20
    assert not wrong, wrong


def test_a_cure_names_nothing_by_a_label_that_the_page_does_not_have() -> None:
    # Words with a capital in the middle of a sentence are labels, or names that are listed.
    known = " ".join([*PAGE_CONTROLS, *OTHER_MEANS, "PEM", "Names", "SOCKS", "HTTP"])
    wrong = []
    for place, cure in list_cures().items():
        for word in re.findall(r"(?<![.!?] )(?<!^)\b[A-Z][A-Za-z_]+", cure):
            if word not in known:
                wrong.append(f"{place}: {word}")
    assert not wrong, wrong


def test_every_control_is_on_the_page_and_every_setting_in_its_document() -> None:
    page = "\n".join(
        file.read_text(encoding="utf-8") for file in sorted((PACKAGE / "web" / "app").rglob("*.js"))
    )
    settings = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for control in PAGE_CONTROLS:
        assert control in page, f"the page has no {control}"
    for means in OTHER_MEANS:
        if means.isupper():
            assert f"`{means}`" in settings, means


def test_every_code_a_reply_can_end_with_has_its_words() -> None:
    words = list_words()
    for kind in list_kinds():
        if kind.__module__ == errors.__name__:
            assert kind.default_code in words, kind
    written = {
        keyword.value.value
        for _, call in list_calls()
        for keyword in call.keywords
        if keyword.arg == "code" and isinstance(keyword.value, ast.Constant)
    }
    assert written <= set(words), written - set(words)
    for code, said in words.items():
        assert said.detail.endswith("."), code
        assert said.cure is None or said.cure.endswith("."), code
    assert describe("never heard of").detail


def test_a_sentence_and_a_cure_are_sentences() -> None:
    for place, cure in list_cures().items():
        assert cure.endswith(".") and (cure[0].isupper() or cure[0] == "…"), f"{place}: {cure}"


def test_an_answer_that_was_stored_with_its_code_alone_has_words() -> None:
    moment = "2026-01-01T00:00:00.000000Z"
    message = msgspec.convert(
        {
            "id": "m", "conversation_id": "c", "parent_id": None, "seq": 1, "role": "assistant",
            "content": "", "mode": None, "origin": None, "status": "failed", "model": None,
            "tokens_in": None,
            "tokens_out": None, "error_code": "model_bad_key", "speaker_npc_id": None,
            "audience_npc_id": None, "created_at": moment, "updated_at": moment,
        },
        Message,
    )  # fmt: skip
    error = _error(message, [])
    assert error is not None
    assert (error.detail, error.cure) == (
        "The provider does not accept the key.",
        "Check the key in Settings.",
    )
