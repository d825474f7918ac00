"""Pure trading logic: no I/O, no async, no clock, no float for money."""
