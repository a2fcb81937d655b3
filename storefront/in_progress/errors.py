"""Errors of chapters in progress. Each message tells the author what to do next."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class NothingToShow(DomainError):
    code = "in_progress.nothing"
    message = _("Choose at least one chapter, or how many of the newest to show.")


class NoChapters(DomainError):
    """The files are being made, failed, or are pages with a fixed layout."""

    code = "in_progress.no_chapters"
    message = _(
        "There are no chapters to show yet. Wait until the files are made; books of pages with a fixed layout, such as "
        "comics, cannot be shown chapter by chapter."
    )


class UnknownChapter(DomainError):
    code = "in_progress.unknown_chapter"
    message = _("The text has changed since you opened this page. Choose the chapters again.")


class TooManyChapters(DomainError):
    code = "in_progress.too_many"
    message = _("You can show {limit} chapters at a time. Choose fewer.")


class NeedsTitle(DomainError):
    code = "in_progress.needs_title"
    message = _("Readers need a title to know what they read. Fill in the details first.")


class AlreadyPublished(DomainError):
    code = "in_progress.published"
    message = _("This book has been published, so readers have its sample. Chapters in progress are for drafts.")


class UnderReview(DomainError):
    code = "in_progress.under_review"
    message = _(
        "A moderator has taken down the chapters of this book. You can show chapters again when your appeal is "
        "accepted."
    )
