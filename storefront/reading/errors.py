"""Errors of the web reader."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class NewerPosition(DomainError):
    code = "place_overtaken"
    message = _("You have read further in another tab or on another device.")
