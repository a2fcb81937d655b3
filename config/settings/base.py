"""Settings shared by all environments. `dev`, `test` and `production` build on them."""

from __future__ import annotations

import logging
import os
from datetime import timedelta
from pathlib import Path

from django.utils.csp import CSP

from common import critical_css, logs
from config import env

from .operation import *
from .rate_limits import *

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var")))
# Root's conversions run as another user, who may pass through to a folder of its own but not list anything.
VAR_DIR.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)

SECRET_KEY = env.text("SECRET_KEY", "embedded-default-for-this-machine-only")
# Earlier keys: what they signed (sessions, links in emails) stays valid until they are removed from this list.
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
DEBUG = False
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
SITE_NAME = "Octavo"
# Where visitors get the source code of what runs here, as the AGPL requires (section 13).
SOURCE_URL = env.text("SOURCE_URL", "")
# Whether readers may keep books on their devices. "no" takes workers and kept books away (docs/operations.md).
READER_OFFLINE = env.flag("READER_OFFLINE", True)
# The seller, as the law requires on receipts and under /legal-notice/.
SELLER_NAME = env.text("SELLER_NAME", "")
SELLER_ADDRESS = env.lines("SELLER_ADDRESS")
SELLER_VAT_ID = env.text("SELLER_VAT_ID", "")
SELLER_EMAIL = env.text("SELLER_EMAIL", "")
# Notified of each message from the contact form. If "", messages only wait on the staff page.
SUPPORT_EMAIL = env.text("SUPPORT_EMAIL", "")
# The contact in security.txt for reporting vulnerabilities: an email address or a URL. "" means the contact form.
SECURITY_CONTACT = env.text("SECURITY_CONTACT", "")
SITE_URL = env.text("SITE_URL", "http://localhost:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# How many of our own proxies are in front and append to X-Forwarded-For (common/client_ip.py).
TRUSTED_PROXIES = env.integer("TRUSTED_PROXIES", 0)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_structlog",
    "common",
    "accounts",
    "payments",
    "conversion",
    "publishing",
    "publishing.collaboration",
    "publishing.editing",
    "publishing.comments",
    "publishing.digests",
    "publishing.bulk",
    "publishing.passages",
    "royalties",
    "storefront.catalogue",
    "storefront.search",
    "storefront.checkout",
    "storefront.reading",
    "storefront.library",
    "storefront.community",
    "storefront.newsletters",
    "storefront.devices",
    "storefront.sending",
    "storefront.own_books",
    "storefront.shelf",
    "storefront.in_progress",
    "storefront.advance_copies",
    "storefront.claims",
    "storefront.suspensions",
    "hiring.conversations",
    "hiring.funding",
    "hiring.contracts",
    "hiring.reviews",
    "hiring.offers",
    "hiring.requests",
    "helpdesk",
    "insight.events",
    "insight.completion",
    "insight.market_reports",
    "insight.searches",
    "insight.figures",
    "insight.market",
    "operations.telemetry",
    "operations.heartbeats",
    "operations.metrics",
    "operations.health",
    "operations.maintenance",
    "operations.backups",
    "operations.doctor",
    "demo",
]

MIDDLEWARE = [
    "common.middleware.ProbeMiddleware",
    "operations.metrics.middleware.MetricsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "common.middleware.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "common.request_logs.RequestLogMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "storefront.pages.middleware.OldUrlRedirectMiddleware",
    "accounts.middleware.RegionMiddleware",
    "common.body_limits.BodyLimitMiddleware",
    "common.middleware.NulMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "common.middleware.LimitMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.PrivateCacheMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.ActivityMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.StaffMiddleware",
    "operations.maintenance.middleware.MaintenanceMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "accounts.middleware.RefusalMiddleware",
    "common.middleware.DomainErrorMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            # All of these are lazy: a shop page that uses neither the user nor messages does not vary by visitor.
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "common.context.site",
            ],
            "builtins": ["common.templatetags.money", "common.templatetags.shape"],
        },
    }
]

