"""The settings, the vault's keys and the payment provider."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage

from common import vault
from operations.doctor.examination import Finding, Level, ok, warning, wrong
from payments import services as payment_services
from royalties.models import BankDetails, BankFile, PayeeDetails

_SANDBOX = "conversion."


def settings_and_sandbox() -> Iterator[Finding]:
    """Run `check --deploy`. What it says about the sandbox of conversions gets a line of its own."""
    found = checks.run_checks(include_deployment_checks=True)
    found = [message for message in found if message.level >= checks.WARNING and not message.is_silenced()]
    of_sandbox = [message for message in found if str(message.id).startswith(_SANDBOX)]
    yield from _findings("settings", [message for message in found if message not in of_sandbox])
    yield from _findings("sandbox", of_sandbox)


def _findings(name: str, messages: list[CheckMessage]) -> Iterator[Finding]:
    if not messages:
        yield ok(name, "manage.py check --deploy finds nothing to say.")
    for message in messages:
        level = Level.WRONG if message.level >= checks.ERROR else Level.WARNING
        yield Finding(name, level, f"{message.msg} ({message.id})", str(message.hint or "See .env.example."))


def vault_keys() -> Iterator[Finding]:
    """Encrypt and decrypt, then decrypt the oldest and the newest of what is stored."""
    if vault.decrypt(vault.encrypt(b"doctor")) != b"doctor":
        yield wrong("vault", "VAULT_KEYS do not open what they locked.", "Set VAULT_KEYS (.env.example).")
        return
    unreadable = sorted(kind for kind, token in _stored_tokens() if not _opens(token))
    if unreadable:
        advice = "Add the key that these were written under to VAULT_KEYS, behind the newest, from where you keep keys."
        yield wrong("vault", f"VAULT_KEYS do not open what is stored: {', '.join(unreadable)}.", advice)
    else:
        yield ok("vault", f"{len(settings.VAULT_KEYS)} of VAULT_KEYS; what is stored can be read.")


def _stored_tokens() -> Iterator[tuple[str, bytes]]:
    stored = (
        ("bank details", BankDetails.objects.all()),
        ("bank files", BankFile.objects.all()),
        ("details of payees", PayeeDetails.objects.exclude(token=b"")),
    )
    for kind, rows in stored:
        tokens = rows.values_list("token", flat=True)
        for token in (tokens.order_by("pk").first(), tokens.order_by("-pk").first()):
            if token is not None:
                yield kind, bytes(token)


def _opens(token: bytes) -> bool:
    try:
        vault.decrypt(token)
    except vault.DecryptionFailed:
        return False
    return True


def provider() -> Iterator[Finding]:
    """Ask the payment provider about our key and endpoints, as `check_provider` does."""
    if settings.PAYMENTS_SANDBOX:
        advice = "Right for a shop without real money. Otherwise set STRIPE_SECRET_KEY."
        yield warning("provider", "Payments are simulated.", advice)
        return
    for finding in payment_services.probe_provider():
        if finding.is_ok:
            yield ok("provider", f"{finding.what}: {finding.detail}")
        else:
            yield wrong("provider", f"{finding.what}: {finding.detail}", "See “Stripe” in docs/operations.md.")
