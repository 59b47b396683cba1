"""A host: the process that runs one tracker on one unit of work, and nothing else.

It needs Python 3.8 or newer with NumPy, and nothing else of ours: these files are loaded as the
package ``trackbench_host`` (:mod:`trackbench.host.bootstrap`), whoever's interpreter it is.
"""
