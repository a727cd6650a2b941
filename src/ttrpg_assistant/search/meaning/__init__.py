"""Finding by meaning, for those who want it: a small local model, vectors beside the words."""
