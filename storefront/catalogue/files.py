"""The files that a buyer gets, described in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_NAMES = {"own-pdf": "PDF", "kindle": "EPUB"}  # other formats are named after their kind
_MADE_FOR: dict[str, str | Promise] = {
    "epub": _("for any e-reader, phone or computer"),
    "kepub": _("for Kobo e-readers"),
    "kindle": _("for Kindle, with Send to Kindle"),
    "own-pdf": _("the author’s original file"),
}
# Kinds of which there is one file for each target, in display order.
_TARGETS: dict[str, str | Promise] = {
    "phone": _("for phones"),
    "ereader": _("for e-readers"),
    "tablet": _("for tablets"),
    "desktop": _("for large screens"),
    "print": _("for printing"),
}
_ORDER = {target: place for place, target in enumerate(_TARGETS)}


@dataclass(frozen=True, slots=True)
class File:
    """One file of a book. `target` is "" if it fits every screen; `pages` is 0 if the pages depend on the screen."""

    kind: str
    target: str
    size_bytes: int
    pages: int

    @property
    def name(self) -> str:
        """The format's name as readers know it."""
        return _NAMES.get(self.kind) or self.kind.upper()

    @property
    def made_for(self) -> str | Promise:
        """The device or purpose it is made for."""
        return _MADE_FOR.get(self.kind) or _TARGETS.get(self.target, self.target)

    @property
    def place(self) -> tuple[str, int]:
        """The sort key among a book's files."""
        return self.kind, _ORDER.get(self.target, len(_ORDER))
