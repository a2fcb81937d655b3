"""The web server's entry."""

from __future__ import annotations

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from config.page_cache import Application, PageCache

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
application: Application = PageCache(get_wsgi_application(), seconds=settings.PAGE_CACHE_SECONDS)
