"""What is happening now: running replies, hints of change, and how they are streamed."""
