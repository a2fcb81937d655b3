"""Refusals about covers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class CoverUnknown(DomainError):
    code = "publishing.cover_unknown"
    message = _("We do not have that design, colour or typeface. Choose one from the page and try again.")


class PictureMissing(DomainError):
    code = "publishing.cover_picture_missing"
    message = _("This design needs a picture. Add one below, then choose the design again.")


class NoFormerCover(DomainError):
    code = "publishing.no_former_cover"
    message = _("There is no earlier cover to go back to.")


class PaperUnknown(DomainError):
    code = "publishing.paper_unknown"
    message = _("We do not make books of that size or on that paper. Choose from the page and try again.")


class PictureTooSmall(DomainError):
    code = "publishing.cover_picture_too_small"
    message = _(
        "This picture is {width} × {height} pixels, too small for a cover: it would be a blur. Use one that is at "
        "least {least} pixels wide."
    )