DATABASES = {"default": env.database("DATABASE_URL", VAR_DIR / "octavo.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    # Counts attempts (log-in, finding orders) and remembers one-time codes. In the database, which all web processes
    # share: a cache server that is down must not allow endless password attempts.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "common_cacheentry",
        # More than the addresses that ever try something within an hour. Expired entries are dropped before the oldest.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    # Expensive results that can be computed again: facet counts, the front page's shelves.
    "pages": env.cache("CACHE_URL", "pages"),
    # How many requests each visitor made within the minute (common/limits.py).
    "counts": env.cache("CACHE_URL", "counts"),
    # Results of one process that it can compute again.
    "process": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "process",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
}

# Keys of the vault (see common/vault.py), newest first. They encrypt people's bank details.
VAULT_KEYS = env.words("VAULT_KEYS")

# ---------------------------------------------------------------- people

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.GuessableValidator"},
]
# The service asked whether a password is known from leaks; "" for none (accounts/passwords.py).
BREACHED_PASSWORDS_URL = env.text("BREACHED_PASSWORDS_URL", "")
if BREACHED_PASSWORDS_URL:
    AUTH_PASSWORD_VALIDATORS.append({"NAME": "accounts.passwords.BreachedValidator"})
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Nobody can log in before confirming their address, by a code entered in the same browser.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = 3
# With mandatory verification, signing up does not reveal who already has an account.
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupExtras"
ACCOUNT_FORMS = {
    "login": "accounts.login_forms.LoginForm",
    "signup": "accounts.login_forms.SignupForm",
    "confirm_email_verification_code": "accounts.login_forms.EnterCodeForm",
    "add_email": "accounts.login_forms.AddEmailForm",
    "change_password": "accounts.login_forms.ChangePasswordForm",
    "reset_password": "accounts.login_forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.login_forms.ResetPasswordKeyForm",
    "user_token": "accounts.login_forms.UserTokenForm",
}
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Changing addresses, passwords or two-factor methods needs a recent log-in.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGOUT_REDIRECT_URL = "pages:front"
if not env.flag("RATE_LIMITS", True):  # to measure how fast a shop is from one machine
    ACCOUNT_RATE_LIMITS, NETWORK_RATE_LIMITS = False, {}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ADAPTER = "accounts.mfa_adapter.MFAAdapter"
MFA_FORMS = {
    "authenticate": "accounts.mfa_forms.AuthenticateForm",
    "reauthenticate": "accounts.mfa_forms.ReauthenticateForm",
    "login_webauthn": "accounts.mfa_forms.LogInByPasskeyForm",
    "authenticate_webauthn": "accounts.mfa_forms.AuthenticateByPasskeyForm",
    "reauthenticate_webauthn": "accounts.mfa_forms.ReauthenticateByPasskeyForm",
    "add_webauthn": "accounts.mfa_forms.AddPasskeyForm",
    "edit_webauthn": "accounts.mfa_forms.EditPasskeyForm",
}
MFA_TOTP_ISSUER = SITE_NAME
USERSESSIONS_TRACK_ACTIVITY = True
# Staff roles are active once the account has two-factor authentication. Only the demonstration waives it.
STAFF_SECOND_FACTOR_REQUIRED = True
# Micro and small enterprises need not report (Regulation (EU) 2022/2065, Article 19); /transparency.json says so.
DSA_SMALL_SHOP = env.flag("DSA_SMALL_SHOP", True)
# Staff must enter the password again after a while without requests, and log in again after a working day.
STAFF_SESSION_IDLE = timedelta(minutes=env.integer("STAFF_IDLE_MINUTES", 30))
STAFF_SESSION_MAX_AGE = timedelta(hours=env.integer("STAFF_SESSION_HOURS", 12))

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
# Avoids a third cookie: one-time messages are kept in the session.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# ---------------------------------------------------------------- pages

# Read when the process starts: restart after script/vendor has changed it.
CRITICAL_CSS = critical_css.read(BASE_DIR / "static" / "vendor")
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, *CRITICAL_CSS.script_sources],
    "style-src": [CSP.SELF, *CRITICAL_CSS.style_sources],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF, "https://checkout.stripe.com", "https://connect.stripe.com"],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # probes count a redirect as a sign of life
# Browser features that our pages never use. The reader may go full screen; passkeys are for this site only.
_REFUSED_FEATURES = ("camera", "display-capture", "geolocation", "microphone", "midi", "payment", "usb")
_OWN_FEATURES = ("fullscreen", "publickey-credentials-create", "publickey-credentials-get")
PERMISSIONS_POLICY = ", ".join(
    [*(f"{name}=()" for name in _REFUSED_FEATURES), *(f"{name}=(self)" for name in _OWN_FEATURES)]
)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
# Language and country of the regions announced to search engines; all other regions work as well.
FEATURED_REGIONS = (
    ("en", "US"),
    ("en", "GB"),
    ("en", "IE"),
    ("en", "JP"),
    ("de", "DE"),
    ("de", "AT"),
    ("de", "CH"),
)
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]

# ---------------------------------------------------------------- files

_S3_BUCKET = env.text("S3_BUCKET", "")
# A bucket URL opens its file for anyone who has it, so it is made for one download and expires.
BUCKET_LINK_SECONDS = 60


