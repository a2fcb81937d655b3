"""Errors of devices and apps. Each message tells the person what to do next."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class NameTaken(DomainError):
    code = "app_password.name_taken"
    message = _("You already have an app password called “{name}”. Choose another name, or revoke that one first.")


class TooManyAppPasswords(DomainError):
    code = "app_password.too_many"
    message = _("You have {limit} app passwords. Revoke one that you no longer use first.")


class BadName(DomainError):
    code = "app_password.bad_name"
    message = _("A name cannot contain a colon: devices could not send it. Choose another one.")


class NoScope(DomainError):
    code = "app_password.no_scope"
    message = _("Choose at least one thing that the app may do.")
