"""``trackbench.verify``: are the data made here the published data, and the same each time?"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from trackbench.arguments.checking import arguments_checked
from trackbench.contracts import DatasetSpec, Video
from trackbench.errors import TrackbenchError
from trackbench.plugins import registry
from trackbench.plugins.checked_sequence import make_sequence
from trackbench.plugins.dataset_identity import dataset_files_sha256
from trackbench.plugins.dataset_naming import dataset_named
from trackbench.plugins.fingerprints import ON_DISK, dataset_fingerprint, update_with
from trackbench.printing.notebook import ShowsItself
from trackbench.printing.text import visible


@dataclass(frozen=True)
class Verified:
    """A data set, made here.

    Attributes:
        dataset: its id.
        made: the fingerprint of its sample, in hexadecimal; None: it cannot be made.
        published: the fingerprint that it should have; None: none is published.
        differs: which sequence of the sample is another when it is made again, by a data set that
            was built anew, from the last one backwards; None: none is, or a fingerprint is
            published, which says more.
        files: a hash of the content of the files that it names; None: it names none, or one
            cannot be read.
        findings: what is to be known of one that lies on disk, a line each.
        broken: some of these keep a sequence from being run.
        error: why it cannot be made; empty: it can.
    """

    dataset: str
    made: str | None
    published: str | None
    files: str | None = None
    error: str = ""
    differs: int | None = None
    findings: tuple[str, ...] = ()
    broken: bool = False

    @property
    def ok(self) -> bool:
        """It can be made, is not other than published, and the same each time."""
        known = self.published in {None, self.made}
        same = self.made is not None and known and self.differs is None
        return same and not self.broken

    def __str__(self) -> str:
        """Return a line, and one for its files."""
        if self.made is None:
            return visible(f"{self.dataset}  CANNOT BE MADE: {self.error}")
        if self.differs is not None:
            verdict = (
                f"IS NOT THE SAME EACH TIME: sequence {self.differs} is another when it is made "
                "again; whatever is drawn for it must begin from spec.seed and its index"
            )
        elif self.published is None:
            verdict = "has no published fingerprint"
        else:
            verdict = (
                "ok"
                if self.ok
                else "CANNOT ALL BE RUN"
                if self.broken
                else f"DIFFERS from {self.published}"
            )
        lines = [visible(f"{self.dataset}  {self.made}  {verdict}")]
        if self.files is not None:
            lines.append(visible(f"{self.dataset}  {self.files}  content of its files"))
        lines += [visible(f"{self.dataset}  {line}") for line in self.findings]
        return "\n".join(lines)


@dataclass(frozen=True)
class Verification(ShowsItself):
    """Data sets, each made here and compared.

    Attributes:
        datasets: in the order asked for.
    """

    datasets: tuple[Verified, ...]

    @property
    def ok(self) -> bool:
        """All are as published."""
        return all(each.ok for each in self.datasets)

    def __str__(self) -> str:
        """Return a line each."""
        return "\n".join(map(str, self.datasets))


@arguments_checked
def verify(
    datasets: str | Iterable[str] | None = None,
    *,
    progress: Callable[[Verified], None] | None = None,
) -> Verification:
    """Make the sample of each data set and compare its fingerprint with the published one.

    Where none is published, the sample is made twice, and must be the same.

    Args:
        datasets: ids, or layouts and where they lie (``"otb:PATH"``), of which every image is
            looked at; None: all that are registered.
        progress: called with each as soon as it is known.

    Raises:
        UnknownIdError: there is no such data set.

    Example:
        >>> import trackbench
        >>> trackbench.verify("mnist-single-same").ok
        True
    """
    found = []
    for spec in _specs(datasets):  # of several, an unknown one is told before any is made
        found.append(verified(spec))
        if progress is not None:
            progress(found[-1])
    return Verification(tuple(found))


def verified(spec: DatasetSpec) -> Verified:
    """Make the sample of one data set; of one that lies on disk, look at every image."""
    return _verified_on_disk(spec) if spec.factory == ON_DISK else _verified_made(spec)


def _specs(datasets: str | Iterable[str] | None) -> list[DatasetSpec]:
    if datasets is None:
        return list(registry.datasets())
    named = [datasets] if isinstance(datasets, str) else list(datasets)
    return [dataset_named(name) for name in named]


def _verified_made(spec: DatasetSpec) -> Verified:
    hashes: dict[int, str] = {}

    def look(index: int, video: Video) -> None:
        hashes[index] = _sha256_of(index, video)

    try:
        made = dataset_fingerprint(registry.build_dataset(spec), look)
        differs = None if spec.fingerprint else _different_when_repeated(spec, hashes)
        files = dataset_files_sha256(spec)
    except TrackbenchError as error:
        return Verified(spec.id, None, spec.fingerprint, error=str(error))
    return Verified(spec.id, made, spec.fingerprint, files, differs=differs)


def _verified_on_disk(spec: DatasetSpec) -> Verified:
    """Look at every image and annotation; its fingerprint was made when it was named."""
    dataset: Any = registry.build_dataset(spec)
    found = tuple(dataset.findings())
    broken = any(serious for serious, _ in found)
    try:
        files = dataset.hash_of_content()
    except TrackbenchError:  # what cannot be read is among what was found
        files = None
    return Verified(
        spec.id,
        spec.fingerprint,
        spec.fingerprint,
        files,
        findings=tuple(line for _, line in found),
        broken=broken,
    )


def _different_when_repeated(spec: DatasetSpec, hashes: Mapping[int, str]) -> int | None:
    """Make sequences again, from the last one backwards; return the first that is another."""
    dataset = registry.build_dataset(spec)
    for index in sorted(hashes, reverse=True):
        if _sha256_of(index, make_sequence(dataset, index)) != hashes[index]:
            return index
    return None


def _sha256_of(index: int, video: Video) -> str:
    digest = hashlib.sha256()
    update_with(digest.update, index, video)
    return digest.hexdigest()
