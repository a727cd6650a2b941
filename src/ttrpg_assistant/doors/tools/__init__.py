"""What other programs can ask here: one file a tool, whatever way it is called."""
