"""A results directory: what is written to it and how, and what is read back and held to be."""
