"""Errors when answering a request."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class RequestClosed(DomainError):
    code = "request_closed"
    message = _("Someone else has already closed this request. Your answer was not sent.")
