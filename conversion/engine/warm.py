"""What a warm process loads before it makes copies of itself: every module and table that conversions use, and nothing
that starts a thread or holds a manuscript."""

from __future__ import annotations

from PIL import Image

from . import cover, epub, fidelity, images, pdf, pipeline, readers, sample, web

__all__ = ["cover", "epub", "fidelity", "images", "pdf", "pipeline", "readers", "sample", "web"]

Image.init()  # all of its formats
readers.load()
