"""A run on many machines: units of work as tasks of a Dask cluster, each with a maker beneath it.

Nothing here is imported unless a run asks for a cluster, and Dask by what talks to it alone.
"""
