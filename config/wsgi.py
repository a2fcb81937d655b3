"""The web server's entry."""

from __future__ import annotations

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from config.page_cache import Application, PageCache

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
_full = get_wsgi_application()

from config.public_handler import ByVisitor, PublicHandler  # noqa: E402 # needs what the line before sets up

application: Application = PageCache(ByVisitor(PublicHandler(), _full), seconds=settings.PAGE_CACHE_SECONDS)
