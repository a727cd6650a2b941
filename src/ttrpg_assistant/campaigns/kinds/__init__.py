"""One file a kind of thing, each with its `KIND`; `campaigns/registry.py` finds them."""
