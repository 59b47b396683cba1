"""placeholder"""
from __future__ import annotations
from dataclasses import dataclass
from pathlib import Path

@dataclass(frozen=True)
class VideoFile:
    path: Path
    def count(self) -> int:
        raise NotImplementedError
