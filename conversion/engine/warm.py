"""What a warm process loads before it makes copies of itself: every module and table that conversions use, and nothing
that starts a thread or holds a manuscript."""

from __future__ import annotations

from PIL import Image

from . import cover, epub, fidelity, fonts, images, pdf, pipeline, readers, repair, sample, web
from .designs import DESIGNS
from .epub import kindle, kobo, printed
from .export import markdown, send_to_kindle, text

__all__ = ["cover", "epub", "fidelity", "images", "pdf", "pipeline", "readers", "repair", "sample", "web"]
__all__ += ["kindle", "kobo", "markdown", "printed", "send_to_kindle", "text"]

Image.init()  # all of its formats
readers.load()
for face in fonts.faces_of(DESIGNS["classic"]):  # what most books are set in
    if face.scripts == "latin":
        fonts.load(face)
