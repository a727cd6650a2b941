"""Documents of word processors and browsers, read as Markdown in a process of their own."""
