"""Markup for Send to Kindle: formulas become pictures, a table inside a table becomes lines of text."""

from __future__ import annotations

import hashlib
import re

from ..book.model import AnyBlock, Asset, Cell, Math, Table, Text
from ..book.walk import plain
from ..images import mathematics, raster
from ..images.reencode import raster_asset
from ..markup import mathml
from ..markup.blocks import RENDER
from ..markup.text import attribute, escape, one_line
from ..markup.xhtml import XhtmlMarkup

# Pixels per drawing unit, twenty of which make an em: sharp on a screen with 300 dots per inch.
_FORMULA_ZOOM = 3.0
# Drawing takes about 20 ms per formula. A textbook with more formulas keeps its MathML, which newer Kindles show.
MAX_FORMULAS = 500
_TAG = re.compile(r"<[^>]+>")


class KindleMarkup(XhtmlMarkup):
    """Markup for Kindle. `formulas` collects the pictures drawn, by file name."""

    formulas: dict[str, Asset]
    _is_in_table = False

    def math(self, node: Math) -> str:
        if self.survey.features.math > MAX_FORMULAS:
            return super().math(node)
        rebuilt = mathml.rebuild(node.mathml, node.alt, is_display=node.display)
        drawing = mathematics.draw(rebuilt) if rebuilt else None
        image = raster.pixels(drawing.svg, _FORMULA_ZOOM) if drawing is not None else None
        if drawing is None or image is None:
            return escape(node.alt)
        picture = raster_asset(image, "formula", lossy=False)
        name = f"formula-{hashlib.sha256(rebuilt.encode()).hexdigest()[:20]}.png"
        self.formulas[name] = picture
        alt = attribute(node.alt) or attribute(one_line(_TAG.sub(" ", rebuilt)))
        style = f"width: {drawing.width:.2f}em; vertical-align: {-drawing.depth:.2f}em"
        return f'<img style="{style}" src="{self.assets}{name}" alt="{alt}"/>'

    def block(self, block: AnyBlock) -> str:
        """Return the markup of a block. A table inside another table's cell becomes one line per row."""
        if not isinstance(block, Table):
            return super().block(block)
        if self._is_in_table:
            return "\n".join(f"<p>{self.inlines(_line(row))}</p>" for row in block.rows if row)
        self._is_in_table = True
        try:
            return RENDER[Table](self, block)
        finally:
            self._is_in_table = False


def _line(row: list[Cell]) -> list[Text]:
    return [Text(" | ".join(plain(cell.blocks) for cell in row))]
