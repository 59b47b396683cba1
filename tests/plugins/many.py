"""A data set like ``mnist-single-same-v1`` with 5,000 sequences."""

from dataclasses import replace

from trackbench import registry

MANY = replace(
    registry.datasets().get("mnist-single-same-v1"),
    id="many-v1",
    sequences=5000,
    fingerprint=None,
)
