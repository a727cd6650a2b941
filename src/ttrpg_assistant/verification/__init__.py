"""Walks the whole database and says what is wrong, and what of it can be mended."""
