"""Errors of newsletters. Each message tells the person what to do next."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class NoBooksOnSale(DomainError):
    code = "newsletter.no_books"
    message = _("A newsletter needs a book on sale, on whose author’s page readers find it. Publish one first.")


class NobodySubscribed(DomainError):
    code = "newsletter.nobody"
    message = _("Nobody gets your newsletter yet. Show readers the link to your page first.")


class TooSoon(DomainError):
    code = "newsletter.too_soon"
    message = _("Readers get one issue a week at most. You can send this one from {day} on; it stays as a draft.")


class AlreadySent(DomainError):
    code = "newsletter.sent"
    message = _("This issue has been sent, so it cannot be changed any more. Write a new one.")


class TooManyDrafts(DomainError):
    code = "newsletter.too_many_drafts"
    message = _("You have {limit} drafts. Send or delete one first.")


class ForeignBook(DomainError):
    code = "newsletter.foreign_book"
    message = _("Choose one of your own books that is on sale, or none.")


class OwnNewsletter(DomainError):
    code = "newsletter.own"
    message = _("This is your own newsletter. Readers subscribe to it here.")


class UnderReview(DomainError):
    code = "newsletter.under_review"
    message = _(
        "A moderator has stopped an issue of yours. You can send others after {day}, or when your appeal is accepted."
    )
