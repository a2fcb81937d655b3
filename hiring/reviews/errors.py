"""Errors when people review a contract."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, NotAllowed


class NotYetEnded(NotAllowed):
    code = "contract_review_not_yet"
    message = _("You can review a contract once it has ended and money was released for it.")


class ReviewTimeOver(DomainError):
    code = "contract_review_over"
    message = _("Reviews of this contract are shown, so they can no longer be written or changed.")


class AlreadyAnswered(DomainError):
    code = "contract_review_answered"
    message = _("You have already answered this review.")
