"""The HTTP face: one file a resource; errors become HTTP in `errors.py` alone."""
