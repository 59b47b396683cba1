"""Data sets written as image files and annotations, in the layouts that other toolkits read."""
