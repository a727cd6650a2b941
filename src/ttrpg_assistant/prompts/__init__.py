"""What a model is told: pure functions from facts to prompts. Nothing here reads or calls."""
