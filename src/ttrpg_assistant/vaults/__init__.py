"""A campaign kept in step with a folder of notes: what changes on one side follows on the other."""
