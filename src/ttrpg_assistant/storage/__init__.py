"""Where things are kept: one `Database`, shared column conventions, migrations."""
