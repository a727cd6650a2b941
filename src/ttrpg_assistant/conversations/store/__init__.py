"""The one way to the tables of talk. Synchronous functions on an open transaction."""
