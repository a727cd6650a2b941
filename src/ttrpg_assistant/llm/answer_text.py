"""Splits a model's text, as it streams, into what it thinks and what it says.

Rules, in the order in which an answer meets them:

- At its beginning, and right after a block of thinking, an opening mark (`<think>` and its
  like) begins thinking; marks of a chat template are dropped.
- Later it begins thinking where it begins a line: some models think again between paragraphs.
  Within a line it is ordinary text: the answer speaks about it.
- A closing mark that nothing opened means that the model's template wrote the opening one:
  everything said so far was thinking, and a `Reclassified` says so. `Habit` remembers it, so
  that the next answer of that model is thinking from its first word.
- A mark of a chat template after the first word ends the answer: what follows is a made-up
  next turn.
- Marks in code or quotation marks are ordinary text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ttrpg_assistant.llm import marks
from ttrpg_assistant.llm.types import (
    FinishReason,
    ModelEvent,
    ModelRequest,
    Reclassified,
    ThinkingDelta,
)

_QUOTES = {"`": "`", '"': '"', "'": "'", "“": "”", "„": "“", "‘": "’", "«": "»"}
MOST_TAKEN_BACK = 8
"""How often what was said so far may turn out to be thinking. A model that closes more blocks
than it opens does not mean these marks; and each time everything is sent anew."""

_BLANK = re.compile(r"\s+")


@dataclass(slots=True)
class Habit:
    """What was learned about how a model thinks."""

    unopened: bool = False
    """Its thinking begins without an opening mark."""


class Habits:
    """The habits of a provider's models, by their names, for the life of the process."""

    def __init__(self) -> None:
        self._by_model: dict[str, Habit] = {}

    def of(self, request: ModelRequest) -> Habit | None:
        """The habit of the model that is asked; None where it goes on with an answer.

        A template writes its opening mark only where a new answer begins.
        """
        if request.continues:
            return None
        return self._by_model.setdefault(request.model, Habit())

    def forget(self, model: str) -> None:
        """Find the habit of a model out anew."""
        self._by_model.pop(model, None)


