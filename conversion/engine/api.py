"""The engine's public interface: everything the rest of Octavo uses of it. Pictures have interfaces of their own, since
they load Pillow: `covers/cover.py`, `covers/social_image.py`, `images/redraw.py`, `images/svg.py`."""

from .book.model import Contributor
from .contract import (
    ArtifactFile,
    ArtifactKind,
    Change,
    ChapterSummary,
    ConversionRequest,
    ConversionResult,
    Overrides,
    Progress,
    Report,
    Stage,
)
from .errors import AuthorFixable, PlatformFault, Stopped
from .findings import registry
from .findings.model import PageArea, Severity
from .gate import admission
from .process import cache_folder, pandoc, runner, wall_check, warm_server
from .process.sandbox import SandboxPolicy
from .process.wall_check import Lack
from .repair.codes import may_mend
from .targets import TARGETS
from .typography.designs import DESIGNS

__all__ = [
    "DESIGNS",
    "TARGETS",
    "ArtifactFile",
    "ArtifactKind",
    "AuthorFixable",
    "Change",
    "ChapterSummary",
    "Contributor",
    "ConversionRequest",
    "ConversionResult",
    "Lack",
    "Overrides",
    "PageArea",
    "PlatformFault",
    "Progress",
    "Report",
    "SandboxPolicy",
    "Severity",
    "Stage",
    "Stopped",
    "admission",
    "cache_folder",
    "may_mend",
    "pandoc",
    "registry",
    "runner",
    "wall_check",
    "warm_server",
]
