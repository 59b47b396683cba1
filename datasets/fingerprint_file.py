"""The published fingerprints of the built-in data sets, by id."""

from __future__ import annotations

import json
from pathlib import Path

FINGERPRINTS: dict[str, str] = json.loads(
    (Path(__file__).parent / "data" / "fingerprints.json").read_text(encoding="utf-8")
)
