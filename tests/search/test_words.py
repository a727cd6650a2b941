"""Words in every script: cut and folded alike by the program and by both databases."""

from __future__ import annotations

import random
import re
import sqlite3
import unicodedata
from contextlib import closing
from itertools import pairwise

import pytest
from sqlalchemy import Connection, text

from tests.search.test_search import marked, new_thread, say, texts
from ttrpg_assistant.campaigns.campaigns import Campaigns
from ttrpg_assistant.campaigns.npcs import Npcs
from ttrpg_assistant.conversations.store.removals import add_removal
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.script_words import list_words, needs_folding, place_words
from ttrpg_assistant.search.in_conversation import InConversation
from ttrpg_assistant.search.indexing import Indexing
from ttrpg_assistant.search.search import Search
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.verification.store.index import find_index, mend_index

# What is said, and what finds it: part of a run of letters, or the same word written otherwise.
FOUND = [
    ("黑门后面睡着一条红龙。", "红龙", ["红龙"]),
    ("黑门后面睡着一条红龙。", "黑门", ["黑门"]),
    ("赤い竜は城の地下で眠っている。", "地下", ["地下"]),
    ("ﾄﾞﾗｺﾞﾝが来た。", "ドラゴン", ["ﾄﾞﾗｺﾞﾝ"]),
    ("ドラゴンが来た。", "ﾄﾞﾗｺﾞﾝ", ["ドラゴン"]),
    ("붉은용이 성을 불태웠다.", "용이", ["용이"]),
    (unicodedata.normalize("NFD", "드래곤이 왔다"), "드래곤", None),
    ("มังกรแดงหลับอยู่ใต้ปราสาท", "ปราสาท", ["ปราสาท"]),
    ("ມັງກອນແດງນອນຢູ່", "ແດງ", ["ແດງ"]),
    ("នាគក្រហមដេកលក់", "ក្រហម", ["ក្រហម"]),
    ("နဂါးနီအိပ်နေသည်", "အိပ်", ["အိပ်"]),
    ("འབྲུག་དམར་པོ་", "དམར", ["དམར"]),
    ("लाल ड्रैगन किले में सोता है।", "किले", ["किले"]),
    ("Ｔｈｅ Ｄｒａｇｏｎ sleeps", "dragon", ["Ｄｒａｇｏｎ"]),
    ("the ﬁre of 𝔇𝔯𝔞𝔤𝔬𝔫𝔰", "fire", ["ﬁre"]),
    ("Ⓓⓡⓐⓖⓞⓝ 🄵🄸🅁🄴", "dragon fire", ["Ⓓⓡⓐⓖⓞⓝ", "🄵🄸🅁🄴"]),
    ("soft\u00adhyphen and zero\u200bwidth", "softhyphen zerowidth", None),
    ("Die Straße zum Schloss", "strasse", ["Straße"]),
    ("Die Strasse zum Schloss", "Straße", ["Strasse"]),
    ("ﻗﻠﻌﺔ التنين", "قلعة", ["ﻗﻠﻌﺔ"]),
    ("عَرَب وقَلعة", "عرب", ["عَرَب"]),
    ("שָׁלוֹם לכולם", "שלום", ["שָׁלוֹם"]),
    ("Łódź leży daleko", "lodz", ["Łódź"]),
    ("Ο δράκος κοιμάται", "δρακος", ["δράκος"]),
    ("Жил-был чёрт", "черт", ["чёрт"]),
    ("⚔️dragon🐉fire", "fire", ["fire"]),
    ("cœur d’Alba", "coeur alba", ["cœur", "Alba"]),
    ("Kel’thas waits", "kel'thas", ["Kel", "thas"]),
    ("mixed D20骰子 dice", "骰子", ["骰子"]),
]  # fmt: skip
NOT_FOUND = [
    ("ハード", "ハート"),
    ("бой", "бои"),
    ("红色的龙", "红龙"),
    ("किला", "कला"),
    ("ที่", "ท"),
]


@pytest.fixture
def search(database: Database) -> Search:
    return Search(database, Indexing(database, Changes()))


async def test_words_are_found_and_marked_in_every_script(
    database: Database, search: Search
) -> None:
    thread = await new_thread(database)
    await say(database, thread.id, *(said for said, _, _ in FOUND), *(s for s, _ in NOT_FOUND))
    inside = InConversation(database, Indexing(database, Changes()))
    for said, query, hits in FOUND:
        for order in ("newest", "best"):
            found = await search.search(query, order=order)  # type: ignore[arg-type]
            at = texts(found).index(said)
            assert hits is None or marked(found)[at] == hits, query
        assert (await inside.find(thread.id, query)).message_ids, query
    for said, query in NOT_FOUND:
        assert said not in texts(await search.search(query)), query


