"""Talk and campaigns as files, out of the assistant and into it again."""
