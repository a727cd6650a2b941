"""How fast it is, side by side with doing the same thing without it. See README.md."""
