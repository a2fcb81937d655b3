"""System checks: of the settings with `manage.py check --deploy`, of the database with `--database`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from common import clock, vault

# From the long chain of migrations, and from the time when the shop was one app.
_GONE = {("royalties", "0002_ledger_triggers"), ("storefront", "0001_initial")}
_MIN_KEY_LENGTH, _MIN_KEY_CHARACTERS = 50, 5  # as in Django's own warning, security.W009
_MAKE_SECRET_KEY = "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
_MAKE_VAULT_KEY = "See .env.example for how to make a key, and keep it apart from backups of the database."
_NEEDED = ("SELLER_NAME", "SELLER_ADDRESS", "SELLER_EMAIL")


@register(deploy=True)
def seller_is_named(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that a seller is named on receipts for real money.

    A tax number is not required: not every seller has one.
    """
    found: list[CheckMessage] = []
    missing = ", ".join(name for name in _NEEDED if not getattr(settings, name))
    if missing:
        kind, number = (Warning, "W001") if settings.PAYMENTS_SANDBOX else (Error, "E001")
        text = f"Receipts and /legal-notice/ do not say who sells: {missing}."
        found.append(kind(text, hint="See .env.example.", id=f"common.{number}"))
    if not settings.SELLER_VAT_ID:
        text = "SELLER_VAT_ID is empty: receipts name no tax number, which is right for a seller without one only."
        found.append(Warning(text, id="common.W002"))
    return found


@register(deploy=True)
def requests_are_limited(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that rate limits are on; they also count log-in attempts. Only speed is measured without them."""
    if settings.ACCOUNT_RATE_LIMITS:
        return []
    return [Error("RATE_LIMITS=no: anybody may try passwords without end.", hint="Take it out.", id="common.E002")]


@register(deploy=True)
def secret_key_is_strong(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that nobody can guess the key that sessions and links are signed with. Django itself only warns."""
    key = settings.SECRET_KEY
    if len(key) >= _MIN_KEY_LENGTH and len(set(key)) >= _MIN_KEY_CHARACTERS and not key.startswith("django-insecure-"):
        return []
    text = "SECRET_KEY can be guessed: it is too short, or repeats few characters."
    return [Error(text, hint=f"Make one: {_MAKE_SECRET_KEY}", id="common.E004")]


@register(deploy=True)
def vault_keys_are_keys(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that each of VAULT_KEYS is a Fernet key: otherwise the first author who enters bank details gets an
    error."""
    if not settings.VAULT_KEYS:
        return [Error("VAULT_KEYS is empty: bank details cannot be kept.", hint=_MAKE_VAULT_KEY, id="common.E005")]
    wrong = [str(place) for place, key in enumerate(settings.VAULT_KEYS, start=1) if not vault.is_key(key)]
    if not wrong:
        return []
    text = f"VAULT_KEYS: number {', '.join(wrong)} of {len(settings.VAULT_KEYS)} is no Fernet key."
    return [Error(text, hint=_MAKE_VAULT_KEY, id="common.E005")]


@register(deploy=True)
def mail_is_sent(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that there is a mail server: without it emails become rows of a table that nobody sees in production."""
    if settings.MAILERS["default"]["BACKEND"] != "common.outbox_email_backend.OutboxBackend":
        return []
    text = "No mail server (SMTP_HOST): nobody can confirm an address, so nobody new gets in."
    return [Error(text, hint="Set SMTP_HOST, SMTP_USER and SMTP_PASSWORD.", id="common.E006")]


@register(Tags.database)
def database_is_not_older_than_0_1(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Check that the database was not made by migrations before 0.1.0, which were replaced by today's."""
    if not databases or not _GONE & MigrationRecorder(connection).applied_migrations().keys():
        return []
    text = "This database was made by a version from before 0.1.0, and no migration leads from it to this one."
    hint = (
        "Start with an empty database: nothing was released before 0.1.0. For the demonstration: script/demo --fresh."
    )
    return [Error(text, hint=hint, id="common.E003")]


@register(Tags.database)
def clock_is_right(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Check that the host's clock agrees with the database's.

    Money moves by the database's clock, but a host that disagrees still sends emails and shows days by its own. Runs
    where a database is used: in `check --database default`, `migrate`, and when a worker starts.
    """
    if not databases:
        return []
    skew = clock.skew()
    if abs(skew) <= clock.TOLERATED_SKEW:
        return []
    seconds = round(abs(skew).total_seconds())
    text = f"This machine's clock is {seconds} s {'ahead of' if skew > timedelta(0) else 'behind'} the database's."
    hint = "Keep both in step, by NTP. Money moves by the database's clock; mails and pages go by this one."
    return [Warning(text, hint=hint, id="common.W003")]
