"""What other programs may do, and what they proposed, as rows."""
