"""What a conversion is asked to do, as its job keeps it."""

from __future__ import annotations

from dataclasses import dataclass, field

from conversion.engine.api import Overrides

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
