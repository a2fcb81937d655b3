"""Settings for the tests: jobs run in place, passwords hash quickly, files go to a folder of the run's own."""

from __future__ import annotations

import tempfile
from pathlib import Path

from config import env

from .base import *
from .base import CACHES, NETWORK_RATE_LIMITS, STORAGES

SECRET_KEY = "tests"
SITE_URL = "http://testserver"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
ALLOWED_HOSTS = ["*"]
ALLOW_TIME_TRAVEL = True
VAULT_KEYS = [env.key_from("tests")]
BANK_HOLDER, BANK_IBAN, BANK_BIC = "Octavo Tests", "DE89370400440532013000", "COBADEFFXXX"
SELLER_NAME, SELLER_ADDRESS = "Octavo Tests", ["1 Example Street", "10115 Berlin"]
# Staff need two-factor authentication only in tests about it.
STAFF_SECOND_FACTOR_REQUIRED = False
SELLER_VAT_ID, SELLER_EMAIL = "DE000000000", "books@example.org"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True  # finds files on request: otherwise each test's client would list them all
_FILES = Path(tempfile.mkdtemp(prefix="octavo-test-"))
for _alias in ("default", "private", "public"):
    STORAGES[_alias] = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": _FILES / ("public" if _alias == "public" else "private"),
            "base_url": "/public/" if _alias == "public" else "/private/",
        },
    }
STATIC_ROOT = _FILES / "static"
STATIC_ROOT.mkdir()
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# Emptied before each test, also before those without a database.
CACHES = {**CACHES, "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
BROKER_URL = CELERY_BROKER_URL = "memory://"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
DICTIONARIES_DIR = _FILES / "dictionaries"
CONVERSION_CACHE_DIR = _FILES / "cache"
# A test may request every page within a minute, from one network.
NETWORK_RATE_LIMITS = dict.fromkeys(NETWORK_RATE_LIMITS, 100_000)
