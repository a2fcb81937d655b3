"""The options of a conversion, as its job stores them."""

from __future__ import annotations

from dataclasses import dataclass, field

from conversion.engine.api import AuthorDetails, Matter
from conversion.engine.api import patches as engine_patches

Patch = engine_patches.Patch

FORMATS = (
    *("epub", "pdf", "web", "sample", "cover", "print-cover", "proof", "kepub", "kindle", "text", "markdown", "docx"),
    "base",
    "book",
)
TARGETS = ("phone", "ereader", "tablet", "print")


@dataclass(frozen=True, slots=True)
class ConversionOptions:
    """The options of one job; for those not described here see the engine's `ConversionRequest`.

    `sample_bps` is the share of the body that the free sample contains, in basis points. `corrections` is the digest of
    the job's corrections, so that two jobs can be compared without reading them.
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
    matter: Matter | None = None
    corrections: str = ""


@dataclass(frozen=True, slots=True)
class Corrections:
    """What people changed in the text of a source: `patches` are applied, `suggestions` only placed. `bases` and
    `pictures` are names in private storage: the bases that both count in, and the pictures that they put in.
    `proposals` are codes of fixes: what they would correct is only proposed, place by place."""

    patches: tuple[Patch, ...] = ()
    suggestions: tuple[Patch, ...] = ()
    bases: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    proposals: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.patches or self.suggestions or self.proposals)
