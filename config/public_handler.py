"""The way of requests for public pages by visitors of whom nothing is known: past whatever looks for a person.

Such a page varies on nobody (storefront/views/public.py). A visitor without a cookie has neither a session nor messages
nor a token, so the middlewares for these would do nothing, and take a sixth of the time of a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

from config.page_cache import Application, Environ, StartResponse

# Front page, lists, books and searches of every region.
_PAGES = re.compile(r"(?:/[a-z]{2}-[a-z]{2})?/(?:books/(?:[-a-zA-Z0-9_]+/)?|search/(?:suggestions/)?)?")
_OF_PEOPLE = frozenset(
    {
        "whitenoise.middleware.WhiteNoiseMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "allauth.account.middleware.AccountMiddleware",
        "accounts.middleware.ActivityMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "accounts.middleware.StaffMiddleware",
    }
)


class PublicHandler(WSGIHandler):
    """Django's handler without the middlewares of people."""

    def load_middleware(self, is_async: bool = False) -> None:
        """Once, before anything is served; Django reads its chain from the settings alone."""
        every = settings.MIDDLEWARE
        settings.MIDDLEWARE = [one for one in every if one not in _OF_PEOPLE]
        try:
            super().load_middleware(is_async)
        finally:
            settings.MIDDLEWARE = every


class ByVisitor:
    """Hands requests for public pages without a cookie to one application, all others to another."""

    def __init__(self, public: Application, full: Application) -> None:
        self._public = public
        self._full = full

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        is_public = (
            environ["REQUEST_METHOD"] == "GET"
            and "HTTP_COOKIE" not in environ
            and "HTTP_AUTHORIZATION" not in environ
            and _PAGES.fullmatch(environ["PATH_INFO"])
        )
        return (self._public if is_public else self._full)(environ, start_response)
