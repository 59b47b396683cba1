"""Walks and scales against a plain simulation, one thing and one frame at a time."""

import math
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from trackbench.datasets import motion
from trackbench.datasets.streams import Purpose, Stream

seeds = st.integers(0, 2**64 - 1)
NATIVE, SMALLEST, CANVAS = 28, 8, 100


@dataclass
class Thing:
    """Position in [0, 1]^2 and velocity, (row, column)."""

    position: list[float]
    velocity: list[float]


def simulate(
    stream: Stream, steps: list[float], travel: list[int], acceleration: float, length: int
) -> tuple[list[list[tuple[int, int]]], list[list[bool]]]:
    """Return per frame and per thing the pixel, and whether a wall was hit."""
    things = [Thing(stream.uniform(2).tolist(), [0.0, 0.0]) for _ in steps]
    speeds = [abs(float(stream.normal(1)[0])) for _ in steps]
    for thing, speed in zip(things, speeds, strict=True):
        row, column = stream.normal(2).tolist()
        norm = math.sqrt(row * row + column * column)
        thing.velocity = [row / norm * speed, column / norm * speed]
    pixels, bounces = [], []
    for _ in range(length):
        hits = []
        for thing, step in zip(things, steps, strict=True):
            hit = False
            for axis in range(2):
                thing.position[axis] += step * thing.velocity[axis]
                thing.velocity[axis] += float(stream.normal(1)[0]) * acceleration
                if not 0.0 < thing.position[axis] < 1.0:
                    thing.position[axis] = min(max(thing.position[axis], 0.0), 1.0)
                    thing.velocity[axis] *= -1.0
                    hit = True
            hits.append(hit)
        bounces.append(hits)
        pixels.append(
            [
                (int(thing.position[0] * room), int(thing.position[1] * room))
                for thing, room in zip(things, travel, strict=True)
            ]
        )
    return pixels, bounces


@pytest.mark.thorough
@settings(max_examples=40, deadline=None)
@given(seeds, seeds, st.lists(st.sampled_from([0.01, 0.1, 0.5]), min_size=1, max_size=3))
def test_walks_are_those_of_the_plain_simulation(seed: int, index: int, steps: list[float]) -> None:
    travel = [100, 72, 72][: len(steps)]
    walked = motion.walks(Stream(seed, Purpose.MOTION, index), steps, travel, 0.1, 60)
    pixels, bounces = simulate(Stream(seed, Purpose.MOTION, index), steps, travel, 0.1, 60)
    assert walked.pixels.transpose(1, 0, 2).tolist() == [[list(p) for p in row] for row in pixels]
    assert walked.bounce.T.tolist() == bounces


@settings(max_examples=20, deadline=None)
@given(seeds, st.integers(1, 160))
def test_a_shorter_walk_is_a_prefix_of_a_longer_one(seed: int, length: int) -> None:
    steps, travel = [0.01, 0.1, 0.1], [100, 72, 72]
    long = motion.walks(Stream(seed, Purpose.MOTION, 0), steps, travel, 0.1, 160)
    short = motion.walks(Stream(seed, Purpose.MOTION, 0), steps, travel, 0.1, length)
    assert np.array_equal(short.pixels, long.pixels[:, :length])
    assert np.array_equal(short.bounce, long.bounce[:, :length])
    whole = motion.scales(Stream(seed, Purpose.SCALE, 0), 2, 0.1, 160)
    part = motion.scales(Stream(seed, Purpose.SCALE, 0), 2, 0.1, length)
    assert part == [factors[:length] for factors in whole]


def test_walks_stay_on_the_canvas_touch_its_walls_and_bounce_only_there() -> None:
    walked = motion.walks(Stream(5, Purpose.MOTION, 0), [0.1] * 200, [72] * 200, 0.1, 160)
    assert (walked.pixels.min(), walked.pixels.max()) == (0, 72)
    # A wall is hit where a coordinate is clamped: to 0, or to all 72 pixels of travel.
    at_wall = ((walked.pixels == 0) | (walked.pixels == 72)).any(axis=2)
    assert at_wall[walked.bounce].all()
    assert (walked.pixels == 72).any(axis=2)[~walked.bounce].sum() == 0


@pytest.mark.parametrize(("velocity", "wall"), [(-5.0, 0.0), (5.0, 1.0), (-9.0, 0.0), (9.0, 1.0)])
def test_what_reaches_a_wall_exactly_bounces_like_what_would_pass_it(
    velocity: float, wall: float
) -> None:
    positions = motion._walk(0.5, velocity, [0.0, 0.0], 0.1)
    assert positions == [wall, wall - 0.1 * velocity]
    assert motion._at_wall(np.array(positions)).tolist() == [True, False]


