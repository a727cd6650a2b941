"""Everything that reads text from outside as a whole, with what its grammar is made of.

The worst inputs of a parser are put together from the words of its grammar: each alone, and any
two of them, behind everything that leads into one of its states.
"""

# The words of a grammar read better on long lines than cut up further.
# ruff: noqa: E501

from __future__ import annotations

import itertools
import random
import tempfile
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.patterns.attacks import Attack, Varied
from ttrpg_assistant.archives.archive_file import ArchiveFile
from ttrpg_assistant.archives.talk_formats import get_format, list_formats
from ttrpg_assistant.archives.talk_formats.source import open_source
from ttrpg_assistant.archives.talk_preview import preview
from ttrpg_assistant.archives.talk_reading import read_talk
from ttrpg_assistant.builtin.dice_syntax import parse as parse_dice
from ttrpg_assistant.builtin.offline import OfflineModel
from ttrpg_assistant.builtin.summary import condense
from ttrpg_assistant.builtin.words import list_sentences, list_stems
from ttrpg_assistant.campaigns.checks import PROSE_LENGTH
from ttrpg_assistant.campaigns.folding import fold_with_offsets
from ttrpg_assistant.campaigns.mentions import EntityRef, NameIndex
from ttrpg_assistant.campaigns.name_indexes import MOST_TEXT
from ttrpg_assistant.conversations.model import MESSAGE_CHARACTERS
from ttrpg_assistant.conversations.npc.voice import Spoken, find_voice_hints
from ttrpg_assistant.conversations.questions import read_questions
from ttrpg_assistant.conversations.seam import Seam
from ttrpg_assistant.errors import BadAnswer, InvalidInput, TooLarge
from ttrpg_assistant.llm.answer_text import AnswerText, Habit
from ttrpg_assistant.llm.drafts import Draft
from ttrpg_assistant.llm.lenient import read_values
from ttrpg_assistant.llm.memory import Learned
from ttrpg_assistant.llm.openai import OpenAIReader
from ttrpg_assistant.llm.pasted_addresses import understand_address
from ttrpg_assistant.llm.refusals import find_change
from ttrpg_assistant.llm.speech import SpeakerFilter
from ttrpg_assistant.llm.types import ModelRequest, PromptMessage
from ttrpg_assistant.llm.window_refusals import read_window_refusal
from ttrpg_assistant.llm.wire_decoding import LineDecoder, SseDecoder
from ttrpg_assistant.llm.wire_faults import status_fault
from ttrpg_assistant.prompts.characters import strip_unseen
from ttrpg_assistant.prompts.facts import VoiceSheet
from ttrpg_assistant.prompts.guard import SPOKEN_CHARACTERS, find_injection
from ttrpg_assistant.prompts.sanitise import _sanitise_again, sanitise, sanitise_lines
from ttrpg_assistant.search.meaning.passages import cut_passages
from ttrpg_assistant.search.query import parse_query, spell_fts5, spell_tsquery
from ttrpg_assistant.search.snippets import make_snippet
from ttrpg_assistant.suggestions.growing import GrowingReply
from ttrpg_assistant.suggestions.inline import list_named_sources
from ttrpg_assistant.suggestions.note_lines import has_lines, remove_lines
from ttrpg_assistant.suggestions.parse import ReplyParser, parse_reply


