"""The least that a page can cost here, as a WSGI application beside the shop, on the same server and database.

/bare/     the server alone: no Django, no bytes
/empty/    an empty Django view without middleware
/jinja/    one indexed query over the shop's listings and 24 cards, rendered by Jinja2
/django/   the same by Django's templates
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

from config import env

_CARD = (
    '<li><article class="card"><img class="cover" src="/public/{{ row.3 }}" width="320" height="512" alt="" '
    'loading="lazy"><h3 dir="auto"><a href="/books/{{ row.0 }}/">{{ row.1 }}</a></h3>'
    '<p class="by" dir="auto">{{ row.2 }}</p><p class="price">{{ row.4 }}</p></article></li>'
)
_PAGE = f"<!doctype html><html><head><title>Books</title></head><body><ul>{{% for row in rows %}}{_CARD}{{% endfor %}}"
_ROWS = (
    "SELECT slug, title, byline, cover ->> '320-webp', price_minor FROM storefront_listing "
    "WHERE {on_sale} ORDER BY published_at DESC, id DESC LIMIT 24"
)

settings.configure(
    ALLOWED_HOSTS=["*"],
    SECRET_KEY="limit",
    ROOT_URLCONF=__name__,
    DATABASES={"default": env.database("DATABASE_URL", Path(os.environ.get("VAR_DIR", "var")) / "octavo.sqlite3")},
    TEMPLATES=[
        {"BACKEND": "django.template.backends.django.DjangoTemplates", "NAME": "django"},
        {"BACKEND": "django.template.backends.jinja2.Jinja2", "NAME": "jinja"},
    ],
)
django.setup()

from django.db import connection  # noqa: E402 # after the settings
from django.template import engines  # noqa: E402

# In the words of the index: SQLite takes it for no others.
_ON_SALE = "is_on_sale = 1" if connection.vendor == "sqlite" else "is_on_sale"
_TEMPLATES = {
    "django": engines["django"].from_string(_PAGE),
    # Jinja2 reads the places of a row in brackets.
    "jinja": engines["jinja"].from_string(_PAGE.replace("row.", "row[").replace(" }}", "] }}")),
}


def _empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def _list(request: HttpRequest, engine: str) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(_ROWS.format(on_sale=_ON_SALE))
        return HttpResponse(_TEMPLATES[engine].render({"rows": cursor.fetchall()}))


urlpatterns = [path("empty/", _empty), path("<str:engine>/", _list)]
_django = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The bare answer, or Django's."""
    path: str = environ["PATH_INFO"]
    if path == "/bare/":
        start_response("200 OK", [("Content-Length", "0")])
        return [b""]
    answer: Iterable[bytes] = _django(environ, start_response)
    return answer
