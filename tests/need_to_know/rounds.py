"""Takes one NPC through every way by which a prompt for it can come about."""

from __future__ import annotations

import random
from collections.abc import Sequence

from tests.need_to_know.hidden import Npc
from tests.need_to_know.remembering import REMEMBERED, RememberingProvider
from tests.npc_table import all_of, let_time_pass
from tests.running import Running
from ttrpg_assistant.builtin.offline import OfflineModel
from ttrpg_assistant.conversations.model import Mode
from ttrpg_assistant.conversations.talk import NewMessage
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.llm.types import ModelRequest

CONTEXT_TOKENS = 6_000
"""Small enough that a long talk does not fit."""

REPLY = "*shrugs* Who asks?"


class Round:
    """The requests of one NPC, told apart by the mode they were made in."""

    def __init__(self, app: Running, model: RememberingProvider, npc: Npc) -> None:
        self._app = app
        self._model = model
        self._talk = app.services.npc_conversations
        self.npc = npc
        self.spoken: list[ModelRequest] = []
        """What was sent to speak as the NPC."""
        self.about: list[ModelRequest] = []
        self.conversation_id = ""

    async def open(self) -> None:
        """Find or make the conversation that the round is held in."""
        self.conversation_id = (await self._talk.get_or_create(self.npc.id, None)).id

    async def say(self, content: str, mode: Mode, reply: str, replaces: str | None = None) -> str:
        """One turn; gives the id of its answer."""
        self._model.enqueue([reply])
        before = len(self._model.history)
        posted = await self._talk.say(
            self.conversation_id,
            message_id=new_id(),
            content=content,
            mode=mode,
            replaces=replaces,
        )
        ended = await self._app.services.runner.wait_for_end(posted.assistant_message.id)
        assert ended.status == "complete", ended.error_code
        kept = self.spoken if mode == "as" else self.about
        kept += self._model.history[before:]
        return ended.id

    async def add(self, content: str, mode: Mode | None, role: str = "user") -> str:
        """Store a message without an answer; gives its id."""
        new = NewMessage(role, content, mode=mode)  # type: ignore[arg-type]
        added, _ = await self._talk.add_message(self.conversation_id, new)
        return added.id

    async def prepare(self, secret_talk: Sequence[str]) -> None:
        """Talk about the NPC: said, answered, proposed, cited, and stored without a mode."""
        secret = " ".join(secret_talk)
        block = '{"kind": "npc_trait", "target": "%s", "field": "motivations", "value": "%s"}'
        proposal = f"```suggestion\n{block % (self.npc.name, secret)}\n```"
        citing = f'```citation\n{{"source_name": "{self.npc.name}", "excerpt": "{secret}"}}\n```'
        await self.say(f"Remember: {secret}", "about", f"Noted. {secret}\n{proposal}\n{citing}")
        await self.say("What is hidden here?", "about", secret)
        await self.add(secret, None, "assistant")

    async def prepare_elsewhere(self, naming: str, secret_talk: Sequence[str]) -> None:
        """The same in another conversation, in words that a question will ask for."""
        other = await self._talk.create(self.npc.id, None, "Earlier")
        for role in ("user", "assistant"):
            new = NewMessage(role, f"{naming} {' '.join(secret_talk)}", mode="about")  # type: ignore[arg-type]
            await self._talk.add_message(other.id, new)
        await self._app.services.indexing.catch_up()

    async def speak(self, naming: str, secret_talk: Sequence[str], *, long: bool = True) -> None:
        """Every way to an answer as the NPC; `naming` names whom it may not know about."""
        answer = await self.say(f"Hello there. {naming}", "as", REPLY)
        await self.regenerate(answer)
        said = await self._app.services.database.read(
            lambda tx: tx.exec_driver_sql(
                f"SELECT parent_id FROM messages WHERE id = '{answer}'"
            ).scalar()
        )
        await self.say(f"I mean: {naming}", "as", REPLY, replaces=str(said))
        await self.add("Well? Have you lost your tongue?", None)
        await self.reply()
        if long:
            await self.fill(secret_talk)
            await self._app.services.summary_maker.catch_up(self.conversation_id)
            self.spoken += self._model.take_as_heard()
            await self.say(f"As I was saying. {naming}", "as", REPLY)
            assert REMEMBERED in all_of(self.spoken[-1]), "old talk is told as a summary"

    async def regenerate(self, answer_id: str) -> None:
        """Have it said otherwise."""
        self._model.enqueue([REPLY])
        before = len(self._model.history)
        posted = await self._app.services.runner.regenerate(answer_id)
        await self._app.services.runner.wait_for_end(posted.assistant_message.id)
        self.spoken += self._model.history[before:]

    async def reply(self) -> None:
        """Have what waits answered, as `reply_as_npc` does."""
        self._model.enqueue([REPLY])
        before = len(self._model.history)
        await self._talk.reply_as(self.npc.id)
        self.spoken += self._model.history[before:]

    async def fill(self, secret_talk: Sequence[str]) -> None:
        """More talk of both modes than any prompt holds."""
        for number in range(22):
            await self.add(f"{number}. " + "Long is the way to the sea. " * 30, "as")
            await self.add(" ".join(secret_talk), "about")
            await self.add("*nods*", "as", "assistant")

    async def rehearse(self) -> None:
        """A player's next question, and what the rehearsal showed."""
        before = len(self._model.history)
        self._model.enqueue(["And what are you hiding?"])
        await self._app.services.rehearsals.propose_question(self.conversation_id)
        self._model.enqueue(["Nothing new was shown."])
        await self._app.services.rehearsals.finish(self.conversation_id, new_id())
        self.spoken += self._model.history[before:]

    async def play(self, other: Npc, naming: str, secret_talk: Sequence[str]) -> None:
        """A scene in which the other one is told in a whisper what this one must not know."""
        scenes = self._app.services.scenes
        scene = (await scenes.create([self.npc.id, other.id])).conversation
        secret = " ".join(secret_talk)
        turns = [(secret, other.id, []), (naming, None, [other.id, self.npc.id])]
        for content, whisper_to, answering in turns:
            for _ in answering or [other.id]:
                self._model.enqueue([secret if whisper_to else REPLY])
            posted = await scenes.say(
                scene.id,
                message_id=new_id(),
                content=content,
                answering=answering,
                whisper_to=whisper_to,
            )
            for one in posted:
                await self._app.services.runner.wait_for_end(one.assistant_message.id)
        whispered, _, own = self._model.history[-3:]
        assert whispered.persona is not None and whispered.persona.npc_id == other.id
        assert own.persona is not None and own.persona.npc_id == self.npc.id
        self.spoken.append(own)
        self._model.enqueue([REPLY])
        [edited] = await scenes.say(
            scene.id,
            message_id=new_id(),
            content=f"I meant: {naming}",
            answering=[self.npc.id],
            replaces=posted[0].user_message.id,
        )
        await self._app.services.runner.wait_for_end(edited.assistant_message.id)
        self.spoken.append(self._model.history[-1])
        await self.regenerate(edited.assistant_message.id)

    async def go(
        self,
        naming: str,
        secret_talk: Sequence[str],
        *,
        other: Npc,
        long: bool = True,
    ) -> None:
        """The whole round."""
        await self.open()
        await self.prepare(secret_talk)
        await self.prepare_elsewhere(naming, secret_talk)
        await let_time_pass(self._app)
        await self.speak(naming, secret_talk, long=long)
        await self.rehearse()
        await self.play(other, f"Tell us. {naming}", secret_talk)
        await let_time_pass(self._app)


def answer_offline(requests: Sequence[ModelRequest], seed: int) -> list[str]:
    """What the built-in model says to the same requests."""
    model = OfflineModel(pace=0, rng=random.Random(seed))
    return [model.answer(request) for request in requests]
