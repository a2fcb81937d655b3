"""Errors of commenting. Each says what to do, and nothing that was typed is lost."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class WordsNotFound(DomainError):
    code = "comments.words_not_found"
    message = _("These words do not stand in the paragraph. Copy them from it, or leave the field empty for all of it.")
    status = 422


class WordsSeveralTimes(DomainError):
    code = "comments.words_several_times"
    message = _("These words stand in the paragraph several times. Copy some more, so that it is clear which you mean.")
    status = 422


class NothingWritten(DomainError):
    code = "comments.nothing_written"
    message = _("Write something first.")
    status = 422


class CommentTooLong(DomainError):
    code = "comments.too_long"
    message = _("A comment can have {limit} characters. Shorten it, or write a second one.")
    status = 422


class TooManyThreads(DomainError):
    code = "comments.too_many"
    message = _("This text has {limit} open comments. Resolve some of them first.")


class ThreadResolved(DomainError):
    code = "comments.resolved"
    message = _("This comment was resolved. Reopen it to go on.")


class CommentAnswered(DomainError):
    code = "comments.answered"
    message = _("Somebody has answered, so this comment stays as it is. Write another one below it.")
