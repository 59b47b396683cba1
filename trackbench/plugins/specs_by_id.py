"""Specs of one kind by their ids: whose names are taken, and which is meant by a name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic

from trackbench.errors import TrackbenchError, UnknownIdError
from trackbench.ids import Id, parse
from trackbench.plugins.kinds import Kind, SpecT


@dataclass(frozen=True)
class BrokenPlugin:
    """An entry point that could not be loaded, and why."""

    name: str
    value: str
    reason: str


@dataclass
class Registry(Generic[SpecT]):
    """Specs of one kind by id."""

    kind: Kind
    broken: list[BrokenPlugin] = field(default_factory=list)
    _specs: dict[Id, SpecT] = field(default_factory=dict)
    _built_in: set[str] = field(default_factory=set)

    def add(self, spec: SpecT, *, built_in: bool = False) -> None:
        """Register ``spec``; the name of a built-in one is ours in every version.

        Raises:
            TrackbenchError: its id is malformed, or taken by a different spec.
        """
        key = parse(spec.id)
        if built_in:
            self._built_in.add(key.name)
        elif spec not in self._specs.values():
            self.check_not_built_in(spec.id)
        if any(other != spec for other in self._in_the_way_of(key)):
            raise self._taken(spec.id)
        self._specs[key] = spec

    def check_free(self, text: str) -> None:
        """Raise if an id cannot be registered here.

        Raises:
            TrackbenchError: it is malformed, or taken.
        """
        key = parse(text)
        self.check_not_built_in(text)
        for other in self._in_the_way_of(key):
            raise self._taken(other.id)

    def is_built_in(self, text: str) -> bool:
        """Whether a text is an id whose name is one of ours."""
        try:
            return parse(text).name in self._built_in
        except TrackbenchError:
            return False

    def replace(self, spec: SpecT) -> None:
        """Register ``spec``, in place of one with the same id, but never of a built-in one.

        Raises:
            TrackbenchError: its id is malformed, or a built-in one's.
        """
        self.check_not_built_in(spec.id)
        self._specs[parse(spec.id)] = spec

    def check_not_built_in(self, text: str) -> None:
        """Raise where a name without version, which means the newest, would no longer be ours.

        Raises:
            TrackbenchError: the id is malformed, or its name is that of a built-in one.
        """
        key = parse(text)
        if key.name in self._built_in:
            raise self._taken(max(other for other in self._specs if other.name == key.name))

    def _in_the_way_of(self, key: Id) -> list[SpecT]:
        """Return what a lookup could confuse: "kcf" would be found in place of "kcf-v1"."""
        return [
            spec
            for other, spec in self._specs.items()
            if other.name == key.name and (other == key or None in {other.version, key.version})
        ]

    def _taken(self, key: str | Id) -> TrackbenchError:
        return TrackbenchError(
            f"the {self.kind.noun} {str(key)!r} is registered already: choose another name"
        )

    def get(self, text: str) -> SpecT:
        """Return the spec of an id; of ``name`` alone the newest version.

        Raises:
            UnknownIdError: there is none; the message names the nearest.
        """
        wanted = parse(text)
        if wanted in self._specs:
            return self._specs[wanted]
        versions = [key for key in self._specs if key.name == wanted.name]
        if wanted.version is None and versions:
            return self._specs[max(versions, key=lambda key: key.version or 0)]
        for plugin in self.broken:
            if parse(text).name == plugin.name:
                raise TrackbenchError(
                    f"the {self.kind.noun} {text!r} cannot be loaded: {plugin.value}: "
                    f"{plugin.reason}"
                )
        raise UnknownIdError(self.kind.noun, text, self._names(versions))

    def __iter__(self) -> Iterator[SpecT]:
        return iter(self._specs.values())

    def _names(self, versions: list[Id]) -> list[str]:
        """Return what the nearest name is looked for among: other versions, if there are any."""
        if versions:
            return [str(key) for key in versions]
        return sorted({key.name for key in self._specs} | {str(key) for key in self._specs})
