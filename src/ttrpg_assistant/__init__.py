"""A game master's co-pilot: talk that is never lost, prep that becomes the world."""

__version__ = "0.1.0"
