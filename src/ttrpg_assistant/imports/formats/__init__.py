"""The formats that can be imported, one file each; `registry` finds them here."""
