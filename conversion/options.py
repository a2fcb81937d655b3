"""The options of a conversion, as its job stores them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from conversion.engine.api import AuthorDetails, CoverChoice, Matter, PageDescription
from conversion.engine.api import patches as engine_patches

Patch = engine_patches.Patch

FORMATS = (
    *("epub", "pdf", "web", "sample", "cover", "print-cover", "proof", "kepub", "kindle", "text", "markdown", "docx"),
    "base",
    "book",
)
# Of a file from elsewhere that only one person reads here: the web reader's book, and the cover that is in the file.
PERSONAL = ("web", "own-cover")
# Of a book that is made again for its corrections these follow, in a job of their own: they take ten times as long as
# everything that its author and its readers wait for.
LATER = ("pdf", "print-cover", "proof")
TARGETS = ("phone", "ereader", "tablet", "print")
# Of a job that only redraws a picture, given as its cover, in the sizes of covers.
PICTURE = ("cover",)


@dataclass(frozen=True, slots=True)
class ConversionOptions:
    """The options of one job; for those not described here see the engine's `ConversionRequest`.

    `sample_bps` is the share of the body that the free sample contains, in basis points. `corrections` is the digest of
    the job's corrections, so that two jobs can be compared without reading them. `later` is formats that another job
    makes once this one has ended.
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
    cover_choice: CoverChoice | None = None
    trim: str = "print"
    paper: str = "cream"
    corrections: str = ""
    later: tuple[str, ...] = ()

    @property
    def is_picture(self) -> bool:
        return self.formats == PICTURE

    def divided(self) -> ConversionOptions:
        """Return the options with the slow formats made later."""
        later = tuple(name for name in self.formats if name in LATER)
        return replace(self, formats=tuple(name for name in self.formats if name not in LATER), later=later)


@dataclass(frozen=True, slots=True)
class Corrections:
    """What people changed in the text of a source: `patches` are applied, `suggestions` only placed. `bases` and
    `pictures` are names in private storage: the bases that both count in, and the pictures that they put in.
    `proposals` are codes of fixes: what they would correct is only proposed, place by place. `descriptions` are those
    of drawn pages."""

    patches: tuple[Patch, ...] = ()
    suggestions: tuple[Patch, ...] = ()
    bases: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    proposals: tuple[str, ...] = ()
    descriptions: tuple[PageDescription, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.patches or self.suggestions or self.proposals or self.descriptions)
