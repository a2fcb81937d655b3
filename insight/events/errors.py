"""What can go wrong with share links."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class TooManyLinks(DomainError):
    code = "too_many_share_links"
    message = _("A book has {most} share links at most. Use one of those you have.")


class LabelTaken(DomainError):
    code = "share_link_label_taken"
    message = _("You already have a link named “{label}” for this book. Use it, or choose another name.")
