import numpy as np

from trackbench.reports.drawing import GAP
from trackbench.reports.scenes import PREDICTION_COLOUR, Panel, fitting_zoom, scenes
from trackbench.reports.titles import TITLE_HEIGHT, width_of
from trackbench.reports.tracker_colours import TRACKER_COLOURS, TRUTH_COLOUR

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
    assert PREDICTION_COLOUR in colours(picture.crop((0, TITLE_HEIGHT, 60, 58)))
    assert PREDICTION_COLOUR not in colours(picture.crop((60 + GAP, TITLE_HEIGHT, 120 + GAP, 58)))


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


def test_the_truth_is_seen_where_a_tracker_has_it_and_each_has_its_colour() -> None:
    big = np.full((1, 60, 80), 100, np.uint8)
    box = np.array([[20.0, 10, 40, 30]])
    panels = [Panel(name, box, colour=TRACKER_COLOURS[i]) for i, name in enumerate("ab")]
    (apart,) = scenes(big, box, panels, [0], zoom=1)
    assert {TRUTH_COLOUR, TRACKER_COLOURS[0]} <= colours(apart.crop((0, TITLE_HEIGHT, 80, 78)))
    assert {TRUTH_COLOUR, TRACKER_COLOURS[1]} <= colours(apart.crop((83, TITLE_HEIGHT, 163, 78)))
    panels[1] = Panel("b", box + np.array([0, 3, 0, 0]), colour=TRACKER_COLOURS[1])
    (together,) = scenes(big, box, panels, [0], zoom=1, together=True)
    assert together.width == 80
    assert {TRUTH_COLOUR, *TRACKER_COLOURS[:2]} <= colours(together.crop((0, 36, 80, 96)))


def test_many_trackers_make_a_grid_and_their_names_are_whole() -> None:
    frames = np.zeros((1, 100, 100), np.uint8)
    names = [f"a-tracker-with-a-long-name-{i}-v1" for i in range(7)]
    panels = [Panel(name, np.full((1, 4), np.nan)) for name in names]
    zoom = fitting_zoom(100, names)
    assert zoom * 100 >= max(map(width_of, names))
    (picture,) = scenes(frames, np.full((1, 4), np.nan), panels, [0], zoom)
    assert picture.width == 3 * 100 * zoom + 2 * GAP
    assert picture.height == 3 * (100 * zoom + TITLE_HEIGHT) + 2 * GAP


def test_large_frames_are_made_to_fit_a_window() -> None:
    assert 1280 * 4 * fitting_zoom(1280, ["a"] * 12) <= 1920
    assert fitting_zoom(1280, ["a"]) == 1
    assert fitting_zoom(100, ["kcf-v1"]) == 3
