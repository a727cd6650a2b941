"""Several servers on one database: killed in turns, counted afterwards, and timed meanwhile."""