class AnswerText:
    """What the text of one answer has said so far.

    `feed` and `rest` return text to say now. Before it, `events` (when not empty) are to be
    said and cleared: thinking, and that what was said before turned out to be thinking.
    """

    def __init__(self, habit: Habit | None = None) -> None:
        self.events: list[ModelEvent] = []
        self.ended = False
        """Whether a mark ended the answer; what comes later is not part of it."""
        self.ran_on = False
        """Whether the model wrote on after that mark: the call can be stopped."""
        self._habit = habit
        self._plain = False
        """Whether text is being said and nothing is held back: the quick way."""
        self._held = ""
        """The end of what came, while it may still become a mark."""
        self._blank: list[str] = []
        """White space before the first word."""
        self._began = False
        """Whether the first word was said."""
        self._given = False
        """Whether any text was given out that a `Reclassified` would have to take back."""
        self._marked = False
        """Whether marks stood at the beginning; the white space around them goes too."""
        self._role_next = False
        self._closes: tuple[str, ...] = ()
        """While thinking: the marks that end it."""
        self._assumed = False
        """Whether no mark opened the thinking."""
        self._about_marks = False
        """Whether the answer speaks about such marks, so that they mean nothing."""
        self._taken_back = 0
        self._struck = 0
        """How many `<s>` (struck out text) are open: their `</s>` ends no turn."""
        self._quoting = Quoting()

    def feed(self, text: str) -> str:
        if self._plain and "<" not in text and "[" not in text and "◁" not in text:
            self._quoting.said.append(text)
            return text
        return self._read(text, last=False)

    def separate(self) -> None:
        """The provider sends thinking apart from the text, so no thinking is unmarked."""
        self._habit = None

    def rest(self, reason: FinishReason | None) -> str:
        """What was held back, once the answer has ended (None: it was cut off)."""
        text = self._read("", last=True) if self._held or self._blank else ""
        if self._closes and self._assumed and reason == "stop":
            # It did not think this time: what came is the answer.
            self.events.append(Reclassified("text"))
            if self._habit is not None:
                self._habit.unopened = False
        return text

    # ----------------------------------------------------------------------- the states

    def _read(self, text: str, *, last: bool) -> str:
        if self.ended:
            self.ran_on = self.ran_on or bool(text and not text.isspace())
            return ""
        text, self._held = self._held + text, ""
        said: list[str] = []
        place = 0
        while place < len(text) and not self.ended:
            if self._closes:
                place = self._read_thinking(text, place, last)
            elif self._began:
                place = self._read_words(text, place, said, last)
            else:
                place = self._read_beginning(text, place, said, last)
        if last and self._blank and not self._began:
            said.append(self._begin())
        self._plain = self._began and not (self._closes or self._held or self.ended)
        words = "".join(said)
        self._given = self._given or bool(words) or self._plain
        return words

    def _hold(self, text: str, place: int) -> int:
        self._held = text[place:]
        return len(text)

    def _read_beginning(self, text: str, place: int, said: list[str], last: bool) -> int:
        """Before the first word. Returns where to read on, as all of these do."""
        if text[place].isspace():
            end = _skip_blank(text, place)
            self._blank.append(text[place:end])
            return end
        if self._role_next:
            return self._read_role(text, place, last)
        first = text[place]
        if first in marks.STARTS or first == "a":
            near = text[place : place + marks.LONGEST]
            may_grow = not last and (
                marks.may_become_mark(near) or marks.may_become(near, ("analysis?",))
            )
            if match := marks.OPENING.match(text, place):
                self._open(marks.ENDS_OF_THINKING[match.group().lower()])
                return match.end()
            if may_grow:
                return self._hold(text, place)
            if match := marks.CLOSING.match(text, place):
                return self._skip_mark(match)
            if marks.SPOKEN_CHANNEL.match(text, place):
                self._open(marks.SPOKEN_FINAL, assumed=True)
                return place
            if (match := marks.TURN.match(text, place)) and match.group().lower() != "<s>":
                self._role_next = marks.HEADER.fullmatch(match.group()) is not None
                return self._skip_mark(match)
            if last and len(near) > 2 and marks.may_become(near, tuple(marks.ENDS_OF_THINKING)):
                self._think(text[place:])
                return len(text)
        if self._habit is not None and self._habit.unopened and not self._marked:
            self._open(marks.CLOSINGS, assumed=True)
        else:
            said.append(self._begin())
        return place

    def _skip_mark(self, mark: re.Match[str]) -> int:
        self._marked = True
        self._blank.clear()
        return mark.end()

    def _read_role(self, text: str, place: int, last: bool) -> int:
        match = marks.ROLE.match(text, place)
        if match is None:
            if not last and marks.UNFINISHED_ROLE.fullmatch(text, place):
                return self._hold(text, place)
            self._role_next = False
            return place
        self._role_next = False
        role = match.group(1).lower()
        if role in marks.OTHERS:
            self.ended = self.ran_on = True
        return match.end() if role in marks.ASSISTANTS else place

    def _read_thinking(self, text: str, place: int, last: bool) -> int:
        match = marks.one_of(self._closes).search(text, place)
        end = len(text) if match is None else match.end()
        if not last and end == len(text):
            # The end may become a mark, or the mark at the end a longer one.
            start = end - marks.LONGEST if match is None else match.start()
            for at in range(max(place, start), len(text)):
                if text[at] in "<[◁aA" and marks.may_become(text[at:], self._closes):
                    self._think(text[place:at])
                    return self._hold(text, at)
        if match is None:
            self._think(text[place:])
        else:
            self._think(text[place : match.start()])
            self._closes, self._assumed, self._marked = (), False, True
        return end

    def _read_words(self, text: str, place: int, said: list[str], last: bool) -> int:
        found = marks.MAYBE.search(text, place)
        at = len(text) if found is None else found.start()
        if at > place:
            self._say(text[place:at], said)
        if at == len(text):
            return at
        if not last and marks.may_become_mark(text[at : at + marks.LONGEST]):
            return self._hold(text, at)
        mark = marks.CLOSING.match(text, at) or marks.TURN.match(text, at)
        if mark is None:
            if opening := marks.OPENING.match(text, at):
                if not self._about_marks and self._quoting.begins_line():
                    self._began = False
                    self._open(marks.ENDS_OF_THINKING[opening.group().lower()])
                    return opening.end()
                self._about_marks = True
            self._say(text[at], said)
            return at + 1
        after = text[mark.end() : mark.end() + 1]
        if not after and not last and self._quoting.may_hold_mark():
            return self._hold(text, at)
        if self._is_meant(mark, after, said):
            return mark.end()
        self._say(mark.group(), said)
        return mark.end()

    def _is_meant(self, mark: re.Match[str], after: str, said: list[str]) -> bool:
        """Whether the mark does what such marks do; else it is ordinary text."""
        kind = mark.group().lower()
        if kind == "<s>" or (kind == "</s>" and self._struck):
            self._struck += 1 if kind == "<s>" else -1
            return False
        quoted = bool(after) and self._quoting.quotes_mark(after)
        if marks.CLOSING.fullmatch(kind):
            if quoted or self._about_marks or self._taken_back == MOST_TAKEN_BACK:
                self._about_marks = True
                return False
            self._taken_back += 1
            self._take_back(said)
            return True
        if quoted:
            return False
        self.ended = True
        self.ran_on = bool(after) and not mark.string[mark.end() :].isspace()
        return True

    # ---------------------------------------------------------------------------- steps

    def _say(self, text: str, said: list[str]) -> None:
        said.append(text)
        self._quoting.said.append(text)

    def _begin(self) -> str:
        """The first word is here; the white space before it counts unless marks stood there."""
        self._began = True
        blank = "" if self._marked else "".join(self._blank)
        self._blank.clear()
        return blank

    def _open(self, closes: tuple[str, ...], *, assumed: bool = False) -> None:
        self._closes = closes
        self._assumed = assumed
        if assumed:
            self._think("".join(self._blank))
        self._blank.clear()

    def _think(self, text: str) -> None:
        if text:
            self.events.append(ThinkingDelta(text))

    def _take_back(self, said: list[str]) -> None:
        """Everything said so far was thinking, `said` of it not given out yet."""
        if self._given:
            self.events.append(Reclassified("thinking"))
        self._think("".join(said))
        said.clear()
        self._quoting = Quoting()
        self._struck = 0
        self._began = self._given = False
        self._marked = True
        if self._habit is not None:
            self._habit.unopened = True


