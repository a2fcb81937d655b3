"""The list of repairs: one finding for each kind, with its count and its first places."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..book import clean
from ..findings.model import Finding, SourcePlace
from ..findings.registry import severity


@dataclass(slots=True)
class Ledger:
    """Gathers repairs in the order in which they were first made."""

    _places: dict[str, list[str]] = field(default_factory=dict)

    def note(self, code: str, part: str = "") -> None:
        """Note one repair; `part` is the entry it was made in."""
        self._places.setdefault(code, []).append(part)

    def findings(self) -> list[Finding]:
        """A finding for each kind, which names at most three places."""
        return [
            Finding(
                code,
                severity(code),
                quote=clean.quote(", ".join(part for part in places[:3] if part)),
                place=SourcePlace(places[0][:200]),
                facts={"count": len(places)},
            )
            for code, places in self._places.items()
        ]
