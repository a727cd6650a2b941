"""One file a group of checks; `CHECKS` of `verify.py` lists them."""
