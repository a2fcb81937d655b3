"""The names of designs, colours, typefaces, trims and papers, as pages show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

type Words = dict[str, StrOrPromise]

DESIGNS: Words = {
    "horizon": _("Low sun"),
    "cloth": _("Cloth binding"),
    "blocks": _("Geometry"),
    "initial": _("Great letter"),
    "rays": _("Sunrise"),
    "branches": _("Branches"),
    "plain": _("Type alone"),
    "layers": _("Cut paper"),
    "ridges": _("Ridges"),
    "night": _("Night sky"),
    "picture-full": _("Picture, whole page"),
    "picture-window": _("Picture in a frame"),
    "picture-band": _("Picture above a band"),
    "picture-circle": _("Picture in a circle"),
}
PALETTES: Words = {
    "harbour": _("Harbour"),
    "forest": _("Forest"),
    "clay": _("Clay"),
    "plum": _("Plum"),
    "mint": _("Mint"),
    "honey": _("Honey"),
    "wine": _("Wine"),
    "mist": _("Mist"),
    "ink": _("Ink"),
    "blush": _("Blush"),
    "lagoon": _("Lagoon"),
    "paper": _("Paper"),
}
LETTERINGS: Words = {
    "own": _("As the design has it"),
    "playfair": "Playfair Display, Source Sans",
    "cormorant": "Cormorant Garamond",
    "garamond": "EB Garamond",
    "literata": "Literata, Source Sans",
    "josefin": "Josefin Sans",
    "oswald": "Oswald, Source Sans",
    "plex": "IBM Plex Sans",
}
TRIMS: Words = {
    "print": _("A5, 148 × 210 mm"),
    "print-5x8": _("5 × 8 in, 127 × 203 mm"),
    "print-5.25x8": _("5.25 × 8 in, 133 × 203 mm"),
    "print-5.5x8.5": _("5.5 × 8.5 in, 140 × 216 mm"),
    "print-6x9": _("6 × 9 in, 152 × 229 mm"),
}
PAPERS: Words = {
    "cream": _("Cream, for novels and stories"),
    "white": _("White, for books with pictures and tables"),
    "colour": _("White for printing in colour"),
}
