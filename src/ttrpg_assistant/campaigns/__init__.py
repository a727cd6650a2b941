"""The game master's world: campaigns, game sessions, NPCs, locations, plot points."""
