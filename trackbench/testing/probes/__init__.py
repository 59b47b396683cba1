"""Pure functions from what was seen of a tracker to what is wrong with it."""
