import numpy as np
import pytest

from trackbench.errors import UnknownIdError
from trackbench.metrics.evaluation_protocol import EvaluationProtocol

IOU = np.array([[1.0, 0.5, 0.0, 0.25], [1.0, 1.0, 1.0, 1.0]])


def test_paper_counts_frame_0_and_every_length_is_a_prefix() -> None:
    assert EvaluationProtocol.PAPER_V1.scores(IOU, (1, 2, 4)).tolist() == [
        [1.0, 0.75, 0.4375],
        [1, 1, 1],
    ]


def test_ope_leaves_frame_0_out() -> None:
    assert EvaluationProtocol.OPE_V1.scores(IOU, (2, 4)).tolist() == [[0.5, 0.25], [1, 1]]


def test_an_unknown_protocol_names_the_nearest() -> None:
    with pytest.raises(UnknownIdError, match="did you mean paper-v1"):
        EvaluationProtocol.of("papr-v1")
