"""SQL of what was imported from files."""
