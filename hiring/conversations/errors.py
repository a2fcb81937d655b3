"""Errors when people write to each other."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, NotAllowed


class NothingWritten(DomainError):
    code = "message_empty"
    message = _("Write something or add a file, then send it.")
    status = 422


class MessageTooLong(DomainError):
    code = "message_too_long"
    message = _("Your message is longer than {limit} characters. Send the rest as a file.")
    status = 422


class TooManyFiles(DomainError):
    code = "message_files"
    message = _("A message takes up to {limit} files. Send the others with the next one.")
    status = 422


class Apart(NotAllowed):
    """One of the two has blocked the other, or left: the page does not say which."""

    code = "message_apart"
    message = _("You cannot write to this person.")


class NotReachable(NotAllowed):
    code = "message_not_reachable"
    message = _("You can write to people who offer a service, and to those you work with.")


class TooManyNewConversations(DomainError):
    code = "message_too_many_new"
    message = _("You have written to {limit} new people within a day. Wait for their answers, or write again tomorrow.")
    status = 429
