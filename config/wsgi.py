"""The WSGI application for web servers."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
# A request waits for the database no longer than the proxy waits for the request, and for a lock less than that.
# Workers and commands may take hours: they have no limit.
os.environ.setdefault("DATABASE_STATEMENT_TIMEOUT_S", "60")
os.environ.setdefault("DATABASE_LOCK_TIMEOUT_S", "10")
application = get_wsgi_application()
