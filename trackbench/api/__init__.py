"""The library: a function for each command, with a typed result that prints itself.

They stand in :mod:`trackbench` itself, which loads them when they are first used.
"""
