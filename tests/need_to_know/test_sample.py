"""The sample campaign: no NPC is ever told what only the game master knows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.need_to_know.hidden import PIECE, Npc, check_withheld, find_leaks, flat
from tests.need_to_know.remembering import RememberingProvider
from tests.need_to_know.rounds import CONTEXT_TOKENS, Round, answer_offline
from tests.npc_table import all_of
from tests.running import running
from ttrpg_assistant.campaigns.sample import read_sample, sample_id

OWN = ("role", "background", "personality", "appearance", "motivations", "speaking_style", "status")
LISTS = ("aliases", "sample_lines", "mannerisms", "never_says", "groups")


def own_texts(said: dict[str, Any]) -> Iterator[str]:
    """What an NPC knows of itself."""
    yield from (said.get(name, "") for name in OWN)
    for name in LISTS:
        yield from said.get(name, ())
    for tie in said.get("connections", ()):
        yield from (tie["target"], tie["relation"], f"{tie['target']} ({tie['relation']})")
    yield from (one["text"] for one in said.get("secrets", ()) if one.get("may_hint"))


def gm_texts(sample: dict[str, Any]) -> Iterator[str]:
    """What is the game master's alone, wherever it stands."""
    yield sample["campaign"]["gm_notes"]
    for game in sample["game_sessions"]:
        yield from (game.get("plan", ""), game.get("recap_gm", ""), game.get("gm_notes", ""))
    for plural in ("npcs", "locations", "plot_points"):
        for one in sample[plural]:
            yield one.get("gm_notes", "")
            yield from (secret["text"] for secret in one.get("secrets", ()))
    for point in sample["plot_points"]:
        if point.get("audience") != "public":
            yield point["description"]
    for note in sample["session_notes"]:
        if note.get("gm_only", True):
            yield note["text"]
    for event in sample["session_events"]:
        yield event["text"]


def knows(said: dict[str, Any], fact: dict[str, Any]) -> bool:
    """Whether the NPC belongs to the audience of a fact."""
    if fact["audience"] == "npcs":
        return said["key"] in fact["npcs"]
    if fact["audience"] == "group":
        return bool(set(said.get("groups", ())) & set(fact["groups"]))
    return bool(fact["audience"] == "public")


def list_npcs(sample: dict[str, Any]) -> list[Npc]:
    """Every NPC of the sample with what is withheld from it, read from the file itself."""
    names = [one["name"] for plural in ("npcs", "locations") for one in sample[plural]]
    found = []
    for said in sample["npcs"]:
        own = [text for text in own_texts(said) if text]
        known = [fact["text"] for fact in sample["facts"] if knows(said, fact)]
        others = [fact["text"] for fact in sample["facts"] if not knows(said, fact)]
        for other in sample["npcs"]:
            if other is not said:
                others += [text for text in own_texts(other) if len(text) >= PIECE]
        hidden = [text for text in (*gm_texts(sample), *others) if text and text not in own]
        secrets = [one["text"] for one in said.get("secrets", ())]
        found.append(
            Npc(
                sample_id("npc", said["key"]),
                said["name"],
                hidden=hidden,
                shown=[*own, *known, *names],
                own_secrets=[*secrets, said["gm_notes"]],
                known=known,
            )
        )
    return found


async def test_no_npc_of_the_sample_is_told_what_it_does_not_know(tmp_path: Path) -> None:
    sample = read_sample()
    named = [one["name"] for plural in ("npcs", "locations") for one in sample[plural]]
    naming = f"What do you know about {', '.join(named)}?"
    model = RememberingProvider(context_tokens=CONTEXT_TOKENS)
    async with running(tmp_path, [model]) as app:
        await app.services.sample.load()
        checked = 0
        npcs = list_npcs(sample)
        for npc in npcs:
            model.history.clear()
            held = Round(app, model, npc)
            other = npcs[checked - 1]
            await held.go(naming, npc.own_secrets, other=other, long=npc.name == "Mira Vale")
            assert len(held.spoken) >= 7
            check_withheld(npc, held.spoken)
            assert find_leaks(npc, [all_of(held.about[0])]), "the search finds what is there"
            leaks = find_leaks(npc, answer_offline(held.spoken, seed=checked))
            assert not leaks, (npc.name, leaks)
            own = flat(all_of(held.about[0]))
            assert [text for text in npc.own_secrets if flat(text) not in own] == []
            assert flat(npc.own_secrets[0]) in flat(held.about[1].messages[0].content)
            spoken = flat(all_of(held.spoken[0]))
            assert [text for text in npc.known if flat(text) not in spoken] == []
            checked += 1
        assert checked >= 9