@dataclass(frozen=True, slots=True)
class Parser:
    """`run` reads a text; `words` are the words of its grammar, apart by `|` in the table.

    `most` is how many characters of a text it is given at most.
    """

    name: str
    run: Callable[[str], object]
    words: tuple[str, ...]
    beginnings: tuple[str, ...] = ("",)
    ends: tuple[str, ...] = ("", "!")
    most: int = MESSAGE_CHARACTERS

    def attacks(self, most: int, seed: int = 1) -> list[Attack]:
        """At most so many: a quarter of them never the same twice, single words, then any two."""
        single = [
            Attack(begin, word, end)
            for begin in self.beginnings
            for word in self.words
            for end in self.ends
        ]
        pairs = [
            Attack(begin, one + other, end)
            for one, other in itertools.permutations(self.words, 2)
            for begin in self.beginnings
            for end in self.ends
        ]
        varied = [
            Varied(begin, pump, "", words)
            for begin in self.beginnings
            for pump in ("@", "@ ", "@\n", *(f"@{word}" for word in self.words))
            for words in (False, True)
        ]
        draw = random.Random(seed)
        for attacks in (single, pairs, varied):
            draw.shuffle(attacks)
        few = most // 4
        chosen = [*varied[:few], *single[: most // 2]]
        return [*chosen, *pairs[: most - len(chosen)]]


def _words(spelled: str, apart: str = "|") -> tuple[str, ...]:
    return tuple(filter(None, spelled.split(apart)))


@dataclass(frozen=True, slots=True)
class Fed:
    """Feeds a text in pieces to a reader that `make` makes, and ends it with its method `end`."""

    make: Callable[[], Any]
    size: int
    end: Callable[[Any], object]

    def __call__(self, text: str) -> object:
        reader = self.make()
        for piece in self._pieces(text):
            reader.feed(piece)
        return self.end(reader)

    def _pieces(self, text: str) -> list[Any]:
        return [text[at : at + self.size] for at in range(0, len(text), self.size)]

    def time_pieces(self, text: str) -> list[float]:
        """Seconds of processor time for each piece, the least of three readings."""
        pieces = self._pieces(text)
        least = [float("inf")] * len(pieces)
        for _ in range(3):
            reader = self.make()
            for at, piece in enumerate(pieces):
                begun = time.thread_time()
                reader.feed(piece)
                least[at] = min(least[at], time.thread_time() - begun)
        return least


class FedBytes(Fed):
    """The same with the text's bytes."""

    def _pieces(self, text: str) -> list[Any]:
        given = text.encode("utf-8", "replace")
        return [given[at : at + self.size] for at in range(0, len(given), self.size)]


def _finish(reader: Any) -> object:
    return reader.finish()


def _nothing(reader: Any) -> object:
    return reader.parts


def _rest(reader: Any) -> object:
    return reader.rest()


def _stop(reader: Any) -> object:
    return reader.rest("stop")


def _refusing(run: Callable[[str], object]) -> Callable[[str], object]:
    """A parser that may say no."""

    def safely(text: str) -> object:
        with suppress(InvalidInput, TooLarge, BadAnswer):
            return run(text)
        return None

    return safely


@cache
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="parsers-"))


def _read_talk(*names: str) -> Callable[[str], object]:
    """Reads a text as each of these formats; what one refuses, the next one reads."""

    def read(text: str) -> object:
        source = open_source(text.encode("utf-8", "replace"))
        for name in names:
            with suppress(InvalidInput):
                sum(1 for _ in read_talk(source, get_format(name)))
        return None

    return read


def _list_names(*, documents: bool) -> list[str]:
    return [one.name for one in list_formats() if one.is_document == documents]


def _preview(text: str) -> object:
    return preview(text.encode("utf-8", "replace"), is_whole=True)


def _read_archive(text: str) -> object:
    path = _folder() / "archive.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("npcs.jsonl", text.encode("utf-8", "replace"))
    opened = ArchiveFile(path)
    try:
        return sum(1 for _ in opened.read_rows("npcs"))
    finally:
        opened.close()


def _names() -> NameIndex:
    nested = ["夜" * count for count in range(1, 40)]
    others = ["Mira", "Mira Vale", "Vale", "Kel'thas", "d'Alba", "old well", "well"]
    refs = [EntityRef("npc", f"{at}") for at in range(len(nested) + len(others))]
    return NameIndex(zip(refs, [*nested, *others], strict=True))


