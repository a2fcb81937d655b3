"""What a conversion is asked to do, as values that survive the job row's JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from conversion.engine.api import Contributor, Overrides

FORMATS = ("epub", "pdf", "web", "sample", "cover", "print-cover", "proof", "kepub", "kindle", "text", "markdown")
TARGETS = ("phone", "ereader", "tablet", "print")


@dataclass(frozen=True, slots=True)
class ConversionOptions:
    """`sample_bps` is the share of the body that the sample holds, in basis points. For `design`, `keep_design`,
    `embed_fonts`, `repair` and `fixes` see the engine's `ConversionRequest`."""

    overrides: Overrides = field(default_factory=Overrides)
    formats: tuple[str, ...] = FORMATS
    targets: tuple[str, ...] = TARGETS
    sample_bps: int = 1000
    design: str = "classic"
    keep_design: bool = False
    embed_fonts: bool = False
    repair: bool = False
    fixes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> ConversionOptions:
        overrides = dict(values["overrides"])
        people = tuple(Contributor(**person) for person in overrides.pop("contributors"))
        subjects = tuple(overrides.pop("subjects"))
        plain: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
        }
        return cls(**{**plain, "overrides": Overrides(**overrides, contributors=people, subjects=subjects)})
