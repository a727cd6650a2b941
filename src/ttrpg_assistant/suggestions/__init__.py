"""What a model proposes, and how a person makes it part of the world."""
