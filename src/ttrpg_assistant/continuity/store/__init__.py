"""SQL of what is looked through for loose threads and contradictions, and of what was decided."""
