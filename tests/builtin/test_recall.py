import re

from tests.builtin.scenes import HARROWGATE, ask, said
from ttrpg_assistant.llm.types import Passage


def test_a_question_is_answered_with_a_quote_and_its_source():
    answer = ask("Where is the crypt?")
    assert "> A chapel that floods at high tide. The crypt door opens only at low water." in answer
    assert "[The Drowned Chapel](ttrpg:location/l1)" in answer


def test_who_somebody_is_begins_with_their_sheet():
    answer = ask("Who is Mira?")
    assert answer.index("ttrpg:npc/n1") < (answer + "ttrpg:game").index("ttrpg:game")


def test_when_we_did_something_is_answered_by_the_session_in_another_tense():
    answer = ask("When did we meet Mira?")
    assert answer.index("ttrpg:game_session/s1") < answer.index("ttrpg:npc/n1")


def test_what_we_said_finds_messages():
    answer = ask("What did we say about the bell?")
    assert "> We decided that the drowned cannot hear the bell." in answer


def test_a_question_in_other_words_is_answered_too():
    told = Passage("message", "m", "The assistant, a chat", "Orla hid the opal under the mill.")
    answer = ask("Where did Orla conceal that opal?", passages=(told,))
    assert "> Orla hid the opal under the mill." in answer


def test_earlier_messages_of_the_conversation_are_quoted():
    earlier = said("Let the lighthouse keeper be called Oswin Tarn.", "Noted.")
    answer = ask("What did we call the lighthouse keeper?", earlier=earlier, passages=())
    assert "> Let the lighthouse keeper be called Oswin Tarn." in answer
    assert "earlier in this conversation" in answer


def test_a_quote_is_never_quoted_through_another_quote():
    first = ask("Where is the crypt?")
    answer = ask("Where was the crypt?", earlier=said("Where is the crypt?", first), passages=())
    assert "low water" not in answer


def test_the_question_itself_is_no_answer():
    stored = Passage("message", "m9", "Chat", "What about the zeppelin?")
    assert "m9" not in ask("What about the zeppelin?", passages=(stored,))


def test_nothing_found_is_said_honestly():
    answer = ask("What is the airspeed of a swallow?")
    assert answer.startswith("Nothing is recorded about that.")
    assert "built-in model" in answer and ">" not in answer


def test_a_statement_is_not_called_an_unanswered_question():
    assert "nothing" not in ask("The party burned the windmill down and fled north.")


def test_long_sentences_are_cut_and_their_link_stays():
    long = Passage("note", "x", "Ledger", "The ledger of salt " + "and more salt " * 200)
    answer = ask("What is in the ledger?", passages=(long,))
    assert "…" in answer and len(answer) < 600 and "(ttrpg:note/x)" in answer


def test_accents_and_case_do_not_hide_a_name():
    elowen = Passage("npc", "e", "Élowën", "A warden of the old wood.")
    assert "ttrpg:npc/e" in ask("who is ELOWEN?", passages=(*HARROWGATE, elowen))


def test_scripts_without_blanks_are_searched_too():
    town = Passage("location", "t", "港町", "銀の鐘は港町の塔にある。火の橋は北にある。")
    assert "銀の鐘は港町の塔にある。" in ask("銀の鐘はどこ？", passages=(*HARROWGATE, town))


def test_a_title_or_a_quote_cannot_break_out_of_its_markdown():
    sly = Passage("npc", "a/b)c", "Mira](http://evil)", "Mira says <b>hi</b>\n# Title\n![x](y)")
    answer = ask("Who is Mira?", passages=(sly,))
    assert "(ttrpg:npc/a%2Fb%29c)" in answer
    assert not re.search(r"(?<!\\)\]\((?!ttrpg:)", answer)
    assert not re.search(r"(?<!\\)<", answer)
    assert "\n#" not in answer and "![" not in answer


def test_a_heading_that_many_things_share_names_none_of_them():
    facts = tuple(Passage("note", f"f{n}", "Known fact", f"Cat {n} sleeps.") for n in range(5))
    assert "Nothing is recorded" in ask("What is known about Varn?", passages=facts)


def test_what_it_could_not_answer_is_no_source_for_another_answer():
    nothing = ask("What is the airspeed of a swallow?")
    earlier = said("What is the airspeed of a swallow?", nothing)
    assert "Nothing is recorded" in ask(
        "What names do the swallows have?", earlier=earlier, passages=()
    )
