"""A campaign in the formats of other programs, and as a book, for all or for players."""
