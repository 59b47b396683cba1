import pytest

from trackbench.printing.text import visible
from trackbench.reports.labels import dataset_labels

MULTI_DIFF = "mnist-multi-diff-v1"


def test_two_versions_of_a_data_set_are_told_apart() -> None:
    assert dataset_labels(["mnist-single-same-v1", "mnist-single-same-v2", MULTI_DIFF, "x-v3"]) == {
        "mnist-single-same-v1": "mnist-single-same-v1",
        "mnist-single-same-v2": "mnist-single-same-v2",
        MULTI_DIFF: "MNIST-Multi-Diff",
        "x-v3": "x-v3",
    }


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("kcf-v1", "kcf-v1"),
        ("a\nb\tc", r"a\nb\tc"),
        ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
        ("abc\u202edef", r"abc\u202edef"),
        ("\u05e9\u05dc\u05d5\u05dd é 漢", "\u05e9\u05dc\u05d5\u05dd é 漢"),
        ("\ud800", r"\ud800"),
        ("\\n", "\\n"),
        ("'\"", "'\""),
    ],
)
def test_what_cannot_be_seen_is_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_a_label_is_one_line() -> None:
    assert dataset_labels(["a\nb", "mnist-x\x1b"]) == {
        "a\nb": r"a\nb",
        "mnist-x\x1b": r"MNIST-X\x1b",
    }
