"""Embedded defaults for one machine: SQLite, the bundled broker, files on disk, sandbox payments."""

from __future__ import annotations

from datetime import timedelta

from config import env

from .base import *
from .base import SECRET_KEY, SELLER_ADDRESS, SELLER_EMAIL, SELLER_NAME, SELLER_VAT_ID, STORAGES, VAR_DIR, VAULT_KEYS

DEBUG = env.flag("DEBUG", False)
ALLOWED_HOSTS = ["*"] if DEBUG else env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CLOCK_CAN_MOVE = True
VAULT_KEYS = VAULT_KEYS or [env.key_from(SECRET_KEY)]
SELLER_NAME = SELLER_NAME or "Octavo Demonstration"
SELLER_ADDRESS = SELLER_ADDRESS or ["1 Example Street", "10115 Berlin", "Germany"]
SELLER_VAT_ID = SELLER_VAT_ID or "DE000000000"
SELLER_EMAIL = SELLER_EMAIL or "books@localhost"
# An account of the German bank that gives its number to examples.
BANK_HOLDER, BANK_IBAN, BANK_BIC = "Octavo Demonstration", "DE89370400440532013000", "COBADEFFXXX"
PAYOUT_ACCOUNT_HOLD = timedelta(0)
STAFF_SECOND_FACTOR_REQUIRED = env.flag("STAFF_SECOND_FACTOR_REQUIRED", False)
WHITENOISE_USE_FINDERS = True
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
