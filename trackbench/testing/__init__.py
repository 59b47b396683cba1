"""The contract as functions that say in plain words what is wrong.

>>> from trackbench.testing import check_tracker
>>> check_tracker("static").raise_if_wrong()  # doctest: +SKIP
"""
