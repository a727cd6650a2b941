"""What exports read of the database, in pages, so that a large campaign needs no more memory."""
