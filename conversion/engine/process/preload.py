"""Everything that a warm process loads before it forks: the modules and tables that conversions use, but nothing that
starts a thread or holds a manuscript."""

from __future__ import annotations

from PIL import Image

from .. import epub, pdf, pipeline, readers, web
from ..book import sample
from ..checks import fidelity
from ..covers import cover
from ..epub import kindle, kobo, printed_pages
from ..exports import docx, markdown, own, send_to_kindle, text
from ..images import reencode
from ..repair import rebuild
from ..typography import fonts
from ..typography.designs import DESIGNS

__all__ = ["cover", "epub", "fidelity", "pdf", "pipeline", "readers", "rebuild", "reencode", "sample", "web"]
__all__ += ["docx", "kindle", "kobo", "markdown", "own", "printed_pages", "send_to_kindle", "text"]

Image.init()  # all image formats
readers.load()
for face in fonts.faces_of(DESIGNS["classic"]):  # the design of most books
    if face.scripts == "latin":
        fonts.load(face)
