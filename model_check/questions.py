"""Twelve questions each, as a game master asks them of the sample campaign."""

from __future__ import annotations

CHAT = (
    "The party just walked into the Low Lantern, soaked. What do they notice first?",
    "Tomas sees them. What does he say?",
    "One of them asks why there are names on the slate.",
    "Somebody in the corner keeps listening. Who could that be?",
    "They want to hire a boat below the tide line. Who would they ask?",
    "Mira names a price. Make it something other than coin.",
    "They try to haggle. How does she take it?",
    "The bell rings an hour early. How does the room react?",
    "Captain Brandt comes in with two wardens. What does she want?",
    "Does she know the party by name?",
    "They slip out by the canal door. What waits there?",
    "Give me one line to end the scene on.",
)
THREAD = (
    "Help me plan the next evening: the party goes below the tide line at last.",
    "I want a strong start in the inn, before they leave.",
    "Which of the people there has a reason to hold them back?",
    "Good. And who wants to come along, although nobody asked?",
    "Three scenes in the Drowned Quarter, please, each with a choice in it.",
    "The second one: what happens when they choose badly?",
    "How do I bring in Korrin Dask without giving away what he heard?",
    "The green door should stay shut this time. Why can they not open it?",
    "What does Brother Pell do while all of this happens?",
    "If they run out of lantern oil early, what is the fun way out?",
    "Write down the clock of the evening: tide, oil, bell.",
    "And which secret should they be closest to when we stop?",
)
ABOUT_NPC = (
    "What does Mira want out of this deal with the party?",
    "How would she behave if they bring up the passenger she lost?",
    "Give me two things she would notice about a stranger's boots.",
    "What is she like when she has been drinking at the Low Lantern?",
    "Whom does she trust with her boat?",
    "Would she lie to Captain Brandt to her face?",
    "What does she do with her hands while she thinks?",
    "She is afraid of something. How do I show it without saying it?",
    "A small habit from her childhood on the barge?",
    "How does she talk about Tomas when he is not there?",
    "What would make her leave the city?",
    "Sum up her voice in one sentence that I can keep at hand.",
)
AS_NPC = (
    "Evening. Are you the ferrywoman?",
    "We need to get to the Drowned Quarter.",
    "What would that cost us?",
    "That is a lot. What do we get for it?",
    "Have you taken others down there?",
    "Did all of them come back?",
    "What is that sound? Is it the bell?",
    "Who rings it?",
    "The captain asked about you this morning.",
    "Do you know the innkeeper at the Low Lantern?",
    "All right. When do we leave?",
    "Then we shake on it.",
)
NO_CAMPAIGN = (
    "I run my first game on Saturday. How do I start it?",
    "They are all new to this. How much should I explain?",
    "One of them is shy. How do I give her room?",
    "What makes a good villain for a single evening?",
    "Give me a name for an inn and one odd thing about it.",
    "And the innkeeper?",
    "How long should a fight take?",
    "What if they lose it?",
    "I need a riddle that a ten year old can solve.",
    "Something for the moment when everybody is stuck?",
    "How do I end on time?",
    "What should I write down afterwards?",
)
