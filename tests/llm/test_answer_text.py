"""Thinking and template marks in the text, wherever the pieces are cut."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttrpg_assistant.llm.answer_text import MOST_TAKEN_BACK, AnswerText, Habit
from ttrpg_assistant.llm.types import FinishReason, Reclassified, ThinkingDelta


class Read:
    """What a listener has after an answer in these pieces."""

    def __init__(
        self,
        pieces: list[str],
        habit: Habit | None = None,
        reason: FinishReason | None = "stop",
    ) -> None:
        self.answer = AnswerText(habit)
        self.text = self.thinking = ""
        self.took_back = 0
        for piece in pieces:
            self.hear(self.answer.feed(piece))
        self.hear(self.answer.rest(reason))

    def hear(self, text: str) -> None:
        for event in self.answer.events:
            if isinstance(event, ThinkingDelta):
                self.thinking += event.text
            elif isinstance(event, Reclassified) and event.now == "thinking":
                self.thinking, self.text = self.thinking + self.text, ""
                self.took_back += 1
            elif isinstance(event, Reclassified):
                self.text, self.thinking = self.thinking + self.text, ""
        self.answer.events.clear()
        self.text += text

    @property
    def parts(self) -> tuple[str, str]:
        return self.thinking, self.text


def read_in_all_ways(text: str, **more: object) -> tuple[str, str]:
    """The same for the whole text, each single character and any cut in two."""
    ways = [[text], list(text), *([text[:i], text[i:]] for i in range(1, len(text)))]
    results = {Read(way, **more).parts for way in ways}  # type: ignore[arg-type]
    assert len(results) == 1, results
    return results.pop()


TAGS = ["think", "thinking", "thought", "reasoning", "THINK", "Thinking", "seed:think"]


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        *((f"<{tag}>", f"</{tag}>") for tag in TAGS),
        ("[THINK]", "[/THINK]"),
        ("◁think▷", "◁/think▷"),
        ("<|begin_of_thought|>", "<|end_of_thought|>"),
        ("<|START_THINKING|>", "<|END_THINKING|>"),
        ("<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>"),
        ("<|channel|>analysis<|message|>", "<|channel|>final<|message|>"),
        ("analysis", "assistantfinal"),
    ],
)
def test_thinking_is_split_from_the_text(opening: str, closing: str) -> None:
    text = f"{opening}She is the thief.{closing}\n\nAye, what do you want?"
    thinking, said = read_in_all_ways(text)
    assert said == "Aye, what do you want?"
    assert thinking.removeprefix("analysis") == "She is the thief."


def test_several_blocks_and_white_space_before_them_are_thinking() -> None:
    text = "\n <think>a</think>\n<think>b</think>\n\n<|im_start|>assistant\nAye. <think> is a tag."
    assert read_in_all_ways(text) == ("ab", "Aye. <think> is a tag.")


def test_an_empty_block_leaves_the_answer_alone() -> None:
    assert read_in_all_ways("<think>\n\n</think>\n\nAye.") == ("\n\n", "Aye.")


@pytest.mark.parametrize("reason", ["stop", "length", None])
def test_thinking_that_is_never_closed_is_no_text(reason: FinishReason | None) -> None:
    assert read_in_all_ways("<think>She is the thi", reason=reason) == ("She is the thi", "")
    assert read_in_all_ways("<think>She </thi", reason=reason) == ("She </thi", "")


@pytest.mark.parametrize("between", ["", "\n", "\n\n"])
def test_a_closing_mark_alone_means_that_all_before_it_was_thinking(between: str) -> None:
    text = f"She is the thief.\nNobody may know.{between}</think>{between}Aye?"
    thinking, said = read_in_all_ways(text)
    assert (thinking, said) == (f"She is the thief.\nNobody may know.{between}", "Aye?")


def test_channels_whose_opening_the_template_wrote_are_thinking_too() -> None:
    text = "She is the thief.<|end|><|start|>assistant<|channel|>final<|message|>Aye?<|return|>"
    assert read_in_all_ways(text) == ("She is the thief.", "Aye?")


def test_what_a_model_does_is_remembered_for_its_next_answer() -> None:
    habit = Habit()
    first = Read(["She is ", "the thief.</think>", "Aye?"], habit)
    assert (first.parts, first.took_back) == (("She is the thief.", "Aye?"), 1)
    second = Read(["She is ", "the thief.</think>", "Aye?"], habit)
    assert (second.parts, second.took_back) == (("She is the thief.", "Aye?"), 0)
    assert Read(["<think>She", "</think>Aye?"], habit).parts == ("She", "Aye?")


def test_a_model_that_stops_thinking_loses_no_word_and_is_believed_the_next_time() -> None:
    habit = Habit(unopened=True)
    assert Read(["Aye, ", "come in."], habit).parts == ("", "Aye, come in.")
    assert not habit.unopened
    habit = Habit(unopened=True)
    assert Read(["She is the "], habit, "length").parts == ("She is the ", "")
    assert habit.unopened


@pytest.mark.parametrize("mark", ["<think>", "<Thinking>", "[THINK]", "◁think▷"])
def test_a_model_that_thinks_again_between_paragraphs_says_none_of_it(mark: str) -> None:
    close = mark.replace("<", "</").replace("[", "[/").replace("◁", "◁/")
    text = f"Aye.\n\n{mark}\nShe is the thief.\n{close}\n\nWhat is it?\n {mark}Hm{close}"
    thinking, said = read_in_all_ways(text)
    assert (thinking, said) == ("\nShe is the thief.\nHm", "Aye.\n\nWhat is it?\n ")
    assert Read([f"Aye.\n{mark}She is"], reason="length").parts == ("She is", "Aye.\n")


def test_a_mark_within_a_line_or_in_code_opens_nothing() -> None:
    for text in ("Write <think>\nand </think> then.", "So:\n```\n<think>\nx</think>\n```\nOk."):
        for pieces in ([text], list(text)):
            assert Read(pieces).parts == ("", text)


@pytest.mark.parametrize(
    "text",
    [
        "The tag `<think>` opens it, `</think>` closes it.",
        "Write <think> first and </think> last.",
        "It closes with `</think>`",
        'The mark "</think>" closes it, "<|im_end|>" ends a turn.',
        "```\nfoo</think>\n<|im_end|>\n```\nThat is all.",
        "The price was <s>ten</s> nine gold, not <s>eight</s>.",
        "a < b and [[Mira Vale]] met [Bo](ttrpg:npc/1) <b>there</b> <|",
        "  Two spaces stay.\n\n",
        "an analysis of the mill",
        "analysis",
        "<thi is no tag",
        "<b>Bold</b> words",
        "[[Mira Vale]] is here [IN",
    ],
)
def test_an_answer_about_marks_and_ordinary_text_stay_as_they_are(text: str) -> None:
    for pieces in ([text], list(text)):
        assert Read(pieces).parts == ("", text)


MARKS = [
    "<|im_end|>", "<|eot_id|>", "</s>", "<end_of_turn>", "<|endoftext|>", "[/INST]", "[INST]",
    "<|assistant|>", "<|user|>", "<|end|>", "<｜end▁of▁sentence｜>", "<|END_OF_TURN_TOKEN|>",
    "<eos>", "<|reserved_special_token_7|>", "<turn|>",
]  # fmt: skip


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("after", ["", "\n", "\n<|im_start|>user\nAnd then?"])
def test_a_template_mark_ends_the_answer(mark: str, after: str) -> None:
    for text in ("Aye.", '"Aye."', "Let's say *aye*"):
        assert read_in_all_ways(text + mark + after) == ("", text)
        read = Read([text, mark, after])
        assert (read.answer.ended, read.answer.ran_on) == (True, bool(after.strip()))


@pytest.mark.parametrize(
    "mark",
    [
        "<|im_start|>assistant\n",
        "<|start_header_id|>assistant<|end_header_id|>\n\n",
        "<|assistant|>\n",
        "<start_of_turn>model\n",
        "<|channel|>final<|message|>",
        "</think>\n\n",
        "[/INST] ",
    ],
)
def test_a_template_mark_at_the_beginning_is_dropped(mark: str) -> None:
    assert read_in_all_ways(mark + "Aye, come in.") == ("", "Aye, come in.")


def test_an_answer_that_begins_with_another_turn_is_none() -> None:
    assert read_in_all_ways("<|im_start|>user\nWho are you?") == ("", "")


PIECES = st.lists(
    st.sampled_from(
        ["<think>", "</think>", "<|im_end|>", "</s>", "<s>", "Aye", " ", "\n", "`", "```", '"', "<",
         "<|", "[", "[/INST]", "<|im_start|>", "user\n", "assistant\n", "◁think▷", "analysis", "We",
         "<|end|>", "<|channel|>final<|message|>", "assistantfinal", "ſ", "İ"]
    ),
    max_size=14,
)  # fmt: skip


@given(PIECES, st.lists(st.integers(0, 10_000), max_size=8), st.booleans(), st.booleans())
def test_any_split_gives_the_same_thinking_and_text(
    pieces: list[str], places: list[int], unopened: bool, cut: bool
) -> None:
    text = "".join(pieces)
    edges = [0, *sorted(place % (len(text) + 1) for place in places), len(text)]
    reason: FinishReason | None = None if cut else "stop"
    split = Read([text[a:b] for a, b in itertools.pairwise(edges)], Habit(unopened), reason)
    whole = Read([text], Habit(unopened), reason)
    assert split.parts == whole.parts


@pytest.mark.parametrize(
    "piece", ["<", "`</s>` ", "<s></s>", "[[", " ", "</think>", "<|", '"', "\n```\n", "a"]
)
@pytest.mark.parametrize("start", ["", "Aye ", "<think>"])
def test_a_long_answer_of_marks_takes_linear_steps(piece: str, start: str) -> None:
    """A quadratic step would take minutes here."""
    many = 100_000 // len(piece)
    for pieces in ([start + piece * many], [start, *[piece] * (many // 4)]):
        read = Read(pieces)
        assert len(read.text) + len(read.thinking) <= len(start + piece * many)


def test_what_was_said_is_taken_back_a_few_times_only() -> None:
    """Each time everything is sent to every page once more."""
    read = Read(["The mill stands.</think>"] * 500)
    assert read.took_back <= MOST_TAKEN_BACK
    assert read.text.count("The mill stands.") == 500 - MOST_TAKEN_BACK
