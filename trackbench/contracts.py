"""What a tracker, a data set and a suite are, to the harness and to every plugin.

Conventions (they hold everywhere):

* Row r, column c of a frame covers the square [c, c+1) x [r, r+1); the origin is the frame's top
  left corner.
* A box is ``(x, y, w, h)``, float64, pixels: the half-open rectangle [x, x+w) x [y, y+h).
* A frame is uint8, ``(H, W)`` grey or ``(H, W, 3)`` RGB, and read-only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray

Factory: TypeAlias = str | Callable[..., object]
"""A class or function that makes something, or ``"module:attribute"``, which names one."""

Frame: TypeAlias = NDArray[np.uint8]
"""One frame, uint8, ``(H, W)`` or ``(H, W, 3)``; a stack of them has leading axes."""

Boxes: TypeAlias = NDArray[np.float64]
"""One box ``(4,)`` or a stack ``(..., 4)``, float64, ``(x, y, w, h)`` in pixels."""


@dataclass(frozen=True)
class Answer:
    """What ``update`` may return where a box does not say enough.

    Attributes:
        box: ``(x, y, w, h)`` in pixels; None: the smallest one around ``mask``, and where there is
            no mask, or nothing in it, the target is absent. Of a :class:`BatchTracker` (B, 4), or
            it returns a list of B boxes, Answers and Nones.
        confidence: how sure the tracker is, on a scale of its own, higher is surer; None: it does
            not say. Of a :class:`BatchTracker` (B,).
        mask: (H, W) bool, or integers 0 and 1: the target's pixels, of a frame (H, W[, 3]). It is
            compared with the true mask where the data set has one. Of a :class:`BatchTracker`
            (B, H, W).
    """

    box: ArrayLike | None
    confidence: ArrayLike | None = None
    mask: ArrayLike | None = None


@runtime_checkable
class Tracker(Protocol):
    """Follows one target through one video, one frame at a time.

    One object serves several videos, one after the other: ``init`` must forget the video before.
    If it has a keyword ``context``, it is told which video it is on (:class:`trackbench.Context`);
    if it has a keyword ``mask``, it is handed the true mask (H, W) bool of the frame, None where
    the data set has none.
    """

    def init(self, frame: Frame, box: Boxes) -> ArrayLike | Answer | None:
        """Start on ``frame`` (H, W[, 3]) with the true ``box`` (4,).

        May return the box (4,) it reports for this frame; None means the given box.
        """

    def update(self, frame: Frame) -> ArrayLike | Answer | None:
        """Return the box (4,) of the target in the next frame; None: the target is absent."""


@runtime_checkable
class BatchTracker(Protocol):
    """Follows B targets in B videos in lockstep. The videos do not see each other."""

    def init(self, frames: Frame, boxes: Boxes) -> ArrayLike | None:
        """Start on ``frames`` (B, H, W[, 3]) with the true ``boxes`` (B, 4)."""

    def update(self, frames: Frame) -> ArrayLike:
        """Return the boxes (B, 4) of the targets in the next frames (B, H, W[, 3])."""


@runtime_checkable
class VideoTracker(Protocol):
    """Is handed a whole video at once, and so sees the future; every table says so."""

    def track(self, frames: Frame, box: Boxes) -> ArrayLike | list[ArrayLike | Answer | None]:
        """Follow the target of the true ``box`` (4,) through ``frames`` (T, H, W[, 3]).

        Returns:
            The boxes (T, 4) of all frames, the first included; or a list of T answers, each a box
            (4,), an :class:`Answer`, or None where the target is absent.
        """


class Frames(Protocol):
    """The T frames of a video, all of one size, read when they are asked for.

    An array (T, H, W[, 3]) is such a thing. What decodes its frames from files needs no more than
    this, and is asked for them in order, one by one, by one thread at a time.
    """

    def __len__(self) -> int:
        """Return T."""

    def __getitem__(self, index: int, /) -> Frame:
        """Return frame ``index`` of ``range(T)``, (H, W) or (H, W, 3) uint8.

        Raises:
            DataError: it cannot be read: its file is damaged.
        """


@dataclass(frozen=True)
class Video:
    """One video with ground truth.

    Attributes:
        frames: (T, H, W) or (T, H, W, 3) uint8; or :class:`Frames`, read one by one.
        boxes: (T, 4) float64, the true boxes; NaN where there is none, because the target is not in
            the frame or nobody knows where it is: such a frame has no score. That of frame 0 is
            a box.
        attributes: name -> (T,) array. The built-in data sets give ``visibility`` (share of the
            target's opaque pixels not covered by foreground clutter), ``speed`` (pixels the box's
            centre moved since the previous frame; NaN in frame 0), ``scale`` (current sprite size
            over the first), ``distractor_iou`` and ``distractor_distance`` (nearest other moving
            object, pixels between box centres; NaN if there is none), ``bounce`` (bool: the target
            hit a wall in this frame).
        absent: (T,) bool, True where it is known that the target is not in the frame; None: it
            never is, or nobody says so.
        images: paths of the T image files that the frames are read from; empty: they are read from
            none. A tracker that asks for its :class:`~trackbench.Context` is told them.
        absent_rows: (T, 4) float64, what a file of boxes says where the target is absent: NaN,
            zeros, -1, a box without a size. Scores of other toolkits depend on it. It is looked at
            in those frames alone; None: there is no such file.
        masks: (T, H, W) bool, the target's pixels in every frame; or what gives (H, W) bool for
            each index in ``range(T)`` and has a length; None: the data set has none. In a frame
            without a true box it says nothing.
    """

    frames: Any
    boxes: Boxes
    attributes: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    absent: NDArray[np.bool_] | None = None
    images: tuple[str, ...] = ()
    masks: Any = None
    absent_rows: Boxes | None = None

    def __len__(self) -> int:
        return len(self.frames)


Sequence: TypeAlias = Video
"""What a :class:`Video` was called before; plugins that say so stay right."""


class Dataset(Protocol):
    """A finite or practically endless set of sequences, each made alone and always the same."""

    @property
    def spec(self) -> DatasetSpec:
        """What this data set is."""

    def sequence(self, index: int, length: int | None = None) -> Video:
        """Make sequence ``index``, its first ``length`` frames (None: all that it has).

        The result depends on nothing but the data set and the two numbers, and a shorter sequence
        is a prefix of a longer one.

        Raises:
            IndexError: ``index`` is outside ``range(spec.sequences)``.
            ValueError: ``length`` is outside ``1..spec.frames_of(index)``.
        """


@dataclass(frozen=True, kw_only=True)
class TrackerSpec:
    """A tracker's name, how to build it, and what to say about it.

    Attributes:
        id: ``name`` or ``name-vN``.
        factory: ``"module:attribute"`` or the callable itself; called with ``parameters`` it
            returns a :class:`Tracker`, or a :class:`BatchTracker` if ``batched``.
        parameters: keyword arguments of the factory.
        fixed: names of parameters that make it this tracker: with others it would be another one.
        batched: the factory makes a :class:`BatchTracker`.
        sees_future: the factory makes a :class:`VideoTracker`.
        family: the toolkit whose interface the factory's trackers have: ``"got10k"``, ``"pysot"``
            or ``"pytracking"`` (:mod:`trackbench.host.families`); empty: they are
            :class:`Tracker` or :class:`BatchTracker`.
        secret: names of parameters that are tables of variables: their values count, and are
            neither stored nor shown.
        names_files: names of parameters in which words that name existing files and folders stand
            for their content, as in those of a third party's tracker they always do.
        unseen: what decides its answers and cannot be hashed, in words; what is stored of it is
            then not used again, unless its parameter ``reads`` names all that it reads.
        needs_weights: the factory has a parameter ``weights`` (a path; None: the shipped ones).
        letterbox: side in pixels of the square that frames of other sizes are scaled into, with
            bars, before the tracker sees them; 0: it sees frames as they are.
        description: one line.
        reference: paper or program it follows.
        superseded_by: id of the version that replaces this one.
        files: files and folders that it reads on its own, from the folder of the file in which
            the factory is written (of one in no file, from the working folder); they are hashed.
        folder: the working folder of its processes, absolute; empty: that of this process. It
            counts by the last part of its name, and what is read there by its content.
        environment: variables of its processes, set before anything is imported there.
        timeout: seconds that one call may take, where a run says nothing else; None: as for all.
        source_sha256: for plugins, the hash of the source the tracker comes from.
        weights_sha256: hash of the weights file, where there is one.
    """

    id: str
    factory: Factory
    parameters: Mapping[str, object] = field(default_factory=dict)
    fixed: tuple[str, ...] = ()
    batched: bool = False
    sees_future: bool = False
    family: str = ""
    secret: tuple[str, ...] = ()
    names_files: tuple[str, ...] = ()
    unseen: str = ""
    needs_weights: bool = False
    letterbox: int = 0
    description: str = ""
    reference: str = ""
    superseded_by: str | None = None
    files: tuple[str, ...] = ()
    folder: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    timeout: float | None = None
    source_sha256: str | None = None
    weights_sha256: str | None = None


@dataclass(frozen=True, kw_only=True)
class DatasetSpec:
    """A data set's name, everything that determines its bytes, and the hash of those bytes.

    Attributes:
        id: ``name`` or ``name-vN``.
        factory: ``"module:attribute"`` or the callable itself; called with this spec it returns
            the :class:`Dataset`.
        seed: the integer every random number is keyed by.
        sequences: how many sequences there are.
        length: frames of a whole sequence.
        generator: a frozen dataclass with every parameter of the generator, or None.
        source: what the pictures are made from, in words.
        source_sha256: hash of that source.
        fingerprint: SHA-256 over frames and boxes of a fixed sample, see
            ``trackbench.plugins.fingerprints``; None: computed when needed.
        split: ``"test"``, ``"train"`` or ``"validation"``.
        frames_each: of each sequence, where they differ; ``length`` is the longest then. Empty: all
            have ``length``.
        names: of each sequence; empty: they are called by their numbers.
        pixels_each: of a frame of each sequence, where sizes differ and are known beforehand: what
            has the most is tracked first, so that no processor waits for it at the end.
        notes: what is to be said of it before it is run, a line each.
        chunk: sequences of one unit of work, at most.
        files: files and folders that it reads, from the folder of the file in which the factory is
            written (of one in no file, from the working folder); a change of them is noticed by
            sizes and times, and ``trackbench verify`` prints a hash of their content.
        description: one line.
        superseded_by: id of the version that replaces this one.
    """

    id: str
    factory: Factory
    seed: int
    sequences: int
    length: int
    generator: Any = None
    source: str = ""
    source_sha256: str = ""
    fingerprint: str | None = None
    split: str = "test"
    frames_each: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    pixels_each: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    chunk: int = 50
    files: tuple[str, ...] = ()
    description: str = ""
    superseded_by: str | None = None

    def name_of(self, index: int) -> str:
        """Return the name of a sequence; where there is none, its number."""
        return self.names[index] if self.names else str(index)

    def frames_of(self, index: int) -> int:
        """Return how many frames a sequence has."""
        return self.frames_each[index] if self.frames_each else self.length

    def frames_until(self, length: int, sequences: int) -> tuple[int, ...]:
        """Return the frames of each of the first sequences, up to ``length``.

        Empty: all of them have as many.
        """
        found = tuple(min(frames, length) for frames in self.frames_each[:sequences])
        return () if set(found) <= {length} else found


@dataclass(frozen=True, kw_only=True)
class Suite:
    """Which data sets a benchmark runs over, how many sequences of each, and at which lengths.

    Attributes:
        id: ``name`` or ``name-vN``.
        datasets: data set ids.
        sequences: sequences of each data set, from the first; None: all.
        lengths: frames, ascending; each is scored on its prefix of one pass at the longest.
        full: the whole of each sequence is scored, too.
        sequences_each: sequences of each data set, where they differ; ``sequences`` says nothing
            then. Empty: all have ``sequences``.
        description: one line.
        superseded_by: id of the version that replaces this one.
    """

    id: str
    datasets: tuple[str, ...]
    lengths: tuple[int, ...]
    sequences: int | None = None
    description: str = ""
    superseded_by: str | None = None
    full: bool = False
    sequences_each: tuple[int, ...] = ()

    def sequences_of(self, dataset: str) -> int | None:
        """Return how many sequences of a data set there are, by its id; None: all that it has."""
        if not self.sequences_each:
            return self.sequences
        return self.sequences_each[self.datasets.index(dataset)]
