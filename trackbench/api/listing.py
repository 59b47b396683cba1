"""``trackbench.available``: what is registered, without importing what it needs to run."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from trackbench.arguments.checking import arguments_checked
from trackbench.errors import TrackbenchError, UnknownIdError, parameter
from trackbench.printing.notebook import ShowsItself
from trackbench.printing.on_console import printed
from trackbench.printing.text import visible

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from trackbench.api.listing_parameters import TakenBy
    from trackbench.plugins.kinds import Spec
    from trackbench.plugins.specs_by_id import BrokenPlugin
    from trackbench.running.trackers_file import TrackersFile


class What(Enum):
    """What can be listed."""

    TRACKERS = "trackers"
    DATASETS = "datasets"
    SUITES = "suites"
    FACTOR_SUITES = "factor-suites"
    REPORTS = "reports"
    SCHEMES = "schemes"
    LAYOUTS = "layouts"
    METRICS = "metrics"
    PROTOCOLS = "protocols"


@dataclass(frozen=True)
class Named:
    """What is chosen by a name, and no plugin can bring: a metric, an evaluation protocol.

    Attributes:
        id: its name.
        description: what it is.
    """

    id: str
    description: str


@dataclass(frozen=True)
class Available(ShowsItself):
    """What is registered of a kind.

    Attributes:
        what: the kind.
        specs: of each, such as :class:`trackbench.TrackerSpec`; of metrics and protocols,
            :class:`Named`.
        broken: plugins that cannot be loaded, and why.
        parameters: of trackers, if they were asked for: what each takes.
    """

    what: What
    specs: tuple[Spec | Named, ...]
    broken: tuple[BrokenPlugin, ...] = ()
    parameters: tuple[TakenBy, ...] = ()

    @property
    def ids(self) -> list[str]:
        """The ids, in the order of registration: ours first."""
        return [spec.id for spec in self.specs]

    def print_to(self, console: Console) -> None:
        """Print a table to a terminal of any width."""
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, pad_edge=False, header_style="bold")
        for heading in ("id", *_headings(self.what), "description"):
            table.add_column(heading, no_wrap=heading == "id")
        for spec in self.specs:
            newer = getattr(spec, "superseded_by", None)  # a report format has no versions
            note = "" if newer is None else f" (superseded by {newer})"
            cells = (spec.id, *_details(spec), spec.description + note)
            table.add_row(*(Text(visible(cell)) for cell in cells))  # no plugin's word is markup
        for broken in self.broken:
            blank = [""] * len(_headings(self.what))
            reason = f"cannot be loaded: {broken.value}: {broken.reason}"
            table.add_row(*(Text(visible(cell)) for cell in (broken.name, *blank, reason)))
        console.print(table)
        if self.parameters:
            from trackbench.api.listing_parameters import print_parameters

            print_parameters(self.parameters, console)

    def __str__(self) -> str:
        """Return the table."""
        return printed(self.print_to)


@arguments_checked
def available(
    what: What | str = What.TRACKERS,
    *,
    trackers: str | Path | TrackersFile | None = None,
    long: bool = False,
) -> Available:
    """Return what there is of a kind: trackers, data sets, suites, report formats, and so on.

    Args:
        what: ``"trackers"``, ``"datasets"``, ``"suites"``, ``"factor-suites"``, ``"reports"``,
            ``"schemes"``, ``"layouts"``, ``"metrics"`` or ``"protocols"``.
        trackers: a ``trackers.toml``, whose trackers are listed, too.
        long: of trackers, say which parameters they take; for that each is imported.

    Raises:
        UnknownIdError: it is something else.
        TrackbenchError: something in the file is wrong, or a kind other than trackers was asked for
            along with what only these have.

    Example:
        >>> import trackbench
        >>> trackbench.available("suites").ids[:3]
        ['paper-v1', 'smoke-v1', 'all-v1']
    """
    from trackbench.plugins.kinds import Kind
    from trackbench.plugins.registry import registry

    try:
        kind = What(what)
    except ValueError:
        raise UnknownIdError("kind", str(what), [each.value for each in What]) from None
    if kind is not What.TRACKERS and (long or trackers is not None):
        name = parameter("long", True) if long else parameter("trackers")
        raise TrackbenchError(f"{name} is about trackers, not about {kind.value}: leave it out")
    if kind in {What.METRICS, What.PROTOCOLS}:
        return Available(kind, _metrics() if kind is What.METRICS else _protocols())
    kinds = {
        What.TRACKERS: Kind.TRACKER,
        What.DATASETS: Kind.DATASET,
        What.SUITES: Kind.SUITE,
        What.FACTOR_SUITES: Kind.FACTOR_SUITE,
        What.REPORTS: Kind.REPORT,
        What.SCHEMES: Kind.SCHEME,
        What.LAYOUTS: Kind.LAYOUT,
    }
    found = registry(kinds[kind])
    if kind is not What.TRACKERS:
        return Available(kind, tuple(found), tuple(found.broken))
    from trackbench.api.listing_parameters import taken_by_each, trackers_in

    listed, broken = trackers_in(trackers, build=long)
    specs = (*registry(Kind.TRACKER), *listed)
    taken = taken_by_each(specs) if long else ()
    return Available(kind, specs, (*found.broken, *broken), taken)


def _metrics() -> tuple[Named, ...]:
    from trackbench.metrics.catalogue import METRICS

    return tuple(Named(metric.id, metric.definition) for metric in METRICS)


def _protocols() -> tuple[Named, ...]:
    from trackbench.metrics.evaluation_protocol import EvaluationProtocol

    return tuple(Named(each.value, each.description) for each in EvaluationProtocol)


def _headings(what: What) -> tuple[str, ...]:
    if what is What.DATASETS:
        return ("sequences", "frames", "split")
    if what in {What.SCHEMES, What.LAYOUTS}:
        return ("written",)
    if what is What.FACTOR_SUITES:
        return ("data sets", "factors")
    return ("data sets", "sequences", "lengths") if what is What.SUITES else ()


def _details(spec: Spec | Named) -> tuple[str, ...]:
    """Return what stands under the headings of a spec's kind."""
    from trackbench.contracts import DatasetSpec, Suite
    from trackbench.factor_contract import FactorSuite
    from trackbench.metrics.evaluation_protocol import FULL
    from trackbench.scheme_contract import LayoutSpec, SchemeSpec

    if isinstance(spec, DatasetSpec):
        endless = spec.split == "train"
        return ("endless" if endless else str(spec.sequences), str(spec.length), spec.split)
    if isinstance(spec, Suite):
        many = "all" if spec.sequences is None else str(spec.sequences)
        if spec.sequences_each:
            many = f"{min(spec.sequences_each)} to {max(spec.sequences_each)}"
        return (
            str(len(spec.datasets)),
            many,
            "/".join([*map(str, spec.lengths), *([FULL] if spec.full else [])]),
        )
    if isinstance(spec, FactorSuite):
        return (str(len(spec.datasets)), ", ".join(factor.name for factor in spec.factors))
    return (spec.form,) if isinstance(spec, SchemeSpec | LayoutSpec) else ()
