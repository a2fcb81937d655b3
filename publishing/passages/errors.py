"""Errors about passages that two books share."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class NotTheirText(DomainError):
    """Only the owner of the later text is asked for an answer."""

    code = "not_their_text"
    message = _("Only the owner of the book that was uploaded later can answer.")
    status = 403
    is_refusal = True


class TooFewWords(DomainError):
    """A reference text is too short to have prints."""

    code = "too_few_words"
    message = _("{title} has {words} words: too few to be recognised by.")
