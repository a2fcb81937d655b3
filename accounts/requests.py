"""Request classes that declare the type of their user."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from accounts.models import User


class PersonRequest(HttpRequest):
    """A request behind `login_required`."""

    user: User


class VisitorRequest(HttpRequest):
    """A request by anyone."""

    user: User | AnonymousUser
