"""Sentences in thirteen languages, and queries that ask for them in another form of a word."""
