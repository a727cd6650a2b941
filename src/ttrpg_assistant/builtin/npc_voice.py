"""An NPC speaks: in the first person, from the sheet it is given and from nothing else.

The voice sees a `Persona` and what was said to it. Passages and instructions are no argument
of anything here, so nothing of them can be said.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ttrpg_assistant.builtin.asking import MAX_READ_CHARACTERS
from ttrpg_assistant.builtin.first_person import find_speaker
from ttrpg_assistant.builtin.retrieval import Find, rank
from ttrpg_assistant.builtin.tables import list_entries
from ttrpg_assistant.builtin.voices import choose_voice, find_catchphrases
from ttrpg_assistant.builtin.words import (
    finish,
    fold,
    list_sentences,
    list_stems,
    list_words_in,
    plain,
    shorten,
)
from ttrpg_assistant.llm.types import Passage, Persona, PromptMessage

_LINE_CHARACTERS = 260
_MAX_TOPIC_CHARACTERS = 40

_GREETING = re.compile(
    r"^(?:hi|hello|hey|greetings|good (?:morning|evening|afternoon|day)|well met|hail"
    r"|salutations)\b.{0,40}$"
)
_FAREWELL = re.compile(
    r"\b(?:goodbye|farewell|good night|bye|see you|until (?:next|then))\b.{0,30}$"
)
_THANKS = re.compile(r"\b(?:thanks|thank you|much obliged|grateful)\b.{0,40}$")
_WELLBEING = re.compile(
    r"^(?:so |and |well |[\w, ]{0,20}, )?how (?:are|have) you(?: doing| feeling| keeping| been"
    r"| today| tonight| faring)*[ ?.!]*$|\bhow do you (?:do|feel|fare)\b|\bhow goes\b"
)
_STRANGE = re.compile(
    r"\b(?:a\.?i\.?|language models?|llm|chat ?bots?|chatgpt|gpt|claude|gemini|openai|anthropic"
    r"|(?:system|your|this|hidden|the) prompts?|system message|roleplay(?:ing)?|npc|game master"
    r"|character sheet|computer|algorithm"
    r"|(?:ignore|forget|disregard|previous|system|hidden)\b.{0,30}\binstructions)\b"
)
_SELF = re.compile(
    r"\b(?:who|what) are you\b|\b(?:your|thy) (?:name|story|past|life|background|history|work"
    r"|trade|job)\b"
    r"|\babout (?:yourself|you)\b|\bintroduce yourself\b|\bwhat do you do\b|\bwhere (?:are"
    r"|do) you come from\b"
    r"|\bwhere are you from\b|\bwhat(?:'s| is) your name\b|\bdo you do for a living\b"
)
_ASKS = re.compile(
    r"^(?:(?:so|and|but|well|please|now)[, ]+)*(?:what|who|whom|whose|where|when|why|how|which|tell"
    r"|do|does|did|is|are|was|were|can|could|will|would|have|has|had|should|speak|explain|describe)\b"
    r"|\b(?:tell (?:me|us)|looking for|want to know|need to know|wonder(?:ing)?|curious|heard (?:of"
    r"|about)|know (?:of|about|anything)|speak of|what about|ask (?:you )?(?:about|of))\b"
)
_NAME = re.compile(r"\byour name\b|\bwho are you\b|\bintroduce yourself\b|\bcall you\b")
_NEWS = re.compile(
    r"\bwhat (?:do|else do|can) you (?:know|tell)\b(?! (?:me |us )?(?:about|of) \w)|\b(?:any"
    r"|what) (?:news|rumou?rs?|gossip)\b"
    r"|\bwhat have you heard\b|\b(?:heard|know) anything\b|\banything else\b|\bwhat else\b"
    r"|^(?:go on|and then|tell (?:me|us) more|more|continue|and)\b.{0,15}$"
)


@dataclass(frozen=True, slots=True)
class Scene:
    """What an NPC has before it: who it is, what was just said, and what was said before."""

    persona: Persona
    said: str
    earlier: tuple[PromptMessage, ...]

    def was_said(self, line: str) -> bool:
        """Whether the NPC has said this line before, so that it need not say it again."""
        return any(
            line in message.content for message in self.earlier if message.role == "assistant"
        )


def speak(scene: Scene, rng: random.Random) -> str:
    """What the NPC answers, with an action where it fits. Never empty.

    Only the persona's own texts, the words of the last message and the voice tables are used.
    """
    return _Voice(scene, rng).answer()


class _Voice:
    def __init__(self, scene: Scene, rng: random.Random) -> None:
        self._scene = scene
        self._persona = scene.persona
        self._rng = rng
        persona = scene.persona
        manner = f"{persona.speaking_style} {persona.personality}"
        self._voice = choose_voice(persona.speaking_style, persona.personality, persona.role)
        self._is_brief = bool(
            re.search(
                r"\b(?:terse|clipped|curt|few words|laconic|short|blunt|brief)\b", fold(manner)
            )
        )
        self._catchphrases = find_catchphrases(persona.speaking_style)
        sheet = (persona.background, persona.personality, *persona.mannerisms, *persona.knows,
                 persona.speaking_style)  # fmt: skip
        speaks_of_self = re.search(r"\bthird person\b", fold(manner))
        self._speaker = None if speaks_of_self else find_speaker(persona.name, sheet)

    def answer(self) -> str:
        said = " ".join(fold(self._scene.said[:MAX_READ_CHARACTERS]).replace("’", "'").split())
        if not said:
            return self._join(self._action(), self._line("greet"))
        if _STRANGE.search(said) and not self._knows(self._scene.said):
            return self._join(self._action(), self._line("strange"))
        if _GREETING.match(said) and "?" not in said:
            return self._join(self._action(), self._own_line() or self._line("greet"))
        if _FAREWELL.search(said):
            return self._join(self._line("farewell"), self._action())
        if _THANKS.search(said):
            return self._join(self._action(), self._line("thanks"))
        if _WELLBEING.search(said):
            return self._join(self._action(), self._line("wellbeing"), self._own_line(0.4))
        if _NAME.search(said):
            return self._introduce()
        is_asked = "?" in said or "？" in said or _ASKS.search(said) is not None
        if is_asked and (finds := self._knows(self._scene.said)):
            return self._reveal(finds)
        if _SELF.search(said):
            return self._tell_of_self()
        if _NEWS.search(said) and (fact := self._unsaid_fact()):
            return self._join(self._action(), self._line("reveal"), fact)
        if is_asked:
            return self._deflect()
        return self._join(
            self._action(), self._line("small"), self._own_line(0.5), self._nudge(0.4)
        )

    def _introduce(self) -> str:
        name = self._rng.choice(
            (
                f"{self._persona.name}.",
                f"I am {self._persona.name}.",
                f"{self._persona.name}, to you.",
            )
            if self._persona.name
            else ("My name is my own.",)
        )
        role = plain(self._persona.role).rstrip(".")
        trade = f"{role[:1].upper()}{role[1:]}." if role else ""
        return self._join(self._action(), name, trade, self._about_self(), self._nudge(0.3))

    def _tell_of_self(self) -> str:
        told = self._about_self() or self._own_line()
        if not told:
            return self._deflect()
        return self._join(self._action(), self._line("self"), told, self._nudge(0.3))

    def _reveal(self, finds: list[Find]) -> str:
        """What bears on the question: a thing it knows, or a thing it is."""
        is_fact = finds[0].passage.kind == "note"
        section = "reveal" if is_fact else "self"
        told = [
            self._say(" ".join(find.quote), is_fact=is_fact)
            for find in finds[: 1 if self._is_brief else 2]
        ]
        return self._join(
            self._action(), self._line(section), *dict.fromkeys(told), self._nudge(0.35)
        )

    def _deflect(self) -> str:
        topic = self._topic()
        if topic and self._rng.random() < 0.5:
            line = self._line("deflect topic", topic=topic)
        else:
            line = self._line("deflect")
        return self._join(self._action(), line, self._own_line(0.35), self._nudge(0.25))

    def _knows(self, said: str) -> list[Find]:
        """What of the sheet bears on what was said; what it knows comes before what it is."""
        persona = self._persona
        own_name = set(list_stems(persona.name))
        asked = " ".join(
            word for word in list_words_in(said) if not own_name & set(list_stems(word))
        )
        if not list_stems(asked):
            return []
        facts = [Passage("note", str(n), "", fact) for n, fact in enumerate(persona.knows)]
        sheet = [
            Passage("npc", "", "", sentence)
            for text in (persona.background, persona.personality)
            for sentence in list_sentences(text)
        ]
        known = rank(asked, facts)
        return known or rank(asked, sheet)

    def _unsaid_fact(self) -> str:
        facts = [self._say(fact, is_fact=True) for fact in self._persona.knows if plain(fact)]
        fresh = [fact for fact in facts if not self._scene.was_said(fact)]
        return self._rng.choice(fresh) if fresh else ""

    def _about_self(self) -> str:
        told = [self._say(sentence) for sentence in list_sentences(self._persona.background)[:12]]
        for sentence in list_sentences(self._persona.personality)[:4]:
            said = self._say(sentence)
            # "Wry, loyal to her crew" is what others say, not how anyone speaks of themselves.
            is_sentence = re.search(r"\b(?:I|my|me)\b", said.split(",")[0]) is not None
            told.append(said if is_sentence else f"They call me {said[:1].lower()}{said[1:]}")
        fresh = [line for line in told if not self._scene.was_said(line)] or told
        count = 1 if self._is_brief else 2
        if not fresh:
            return ""
        start = self._rng.randrange(max(1, len(fresh) - count + 1))
        return " ".join(fresh[start : start + count])

    def _own_line(self, chance: float = 1.0) -> str:
        """One of the sample lines or catchphrases, as it stands on the sheet."""
        lines = [plain(line).strip("\"“”' ") for line in self._persona.sample_lines]
        lines += self._catchphrases
        fresh = [line for line in lines if line and not self._scene.was_said(line)]
        if not fresh or self._rng.random() >= chance:
            return ""
        return finish(shorten(self._rng.choice(fresh), _LINE_CHARACTERS))

    def _action(self) -> str:
        """Something done rather than said: a mannerism of the sheet, as a stage direction."""
        own = [_as_action(text, self._persona.name) for text in self._persona.mannerisms]
        own = [action for action in own if action]
        pool: Sequence[str] = own or list_entries(self._voice, "action")
        last = self._scene.earlier[-1].content if self._scene.earlier else ""
        fresh = [action for action in pool if action not in last]
        if not fresh or self._rng.random() < 0.25:
            return ""
        return f"*{self._rng.choice(fresh)}*"

    def _nudge(self, chance: float) -> str:
        return self._line("nudge") if self._rng.random() < chance and not self._is_brief else ""

    def _line(self, section: str, topic: str = "") -> str:
        lines = list_entries(self._voice, section)
        fresh = [line for line in lines if not self._scene.was_said(self._fill(line, topic))]
        return self._fill(self._rng.choice(fresh or lines), topic)

    def _fill(self, line: str, topic: str) -> str:
        name = plain(self._persona.name) or "myself"
        filled = line.replace("{name}", name).replace("{topic}", topic)
        return filled[:1].upper() + filled[1:]

    def _say(self, text: str, *, is_fact: bool = False) -> str:
        said = plain(text)
        if is_fact:
            said = self._without_label(said)
        if self._speaker is not None:
            said = self._speaker.say_fact(said) if is_fact else self._speaker.say(said)
        return finish(shorten(said, _LINE_CHARACTERS))

    def _without_label(self, fact: str) -> str:
        """ "The vault: it lies deep" → "The vault? it lies deep"; a mere heading goes."""
        label, mark, told = fact.partition(": ")
        if not mark or not told or len(label) > _MAX_TOPIC_CHARACTERS:
            return fact
        if fold(label) in ("known fact", "fact", "note", fold(self._persona.name)):
            return told
        return f"{label}? {told[:1].upper()}{told[1:]}"

    def _topic(self) -> str:
        """A word of the question itself to throw back: a name before a common noun."""
        words = re.findall(r"[^\W\d_][\w'’-]*", self._scene.said[:MAX_READ_CHARACTERS])
        own = set(list_words_in(self._persona.name))
        usable = [
            word
            for word in words[:60]
            if list_stems(word) and not own & set(list_words_in(word))
            and 3 < len(word) <= _MAX_TOPIC_CHARACTERS
        ]  # fmt: skip
        names = [word for word in usable if word[0].isupper() and word != words[0]]
        return names[-1] if names else ""

    def _join(self, *parts: str) -> str:
        """The parts that are there, with one blank between them."""
        return " ".join(part for part in parts if part) or self._line("small")


def _as_action(mannerism: str, name: str) -> str:
    """ "She taps the table." → "taps the table"."""
    text = plain(mannerism).strip("*_ .!")
    first = re.escape(name.split()[0]) if name.split() else "(?!)"
    text = re.sub(
        rf"^(?:{re.escape(plain(name))}|{first}|she|he|they)\s+(?=\w)", "", text, flags=re.I
    )
    text = shorten(text.replace("*", ""), 120)
    return text[:1].lower() + text[1:]
