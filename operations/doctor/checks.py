"""The list of everything the doctor tries, with the longest that each may take."""

from __future__ import annotations

from operations.doctor import backups, configuration, database, files, machine, network
from operations.doctor.examination import Check

_SETTINGS = "See .env.example and docs/operations.md."
_DATABASE = "Is PostgreSQL running, and do host, name, user and password in DATABASE_URL fit?"
_BROKER = "Is the broker running, and does BROKER_URL name it?"
_FILES = "Is the disk full or another user's (VAR_DIR)? With S3: do bucket, region and keys (S3_…) fit?"
_MAIL = "Do SMTP_HOST, SMTP_PORT, SMTP_USER, SMTP_PASSWORD and SMTP_TLS fit, and is the port open?"
_VAULT = "If the database is in order: VAULT_KEYS has to hold Fernet keys (.env.example)."
_PROVIDER = "Can this machine reach the payment provider? See “Stripe” in docs/operations.md."
_SITE = "Does the name lead to your proxy, is the proxy running, and is its certificate of a known authority?"
_CONVERTER = "Run script/bootstrap, then see “Conversions” in docs/operations.md."

ALL = (
    Check("settings", configuration.settings_and_sandbox, 60, _SETTINGS),
    Check("database", database.database, 15, _DATABASE),
    Check("clock", database.schema_and_clock, 15, _DATABASE),
    Check("broker", network.broker, 10, _BROKER),
    Check("files", files.stored_files, 30, _FILES),
    Check("mail", network.mail, 15, _MAIL),
    Check("vault", configuration.vault_keys, 15, _VAULT),
    Check("provider", configuration.provider, 30, _PROVIDER),
    Check("disk", machine.disk, 5, _FILES),
    Check("converter", machine.converter, 60, _CONVERTER),
    Check("documents", machine.documents, 60, "Run script/bootstrap: it installs Pango."),
    Check("workers", network.workers, 40, _BROKER, needs_running_shop=True),
    Check("schedule", network.schedule, 15, _DATABASE, needs_running_shop=True),
    Check("backups", backups.backups, 15, _DATABASE, needs_running_shop=True),
    Check("site", network.site, 12, _SITE, needs_running_shop=True),
)
