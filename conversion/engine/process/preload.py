"""What a warm process loads before it makes copies of itself: every module and table that conversions use, and nothing
that starts a thread or holds a manuscript."""

from __future__ import annotations

from PIL import Image

from .. import epub, pdf, pipeline, readers, web
from ..book import sample
from ..checks import fidelity
from ..covers import cover
from ..epub import kindle, kobo, printed_pages
from ..exports import markdown, send_to_kindle, text
from ..images import redraw
from ..repair import rebuild
from ..typography import fonts
from ..typography.designs import DESIGNS

__all__ = ["cover", "epub", "fidelity", "pdf", "pipeline", "readers", "rebuild", "redraw", "sample", "web"]
__all__ += ["kindle", "kobo", "markdown", "printed_pages", "send_to_kindle", "text"]

Image.init()  # all of its formats
readers.load()
for face in fonts.faces_of(DESIGNS["classic"]):  # what most books are set in
    if face.scripts == "latin":
        fonts.load(face)
