"""What a tracker may answer, read as numbers.

======================================  =====================================================
four numbers                            the box ``(x, y, w, h)``
``None``                                the target is absent
``Answer(box, confidence)``             a box, or None, and how sure the tracker is of it
of a batch: (B, 4) numbers              a box for each video
of a batch: a list of B of the above    one for each video
of a batch: ``Answer((B, 4), (B,))``    boxes, and how sure it is of each
of a whole video                        as of a batch, with a frame in the place of a video
======================================  =====================================================

An ``Answer`` is known by its attributes ``box`` and ``confidence``, whatever its class is: other
interpreters, and other toolkits, have classes of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:  # nothing of these is there in another's interpreter
    from numpy.typing import NDArray

    from trackbench.contracts import Boxes

_PLAIN = (np.ndarray, list, tuple)


class AnswerError(ValueError):
    """The tracker returned something that is no answer."""


def read_answer(
    answer: Any, shape: tuple[int, ...]
) -> tuple[Boxes, NDArray[np.float64] | None, NDArray[np.bool_] | None]:
    """Return boxes, confidences and where the target is absent.

    Args:
        answer: of a tracker.
        shape: of the boxes that are due: (4,), or (B, 4) of B videos.

    Returns:
        Boxes of that shape, float64, NaN where the target is absent; confidences () or (B,), NaN
        where there is none, or None if there is none at all; and () or (B,) bool, or None if it is
        absent nowhere.

    Raises:
        AnswerError: it is none.
    """
    says_more = hasattr(answer, "box") and hasattr(answer, "confidence")  # it may be a named tuple
    if isinstance(answer, _PLAIN) and not says_more:
        if len(shape) == 2 and _tells_apart(answer):
            return _of_each(answer, shape)
        return _as_boxes(answer, shape), None, None
    if answer is None and len(shape) == 1:
        return np.full(shape, np.nan), None, np.array(True)
    if not says_more:
        return _as_boxes(answer, shape), None, None
    box, confidence = answer.box, _as_confidence(answer.confidence, shape[:-1])
    if box is None and len(shape) == 1:
        return np.full(shape, np.nan), confidence, np.array(True)
    return _as_boxes(box, shape), confidence, None


def _tells_apart(answer: Any) -> bool:
    """Whether a batch's answer is a list in which an item is more, or less, than a box."""
    return not isinstance(answer, np.ndarray) and any(
        item is None or hasattr(item, "confidence") for item in answer
    )


def _of_each(
    answer: Any, shape: tuple[int, ...]
) -> tuple[Boxes, NDArray[np.float64], NDArray[np.bool_]]:
    if len(answer) != shape[0]:
        raise AnswerError(f"the tracker returned {len(answer)} answers where {shape[0]} are due")
    boxes = np.empty(shape)
    confidences, absent = np.full(shape[0], np.nan), np.zeros(shape[0], bool)
    for number, item in enumerate(answer):
        boxes[number], confidence, is_absent = read_answer(item, shape[1:])
        absent[number] = is_absent is not None
        if confidence is not None:
            confidences[number] = confidence
    return boxes, confidences, absent


def _as_boxes(answer: Any, shape: tuple[int, ...]) -> Boxes:
    try:
        found = np.asarray(answer)
        # NumPy would drop an imaginary part, read "1" as a number and None as NaN, and what a mask
        # hides as if it did not. Only an array of objects can hold a word or None.
        if found.dtype.kind not in "biufO" or _is_masked(answer):
            raise TypeError("a box is real numbers")
        if found.dtype.kind == "O" and any(map(_is_no_number, found.ravel().tolist())):
            raise TypeError("a box is real numbers")
        # A copy, of NumPy's own class: the tracker may go on writing into what it returned.
        boxes = np.array(found, np.float64, subok=False)
    except (TypeError, ValueError) as error:
        raise AnswerError(f"the tracker returned {_shown(answer)}, not a box") from error
    if boxes.shape != shape:
        what = "None" if answer is None else f"an array of shape {boxes.shape}"
        raise AnswerError(f"the tracker returned {what} where boxes of shape {shape} are due")
    return boxes


def _as_confidence(said: Any, shape: tuple[int, ...]) -> NDArray[np.float64] | None:
    if said is None:
        return None
    try:
        found = np.asarray(said)
        if found.dtype.kind not in "biuf" or _is_masked(said):
            raise TypeError("a confidence is a real number")
        confidence = np.array(found, np.float64, subok=False)
    except (TypeError, ValueError) as error:
        raise AnswerError(
            f"the tracker returned the confidence {_shown(said)}, not a number"
        ) from error
    if not shape and confidence.size == 1:
        confidence = confidence.reshape(())
    if confidence.shape != shape:
        raise AnswerError(
            f"the tracker returned confidences of shape {confidence.shape} where {shape} are due"
        )
    return confidence


def _is_masked(answer: Any) -> bool:
    """Whether something in a masked array of NumPy's is masked."""
    mask = getattr(answer, "_mask", None)
    return mask is not None and bool(np.any(mask))


def _is_no_number(value: Any) -> bool:
    return value is None or isinstance(value, (str, bytes))


def _shown(answer: Any) -> str:
    try:
        return f"{answer!r:.80}"
    except Exception:  # noqa: BLE001 - its repr is the tracker's code
        return f"an object of class {type(answer).__name__}"
