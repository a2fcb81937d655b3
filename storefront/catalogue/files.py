"""The files a buyer gets of a book, in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_NAMES = {"own-pdf": "PDF", "kindle": "EPUB"}  # others by their kind
_MADE_FOR: dict[str, str | Promise] = {
    "epub": _("any e-reader, phone or computer"),
    "kepub": _("a Kobo e-reader"),
    "kindle": _("a Kindle, through Send to Kindle"),
    "own-pdf": _("the original, as its author made it"),
}
# Of kinds that are made once for each, in the order in which they are shown.
_TARGETS: dict[str, str | Promise] = {
    "phone": _("a phone"),
    "ereader": _("an e-reader"),
    "tablet": _("a tablet"),
    "desktop": _("a large screen"),
    "print": _("printing"),
}
_ORDER = {target: place for place, target in enumerate(_TARGETS)}


@dataclass(frozen=True, slots=True)
class File:
    """One of them. `target` is "" for what fits every screen; `pages` is 0 where pages depend on the screen."""

    kind: str
    target: str
    size_bytes: int
    pages: int

    @property
    def name(self) -> str:
        """What readers call its format."""
        return _NAMES.get(self.kind) or self.kind.upper()

    @property
    def made_for(self) -> str | Promise:
        """The device or use it is for."""
        return _MADE_FOR.get(self.kind) or _TARGETS.get(self.target, self.target)

    @property
    def place(self) -> tuple[str, int]:
        """Where it stands among others."""
        return self.kind, _ORDER.get(self.target, len(_ORDER))
