"""Hashes of what decides a number: objects, code and files, by their content."""
