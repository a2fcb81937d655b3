"""The options of a conversion, as its job stores them."""

from __future__ import annotations

from dataclasses import dataclass, field

from conversion.engine.api import AuthorDetails

FORMATS = ("epub", "pdf", "web", "sample", "cover", "print-cover", "proof", "kepub", "kindle", "text", "markdown")
TARGETS = ("phone", "ereader", "tablet", "print")


@dataclass(frozen=True, slots=True)
class ConversionOptions:
    """The options of one job; for those not described here see the engine's `ConversionRequest`.

    `sample_bps` is the share of the body that the free sample contains, in basis points.
    """

    overrides: AuthorDetails = field(default_factory=AuthorDetails)
    formats: tuple[str, ...] = FORMATS
    targets: tuple[str, ...] = TARGETS
    sample_bps: int = 1000
    design: str = "classic"
    keep_design: bool = False
    embed_fonts: bool = False
    repair: bool = False
    fixes: tuple[str, ...] = ()
