"""A sheet's third person, turned into somebody's own words.

"Mira grew up on the docks. She trusts her brother." → "I grew up on the docks. I trust my
brother." Only the pronouns that the sheet uses for its own character are turned; those of
other people stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_SETS = {
    "she": ("she", "her", "her", "hers", "herself"),
    "he": ("he", "him", "his", "his", "himself"),
    "they": ("they", "them", "their", "theirs", "themselves"),
    "it": ("it", "it", "its", "its", "itself"),
}
_IRREGULAR = {
    "is": "am", "isn't": "am not", "has": "have", "hasn't": "haven't", "does": "do",
    "doesn't": "don't", "was": "was", "goes": "go", "are": "am", "were": "was",
    "aren't": "am not", "weren't": "wasn't",
}  # fmt: skip
_NOT_VERBS = frozenset(
    """always sometimes perhaps besides afterwards towards as was this his its us thus does
    yes less unless across ours theirs hers himself whereas nonetheless nowadays""".split()  # noqa: SIM905
)
_ADVERBS = (
    r"(?:(?:also|always|never|often|still|now|once|secretly|quietly|rarely|only|just|\w+ly) )?"
)
# After "her", these mean that it was the person ("saw her in town"), not a thing of hers.
_AFTER_OBJECT = (
    r"(?=\s*(?:$|[.,;:!?)\]]|(?:and|or|but|in|on|at|to|for|from|with|by|when|while|as|because|if"
    r"|that|into|out|off|up|down|over|under|again|away|back|before|after|than|so)\b))"
)


_AFTER_VERB = (
    r"(?= (?:the|a|an|no|nobody|nothing|his|her|their|to|in|for|with|from|by|as|at|every\w*|only"
    r"|on|out|up|people|anyone|that|what|who)\b)"
)
_LEADING_VERB = re.compile(
    rf"^()(?!(?:eyes|hands|always|was|as|this|yes)\b)([A-Za-z]{{2,}}[^sSuU\W]s){_AFTER_VERB}"
)
_LATER_VERB = re.compile(
    r"((?:[,;] |\b(?:and|but) )(?:now|then|later|still|once) )"
    rf"([a-z]{{2,}}[^su\W]s){_AFTER_VERB}"
)
"""Verbs whose subject the sheet left out: "Runs the forge", "…, now runs the forge"."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks: the words by which a sheet calls its own character."""

    name: str
    pronoun: str

    def say_fact(self, fact: str) -> str:
        """A fact about the world. Its pronouns are the speaker's only when it begins with one:
        in "The baroness is dying. She hides it." somebody else hides it.
        """
        forms = _SETS.get(self.pronoun, ())
        begins = re.match(r"[\w']+", fact)
        own = begins is not None and begins[0].lower() in forms
        if own or self._begins_with_name(fact):
            return self.say(fact)
        return Speaker(self.name, "").say(fact, of_self=False)

    def say(self, sentence: str, *, of_self: bool = True) -> str:
        """The sentence in the speaker's own words. `of_self` says that it tells of the speaker,
        so that a verb without a subject is the speaker's: "Runs the forge."
        """
        text = " ".join(sentence.split())
        text = re.sub(
            r"^(?:knows?|is aware|has heard|believes?) (?:that )(?=\w)", "", text, flags=re.I
        )
        text = re.sub(r"^(?:knows?) ((?:where|who|what|how|when|why|which)\b)", r"I know \1", text,
                      flags=re.I)  # fmt: skip
        if of_self:
            text = _LEADING_VERB.sub(_take_subject, text)
            text = _LATER_VERB.sub(_take_subject, text)
        text = self._turn_subjects(text)
        text = self._turn_names(text)
        text = self._turn_pronouns(text)
        return text[:1].upper() + text[1:]

    def _begins_with_name(self, text: str) -> bool:
        return re.match(rf"(?:{self._names()})(?!\w)", text) is not None

    def _names(self) -> str:
        parts = [self.name, *self.name.split()[:1]]
        return (
            "|".join(re.escape(part) for part in dict.fromkeys(parts) if len(part) > 1) or r"(?!)"
        )

    def _turn_subjects(self, text: str) -> str:
        subjects = rf"{self._names()}|{self.pronoun}" if self.pronoun else self._names()
        pattern = re.compile(rf"(?<![\w’'])(?:{subjects})(?!['’]?\w) ({_ADVERBS})([\w'’]+)", re.I)

        def turn(found: re.Match[str]) -> str:
            before = text[max(0, found.start() - 40) : found.start()].rstrip()
            if re.search(r"\b(?:of|to|for|with|from|by|at|about|against|and)$", before) and not (
                found[0].lower().startswith(f"{self.pronoun} ")
            ):
                return found[0]
            return f"I {found[1]}{_first_person_verb(found[2])}"

        return pattern.sub(turn, text)

    def _turn_names(self, text: str) -> str:
        if self._names() == r"(?!)":
            return text
        text = re.sub(rf"(?<!\w)(?:{self._names()})(?:['’]s)(?!\w)", "my", text)
        return re.sub(rf"(?<=\w )(?:{self._names()})(?!\w)", "me", text)

    def _turn_pronouns(self, text: str) -> str:
        if self.pronoun not in _SETS:
            return text
        subject, _, possessive, absolute, reflexive = _SETS[self.pronoun]
        steps = [(rf"\b{reflexive}\b", "myself")]
        if self.pronoun == "she":
            steps += [(rf"\bher\b{_AFTER_OBJECT}", "me"), (r"\bhers\b", "mine"), (r"\bher\b", "my")]
        elif self.pronoun == "he":
            steps += [(r"\bhim\b", "me"), (r"\bhis\b", "my")]
        elif self.pronoun == "they":
            steps += [(rf"\b{absolute}\b", "mine"), (rf"\b{possessive}\b", "my")]
        else:
            steps += [(rf"\b{possessive}\b", "my")]
        for pattern, word in steps:
            text = re.sub(pattern, word, text, flags=re.I)
        return re.sub(rf"\b{subject}(?=['’](?:s|d|ll|re|ve)\b)", "I", text, flags=re.I)


def find_speaker(name: str, sheet: Iterable[str]) -> Speaker:
    """The speaker of a sheet, by the pronoun the sheet uses most ("" when it uses none).

    "It" is never counted: it is nearly always something else.
    """
    text = " ".join(sheet).casefold()
    counted = {
        pronoun: sum(len(re.findall(rf"\b{form}\b", text)) for form in set(_SETS[pronoun]))
        for pronoun in ("she", "he", "they")
    }
    # "They" is as often other people: it counts only where the sheet has no other.
    best = max(("she", "he"), key=lambda pronoun: counted[pronoun])
    if not counted[best]:
        best = "they" if re.match(r"\s*they\b", text) else ""
    return Speaker(" ".join(name.split()), best)


def _take_subject(found: re.Match[str]) -> str:
    return f"{found[1]}I {_first_person_verb(found[2][:1].lower() + found[2][1:])}"


def _first_person_verb(verb: str) -> str:
    lowered = verb.lower().replace("’", "'")
    if lowered in _IRREGULAR:
        return _IRREGULAR[lowered]
    if lowered in _NOT_VERBS or not lowered.endswith("s") or lowered.endswith(("ss", "us")):
        return verb
    if lowered.endswith("ies") and len(lowered) > 4:
        return verb[:-3] + "y"
    if lowered.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return verb[:-2]
    return verb[:-1]
