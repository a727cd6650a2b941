"""Random talk, written as other programs write it, by small writers that know nothing of readers.

Each gives the bytes of a file and what has to come out of it: for each conversation the path that
is shown, and every version of every message.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

WORDS = (
    "mill", "haunted", "“Who?”", "Ça va", "夜", "🜁👩‍🚀", "300 gp", "HP: 12/20", "Treasure: none",
    "*waves*", "a: b", "[1:02]", "--", "...", "{x}", '"quoted"', "back\\slash", "# no heading",
    "ends", "e\u0301", "<b>bold</b>", "**bold**", "tab\there", "İstanbul", "1) one", "http://a.b/c",
)  # fmt: skip
NAMES = ("Mira Vale", "Robin", "The GM", "Тома", "Ana-Lucía", "O'Brien", "Sam 2")


@dataclass
class Spoken:
    """A message: its versions, and those that answer each of them."""

    role: str
    name: str
    versions: list[str]
    chosen: int
    at: datetime
    answers: dict[int, list[Spoken]] = field(default_factory=dict)


@dataclass
class Written:
    """A file. `shown` are the paths of its conversations: role, name, text and moment of each
    message. `versions` are all texts of each conversation, in any order."""

    content: bytes
    shown: list[list[tuple[str, str, str, datetime]]]
    versions: list[list[str]]
    has_moments: bool = True
    has_names: bool = True
    began: str | None = None


def say(rng: random.Random, lines: int = 3, plain: bool = False) -> str:
    """A few lines of words; `plain` ones could stand in any transcript."""
    made = []
    for _ in range(rng.randint(1, lines)):
        words = [rng.choice(WORDS) for _ in range(rng.randint(1, 6))]
        made.append("said " + " ".join(words))
    return " ".join(made) if plain else "\n".join(made)


def converse(rng: random.Random, length: int, *, alternatives: bool) -> list[Spoken]:
    """A talk of two, one answering the other, some with alternatives."""
    at = datetime(2023, 1, 17, 19, 33, 22, tzinfo=UTC)
    own, other = rng.sample(NAMES, 2)
    spoken = []
    for number in range(length):
        at += timedelta(seconds=rng.randint(1, 90_000))
        role = "user" if number % 2 == 0 else "assistant"
        count = rng.randint(1, 4) if alternatives and role == "assistant" else 1
        versions = [f"{say(rng)} {number}.{one}" for one in range(count)]
        name = own if role == "user" else other
        spoken.append(Spoken(role, name, versions, rng.randrange(count), at))
    return spoken


def tell(spoken: list[Spoken]) -> tuple[list[tuple[str, str, str, datetime]], list[str]]:
    shown = [(one.role, one.name, one.versions[one.chosen], one.at) for one in spoken]
    return shown, [version for one in spoken for version in one.versions]


def _several(rng: random.Random) -> list[list[Spoken]]:
    return [converse(rng, rng.randint(1, 12), alternatives=True) for _ in range(rng.randint(1, 4))]


def _written(content: Any, talks: list[list[Spoken]], **more: Any) -> Written:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    told = [tell(spoken) for spoken in talks]
    return Written(raw, [one for one, _ in told], [one for _, one in told], **more)


def sillytavern(rng: random.Random) -> Written:
    spoken = converse(rng, rng.randint(2, 20), alternatives=True)
    spell: Callable[[datetime], Any] = rng.choice(
        [
            lambda at: at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            lambda at: int(at.timestamp() * 1000),
            lambda at: at.strftime("%Y-%m-%d@%Hh%Mm%Ss"),
            lambda at: f"{at.year}-{at.month}-{at.day} @{at:%H}h {at:%M}m {at:%S}s 0ms",
            lambda at: str(int(at.timestamp())),
        ]
    )
    lines: list[Any] = [{"user_name": "x", "character_name": "y", "chat_metadata": {}}]
    for one in spoken:
        line = {"name": one.name, "is_user": one.role == "user", "send_date": spell(one.at)}
        line |= {"mes": one.versions[one.chosen], "extra": {}}
        if len(one.versions) > 1:
            line |= {"swipes": one.versions, "swipe_id": one.chosen}
        lines.append(line)
    text = "\n".join(json.dumps(line, ensure_ascii=rng.random() < 0.5) for line in lines)
    return _written(text.encode(), [spoken])


def _tree_nodes(spoken: list[Spoken], make: Callable[..., Any]) -> tuple[dict[str, Any], str]:
    """One node a version; the answers hang below the chosen one."""
    nodes: dict[str, Any] = {}
    parent = ""
    for number, one in enumerate(spoken):
        keys = [f"m{number}v{at}" for at in range(len(one.versions))]
        for key, text in zip(keys, one.versions, strict=True):
            nodes[key] = make(key, parent, one, text)
        parent = keys[one.chosen]
    return nodes, parent


def chatgpt(rng: random.Random) -> Written:
    talks = _several(rng)
    made = []
    for spoken in talks:

        def node(key: str, parent: str, one: Spoken, text: str) -> Any:
            message = {"id": key, "author": {"role": one.role}, "create_time": one.at.timestamp()}
            message["content"] = {"content_type": "text", "parts": [text]}
            return {"id": key, "parent": parent or "root", "message": message, "children": []}

        nodes, tip = _tree_nodes(spoken, node)
        nodes = {"root": {"id": "root", "message": None, "parent": None}, **nodes}
        entries = list(nodes.items())
        rng.shuffle(entries)
        entries.sort(key=lambda entry: entry[0].rpartition("v")[0] != "")
        made.append({"title": "T", "mapping": nodes, "current_node": tip})
    return _written(made, talks, has_names=False)


def claude(rng: random.Random) -> Written:
    talks = _several(rng)
    made = []
    for spoken in talks:

        def message(key: str, parent: str, one: Spoken, text: str) -> Any:
            return {
                "uuid": key,
                "parent_message_uuid": parent or "00000000-0000-4000-8000-000000000000",
                "sender": "human" if one.role == "user" else "assistant",
                "text": text,
                "content": [{"type": "text", "text": text}],
                "created_at": one.at.isoformat(),
            }

        nodes, tip = _tree_nodes(spoken, message)
        made.append(
            {
                "uuid": "c",
                "name": "N",
                "current_leaf_message_uuid": tip,
                "chat_messages": list(nodes.values()),
            }
        )
    return _written(made, talks, has_names=False)


def open_webui(rng: random.Random) -> Written:
    talks = _several(rng)
    made = []
    for spoken in talks:

        def message(key: str, parent: str, one: Spoken, text: str) -> Any:
            at = int(one.at.timestamp())
            return {
                "id": key, "parentId": parent or None, "role": one.role, "content": text,
                "timestamp": at, "childrenIds": [],
            }  # fmt: skip

        nodes, tip = _tree_nodes(spoken, message)
        made.append({"chat": {"title": "T", "history": {"messages": nodes, "currentId": tip}}})
    return _written(made, talks, has_names=False)


def librechat(rng: random.Random) -> Written:
    spoken = converse(rng, rng.randint(1, 300), alternatives=False)

    def message(at: int) -> dict[str, Any]:
        one = spoken[at]
        return {
            "messageId": f"m{at}",
            "parentMessageId": f"m{at - 1}" if at else "00000000-0000-0000-0000-000000000000",
            "isCreatedByUser": one.role == "user",
            "text": one.versions[0],
            "createdAt": one.at.isoformat(),
        }

    head = {"conversationId": "c", "title": "T", "recursive": True}
    if rng.random() < 0.5:
        made = {**head, "messages": [message(at) for at in range(len(spoken))]}
        return _written(made, [spoken], has_names=False)
    text = ""
    for at in reversed(range(len(spoken))):
        text = json.dumps(message(at))[:-1] + f', "children": [{text}]}}'
    content = json.dumps(head)[:-1] + f', "messagesTree": [{text}]}}'
    return _written(content.encode(), [spoken], has_names=False)


def agnai(rng: random.Random) -> Written:
    spoken = converse(rng, rng.randint(1, 12), alternatives=True)
    for one in spoken:
        one.chosen = 0
    messages = [
        {
            "_id": f"m{at}", "handle": one.name, "msg": one.versions[0],
            "retries": one.versions[1:], "createdAt": one.at.isoformat(),
            **({"userId": "u"} if one.role == "user" else {"characterId": "c"}),
        }
        for at, one in enumerate(spoken)
    ]  # fmt: skip
    return _written({"name": "Exported", "messages": messages}, [spoken])


def risu(rng: random.Random) -> Written:
    spoken = converse(rng, rng.randint(1, 12), alternatives=False)
    messages = [
        {
            "role": "user" if one.role == "user" else "char", "data": one.versions[0],
            "time": int(one.at.timestamp() * 1000), "name": one.name,
        }
        for one in spoken
    ]  # fmt: skip
    return _written({"type": "risuChat", "ver": 2, "data": {"message": messages}}, [spoken])


def character_ai(rng: random.Random) -> Written:
    talks = _several(rng)
    chats = [
        {
            "turns": [
                {
                    "author": {"name": one.name, "is_human": one.role == "user"},
                    "create_time": one.at.isoformat(),
                    "candidates": [
                        {"candidate_id": f"{at}", "raw_content": text}
                        for at, text in enumerate(one.versions)
                    ],
                    "primary_candidate_id": f"{one.chosen}",
                }
                for one in spoken
            ]
        }
        for spoken in talks
    ]
    return _written({"character": {"name": "C"}, "histories": chats}, talks)


def oobabooga(rng: random.Random) -> Written:
    spoken = converse(rng, 2 * rng.randint(1, 8), alternatives=True)
    pairs, details = [], {}
    for at in range(0, len(spoken), 2):
        pairs.append([one.versions[one.chosen] for one in spoken[at : at + 2]])
        for one in spoken[at : at + 2]:
            stamp = one.at.strftime("%b %d, %Y %H:%M")
            one.at = one.at.replace(second=0)
            details[f"{one.role}_{at // 2}"] = {"timestamp": stamp} | (
                {"versions": [{"content": text} for text in one.versions]}
                if len(one.versions) > 1
                else {}
            )
    made = {"internal": pairs, "visible": pairs, "metadata": details}
    return _written(made, [spoken], has_names=False)


def discord_json(rng: random.Random) -> Written:
    spoken = _all_users(converse(rng, rng.randint(1, 20), alternatives=False))
    messages = [
        {
            "id": "1", "type": "Default", "timestamp": one.at.isoformat(),
            "content": one.versions[0], "author": {"name": "n", "nickname": one.name},
            "attachments": [], "embeds": [], "reactions": [],
        }
        for one in spoken
    ]  # fmt: skip
    made = {"guild": {"id": "0"}, "channel": {"id": "0", "name": "c"}, "messages": messages}
    return _written(json.dumps(made, indent=2).encode(), [spoken])


def _all_users(spoken: list[Spoken]) -> list[Spoken]:
    for one in spoken:
        one.role = "user"
    return spoken


def discord_text(rng: random.Random) -> Written:
    spoken = _all_users(converse(rng, rng.randint(1, 20), alternatives=False))
    rule = "=" * 62
    text = f"{rule}\nGuild: G\nChannel: c\n{rule}\n\n"
    for one in spoken:
        one.at = one.at.replace(second=0)
        text += f"[{one.at:%d-%b-%y %I:%M %p}] {one.name}#0001\n{one.versions[0]}\n\n\n"
    return _written(f"{text}{rule}\nExported {len(spoken)} message(s)\n{rule}\n".encode(), [spoken])


def foundry_log(rng: random.Random) -> Written:
    spoken = _all_users(converse(rng, rng.randint(1, 20), alternatives=False))
    spell = rng.choice(["%m/%d/%Y, %I:%M:%S %p", "%d.%m.%Y, %H:%M:%S", "%d/%m/%Y, %H:%M:%S"])
    text = f"\n{'-' * 27}\n".join(
        f"[{one.at.strftime(spell)}] {one.name}\n{one.versions[0]}" for one in spoken
    )
    return _written(text.encode(), [spoken])


def _recorded(rng: random.Random) -> tuple[list[Spoken], list[float]]:
    spoken = _all_users(converse(rng, rng.randint(2, 20), alternatives=False))
    began = datetime(2026, 11, 20, 19, tzinfo=UTC)
    seconds, passed = [], 0.0
    for one in spoken:
        one.versions = [say(rng, plain=True).replace("<b>", "").replace("</b>", "")]
        passed += rng.randint(1, 200)
        seconds.append(passed)
        one.at = began + timedelta(seconds=passed)
    return spoken, seconds


BEGAN = "2026-11-20T19:00:00.000000Z"


def _clock(seconds: float, mark: str) -> str:
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}{mark}000"


def vtt(rng: random.Random) -> Written:
    spoken, seconds = _recorded(rng)
    text = "WEBVTT\n\n"
    for one, at in zip(spoken, seconds, strict=True):
        text += f"{_clock(at, '.')} --> {_clock(at + 1, '.')}\n<v {one.name}>{one.versions[0]}\n\n"
    return _written(text.encode(), [spoken], began=BEGAN)


def srt(rng: random.Random) -> Written:
    spoken, seconds = _recorded(rng)
    text = ""
    for number, (one, at) in enumerate(zip(spoken, seconds, strict=True), 1):
        times = f"{_clock(at, ',')} --> {_clock(at + 1, ',')}"
        text += f"{number}\n{times}\n{one.name}: {one.versions[0]}\n\n"
    return _written(text.encode(), [spoken], began=BEGAN)


def craig(rng: random.Random) -> Written:
    spoken, seconds = _recorded(rng)
    form = rng.choice(["[{}] {}: {}", "{} {}: {}", "({}) **{}:** {}", "[{}] {}： {}"])
    lines = [
        form.format(_clock(at, ".")[:8], one.name, one.versions[0])
        for one, at in zip(spoken, seconds, strict=True)
    ]
    return _written("\n".join(lines).encode(), [spoken], began=BEGAN)


def otter(rng: random.Random) -> Written:
    spoken, seconds = _recorded(rng)
    text = "".join(
        f"{one.name}  {int(at) // 60}:{int(at) % 60:02}  \n{one.versions[0]}\n\n"
        for one, at in zip(spoken, seconds, strict=True)
    )
    return _written(f"{text}Transcribed by https://otter.ai\n".encode(), [spoken], began=BEGAN)


def named(rng: random.Random) -> Written:
    spoken, _ = _recorded(rng)
    form = rng.choice(["{}: {}", "**{}:** {}", "**{}**: {}", "{}：{}", "<{}> {}", "- **{}:** {}"])
    lines = [form.format(one.name, one.versions[0]) for one in spoken]
    return _written("\n".join(lines).encode(), [spoken], has_moments=False)


def openai_lines(rng: random.Random) -> Written:
    spoken = converse(rng, rng.randint(1, 20), alternatives=False)
    lines = [
        {"role": one.role, "content": one.versions[0], "timestamp": one.at.timestamp()}
        if rng.random() < 0.5
        else {
            "role": one.role,
            "content": [{"type": "text", "text": one.versions[0]}],
            "created_at": one.at.isoformat(),
        }
        for one in spoken
    ]
    return _written("\n".join(map(json.dumps, lines)).encode(), [spoken], has_names=False)


WRITERS: dict[str, tuple[str, Callable[[random.Random], Written]]] = {
    "SillyTavern": ("sillytavern", sillytavern),
    "ChatGPT": ("chatgpt", chatgpt),
    "Claude": ("claude", claude),
    "Open WebUI": ("open_webui", open_webui),
    "LibreChat": ("librechat", librechat),
    "Agnai": ("agnai", agnai),
    "RisuAI": ("risu", risu),
    "Character.AI": ("character_ai", character_ai),
    "oobabooga": ("oobabooga", oobabooga),
    "Discord as JSON": ("discord_json", discord_json),
    "Discord as text": ("discord_text", discord_text),
    "Foundry": ("foundry_log", foundry_log),
    "WebVTT": ("subtitles", vtt),
    "SubRip": ("subtitles", srt),
    "Craig": ("text", craig),
    "Otter": ("headed", otter),
    "names before lines": ("text", named),
    "JSON Lines": ("jsonl", openai_lines),
}
