"""Files of other programs: recognised, looked at first, then part of a campaign."""
