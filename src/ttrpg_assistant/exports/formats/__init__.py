"""The formats a campaign can be exported in; `registry` finds what each file lists as `FORMATS`."""
