"""The command line. It may use every part; nothing uses it."""
