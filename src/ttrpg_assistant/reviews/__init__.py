"""Reads a transcript part by part and proposes what happened, each proposal with its lines."""
