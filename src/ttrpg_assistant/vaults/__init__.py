"""A campaign synced with a folder of notes: what changes on one side changes on the other."""
