"""Other forms of a word are found: endings, particles, joined and parted spellings."""

from __future__ import annotations

import pytest

from tests.search.test_search import marked, new_thread, say, texts
from ttrpg_assistant.campaigns.campaigns import Campaigns
from ttrpg_assistant.conversations.store.removals import add_removal
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.search.forms import list_others
from ttrpg_assistant.search.in_conversation import InConversation
from ttrpg_assistant.search.indexing import Indexing
from ttrpg_assistant.search.search import Search
from ttrpg_assistant.storage.database import Database

# What is said, what is asked for, and what of it is marked.
FOUND = [
    ("Рыцарь боится дракона.", "драконы", "дракона"),
    ("Они сражались у ворот.", "сражаться", "сражались"),
    ("Отца никто не видел.", "отец", "Отца"),
    ("Der Wächter der alten Häuser ist nicht hier.", "haus", "Häuser"),
    ("Er hat im Turm gekämpft.", "kämpfen", "gekämpft"),
    ("Les chevaux dorment dans la grange.", "cheval", "chevaux"),
    ("Il cherchait une clé sous le pont.", "chercher", "cherchait"),
    ("Las luces del faro se apagaron.", "luz", "luces"),
    ("Los guardias buscaban en la torre.", "buscar", "buscaban"),
    ("Rycerz jest w zamku i nie śpi.", "zamek", "zamku"),
    ("Ο φύλακας των κάστρων", "κάστρο", "κάστρων"),
    ("وصلنا إلى القلعة القديمة", "قلعة", "القلعة"),
    ("רכבנו אל הטירות", "טירה", "הטירות"),
    ("पुराने किलों में भूत हैं।", "किला", "किलों"),
    ("彼らは門で戦った。", "戦う", "戦っ"),
    ("기사들이 성문에서 싸웠다.", "싸우다", "싸웠"),
    ("붉은 드래곤을 보았다.", "드래곤이", "드래곤"),
    ("Two wolves guarded the gates.", "gate", "gates"),
    ("The thieves stole it.", "thief", "thieves"),
    ("A half-elf waits.", "halfelf", "half"),
    ("The halfelf sings.", "half-elf", "halfelf"),
]  # fmt: skip
NOT_FOUND = [
    ("The university is closed.", "universe"),
    ("My corner is quiet.", "corn"),
    ("An even number.", "evening"),
    ("The princes left.", "princess"),
    ("L’université est fermée.", "univers"),
    ("The tow rope snapped.", "tower"),
]


@pytest.fixture
def search(database: Database) -> Search:
    return Search(database, Indexing(database, Changes()))


async def test_other_forms_are_found_and_marked(database: Database, search: Search) -> None:
    thread = await new_thread(database)
    await say(database, thread.id, *(said for said, _, _ in FOUND), *(s for s, _ in NOT_FOUND))
    inside = InConversation(database, Indexing(database, Changes()))
    for said, query, hit in FOUND:
        for order in ("newest", "best"):
            found = await search.search(query, order=order)  # type: ignore[arg-type]
            assert said in texts(found), query
            assert hit in marked(found)[texts(found).index(said)], query
        assert (await inside.find(thread.id, query)).message_ids, query
        assert said not in texts(await search.search(f'"{query}"')), query
    for said, query in NOT_FOUND:
        assert said not in texts(await search.search(query)), query


async def test_what_fits_exactly_comes_first_and_pages_go_on(
    database: Database, search: Search
) -> None:
    campaign = await Campaigns(database, Changes(), add_removal).create(
        None, {"name": "Dragons", "description": "dragons dragons"}
    )
    other = await Campaigns(database, Changes(), add_removal).create(
        None, {"name": "Elsewhere", "description": "A dragon, far away from all else there is."}
    )
    thread = await new_thread(database)
    said = ["dragons", "a dragon lies under the whole of the old black hill", "Dragons!"]
    await say(database, thread.id, *said)
    first = await search.search("dragon", order="best", limit=1)
    assert texts(first) == [said[1]] and first.has_more
    rest = await search.search("dragon", order="best", limit=5, before=first.next_cursor)
    assert sorted(texts(rest)) == ["Dragons!", "dragons"]
    assert [thing.id for thing in first.things] == [other.id, campaign.id]
    assert texts(await search.search("dragon -dragons")) == [said[1]]


async def test_a_language_that_nobody_writes_widens_nothing(
    database: Database, search: Search
) -> None:
    thread = await new_thread(database)
    await say(database, thread.id, "Their casern", "A caso of wine")
    assert texts(await search.search("casa")) == []
    await say(database, thread.id, "La casa del mago que está en el bosque")
    assert len(texts(await search.search("casas"))) >= 1


@pytest.mark.parametrize(
    "word", ["a" * 400, "ا" * 32, "가" * 200, "あ" * 200, "ся", "ge", "'", "9"]
)
def test_other_forms_of_what_is_no_word_are_few(word: str) -> None:
    languages = ("danish", "dutch", "french", "german", "italian", "polish", "portuguese")
    assert len(list_others((word,), (*languages, "spanish", "swedish"))) <= 240
    assert len(list_others(tuple(word), (*languages, "spanish", "swedish"))) <= 240
