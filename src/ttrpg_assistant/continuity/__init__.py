"""What is still open in a campaign, and what contradicts what was said before."""
