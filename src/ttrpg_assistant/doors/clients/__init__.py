"""Configurations of programs that speak MCP: where they are, and how one entry is put into them."""
