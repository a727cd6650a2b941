"""What there is around an NPC's voice: hints on keeping it, rehearsals, scenes of several."""