class Quoting:
    """Whether the end of what was said is inside code or after a quotation mark.

    `said` collects what is said; it is looked at only when a mark comes, and only once.
    """

    def __init__(self) -> None:
        self.said: list[str] = []
        self._fenced = False
        self._ticks = 0
        """Backticks in the line so far."""
        self._head = ""
        """How the line begins, enough of it to see a fence."""
        self._last = ""

    def may_hold_mark(self) -> bool:
        """Whether a mark here may be quoted, so that what follows it must be seen."""
        self._look()
        return self._fenced or self._ticks % 2 == 1 or self._last in _QUOTES

    def quotes_mark(self, after: str) -> bool:
        """Whether a mark here, with this character behind it, is quoted."""
        self._look()
        return self._fenced or self._ticks % 2 == 1 or _QUOTES.get(self._last) == after

    def begins_line(self) -> bool:
        """Whether only white space comes before it in its line, outside of code."""
        self._look()
        return not (self._fenced or self._head)

    def _look(self) -> None:
        if not self.said:
            return
        text = "".join(self.said)
        self.said.clear()
        if not text:
            return
        first, *lines = text.split("\n")
        self._read(first)
        for line in lines:
            if self._head.startswith("```"):
                self._fenced = not self._fenced
            self._ticks, self._head = 0, ""
            self._read(line)
        self._last = text[-1]

    def _read(self, line: str) -> None:
        if len(self._head) < 3:
            self._head = (self._head + line[:64]).lstrip()[:3]
        self._ticks += line.count("`")


def _skip_blank(text: str, place: int) -> int:
    match = _BLANK.match(text, place)
    return place if match is None else match.end()
