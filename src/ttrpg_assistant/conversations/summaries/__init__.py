"""What older talk came to, layer upon layer: made in the background, read into prompts."""
