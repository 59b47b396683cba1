"""What decides a data set's sequences, in one hash; and what of it cannot be hashed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from trackbench.contracts import DatasetSpec
from trackbench.errors import TrackbenchError
from trackbench.plugins.factories import is_ours, read_files, resolve
from trackbench.plugins.hashing.file_hash import MOST_STAMPS, Named, content_sha256, stamp_sha256
from trackbench.plugins.hashing.source_hash import source_of
from trackbench.plugins.hashing.tokens import UnhashableError
from trackbench.plugins.hashing.value_hash import value_sha256
from trackbench.plugins.identity import Identity, Parts, add_reads, factory_name, json_sha256


@dataclass(frozen=True)
class MadeOf:
    """What makes a data set's sequences, as one process has it.

    Attributes:
        source, generator: SHA-256 in hexadecimal; None if it cannot be hashed there.
    """

    source: str | None
    generator: str | None


def dataset_identity(
    spec: DatasetSpec, reads: Iterable[str] = (), made_of: MadeOf | None = None
) -> Identity:
    """Return the hash over a data set's source, generator and files; of a published one nothing.

    The source counts as a tracker's does, the generator by content; of files and folders that
    either names, or ``spec.files``, names, sizes and modification times. Of a factory of ours the
    source is not hashed, and where the data set's fingerprint is published, nothing is.

    Args:
        spec: of the data set.
        reads: notes of what it was seen to read when its sample was made; they count as named.
        made_of: what it is made of in the process that makes it, where that is not what it is here;
            None: it is the same.

    Raises:
        TrackbenchError: a file that the data set says it reads does not exist.
    """
    parts = Parts({"factory": factory_name(spec.factory)})
    if is_published(spec):
        return parts.identity(spec.id)
    unhashed = None
    if made_of is None:
        made_of, unhashed = _made_of_here(spec)
    elif None in {made_of.source, made_of.generator}:
        unhashed = "where it is made it holds what cannot be hashed"
    parts.values |= {"source": made_of.source, "generator": made_of.generator}
    if unhashed is not None:
        parts.fail(unhashed)
    try:
        parts.values["files"] = [(name, stamp_sha256(path)) for name, path in read_files(spec)]
    except UnhashableError as error:
        parts.fail(str(error))
    add_reads(parts, reads, stamp_sha256)
    return parts.identity(spec.id)


def is_published(spec: DatasetSpec) -> bool:
    """Whether a data set is built in, and known by the fingerprint of what it makes.

    One that is read from somebody's files is not: they may change.
    """
    return is_ours(spec.factory) and spec.fingerprint is not None and not spec.files


def dataset_made_of(spec: DatasetSpec, variables: Mapping[str, str] | None = None) -> MadeOf:
    """Return what a data set is made of in this process.

    Args:
        spec: of the data set.
        variables: the environment; None: of this process, without what modules changed in it.
    """
    return _made_of_here(spec, variables)[0]


def dataset_code_sha256(spec: DatasetSpec) -> str | None:
    """Return the fingerprint of :func:`dataset_identity`; None of a published data set.

    Raises:
        TrackbenchError: a file that the data set says it reads does not exist.
    """
    return None if is_published(spec) else dataset_identity(spec).fingerprint


def dataset_files_sha256(spec: DatasetSpec) -> str | None:
    """Return the hash of the content of all files that a data set names; None if it names none.

    Named are ``spec.files``, and existing files and folders in the generator. For a published data
    set its fingerprint stands, and words in its generator are words.

    Raises:
        TrackbenchError: one of them does not exist, or cannot be read.
    """
    if is_published(spec):
        return None
    try:
        files = read_files(spec)
        _, named = value_sha256(spec.generator, "the generator", Named.STAMPS)
        files += [(path.name, path) for path in named]
        hashed = [(name, content_sha256(path, MOST_STAMPS)) for name, path in files]
    except UnhashableError as error:
        raise TrackbenchError(f"{spec.id}: {error}") from error
    return json_sha256(hashed) if hashed else None


def _made_of_here(
    spec: DatasetSpec, variables: Mapping[str, str] | None = None
) -> tuple[MadeOf, str | None]:
    """Return what a data set is made of in this process, and a line with what cannot be hashed.

    Of a factory of ours the source is not hashed.
    """
    source = unhashed = None
    if not is_ours(spec.factory):
        found = source_of(resolve(spec.factory), "the data set", Named.FILE_STAMPS, variables)
        source, unhashed = found.sha256, found.unhashed
    try:
        # Of a reader of ours the folder is among the files, too, and there may be a million in it.
        named = Named.FILE_STAMPS if is_ours(spec.factory) and spec.files else Named.STAMPS
        generator, _ = value_sha256(spec.generator, "the generator", named)
    except UnhashableError as error:
        return MadeOf(source, None), unhashed or str(error)
    return MadeOf(source, generator), unhashed
