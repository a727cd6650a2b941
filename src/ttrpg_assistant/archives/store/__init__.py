"""SQL of archives: whole rows of every table, in and out."""
