"""Talk with branches, brought into an order in which every answer follows what it answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ttrpg_assistant.archives.talk_formats.model import Event, Remark, Talk, Turn

IN_A_CIRCLE = "A message answers itself in a circle and begins a branch of its own."


@dataclass(frozen=True, slots=True)
class Node:
    """A place in the tree. Without a turn (a root, an empty message) what answers it answers
    what it answers itself."""

    key: str
    parent: str
    turn: Turn | None = None


def tell_tree(talk: Talk, nodes: Sequence[Node], remarks: Sequence[Remark] = ()) -> Iterator[Event]:
    """A whole conversation: its beginning, its turns, what is to be said of it.

    `talk.tip` names where it ends. What answers nobody that is here begins a branch.
    """
    known = {one.key: one for one in nodes}
    answers: dict[str, list[str]] = {}
    roots: list[str] = []
    for node in known.values():
        if node.parent in known and node.parent != node.key:
            answers.setdefault(node.parent, []).append(node.key)
        else:
            roots.append(node.key)
    kept: dict[str, str] = {}
    turns: list[Turn] = []
    said: list[Remark] = list(remarks)

    def walk(root: str) -> None:
        waiting = [(root, "")]
        while waiting:
            key, above = waiting.pop()
            if key in kept:
                continue
            turn = known[key].turn
            if turn is not None:
                turns.append(replace(turn, key=key, parent=above))
            kept[key] = key if turn is not None else above
            waiting.extend((child, kept[key]) for child in reversed(answers.get(key, [])))

    for root in roots:
        walk(root)
    for key in known:
        if key not in kept:
            said.append(Remark(IN_A_CIRCLE, is_loss=False))
            walk(key)
    tip = kept.get(talk.tip, "") or (turns[-1].key if turns else "")
    above = {one.key: one.parent for one in turns}
    path: set[str] = set()
    while tip and tip not in path:
        path.add(tip)
        tip = above[tip]
    yield replace(talk, is_tree=True, tip=kept.get(talk.tip, ""))
    for turn in turns:
        yield replace(turn, is_aside=turn.key not in path)
    yield from said
