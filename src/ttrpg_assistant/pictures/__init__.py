"""Pictures of things: portraits, and pictures of places, items and handouts."""