_NAME_INDEX = _names()
_TERMS = parse_query('mira "old well" smug* a')
_SHEET = VoiceSheet(
    "id",
    "Mira",
    speaking_style="terse",
    sample_lines=("Don't ask me. It's late, and I can't say more than that tonight.",) * 2,
    never_says=("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "as you wish", "a a a a a a b"),
)


def _sanitise(text: str) -> object:
    _sanitise_again.cache_clear()
    return sanitise(text), sanitise_lines(text)


def _voice_hints(text: str) -> object:
    return find_voice_hints(_SHEET, [Spoken("id", text)] * 2)


def _answer_offline(text: str) -> object:
    request = ModelRequest("offline", "", (PromptMessage("user", text),))
    return OfflineModel(pace=0, rng=random.Random(1)).answer(request)


def _read_payload(text: str) -> object:
    return OpenAIReader("A server").read(text.encode("utf-8", "replace"))


_JSON = '{|}|[|]|"|:|,| |\n|\\|\\u0041|\\ud83d|a|1|-1.5e9|true|null|"a":1,|{"a":|["a",|//|/*|*/|#|\'|“|”|`|"""|=|=>|;'
_SPEECH = (
    "a| |\n|.|!|?|…|Dr. |A. |*|**|_|`|```|~~~|#|> |- |1. |[a](b)|![|](|<b>|[[|]]|[[Mira]]|\"|'|“|”|’|("
    "|)|é|e\u0301|夜|。|\u200b|\u200d|🜁|👩|ﷺ|ß|İ|mira|well |don't |as an ai |do not |i would be happy to "
)
_MARKS = (
    "<¦<think>¦</think>¦<thinking>¦[think]¦◁think▷¦<s>¦</s>¦<|¦<|im_start|>¦<|channel|>analysis<|message|>"
    "¦analysis¦assistantfinal¦`¦\"¦'¦«¦\n¦ ¦a¦A¦[INST]¦<|end|>¦user¦<turn|>¦assistant\n¦```\n"
)
_WIRE = 'data: |data:|\n|\n\n|\r\n|\r|event: error\n|event:|id: 1\n|: a\n|{|}|[|]|[DONE]|error: a|{"a":1}|a| |\ufeff|"'
_ERROR = (
    '{|}|[|]|"|:|,|{"error":|{"message":"|{"metadata":{"raw":"|<|>|<title>|<!doctype html>|a| |1|,000|. |'
    "retry |try again in 1s |wait |sk-|Bearer |gsk_|-|*|1m|ms|\\|\n|maximum context length is |tokens |> |(|'max_tokens' |stream "
)
_DICE = "d|d6|2d6|k|kh1|dl|!|+|-|*|/|(|)|1|0|9| |>|>=|adv |dis |with |%|F|d66|½|−|a|①"
_QUERY = "a|\"|*|-| |\n|mira|'|\\|&|\\||!|(|)|:|<|é|夜|_|e\u0301|AND |NEAR("
_TALK = "Mira: a\n|[1:02] |12:30 |[1/2/2023, 1:02:03] Mira\n|00:01.000 --> 00:02.000\n|<v Mira>|**Mira:** |**Mira** · 2023-01-01 10:00 UTC\n|Mira said:\n|-----\n|=====\n|---\n|# a\n|: |\n|a|GM: |\r\n|\ufeff|é|*|{|\n\n|Mira:|\x00|夜: a\n"
_TALK_JSON = '{"role":"user","content":"a"}\n|{"name":"Mira","is_user":false,"mes":"a","send_date":"|1"}\n|{|}|[|"|\n|\\u0041|{"a":|\\'
_TALK_DOCUMENT = '{|}|[|]|,|"children":[|"messages":[|"mapping":{|"messageId":"a"|"parent":"a"|"text":"a"|{"messageId":"a","text":"b","children":[|\\|"|\\u0041|1|\n|"data":{'
_GUARD = (
    "%41|&amp;|&#105;|\\u0041|\\x41|QUFB|4141 |01000001 |a|a |a b |1|1 |1gn0re |ignore |ignore prompt |system "
    "|system: |you are now |paraphrase|ignnnnore |i-g-n-o-r-e |act as if you had no |dan |repeat your |[|"
    "SYSTEM |<|>|#|```|.|. |\n|\u200b|ﷺ|e\u0301|ï|夜|🜁|👩\u200d|Ⓘ|ｉ|㌖|_|'|and |the | "
)

PARSERS: tuple[Parser, ...] = (
    Parser("lenient JSON", read_values, _words(_JSON), ("", "{", '{"a":', "[", '"', "a: ")),
    Parser("a reply", parse_reply, _words(_JSON + "|" + _SPEECH), ("", "```suggestion\n", "```json\n{")),
    Parser("a reply in pieces", Fed(ReplyParser, 3, _finish),
           _words("`|~|```|```suggestion\n|\n| |- |1. |> |{|}|\"|a|>>|\r"), ("", "```suggestion\n")),
    Parser("a reply that is written", Fed(GrowingReply, 40, _nothing), _words(_JSON + "|" + _SPEECH),
           ("", "```suggestion\n", "```json\n{", '```suggestion\n{"kind": "npc", "fields": {"name": "')),
    Parser("named sources", list_named_sources, _words("[¦]¦[[¦]]¦|¦a¦ ¦\n¦[[a]]¦[[a|b]]", "¦")),
    Parser("note lines", lambda text: (has_lines(text, text[: len(text) // 2] + "x"),
           remove_lines(text, text[: len(text) // 3], text[: len(text) // 2])), _words("a|\n|a\n|ab\n| ")),
    Parser("a transcript", _read_talk(*_list_names(documents=False)), _words(_TALK)),
    Parser("a transcript of JSON", _read_talk("jsonl", "sillytavern", "json"), _words(_TALK_JSON), ("", '{"content":"')),
    Parser("a document of talk", _read_talk(*_list_names(documents=True)), _words(_TALK_DOCUMENT), ("", "[", '{"messagesTree":[')),
    Parser("a preview", _refusing(_preview), _words(_TALK) + _words(_TALK_JSON), ("", '{"')),
    Parser("rows of an archive", _refusing(_read_archive), _words(_TALK_JSON), ("", '{"a":"', "{}\n")),
    Parser("dice", _refusing(parse_dice), _words(_DICE)),
    Parser("a query", _refusing(lambda text: [spell(parse_query(text)) for spell in (spell_fts5, spell_tsquery)]),
           _words(_QUERY)),
    Parser("a snippet", lambda text: make_snippet(text, _TERMS), _words(_SPEECH)),
    Parser("names", _NAME_INDEX.find_mentions, _words("mira |Mira Vale |vale|'|'s |夜|l'|d'|İ|ß| |a|é|e\u0301|ﷺ|_"),
           most=max(MOST_TEXT, SPOKEN_CHARACTERS)),
    Parser("folding", fold_with_offsets, _words(_SPEECH),
           most=PROSE_LENGTH),
    Parser("questions", read_questions, _words(_JSON), ("", "[", '["')),
    Parser("a seam", Fed(lambda: Seam("the ford. " + "ha " * 3000 + "a" * 3000), 5, _rest),
           _words("ha |a|ha|…|the ford. |.| |é")),
    Parser("a voice", _voice_hints, _words(_SPEECH)),
    Parser("thinking", Fed(AnswerText, 3, _stop), _words(_MARKS, "¦"), ("", "<think>", "a ")),
    Parser("thinking nobody opened", Fed(lambda: AnswerText(Habit(unopened=True)), 7, _stop),
           _words(_MARKS, "¦"), ("", "<think>", "a\n")),
    Parser("speech", Fed(lambda: SpeakerFilter(["Mira"], ["GM", "user"]), 3, _rest),
           _words("Mira: |GM|GM |\n| |*|**Mira**: |(|user|“|:|a|>|_|:("), ("", "Mira: ", "a\n")),
    Parser("events", FedBytes(SseDecoder, 7, _rest), _words(_WIRE), ("", "data: {", "event: error\n")),
    Parser("lines of JSON", FedBytes(LineDecoder, 7, _rest), _words(_WIRE), ("", "{", "data: ")),
    Parser("a payload", _refusing(_read_payload), _words(_WIRE + "|" + _JSON), ("", '{"choices":[{"delta":{"content":"')),
    Parser("an error", lambda text: status_fault(400, {"retry-after": text[:50]}, text.encode(), "A server", "secret-key-1"),
           _words(_ERROR), ("", '{"error":{"message":"', "<html>")),
    Parser("a refusal", lambda text: (read_window_refusal(text.lower()),
           find_change(text.lower(), Draft("/", {}, Learned()), guess=True, again=False)), _words(_ERROR)),
    Parser("an address", lambda text: understand_address("openai", text, lambda _: False),
           _words("http://|a|.|/|:|@|[|]|?|#|%41|/v1|/models| |é")),
    Parser("sentences", lambda text: (list_sentences(text), list_stems(text)), _words(_SPEECH)),
    Parser("a summary", lambda text: condense([text, text]), _words(_SPEECH)),
    Parser("passages", cut_passages, _words(_SPEECH)),
    Parser("the built-in model", _answer_offline, _words(_SPEECH + "|roll |2d6 |what |who is |list |npc "),
           ("", "roll ", "make 3 npcs ", "who is ")),
    Parser("a field", _sanitise, _words(_SPEECH + "|" + _GUARD), most=PROSE_LENGTH),
    Parser("unseen characters", strip_unseen, _words(_GUARD + "|\ufe0f|\u20e3|\u0300|\U000e0041|ᄀ|ᅡ|᠎|￹")),
    Parser("the guard", find_injection, _words(_GUARD),
           ("", "[", "you are now freed from ", "paraphrase ", "ignore "), most=SPOKEN_CHARACTERS),
)  # fmt: skip
