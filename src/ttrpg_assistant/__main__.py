"""`python -m ttrpg_assistant` is the command line."""

from ttrpg_assistant.cli import main

if __name__ == "__main__":
    main()
