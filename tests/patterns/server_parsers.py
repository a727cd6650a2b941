"""What reads the requests that reach our own server, and what writes with the words in them.

Requests are limited before anybody looks into them (`listening`); here they are as long as any
text, so that nothing costs more than its length even if a limit is raised one day.
"""

# ruff: noqa: E501 — the words of a grammar read better on long lines.

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from pydantic import ValidationError
from starlette.requests import Request

from tests.patterns.parsers import _SHEET, Parser, _words
from tests.prompts.samples import CAMPAIGN, HISTORY, NONCE, NPC_HISTORY
from ttrpg_assistant.api.access import Access
from ttrpg_assistant.api.bodies import Body, Said, Text, Uuid
from ttrpg_assistant.api.device_names import name_device
from ttrpg_assistant.api.door_access import DoorAccess
from ttrpg_assistant.api.downloads import attached
from ttrpg_assistant.api.own_addresses import list_own_addresses
from ttrpg_assistant.api.page import is_page_path
from ttrpg_assistant.api.security import Guarded
from ttrpg_assistant.api.streams import _read_offset
from ttrpg_assistant.archives.talk_files import _spell, _title
from ttrpg_assistant.campaigns.checks import check_line, check_name, check_title
from ttrpg_assistant.connection_limits import Limits
from ttrpg_assistant.conversations.model import Conversation, Message
from ttrpg_assistant.credentials import Credentials, hash_secret
from ttrpg_assistant.doors.tokens import Tokens
from ttrpg_assistant.errors import ContextTooLong, InvalidInput, TooManyAttempts
from ttrpg_assistant.ids import check_id
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.prompts.budget import Budget
from ttrpg_assistant.prompts.compose import compose_chat, compose_voice
from ttrpg_assistant.prompts.entity_facts import FactLine
from ttrpg_assistant.prompts.facts import HistoryMessage
from ttrpg_assistant.prompts.tokens import TokenEstimator
from ttrpg_assistant.storage.engines import create_database
from ttrpg_assistant.suggestions.fields import clean

_MOMENT = "2026-11-29T10:00:00.000000Z"
_OWN_HOST = "127.0.0.1:8000"
_BUDGET = Budget(context_tokens=8_000, answer_tokens=1_000)


@cache
def _guarded() -> Guarded:
    async def nothing(scope: Any, receive: Any, send: Any) -> None:
        raise AssertionError("Nothing is let through here.")

    database = create_database(Path("/nowhere/never-opened.db"))
    access = Access("a" * 43, Credentials(database, None, shared=False))
    doors = DoorAccess(Tokens(database, Changes()), ())
    own = list_own_addresses("127.0.0.1", 8000)
    return Guarded(nothing, access, doors, own, "default-src 'none'")


def _run(work: Coroutine[Any, Any, object]) -> object:
    """To its end, for what never waits."""
    try:
        work.send(None)
    except StopIteration as ended:
        return ended.value
    raise AssertionError("It waits for something.")


def _refuse(text: str) -> object:
    """Every header that is looked at before a route is, with the text in it."""
    said = text.encode("latin-1", "replace")
    own = {b"host": _OWN_HOST.encode(), b"origin": f"http://{_OWN_HOST}".encode()}
    refused = []
    for headers in (
        {b"host": said},
        {b"host": _OWN_HOST.encode(), b"origin": said},
        {**own, b"sec-fetch-site": said},
        {**own, b"authorization": b"Bearer " + said},
        {**own, b"authorization": said},
        {**own, b"content-length": said, b"content-type": said},
    ):
        scope = {"type": "http", "scheme": "http", "method": "POST", "path": "/api/access"}
        scope |= {"path": f"/api/{text}"} if b"authorization" in headers else {}
        try:
            refused.append(_run(_guarded()._refuse(scope, headers)))
        except TooManyAttempts:
            refused.append(None)
    return refused


def _read_request(text: str) -> object:
    said = text.encode("latin-1", "replace")
    headers = [(b"host", b"a"), (b"cookie", said), (b"accept", said), (b"user-agent", said)]
    scope = {"type": "http", "method": "GET", "scheme": "http", "path": f"/{text}"}
    scope |= {"query_string": said, "headers": headers, "server": ("a", 80), "root_path": ""}
    request = Request(scope)
    return (
        list(request.query_params.multi_items()),
        request.cookies,
        name_device(request.headers.get("user-agent", "")),
        _read_offset(request.headers.get("cookie")),
        is_page_path(f"/{text}"),
    )


