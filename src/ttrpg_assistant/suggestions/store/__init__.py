"""The statements of this room: proposals, citations, drafts, decisions, wizards."""
