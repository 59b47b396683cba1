"""``trackbench.verify``: are the data made here the published data?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from trackbench.errors import TrackbenchError
from trackbench.plugins import registry
from trackbench.plugins.dataset_identity import dataset_files_sha256
from trackbench.plugins.fingerprints import dataset_fingerprint
from trackbench.printing.text import visible


@dataclass(frozen=True)
class Verified:
    """A data set, made here.

    Attributes:
        dataset: its id.
        made: the fingerprint of its sample, in hexadecimal; None: it cannot be made.
        published: the fingerprint that it should have; None: none is published.
        files: a hash of the content of the files that it names; None: it names none.
        error: why it cannot be made; empty: it can.
    """

    dataset: str
    made: str | None
    published: str | None
    files: str | None = None
    error: str = ""

    @property
    def ok(self) -> bool:
        """It can be made, and is not other than published."""
        return self.made is not None and self.published in {None, self.made}

    def __str__(self) -> str:
        """Return a line, and one for its files."""
        if self.made is None:
            return visible(f"{self.dataset}  CANNOT BE MADE: {self.error}")
        if self.published is None:
            verdict = "has no published fingerprint"
        else:
            verdict = "ok" if self.ok else f"DIFFERS from {self.published}"
        lines = [visible(f"{self.dataset}  {self.made}  {verdict}")]
        if self.files is not None:
            lines.append(visible(f"{self.dataset}  {self.files}  content of its files"))
        return "\n".join(lines)


@dataclass(frozen=True)
class Verification:
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


def verify(datasets: str | Iterable[str] | None = None) -> Verification:
    """Make the sample of each data set and compare its fingerprint with the published one.

    Args:
        datasets: ids; None: all that are registered.

    Raises:
        UnknownIdError: there is no such data set.

    Example:
        >>> import trackbench
        >>> trackbench.verify("mnist-single-same").ok
        True
    """
    return Verification(tuple(_verified(spec_id) for spec_id in _ids(datasets)))


def _ids(datasets: str | Iterable[str] | None) -> list[str]:
    known = registry.datasets()
    if datasets is None:
        return [spec.id for spec in known]
    named = [datasets] if isinstance(datasets, str) else list(datasets)
    return [known.get(name).id for name in named]


def _verified(dataset: str) -> Verified:
    spec = registry.datasets().get(dataset)
    try:
        made = dataset_fingerprint(registry.build_dataset(spec))
        files = dataset_files_sha256(spec)
    except TrackbenchError as error:
        return Verified(spec.id, None, spec.fingerprint, error=str(error))
    return Verified(spec.id, made, spec.fingerprint, files)