async def test_things_are_found_in_every_script_and_follow_their_edits(
    database: Database, search: Search
) -> None:
    campaign = await Campaigns(database, Changes(), add_removal).create(None, {"name": "长安城"})
    npcs = Npcs(database, Changes(), add_removal)
    npc = await npcs.create(campaign.id, {"name": "白素貞", "background": "住在西湖旁边"})
    for query in ("素貞", "西湖"):
        assert [one.id for one in (await search.search(query)).things] == [npc.id], query
    npc = await npcs.update(npc.id, npc.revision, {"background": "住在雷峰塔下"})
    assert not (await search.search("西湖")).things
    assert (await search.search("雷峰塔")).things
    await npcs.update(npc.id, npc.revision, {"name": "Mira", "background": "plain"})
    assert not (await search.search("雷峰塔")).things
    assert (await search.search("mira")).things
    assert await database.write(lambda tx: list(find_index(tx))) == []


async def test_what_is_kept_for_the_index_follows_edits_and_is_verified(
    database: Database, search: Search
) -> None:
    if database.engine_name != "sqlite":
        pytest.skip("PostgreSQL keeps no texts beside its index.")
    thread = await new_thread(database)
    first, _, third = await say(database, thread.id, "红龙", "ﬁre", "plain")
    assert (await search.search("红")).hits

    def change(tx: Connection) -> None:
        change_text = text("UPDATE messages SET content = :content WHERE id = :id")
        tx.execute(change_text, {"content": "plain now", "id": first.id})
        tx.execute(change_text, {"content": "黑门", "id": third.id})

    await database.write(change)
    assert not (await search.search("红")).hits
    assert (await search.search("黑门")).hits
    assert await database.write(lambda tx: list(find_index(tx))) == []

    def spoil(tx: Connection) -> None:
        tx.execute(text("UPDATE search_texts SET content = 'other'"))

    await database.write(spoil)
    assert await database.write(lambda tx: len(list(find_index(tx)))) > 1
    await database.write(mend_index)
    assert (await search.search("黑门")).hits
    assert await database.write(lambda tx: list(find_index(tx))) == []


def test_sqlite_cuts_what_needs_no_folding_as_the_program_does() -> None:
    known = [chr(code) for code in range(1, 0x1F700) if unicodedata.category(chr(code))[0] != "C"]
    plain = [one for one in known if not needs_folding(one)]
    with closing(sqlite3.connect(":memory:")) as raw:
        raw.execute(
            'CREATE VIRTUAL TABLE talk USING fts5(content, tokenize = "unicode61'
            " remove_diacritics 2 categories 'L* N* Mn Mc' separators '\ufe0e\ufe0f'\")"
        )
        raw.execute("CREATE VIRTUAL TABLE words USING fts5vocab(talk, 'instance')")
        said = [f"a{one}b {one}a" for one in plain]
        raw.executemany("INSERT INTO talk (rowid, content) VALUES (?, ?)", enumerate(said, 1))
        cut: list[list[str]] = [[] for _ in said]
        for term, number in raw.execute("SELECT term, doc FROM words ORDER BY doc, offset"):
            cut[number - 1].append(term)
    assert len(plain) > 4_000
    wrong = {
        one: words
        for one, words, text in zip(plain, cut, said, strict=True)
        if unicodedata.category(one)[0] != "M" and words != list_words(text)
    }
    assert wrong == {}


def make_texts(seed: int, most: int) -> list[str]:
    """Made-up text of every script and of what joins and decorates letters."""
    chosen = random.Random(seed)
    letters = (
        "".join(said for said, _, _ in FOUND) + "éÉßæøıĳǆﬀ²½Ⅷ①㌔™№ｱﾞａＡёйїЙ\u0301\u0308\u200d\u00ad"
    )
    letters += "".join(chr(chosen.randrange(0xA0, 0x3100)) for _ in range(60)) + "   -'’_.,AbZ019"
    known = [one for one in letters if unicodedata.category(one)[0] not in "CM"]
    known += re.findall(r"[^\W_][\u0e31-\u109f]+", letters)  # with the marks that belong to them
    known += ["\u0301", "\u200d", "\u00ad"]
    return ["".join(chosen.choices(known, k=chosen.randint(1, 30))) for _ in range(most)]


def test_places_lie_in_the_text_in_order() -> None:
    for said in make_texts(5, 300):
        places = list(place_words(said))
        assert [word for _, _, word in places] == list_words(said)
        for (begins, ends, _), (begins_next, _, _) in pairwise(places):
            assert begins < ends and (ends <= begins_next or begins == begins_next)


async def test_postgresql_cuts_and_folds_as_the_program_does(database: Database) -> None:
    if database.engine_name != "postgresql":
        pytest.skip("SQLite is given the words of the program.")
    said = [one for one, _, _ in FOUND] + [one for one, _ in NOT_FOUND]
    said += make_texts(7, 200)

    def cut(tx: Connection) -> list[list[str]]:
        fold = text("SELECT search_fold(:said)")
        return [str(tx.execute(fold, {"said": one}).scalar()).split() for one in said]

    for one, folded in zip(said, await database.read(cut), strict=True):
        # A mark that stands on nothing is a word there, and none here.
        words = [word for word in folded if word[0].isalnum()]
        assert words == [word for word in list_words(one) if word[0].isalnum()], one
