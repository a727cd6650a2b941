"""The tools by the Model Context Protocol: over HTTP, and over the pipes of a client's child."""
