"""A part of the document with relationships of its own: the body, or the notes of one kind."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Story:
    """`relationships` are (kind, target, whether it is outside) by id."""

    name: str
    relationships: dict[str, tuple[str, str, bool]] = field(default_factory=dict)
    _ids: dict[tuple[str, str], str] = field(default_factory=dict)

    def relate(self, kind: str, target: str, *, is_external: bool = False) -> str:
        """Return the id of a relationship, the same for the same target."""
        key = kind, target
        if key not in self._ids:
            self._ids[key] = f"rId{100 + len(self._ids)}"
            self.relationships[self._ids[key]] = kind, target, is_external
        return self._ids[key]
