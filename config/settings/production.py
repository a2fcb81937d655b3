"""Production settings. The shop starts only if every required value is present."""

from __future__ import annotations

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from common import logs, shared_metrics
from config import env

from .base import *
from .base import METRICS_DIR, PAYMENTS_SANDBOX, SITE_URL, VAR_DIR, VAULT_KEYS

SECRET_KEY = env.text("SECRET_KEY")
DATABASE_URL = env.text("DATABASE_URL")
BROKER_URL = CELERY_BROKER_URL = env.text("BROKER_URL")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")
SOURCE_URL = env.text("SOURCE_URL")
# Required, even if 0: if it is wrong, all visitors look like one, or anyone can pose as another.
TRUSTED_PROXIES = env.integer("TRUSTED_PROXIES")
if not SITE_URL.startswith("https://"):
    raise ImproperlyConfigured("SITE_URL must start with https:// in production.")
if PAYMENTS_SANDBOX and not env.flag("ALLOW_SANDBOX_PAYMENTS", False):
    raise ImproperlyConfigured("Set STRIPE_SECRET_KEY, or ALLOW_SANDBOX_PAYMENTS=yes for a shop without real money.")
if not VAULT_KEYS:
    raise ImproperlyConfigured("Set VAULT_KEYS (see .env.example): bank details are kept under keys of their own.")
CONVERSION_REQUIRE_SANDBOX = env.flag("CONVERSION_REQUIRE_SANDBOX", True)
OUTBOX_PAGE = False
LOGGING = logs.configure(as_json=env.text("LOG_FORMAT", "json") == "json", level=env.text("LOG_LEVEL", "INFO"))

SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
# Promises for a whole domain, which a shop on one of its hosts cannot make. Preloading is hard to undo.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("HSTS_SUBDOMAINS", False)
SECURE_HSTS_PRELOAD = env.flag("HSTS_PRELOAD", False)
if SECURE_HSTS_PRELOAD and not SECURE_HSTS_INCLUDE_SUBDOMAINS:
    raise ImproperlyConfigured("HSTS_PRELOAD=yes needs HSTS_SUBDOMAINS=yes: browsers preload whole domains only.")
# The first two are for the operator to decide; the last is an error of ours (common.E004).
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021", "security.W009"]
# With this prefix browsers accept a cookie only from this host, over https, for all of its paths.
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
shared_metrics.share(Path(METRICS_DIR) if METRICS_DIR else shared_metrics.default_folder(VAR_DIR))
