"""Two twins of ``scenes`` differ in what their factor touches, and in nothing else."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from trackbench.datasets.scenes.catalogue import LEVELS, SCENES
from trackbench.datasets.scenes.dataset import Scenes
from trackbench.datasets.scenes.parameters import ScenesParameters
from trackbench.datasets.scenes.rendering import Rendered, render

SEED = SCENES.datasets[0].seed
BASE = ScenesParameters(noise=0.0)
"""The base without noise, so that what differs is what a factor changes."""
INDEX, LENGTH = 3, 5
SAME_BOXES = (
    "background",
    "camouflage",
    "occluders",
    "camera",
    "similar",
    "twins",
    "illumination",
    "blur",
    "noise",
    "resolution",
)
TARGET_ALONE = ("camouflage", "speed", "scale", "rotation", "deformation", "beyond")


@cache
def made(factor: str, value: float) -> Rendered:
    return render(replace(BASE, **{factor: value}), SEED, INDEX, LENGTH)


def base() -> Rendered:
    return made("noise", 0.0)


def twins_of(*factors: str) -> pytest.MarkDecorator:
    """The levels of factors but for the base's."""
    pairs = [
        (each.field, value)
        for each in LEVELS
        for value in each.values
        if each.field in factors and value != getattr(BASE, each.field)
    ]
    return pytest.mark.parametrize(("factor", "value"), pairs)


def masks(rendered: Rendered) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """(T, H, W) each: all of the target, and what is seen of it."""
    pairs = [rendered.masks(time) for time in range(LENGTH)]
    return np.array([all_ for all_, _ in pairs]), np.array([seen for _, seen in pairs])


def changed(a: Rendered, b: Rendered) -> NDArray[np.bool_]:
    """(T, H, W), where frames differ."""
    found: NDArray[np.bool_] = (a.frames != b.frames).any(axis=3)
    return found


def touched(rendered: Rendered) -> NDArray[np.bool_]:
    """(T, H, W), where the target is at all opaque, its soft edge included."""
    found = np.zeros(rendered.frames.shape[:3], np.bool_)
    for time, frame in enumerate(found):
        (drawn,) = rendered.scene.target.drawn((time,))
        rows, columns = np.nonzero(drawn.opacity)
        rows, columns = rows + drawn.row, columns + drawn.column
        inside = (rows >= 0) & (rows < len(frame)) & (columns >= 0) & (columns < frame.shape[1])
        frame[rows[inside], columns[inside]] = True
    return found


@twins_of(*SAME_BOXES)
def test_the_target_is_at_the_same_place(factor: str, value: float) -> None:
    twin = made(factor, value)
    assert np.array_equal(twin.boxes, base().boxes)
    assert np.array_equal(twin.whole, base().whole)
    assert np.array_equal(masks(twin)[0], masks(base())[0])


@twins_of(*TARGET_ALONE)
def test_nothing_changes_but_where_the_target_is_in_one(factor: str, value: float) -> None:
    twin = made(factor, value)
    assert not changed(twin, base())[~(touched(twin) | touched(base()))].any()


@twins_of("speed", "rotation", "scale", "deformation", "beyond")
def test_frame_zero_is_the_same(factor: str, value: float) -> None:
    twin = made(factor, value)
    assert np.array_equal(twin.frames[0], base().frames[0])
    assert np.array_equal(twin.boxes[0], base().boxes[0])


@twins_of("background", "camera", "similar", "twins", "occluders")
def test_what_is_behind_and_in_front_leaves_the_target_s_own_pixels(
    factor: str, value: float
) -> None:
    """But for its soft edge, and for what an occluder hides in one of the two."""
    twin = made(factor, value)
    whole = np.ones(base().frames.shape[:3], np.bool_)
    for rendered in (twin, base()):
        for time in range(LENGTH):
            (drawn,) = rendered.scene.target.drawn((time,))
            core = np.zeros_like(whole[time])
            rows, columns = np.nonzero(drawn.opacity == 256)
            core[rows + drawn.row, columns + drawn.column] = True
            whole[time] &= core & ~rendered.scene.front(time)
    assert whole.any()
    assert not changed(twin, base())[whole].any()


@twins_of("similar", "twins")
def test_other_objects_change_only_where_they_are(factor: str, value: float) -> None:
    twin = made(factor, value)
    there = np.zeros(twin.frames.shape[:3], np.bool_)
    for time in range(LENGTH):
        for thing in (*twin.scene.similar, *twin.scene.twins):
            (drawn,) = thing.drawn((time,))
            rows, columns = np.nonzero(drawn.opacity)
            rows, columns = rows + drawn.row, columns + drawn.column
            inside = (rows >= 0) & (rows < 240) & (columns >= 0) & (columns < 320)
            there[time, rows[inside], columns[inside]] = True
    assert changed(twin, base()).any()
    assert not changed(twin, base())[~there].any()
    assert len(twin.scene.similar) + len(twin.scene.twins) == value