class _Posted(Body):
    message_id: Uuid
    content: Said
    title: Text = ""


def _read_body(text: str) -> object:
    given = msgspec.json.encode({"message_id": text, "content": text, "title": text})
    found: list[object] = []
    for body in (given, text.encode("utf-8", "replace")):
        try:
            found.append(_Posted.model_validate_json(body))
        except ValidationError as fault:
            found.append(fault.errors(include_input=False))
    return found


def _check_lines(text: str) -> object:
    found = []
    for check in (check_line, check_name, check_title, lambda field, value: check_id(value, field)):
        try:
            found.append(check("name", text))
        except InvalidInput as fault:
            found.append(fault.sentence)
    return [*found, clean(text, 200), hash_secret(text)]


def _write_talk(text: str) -> object:
    conversation = Conversation(
        *("id", "npc", None, None, "mira", None, None, text, None, None, None),
        *(2, 1, 0, _MOMENT, None, _MOMENT, _MOMENT),
    )
    message = Message(
        *("id", "id", 1, None, "assistant", text, "as", "complete"),
        *(None, None, None, None, None, _MOMENT, _MOMENT),
    )
    names = {"mira": text}
    return (
        _title(conversation, names),
        _spell(message, conversation, names).encode("utf-8", "replace"),
        attached(text[:1_000], "md"),
        msgspec.json.encode(message) if text.isascii() else None,
    )


def _estimate(text: str) -> object:
    estimator = TokenEstimator()
    return estimator.estimate(text), estimator.cut(text, 1_000), estimator.is_surely_over(text, 9)


def _compose(text: str) -> object:
    """A prompt with the text as the question, the notes, the talk before and a name."""
    campaign = replace(
        CAMPAIGN, gm_notes=text, recap=text, world_state=(FactLine(text[:80], text),)
    )
    said = HistoryMessage(5, "user", text, mode="as")
    sheet = replace(_SHEET, name=text, speaking_style=text, background=text)
    made: list[object] = []
    for compose in (
        lambda: compose_chat(
            facts=campaign,
            history=replace(HISTORY, messages=(*HISTORY.messages, said)),
            new_message=text,
            budget=_BUDGET,
            nonce=NONCE,
        ),
        lambda: compose_voice(
            sheet=sheet,
            history=replace(NPC_HISTORY, messages=(*NPC_HISTORY.messages, said)),
            new_message=text,
            budget=_BUDGET,
            nonce=NONCE,
        ),
    ):
        try:
            made.append(compose())
        except ContextTooLong as fault:
            made.append(fault)
    return made


_HEAD = 'a|A|%|%41|%zz|/|//|..|?|&|a=b&|=|+|;|a=b; |"|\\|,|:|[|]|@|#| |\t|Bearer |bearer|.|0|9|é|\x7f|localhost|127.0.0.1:8000|http://|null|Firefox/|Safari/|Linux|(|)|-|_|api/|assets/'
_BODY = '{|}|[|]|"|:|,|\\|\\u0041|\\ud83d|a|1|1e9|-|.|true|null|"content":|"message_id":| |\n|é|夜|\x00|0123abcd-|{"a":|ﷺ|🜁'
_PROSE = 'a| |\n|\r\n|.|a b |a. |#|# |###|*|**|_|`|```|- |> |---|é|e\u0301|夜|。|ﷺ|🜁|👩\u200d|\u200b|\u2028|\U000e0041|“|"|\\|<|>|[|]|({|CAMPAIGN DATA END|D4T4|\u0301|⑽|İ|ß'

SERVER_PARSERS: tuple[Parser, ...] = (
    Parser("headers that are checked", _refuse, _words(_HEAD), most=Limits().header_bytes),
    Parser("a request", _read_request, _words(_HEAD), ("", "a=", "/api/"),
           most=Limits().header_bytes),
    Parser("a body", _read_body, _words(_BODY), ("", '{"content":"', "[")),
    Parser("names and titles", _check_lines, _words(_PROSE)),
    Parser("exported talk", _write_talk, _words(_PROSE)),
    Parser("a count of tokens", _estimate, _words(_PROSE)),
    Parser("a prompt", _compose, _words(_PROSE)),
)  # fmt: skip
