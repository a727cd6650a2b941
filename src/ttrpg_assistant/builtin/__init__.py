"""What the built-in model is made of: dice, tables, recall, replies and a voice for NPCs.

Nothing in here knows a network, a key or a weight; everything is a function of the
request, the tables in this folder and a source of chance.
"""
