"""Talking to language models: pure values, one protocol, one small dialect per provider."""
