"""The engine's public interface: everything the rest of Octavo uses of it. Pictures have interfaces of their own, since
they load Pillow: `covers/cover.py`, `covers/social_image.py`, `images/reencode.py`, `images/svg.py`."""

from . import align, editing, edition_diff, edition_text, fixes, passages, patches, text_anchors, watermark
from .book.canonical import SUFFIX as OWN_SUFFIX
from .book.cover_choice import DESIGNS as COVER_DESIGNS
from .book.cover_choice import LETTERINGS, PALETTES, PICTURED, CoverChoice
from .book.matter import Biography, Matter, MatterKind, MatterPage
from .book.model import Contributor, Metadata
from .contract import (
    ArtifactFile,
    ArtifactKind,
    AuthorDetails,
    Change,
    ChapterSummary,
    ConversionRequest,
    ConversionResult,
    PageDescription,
    Progress,
    Report,
    Stage,
)
from .errors import AuthorFixable, PlatformFault, Stopped
from .exports.own import empty_book, with_chapter
from .findings import not_made, registry
from .findings.model import PageArea, Severity
from .gate import admission
from .matter.shown import ShownPage, shown_pages
from .process import cache_folder, pandoc, runner, sandbox_check, warm_server
from .process.sandbox import SandboxPolicy
from .process.sandbox_check import MissingProtections
from .repair.codes import may_mend
from .targets import TARGETS, TRIMS
from .typography.designs import DESIGNS

__all__ = [
    "COVER_DESIGNS",
    "DESIGNS",
    "LETTERINGS",
    "OWN_SUFFIX",
    "PALETTES",
    "PICTURED",
    "TARGETS",
    "TRIMS",
    "ArtifactFile",
    "ArtifactKind",
    "AuthorDetails",
    "AuthorFixable",
    "Biography",
    "Change",
    "ChapterSummary",
    "Contributor",
    "ConversionRequest",
    "ConversionResult",
    "CoverChoice",
    "Matter",
    "MatterKind",
    "MatterPage",
    "Metadata",
    "MissingProtections",
    "PageArea",
    "PageDescription",
    "PlatformFault",
    "Progress",
    "Report",
    "SandboxPolicy",
    "Severity",
    "ShownPage",
    "Stage",
    "Stopped",
    "admission",
    "align",
    "cache_folder",
    "editing",
    "edition_diff",
    "edition_text",
    "empty_book",
    "fixes",
    "may_mend",
    "not_made",
    "pandoc",
    "passages",
    "patches",
    "registry",
    "runner",
    "sandbox_check",
    "shown_pages",
    "text_anchors",
    "warm_server",
    "watermark",
    "with_chapter",
]
