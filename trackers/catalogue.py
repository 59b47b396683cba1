"""The built-in trackers. What is published here never changes: a change is a ``-v2``.

The module loads neither OpenCV nor PyTorch: factories are named, not imported. Every parameter that
a result depends on is written out, for it goes into the tracker's fingerprint.
"""

from __future__ import annotations

from trackbench.contracts import TrackerSpec
from trackbench.trackers.shipped import hashes

FRAME = 100
"""Side of the frames that the learned trackers see, pixels."""

_OPENCV = "trackbench.trackers.opencv:OpenCVTracker"

_CLASSICAL = (
    TrackerSpec(
        id="kcf-v1",
        factory=_OPENCV,
        fixed=("algorithm",),
        parameters={"algorithm": "kcf", "detect_thresh": 0.0},
        description="kernelized correlation filter on colour names and grey (OpenCV)",
        reference=(
            "Henriques et al. (2015), High-Speed Tracking with Kernelized Correlation Filters"
        ),
    ),
    TrackerSpec(
        id="csrt-v1",
        factory=_OPENCV,
        fixed=("algorithm",),
        parameters={"algorithm": "csrt"},
        description="correlation filter with channel and spatial reliability (OpenCV)",
        reference=(
            "Lukezic et al. (2017), Discriminative Correlation Filter with Channel and Spatial "
            "Reliability"
        ),
    ),
    TrackerSpec(
        id="mil-v1",
        factory=_OPENCV,
        fixed=("algorithm",),
        parameters={"algorithm": "mil"},
        description="boosted Haar features learned from bags of patches (OpenCV)",
        reference=("Babenko et al. (2009), Visual Tracking with Online Multiple Instance Learning"),
    ),
    TrackerSpec(
        id="mosse-v1",
        factory=_OPENCV,
        fixed=("algorithm",),
        parameters={"algorithm": "mosse", "min_side": 64.0},
        description="adaptive correlation filter on grey values (OpenCV)",
        reference=(
            "Bolme et al. (2010), Visual Object Tracking using Adaptive Correlation Filters"
        ),
    ),
    TrackerSpec(
        id="medianflow-v1",
        factory=_OPENCV,
        fixed=("algorithm",),
        parameters={"algorithm": "medianflow"},
        description="median of a grid of optical flows, checked forward and backward (OpenCV)",
        reference=(
            "Kalal et al. (2010), Forward-Backward Error: Automatic Detection of Tracking Failures"
        ),
    ),
    TrackerSpec(
        id="tld-v1",
        factory=_OPENCV,
        fixed=("algorithm",),
        parameters={"algorithm": "tld", "min_side": 20.0},
        description="optical flow with a detector learned on the way (OpenCV)",
        reference="Kalal et al. (2012), Tracking-Learning-Detection",
    ),
    TrackerSpec(
        id="ncc-v1",
        factory="trackbench.trackers.ncc:NccTracker",
        parameters={"search": None, "min_score": 0.0},
        description="normalised cross-correlation of the first frame's template, whole frame",
        reference=(
            "Briechle and Hanebeck (2001), Template Matching using Fast Normalized Cross "
            "Correlation"
        ),
    ),
    TrackerSpec(
        id="kalman-v1",
        factory="trackbench.trackers.kalman:KalmanTracker",
        parameters={
            "acceleration": 6.0,
            "measurement": 1.0,
            "speed": 6.0,
            "gate": 4.0,
            "min_score": 0.5,
        },
        description="constant-velocity Kalman filter over gated template matches",
        reference=(
            "Broida and Chellappa (1986), Estimation of Object Motion Parameters from Noisy Images"
        ),
    ),
    TrackerSpec(
        id="champion-v1",
        factory="trackbench.trackers.champion:ChampionTracker",
        parameters={
            "model": "seen",
            "camera_reach": 8,
            "background_tolerance": 8,
            "background_memory": 20,
            "motion_weight": 1.0,
            "bounce_cost": 4.0,
            "edges": True,
            "background": True,
            "grows": True,
            "rigid": False,
            "robust": True,
            "outline": False,
            "expects": True,
            "looks_rate": 0.05,
            "mask_rate": 0.05,
            "light_rate": 0.5,
            "wide": True,
        },
        description="layers of a drawn video told apart, or looks registered and learned (OpenCV)",
        reference="Jojic and Frey (2001), Learning Flexible Sprites in Video Layers",
    ),
    TrackerSpec(
        id="static-v1",
        factory="trackbench.trackers.static:StaticTracker",
        description="the first box for ever: the floor",
        reference="none",
    ),
)

_PAPER = (
    "Gan, Guo, Zhang and Cho (2015), First Step toward Model-Free, Anonymous Object Tracking with "
    "Recurrent Neural Networks"
)


def _learned(name: str, description: str, **parameters: str | int) -> TrackerSpec:
    return TrackerSpec(
        id=f"{name}-v1",
        factory="trackbench.trackers.learned:learned",
        parameters={**parameters, "weights": None, "device": "cpu"},
        fixed=("architecture",),
        batched=True,
        needs_weights=True,
        letterbox=FRAME,
        weights_sha256=hashes()[name],
        description=description,
        reference=_PAPER,
    )


_NETWORKS = (
    ("rectracker-id", "recurrent tracker, whole frame", {"architecture": "rectracker", "n": 0}),
    ("rectracker-att1", "recurrent tracker, one Gaussian", {"architecture": "rectracker", "n": 1}),
    (
        "rectracker-att3",
        "recurrent tracker, 3 x 3 Gaussians",
        {"architecture": "rectracker", "n": 3},
    ),
    ("convtracker", "convolution over four frames, no memory", {"architecture": "convtracker"}),
)

# The paper's own trackers, as far as they are trained.
_LEARNED = tuple(
    _learned(name, description, **parameters)
    for name, description, parameters in _NETWORKS
    if name in hashes()
)

TRACKERS: tuple[TrackerSpec, ...] = (*_CLASSICAL, *_LEARNED)
