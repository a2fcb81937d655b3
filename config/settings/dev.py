"""Embedded defaults for one machine: SQLite, the bundled broker, files on disk, sandbox payments.

The key is public, the outbox is open and the clock can be moved, so nobody else may reach such a shop: settings that
only a public shop needs are refused.
"""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from common import shared_metrics
from config import env

from .base import *
from .base import (
    ALLOWED_HOSTS,
    LANGUAGES,
    LOCALE_PATHS,
    METRICS_DIR,
    SECRET_KEY,
    SELLER_ADDRESS,
    SELLER_EMAIL,
    SELLER_NAME,
    SELLER_VAT_ID,
    SITE_URL,
    STORAGES,
    STRIPE_SECRET_KEY,
    VAR_DIR,
    VAULT_KEYS,
)

DEBUG = env.flag("DEBUG", False)
_FOR_OTHERS = "For a shop that others reach set DJANGO_SETTINGS_MODULE=config.settings.production (docs/operations.md)."


def _is_this_machine(host: str) -> bool:
    """Return whether the host can only be reached from this machine."""
    name = host.strip("[]").lower()
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


for _host in [*ALLOWED_HOSTS, urlsplit(SITE_URL).hostname or ""]:
    if not _is_this_machine(_host):
        raise ImproperlyConfigured(f"config.settings.dev serves this machine alone, not {_host!r}. {_FOR_OTHERS}")
if SITE_URL.startswith("https://"):
    raise ImproperlyConfigured(f"config.settings.dev takes no https SITE_URL. {_FOR_OTHERS}")
if "_live_" in STRIPE_SECRET_KEY:
    raise ImproperlyConfigured(f"config.settings.dev takes no live key of the payment provider. {_FOR_OTHERS}")
ALLOW_TIME_TRAVEL = True
VAULT_KEYS = VAULT_KEYS or [env.key_from(SECRET_KEY)]
SELLER_NAME = SELLER_NAME or "Octavo Demonstration"
SELLER_ADDRESS = SELLER_ADDRESS or ["1 Example Street", "10115 Berlin", "Germany"]
SELLER_VAT_ID = SELLER_VAT_ID or "DE000000000"
SELLER_EMAIL = SELLER_EMAIL or "books@localhost"
# The sample account number that a German bank publishes.
BANK_HOLDER, BANK_IBAN, BANK_BIC = "Octavo Demonstration", "DE89370400440532013000", "COBADEFFXXX"
PAYOUT_ACCOUNT_HOLD = timedelta(0)
STAFF_SECOND_FACTOR_REQUIRED = env.flag("STAFF_SECOND_FACTOR_REQUIRED", False)
WHITENOISE_USE_FINDERS = True
if env.flag("PSEUDO_LANGUAGE", False):  # docs/translating.md
    LANGUAGES = [*LANGUAGES, ("ar", "Pseudo-language")]
    LOCALE_PATHS = [VAR_DIR / "pseudo", *LOCALE_PATHS]
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
shared_metrics.share(Path(METRICS_DIR) if METRICS_DIR else shared_metrics.default_folder(VAR_DIR))
