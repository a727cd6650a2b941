"""Rows of reviews, of their parts, and what they read."""