# How purchased files are delivered: "direct" (this process), "accel" (X-Accel-Redirect by nginx) or "signed" (S3 URL).
DOWNLOAD_BACKEND = env.text("DOWNLOAD_BACKEND", "signed" if _S3_BUCKET else "direct")
# Modes of folders and files. Only nginx reads private ones, as a member of our group.
_MODES = {"public": (0o755, 0o644), "private": (0o750, 0o640) if DOWNLOAD_BACKEND == "accel" else (0o700, 0o600)}


def _files(folder: str) -> dict[str, object]:
    """Return the storage of one kind of file: a folder on disk, or a prefix in the S3 bucket."""
    if not _S3_BUCKET:
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {
                "location": VAR_DIR / "files" / folder,
                "base_url": f"/{folder}/",
                "directory_permissions_mode": _MODES[folder][0],
                "file_permissions_mode": _MODES[folder][1],
            },
        }
    return {
        "BACKEND": "common.bucket_storage.BucketStorage",
        "OPTIONS": {
            "bucket_name": _S3_BUCKET,
            "location": folder,
            "endpoint_url": env.text("S3_ENDPOINT_URL", "") or None,
            "region_name": env.text("S3_REGION", "") or None,
            "access_key": env.text("S3_ACCESS_KEY", "") or None,
            "secret_key": env.text("S3_SECRET_KEY", "") or None,
            "querystring_expire": BUCKET_LINK_SECONDS,
            "file_overwrite": False,
        },
    }


STORAGES = {
    "default": _files("private"),
    "private": _files("private"),
    "public": _files("public"),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_URL = "/public/"
MAX_MANUSCRIPT_BYTES = env.integer("MAX_MANUSCRIPT_MB", 200) * 1024 * 1024
# Limits of one account: uploads within 24 hours, the size of its drafts, and how many works were never on sale.
MAX_UPLOAD_BYTES_PER_DAY = env.integer("MAX_UPLOAD_MB_A_DAY", 1000) * 1024 * 1024
MAX_DRAFT_BYTES = env.integer("MAX_DRAFT_MB", 2000) * 1024 * 1024
# What one person's own books may take up, EPUBs from elsewhere that they read here; one of them MAX_MANUSCRIPT_MB.
MAX_OWN_BOOKS_BYTES = env.integer("MAX_OWN_BOOKS_MB", 2000) * 1_000_000
MAX_DRAFTS = env.integer("MAX_DRAFTS", 100)
MAX_COVER_BYTES = 20 * 1024 * 1024
MAX_MESSAGE_FILE_BYTES = env.integer("MAX_MESSAGE_FILE_MB", 25) * 1024 * 1024
# Limit of any request whose view accepts no files (common/body_limits.py). Text forms fit many times over.
MAX_BODY_BYTES = DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DOWNLOAD_LINK_SECONDS = 300

# ---------------------------------------------------------------- jobs

BROKER_URL = env.text("BROKER_URL", f"redis+socket://{VAR_DIR}/broker.sock")
CELERY_BROKER_URL = BROKER_URL
CELERY_TASK_ALWAYS_EAGER = False
CONVERSION_LEASE = timedelta(seconds=30)
CONVERSION_ATTEMPTS = 3
# One account uses no more workers than the first number, and all large sources together no more than the second.
CONVERSION_RUNNING_PER_ACCOUNT = env.integer("CONVERSION_RUNNING_PER_ACCOUNT", 1)
CONVERSION_LARGE_RUNNING = env.integer("CONVERSION_LARGE_RUNNING", 1)
CONVERSION_LARGE_BYTES = env.integer("CONVERSION_LARGE_BYTES", 5 * 1024 * 1024)
# Dictionaries for the web reader, made by `manage.py build_dictionaries`. Without them, readers look up no words here.
DICTIONARIES_DIR = Path(env.text("DICTIONARIES_DIR", str(VAR_DIR / "dictionaries")))
# Limit of one account: conversions running or waiting.
MAX_OPEN_JOBS = env.integer("MAX_OPEN_JOBS", 20)
# Cached parts of books, by account, on the worker's own disk. Unused parts expire; 0 MB means no cache.
CONVERSION_CACHE_DIR = Path(env.text("CONVERSION_CACHE_DIR", str(VAR_DIR / "cache" / "conversion")))
CONVERSION_CACHE_MB = env.integer("CONVERSION_CACHE_MB", 2000)
CONVERSION_CACHE_DAYS = env.integer("CONVERSION_CACHE_DAYS", 30)
CONVERSION_REQUIRE_SANDBOX = env.flag("CONVERSION_REQUIRE_SANDBOX", False)
CONVERSION_CHILD_USER = env.text("CONVERSION_CHILD_USER", "")

# ---------------------------------------------------------------- mail

DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", "Octavo <books@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Where refusals of books sent to devices arrive (storefront/sending/mailbox.py); "" for nowhere.
RETURNS_MAILBOX = env.text("RETURNS_MAILBOX", "")
_SMTP_HOST = env.text("SMTP_HOST", "")
# Without an SMTP server, emails are kept in the database and shown on the outbox page.
OUTBOX_PAGE = not _SMTP_HOST
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": _SMTP_HOST,
            "port": env.integer("SMTP_PORT", 587),
            "username": env.text("SMTP_USER", ""),
            "password": env.text("SMTP_PASSWORD", ""),
            "use_tls": env.flag("SMTP_TLS", True),
            "timeout": 10,
        },
    }
    if _SMTP_HOST
    else {"BACKEND": "common.outbox_email_backend.OutboxBackend"}
}

