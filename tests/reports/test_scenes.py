import numpy as np
import pytest

from trackbench.reports.drawing import GAP, TRUTH_COLOUR, save_mp4
from trackbench.reports.scenes import PREDICTION_COLOUR, TITLE_HEIGHT, Panel, scenes

FRAMES = np.full((3, 20, 30), 100, np.uint8)
TRUTH = np.tile([5.0, 6, 8, 7], (3, 1))
PREDICTED = np.tile([15.0, 3, 9, 9], (3, 1))
LOST = np.full((3, 4), np.nan)


def colours(picture: object) -> set[tuple[int, ...]]:
    return {tuple(pixel) for row in np.asarray(picture).tolist() for pixel in row}


def test_without_a_tracker_the_truth_alone_is_drawn() -> None:
    (picture,) = scenes(FRAMES, TRUTH, [], [1], zoom=2)
    assert picture.size == (60, TITLE_HEIGHT + 40)
    assert TRUTH_COLOUR in colours(picture)
    assert PREDICTION_COLOUR not in colours(picture)


def test_trackers_stand_side_by_side_and_a_lost_one_has_no_box() -> None:
    panels = [Panel("a", PREDICTED), Panel("b", LOST)]
    (picture,) = scenes(FRAMES, TRUTH, panels, [0], zoom=2)
    assert picture.size == (2 * 60 + GAP, TITLE_HEIGHT + 40)
    assert PREDICTION_COLOUR in colours(picture.crop((0, 0, 60, 52)))
    assert PREDICTION_COLOUR not in colours(picture.crop((60 + GAP, 0, 120 + GAP, 52)))


def test_the_mask_and_the_masked_frame_stand_underneath() -> None:
    masks = np.zeros((3, 20, 30), np.float32)
    masks[:, :, 10:] = 0.5
    masks[0] = np.nan
    first, second = scenes(FRAMES, TRUTH, [Panel("a", PREDICTED, masks)], [0, 1], zoom=1)
    assert first.size == second.size == (30, TITLE_HEIGHT + 3 * 20 + 2 * GAP)
    pixels = np.asarray(second)
    mask = pixels[TITLE_HEIGHT + 20 + GAP :][:20]
    masked = pixels[TITLE_HEIGHT + 2 * (20 + GAP) :][:20]
    assert mask[0, 0].tolist() == [0, 0, 0]
    assert mask[0, 20].tolist() == [255, 255, 255]  # the mask's maximum is white
    assert masked[0, 0].tolist() == [0, 0, 0]
    assert masked[0, 20].tolist() == [100, 100, 100]


def test_answered_masks_are_laid_over_the_frame_and_true_ones_have_a_rim() -> None:
    answered, true = np.zeros((20, 30), bool), np.zeros((20, 30), bool)
    answered[2:5, 2:8] = True
    true[10:15, 20:26] = True
    panel = Panel("a", LOST, answered={1: answered})
    first, second = (
        np.asarray(picture)[TITLE_HEIGHT:]
        for picture in scenes(FRAMES, LOST, [panel], [0, 1], 1, {1: true})
    )
    assert (first == 100).all()
    laid, rim = (tuple((100 + c) // 2 for c in of) for of in (PREDICTION_COLOUR, TRUTH_COLOUR))
    assert np.array_equal((second == laid).all(axis=-1), answered)
    true[11:14, 21:25] = False
    assert np.array_equal((second == rim).all(axis=-1), true)


def test_mp4_is_read_back_frame_by_frame(tmp_path: object) -> None:
    cv2 = pytest.importorskip("cv2")
    drawn = scenes(FRAMES, TRUTH, [Panel("a", PREDICTED)], [0, 1, 2], zoom=4)
    save_mp4(drawn, tmp_path / "x.mp4", milliseconds=80)
    film = cv2.VideoCapture(str(tmp_path / "x.mp4"))
    assert film.get(cv2.CAP_PROP_FRAME_COUNT) == 3
    assert film.get(cv2.CAP_PROP_FPS) == pytest.approx(12.5)
    found, frame = film.read()
    assert found
    assert frame.shape == (TITLE_HEIGHT + 80, 120, 3)