def test_a_twin_has_the_target_s_look_and_a_similar_object_only_its_texture() -> None:
    twins, similar = made("twins", 1).scene, made("similar", 1).scene
    assert twins.twins[0].look is twins.target.look
    assert (similar.similar[0].look.depth != similar.target.look.depth).any()


@twins_of("occluders")
def test_more_occluders_hide_all_that_fewer_hid(factor: str, value: float) -> None:
    twin = made(factor, value)
    more, fewer = (twin, base()) if value > BASE.occluders else (base(), twin)
    for time in range(LENGTH):
        assert not (fewer.scene.front(time) & ~more.scene.front(time)).any()
        hidden = more.scene.front(time)
        assert not (changed(twin, base())[time] & ~hidden).any()


@twins_of("illumination")
def test_light_multiplies_each_colour_of_whole_frames(factor: str, value: float) -> None:
    twin = made(factor, value)
    assert np.array_equal(twin.frames[0], base().frames[0])
    for time in range(LENGTH):
        gains = np.array(twin.scene.surroundings.gains(time)) / 256
        assert np.abs(twin.frames[time] - base().frames[time] * gains).max() <= 0.5


@twins_of("noise")
def test_noise_is_as_large_as_said(factor: str, value: float) -> None:
    twin = made(factor, value)
    middle = (base().frames > 110) & (base().frames < 145)
    noise = twin.frames[middle].astype(float) - base().frames[middle]
    assert abs(noise.mean()) < value / 50 + 0.02
    assert noise.std() == pytest.approx(value, rel=0.06)


@twins_of("resolution")
def test_coarse_pixels_have_the_mean_colour_of_their_squares(factor: str, value: float) -> None:
    side = int(value)
    squares = base().frames.reshape(LENGTH, 240 // side, side, 320 // side, side, 3)
    mean = squares.mean(axis=(2, 4))
    coarse = made(factor, value).frames
    assert np.abs(coarse[:, ::side, ::side] - mean).max() <= 0.5
    assert np.array_equal(coarse[:, ::side], coarse[:, side - 1 :: side])


@twins_of("blur")
def test_blur_is_the_mean_of_what_is_seen_while_the_shutter_is_open(
    factor: str, value: float
) -> None:
    twin = made(factor, value)
    moments = [2 + value * (step / 8 - 7 / 16) for step in range(8)]
    seen = [
        twin.scene.picture(moment, *twin.scene.drawn((moment,))).view(np.uint8).reshape(240, 320, 4)
        for moment in moments
    ]
    mean = np.mean(seen, axis=0)[:, :, :3]
    assert np.abs(twin.frames[2] - mean).max() <= 0.5
    sharp = base().frames[2].astype(float)
    assert np.abs(np.diff(mean, axis=0)).mean() < np.abs(np.diff(sharp, axis=0)).mean()


def test_every_factor_is_judged_above() -> None:
    assert {*SAME_BOXES, *TARGET_ALONE} == {each.field for each in LEVELS}


def test_a_sequence_is_the_same_after_others_and_a_shorter_one_its_beginning() -> None:
    spec = SCENES.datasets[0]
    whole = Scenes(spec).sequence(5, 6)
    again = Scenes(spec)
    again.sequence(6, 1)
    short = again.sequence(5, 3)
    assert np.array_equal(short.frames, whole.frames[:3])
    assert np.array_equal(short.boxes, whole.boxes[:3])
    for name, values in short.attributes.items():
        assert np.array_equal(values, whole.attributes[name][:3], equal_nan=True)


def test_a_shorter_one_is_its_beginning_where_sizes_and_bends_are_large() -> None:
    """Frames that are drawn at once have the pixels, boxes and masks of each drawn by itself."""
    strong = replace(SCENES.datasets[0].generator, scale=2.0, deformation=0.3)
    whole, short = (render(strong, SCENES.datasets[0].seed, 1, length) for length in (36, 23))
    assert np.array_equal(short.frames, whole.frames[:23])
    assert np.array_equal(short.boxes, whole.boxes[:23])
    for time in range(18, 23):
        amodal, visible = whole.masks(time)
        assert amodal.sum() == whole.whole[time]
        assert visible.sum() == whole.seen[time]
