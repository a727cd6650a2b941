"""The voices an assistant can speak in: how it sounds in a thread, in a game master's words.

A voice is an instruction, written by us or by the game master, and so it stands outside the
data blocks. It has a place of its own behind them, between marker lines that carry the nonce
of the request; its text is cleaned line by line like every other field, so that it can
neither forge a marker nor open a section, and it never takes more than its share.
"""

from __future__ import annotations

from dataclasses import dataclass

from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.prompts.budget import Item, Section
from ttrpg_assistant.prompts.fence import begin_marker, end_marker, without_nonce
from ttrpg_assistant.prompts.sanitise import sanitise, sanitise_lines
from ttrpg_assistant.prompts.templates import load, render

VOICE_CHARACTERS = 1_500
"""The longest instruction of one voice: about 400 tokens."""

VOICE_NAME_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Voice:
    """A name, and the instruction that makes the assistant sound so."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class BuiltInVoice:
    """A voice that comes with the assistant. `words` is the one sentence a game master reads.

    `id` is also the name of its template: `templates/voice_<id>.md`.
    """

    id: str
    name: str
    words: str

    @property
    def text(self) -> str:
        """The instruction, from its template."""
        return load(f"voice_{self.id}")


BUILT_IN: tuple[BuiltInVoice, ...] = (
    BuiltInVoice("terse", "Short and dry", "A few words at a time, for when the players wait."),
    BuiltInVoice("storyteller", "Storyteller", "Sights, sounds and smells, ready to be read out."),
    BuiltInVoice("questions", "Asks back", "Helps you find your own idea, a question at a time."),
    BuiltInVoice("sparks", "Wild ideas", "Many ideas at once, and half of them odd."),
    BuiltInVoice("sceptic", "Finds the holes", "Looks for what will not hold, and how to mend it."),
    BuiltInVoice("rules", "By the book", "Exact about rules, and says so when it is not sure."),
)
"""Every voice we bring, in the order in which they are offered."""


def section_of(voice: Voice) -> Section:
    """The voice as a part of the prompt: one line a paragraph, each cleaned."""
    lines = sanitise_lines(cut_text(voice.text, VOICE_CHARACTERS))
    title = f"Voice: {sanitise(voice.name, VOICE_NAME_CHARACTERS)}"
    return Section("voice", title, [Item(one) for one in lines], len(lines))


def frame_voice(lines: str, nonce: str) -> str:
    """The lines in their place, between their markers."""
    begin, end = (make("VOICE", nonce) for make in (begin_marker, end_marker))
    return render("voice", begin=begin, lines=without_nonce(lines, nonce), end=end)