FINE = 10**9  # so many pixels of travel that truncation does not show


def free_walks(count: int, acceleration: float, length: int) -> NDArray[np.float64]:
    """(count, T - 1, 2) velocities of walks too slow to meet a wall."""
    step = 1e-5
    walked = motion.walks(
        Stream(7, Purpose.MOTION, 0), [step] * count, [FINE] * count, acceleration, length
    )
    free = ~walked.bounce.any(axis=1)
    assert free.mean() > 0.99
    velocities: NDArray[np.float64] = np.diff(walked.pixels[free], axis=1) / (FINE * step)
    return velocities


def test_first_speeds_are_half_normal_directions_and_places_uniform() -> None:
    velocity = free_walks(4000, 0.0, 2)[:, 0]
    assert stats.kstest(np.hypot(*velocity.T), "halfnorm").pvalue > 1e-3
    angle = np.arctan2(*velocity.T) / (2 * np.pi) + 0.5
    assert stats.kstest(angle, "uniform").pvalue > 1e-3
    walked = motion.walks(Stream(8, Purpose.MOTION, 0), [1e-9] * 4000, [FINE] * 4000, 0.0, 1)
    for axis in range(2):
        assert stats.kstest(walked.pixels[:, 0, axis] / FINE, "uniform").pvalue > 1e-3


def test_each_component_of_the_velocity_changes_by_a_normal_tenth() -> None:
    changes = np.diff(free_walks(1000, 0.1, 12), axis=1)
    for axis in range(2):
        assert stats.kstest(changes[..., axis].ravel() / 0.1, "norm").pvalue > 1e-3
    assert abs(np.corrcoef(changes[..., 0].ravel(), changes[..., 1].ravel())[0, 1]) < 0.04


@pytest.mark.parametrize("frame", [0, 158])
def test_mean_square_speed_grows_by_the_variance_of_the_noise(frame: int) -> None:
    """The step into frame t + 1 is made with the velocity after t + 1 changes."""
    square = (free_walks(4000, 0.1, 160)[:, frame] ** 2).sum(axis=1)
    expected = 1.0 + (frame + 1) * 2 * 0.1**2
    assert square.mean() == pytest.approx(expected, abs=3 * square.std() / np.sqrt(len(square)))


@settings(max_examples=50, deadline=None)
@given(seeds, st.integers(1, 3), st.integers(1, 50))
def test_factors_are_exponentials_of_uniform_numbers(seed: int, objects: int, length: int) -> None:
    factors = motion.scales(Stream(seed, Purpose.SCALE, 3), objects, 0.1, length)
    stream = Stream(seed, Purpose.SCALE, 3)
    for frame in range(length):
        for number in range(objects):
            power = 0.1 * (float(stream.uniform(1)[0]) - 0.5)
            expected = math.exp(power)
            assert abs(factors[number][frame] - expected) <= math.ulp(expected)


corners_and_factors = st.lists(
    st.tuples(st.integers(0, 72), st.integers(0, 72), st.floats(0.5, 2.0)), min_size=1, max_size=60
)


@settings(deadline=None)
@given(corners_and_factors)
def test_sides_follow_the_rules_frame_by_frame(frames: list[tuple[int, int, float]]) -> None:
    corners = np.array([(top, left) for top, left, _ in frames], np.int64)
    drawn = motion.sides([f for *_, f in frames], corners, NATIVE, SMALLEST, CANVAS)
    size = 28.0
    for side, (top, left, factor) in zip(drawn, frames, strict=True):
        size *= factor
        if size < 8:
            size = 8.0
        if top + math.floor(size) > 100 or left + math.floor(size) > 100:
            size = 28.0
        assert side == math.floor(size)
        assert side >= 8
        assert max(top, left) + side <= 100


def test_a_sprite_that_would_leave_the_canvas_returns_to_28_and_grows_from_there() -> None:
    corners = np.array([(10, 10), (10, 10), (10, 60), (10, 60), (60, 10), (72, 72)], np.int64)
    factors = [1.25, 1.2, 1.0, 1.25, 1.2, 1.0]
    # 35; 42; 42 from column 60 leaves the canvas: 28; 35; 42 from row 60 leaves: 28; 28 fits at 72.
    assert motion.sides(factors, corners, NATIVE, SMALLEST, CANVAS) == [35, 42, 28, 35, 28, 28]


def test_a_shrinking_sprite_stops_at_8_and_grows_from_8() -> None:
    corners = np.zeros((4, 2), np.int64)
    drawn = motion.sides([0.5, 0.5, 0.5, 1.5], corners, NATIVE, SMALLEST, CANVAS)
    assert drawn == [14, 8, 8, 12]
