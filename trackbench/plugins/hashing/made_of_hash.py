"""What a tracker is made of, source and parameters together, in one hash."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trackbench.plugins.hashing.source_hash import source_of
from trackbench.plugins.hashing.value_hash import with_parameters_sha256


def made_of_sha256(
    factory: Any, parameters: Mapping[str, Any], variables: Mapping[str, str] | None = None
) -> str | None:
    """Return the hash of what a tracker is made of; None where something cannot be hashed.

    Args:
        factory: whose source counts; None: none does.
        parameters: whose contents count. Without any, the hash is the source's.
        variables: as :func:`source_of` takes them.
    """
    source = None if factory is None else source_of(factory, variables=variables).sha256
    if factory is not None and source is None:
        return None
    return with_parameters_sha256(source, parameters)
