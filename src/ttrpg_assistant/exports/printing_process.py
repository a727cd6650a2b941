"""The process that prints HTML as PDF: `python -m … SOURCE TARGET`."""

from __future__ import annotations

import sys

from ttrpg_assistant.process_limits import limit_memory

CANNOT_IMPORT = 3
"""Exit code where WeasyPrint or what it needs cannot be loaded."""

MEMORY_BYTES = 3 * 1024**3


def main() -> None:
    """Print the file that is named first into the one that is named second."""
    source, target = sys.argv[1:3]
    limit_memory(MEMORY_BYTES)
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError):
        sys.exit(CANNOT_IMPORT)
    fetcher = URLFetcher(allowed_protocols={"data"}, allow_redirects=False)
    HTML(filename=source, encoding="utf-8", url_fetcher=fetcher).write_pdf(target)


if __name__ == "__main__":
    main()
