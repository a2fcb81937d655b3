"""What can stand in the way of answering a request."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class RequestClosed(DomainError):
    code = "request_closed"
    message = _("Somebody else has closed this request meanwhile. Your answer was not sent.")