# ---------------------------------------------------------------- money

CURRENCIES = ("USD", "EUR", "GBP", "JPY")
DEFAULT_CURRENCY = "USD"
# Currencies in which services are paid: those that our balance at the payment provider settles in, as money that is
# held for weeks must not change its worth meanwhile.
HIRING_CURRENCIES = ("USD", "EUR", "GBP")
# The provider's minimum charge in minor units (docs.stripe.com/currencies, "minimum charge amounts").
MINIMUM_CHARGE_MINOR = {"USD": 50, "EUR": 50, "GBP": 30, "JPY": 50}
# Payment pages that an account may open within a day without paying any.
MAX_UNPAID_CHECKOUTS = env.integer("MAX_UNPAID_CHECKOUTS", 15)
REFUND_WINDOW = timedelta(days=14)
# What one finance person may refund alone. Above it, and in other currencies, a second one decides.
STAFF_REFUND_LIMITS_MINOR = {"USD": 5000, "EUR": 5000, "GBP": 4000, "JPY": 7500}
# Used books are refunded automatically to one buyer, card, browser or network this often in 90 days,
GOODWILL_REFUNDS = env.integer("GOODWILL_REFUNDS", 3)
# and by the whole shop this often and up to this amount a day (UTC). Above it, and in other currencies, staff decide.
GOODWILL_DAILY_REFUNDS = env.integer("GOODWILL_DAILY_REFUNDS", 100)
GOODWILL_DAILY_LIMITS_MINOR = {"USD": 50000, "EUR": 50000, "GBP": 40000, "JPY": 75000}
# A payment that a card network suspects is refunded automatically up to this: a dispute costs as much.
FRAUD_REFUND_LIMITS_MINOR = {"USD": 1500, "EUR": 2000, "GBP": 2000, "JPY": 2200}
# No payouts go to a payout account for this long after it was set up or changed.
PAYOUT_ACCOUNT_HOLD = timedelta(hours=72)
# A debt waits for later earnings this long before transfers are reversed; at once if the author sells no more.
DEBT_GRACE_PERIOD = timedelta(days=30)
# An exchange rate older than this is not used.
EXCHANGE_RATE_MAX_AGE = timedelta(days=7)
# The account that bank transfer files pay from: holder, IBAN and BIC. Without it no file is made.
BANK_HOLDER = env.text("BANK_HOLDER", "")
BANK_IBAN = env.text("BANK_IBAN", "")
BANK_BIC = env.text("BANK_BIC", "")

STRIPE_SECRET_KEY = env.text("STRIPE_SECRET_KEY", "")
# Without a key, payments are simulated on this machine and no real money moves.
PAYMENTS_SANDBOX = not STRIPE_SECRET_KEY
# Currencies of our balance at the simulated provider. It converts every other currency to the first of these.
SANDBOX_BALANCE_CURRENCIES = ("USD", "EUR", "GBP")
STRIPE_WEBHOOK_SECRET = env.text("STRIPE_WEBHOOK_SECRET", "")
STRIPE_CONNECT_WEBHOOK_SECRET = env.text("STRIPE_CONNECT_WEBHOOK_SECRET", "")
STRIPE_THIN_WEBHOOK_SECRET = env.text("STRIPE_THIN_WEBHOOK_SECRET", "")

# ---------------------------------------------------------------- time

# A demonstration may move the clock forward (see common/clock.py). Never in production.
ALLOW_TIME_TRAVEL = False

LOGGING = logs.configure(as_json=env.text("LOG_FORMAT", "text") == "json", level=env.text("LOG_LEVEL", "INFO"))
# A line for each request that has ended and for each task that has failed. Nobody is named in them.
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_USER_ID_FIELD = None
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = logging.INFO
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_CELERY_DEFAULT_LOG_LEVEL = logging.DEBUG
