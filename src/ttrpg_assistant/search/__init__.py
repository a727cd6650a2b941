"""Finding what was said and written: search over all talk and the world, recall for prompts."""
