"""What a tracker may answer, read as numbers.

======================================  =====================================================
four numbers                            the box ``(x, y, w, h)``
``None``                                the target is absent
``Answer(box, confidence)``             a box, or None, and how sure the tracker is of it
``Answer(box, mask=mask)``              a box, and the pixels (H, W) of the target; box None: the
                                        smallest around them, and without any it is absent
of a batch: (B, 4) numbers              a box for each video
of a batch: a list of B of the above    one for each video
of a batch: ``Answer((B, 4), (B,))``    boxes, how sure it is of each, and masks (B, H, W)
of a whole video                        as of a batch, with a frame in the place of a video
======================================  =====================================================

An ``Answer`` is known by its attributes ``box`` and ``confidence``, whatever its class is: other
interpreters, and other toolkits, have classes of their own. It may have no ``mask``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from .run_lengths import tight_box

if TYPE_CHECKING:  # nothing of these is there in another's interpreter
    from numpy.typing import NDArray

    from trackbench.contracts import Boxes

_PLAIN = (np.ndarray, list, tuple)
_FLOAT64 = np.dtype(np.float64)


class AnswerError(ValueError):
    """The tracker returned something that is no answer."""


class Read(NamedTuple):
    """An answer as numbers.

    Attributes:
        boxes: (4,) or (B, 4) float64, NaN where the target is absent.
        confidence: () or (B,) float64, NaN where there is none; None: there is none at all.
        absent: () or (B,) bool; None: it is absent nowhere.
        masks: (H, W) or (B, H, W) bool; or a list of B of (H, W), None where there is none. None:
            there is none at all.
    """

    boxes: Boxes
    confidence: NDArray[np.float64] | None = None
    absent: NDArray[np.bool_] | None = None
    masks: Any = None


def plain_boxes(answer: Any, shape: tuple[int, ...]) -> Boxes | None:
    """Return boxes that are answered as an array of them, as nearly all are; None: these are not.

    A copy: the tracker may go on writing into what it returned.
    """
    if type(answer) is np.ndarray and answer.dtype == _FLOAT64 and answer.shape == shape:
        return answer.copy()
    return None


def read_answer(answer: Any, shape: tuple[int, ...], size: tuple[int, int]) -> Read:
    """Return what an answer says.

    Args:
        answer: of a tracker.
        shape: of the boxes that are due: (4,), or (B, 4) of B videos.
        size: (height, width) of the frames, pixels.

    Raises:
        AnswerError: it is none.
    """
    plain = plain_boxes(answer, shape)
    if plain is not None:
        return Read(plain)
    says_more = hasattr(answer, "box") and hasattr(answer, "confidence")  # it may be a named tuple
    if isinstance(answer, _PLAIN) and not says_more:
        if len(shape) == 2 and _tells_apart(answer):
            return _of_each(answer, shape, size)
        return Read(_as_boxes(answer, shape))
    if answer is None and len(shape) == 1:
        return Read(np.full(shape, np.nan), None, np.array(True))
    return _of_answer(answer, shape, size) if says_more else Read(_as_boxes(answer, shape))


def _of_answer(answer: Any, shape: tuple[int, ...], size: tuple[int, int]) -> Read:
    box, confidence = answer.box, _as_confidence(answer.confidence, shape[:-1])
    given = getattr(answer, "mask", None)
    masks = None if given is None else _as_masks(given, (*shape[:-1], *size))
    if box is None and masks is not None:
        boxes, absent = _boxes_around(masks, shape)
        return Read(boxes, confidence, absent, masks)
    if box is None and len(shape) == 1:
        return Read(np.full(shape, np.nan), confidence, np.array(True))
    return Read(_as_boxes(box, shape), confidence, None, masks)


def _tells_apart(answer: Any) -> bool:
    """Whether a batch's answer is a list in which an item is more, or less, than a box."""
    return not isinstance(answer, np.ndarray) and any(
        item is None or hasattr(item, "confidence") for item in answer
    )


def _of_each(answer: Any, shape: tuple[int, ...], size: tuple[int, int]) -> Read:
    if len(answer) != shape[0]:
        raise AnswerError(f"the tracker returned {len(answer)} answers where {shape[0]} are due")
    boxes = np.empty(shape)
    confidences, absent = np.full(shape[0], np.nan), np.zeros(shape[0], bool)
    masks = []
    for number, item in enumerate(answer):
        found = read_answer(item, shape[1:], size)
        boxes[number] = found.boxes
        absent[number] = found.absent is not None
        if found.confidence is not None:
            confidences[number] = found.confidence
        masks.append(found.masks)
    said = any(mask is not None for mask in masks)
    return Read(boxes, confidences, absent, masks if said else None)


def _as_masks(given: Any, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return masks of a shape as booleans, a copy."""
    try:
        found = np.asarray(given)
    except Exception as error:
        raise AnswerError(f"the tracker returned the mask {_shown(given)}, no array") from error
    if found.shape != shape:
        raise AnswerError(
            f"the tracker returned a mask of shape {found.shape} where {shape} is due"
        )
    if found.dtype.kind not in "biu":
        raise AnswerError(
            f"the tracker returned a mask of {found.dtype}: its pixels are to be True and False, "
            "or 1 and 0"
        )
    if _is_masked(given):
        raise AnswerError("the tracker returned a mask in which pixels are masked themselves")
    if found.dtype.kind != "b" and found.size:
        extreme = int(found.max()) if found.max() > 1 else int(found.min())
        if extreme not in {0, 1}:
            raise AnswerError(
                f"the tracker returned a mask with the value {extreme}: its pixels are to be True "
                "and False, or 1 and 0"
            )
    return np.array(found, np.bool_, subok=False)


def _boxes_around(
    masks: NDArray[np.bool_], shape: tuple[int, ...]
) -> tuple[Boxes, NDArray[np.bool_] | None]:
    """Return the smallest boxes around masks, and where there are none."""
    found = [tight_box(mask) for mask in masks.reshape((-1, *masks.shape[-2:]))]
    nowhere = np.array([box is None for box in found]).reshape(shape[:-1])
    boxes = np.array([np.full(4, np.nan) if box is None else box for box in found])
    return boxes.reshape(shape), nowhere if nowhere.any() else None


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
