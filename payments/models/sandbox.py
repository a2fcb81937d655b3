"""The simulated provider's database. No app above refers to these tables; a live installation leaves them empty."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class SandboxObject(models.Model):
    """One resource as JSON. `group` is a second key to look it up by, besides its id."""

    object_id = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=40)
    group = models.CharField(max_length=120, blank=True)
    data = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["kind", "group", "-id"])]

    def __str__(self) -> str:
        return self.object_id


class SandboxBalance(models.Model):
    """The platform's balance in one currency. Changed only by conditional updates."""

    currency = models.CharField(max_length=3, unique=True)
    available_minor = models.BigIntegerField(default=0)


class SandboxBalanceTransaction(models.Model):
    """One movement of the platform's balance: net = amount - fee."""

    object_id = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=30, help_text="charge, refund, transfer, transfer_refund, adjustment")
    category = models.CharField(max_length=30, help_text="the same for accountants: dispute, refund_failure, ...")
    description = models.CharField(max_length=200, blank=True)
    source_id = models.CharField(max_length=120, db_index=True)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField(default=0)
    exchange_rate = models.DecimalField(
        max_digits=20, decimal_places=8, null=True, help_text="from the payment's currency, in major units"
    )
    payout_id = models.CharField(max_length=120, blank=True, db_index=True, help_text="our payout that contains it")
    created_at = models.DateTimeField(db_index=True)

    @property
    def net_minor(self) -> int:
        return self.amount_minor - self.fee_minor


class SandboxAccountBalance(models.Model):
    """The balance of a connected account until it is paid out to its bank; reversals may take it below zero."""

    account_id = models.CharField(max_length=120)
    currency = models.CharField(max_length=3)
    available_minor = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account_id", "currency"], name="sandbox_account_balance_once")]


class SandboxRate(models.Model):
    """An exchange rate that was set by hand: what one major unit of `currency` is worth in the balance's currency
    from that moment."""

    currency = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=20, decimal_places=8)
    since = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["currency", "-since"], name="sandbox_rate_newest")]


class SandboxRequest(models.Model):
    """A response stored under its idempotency key."""

    key = models.CharField(max_length=255, unique=True)
    path = models.CharField(max_length=200)
    parameters = models.JSONField()
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField()


class SandboxEvent(models.Model):
    """An event to be posted to our own webhook endpoint."""

    event_id = models.CharField(max_length=120, unique=True)
    event_type = models.CharField(max_length=120, blank=True)
    account_id = models.CharField(max_length=120, blank=True, help_text="connected account it came from")
    endpoint = models.CharField(max_length=10)
    body = models.TextField()
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField(help_text="real time")
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(delivered_at=None), name="sandbox_event_undelivered")
        ]


class FaultKind(models.TextChoices):
    LOST_BEFORE = "lost_before"  # the request never arrived
    LOST_AFTER = "lost_after"  # it was carried out, the answer was lost
    RATE_LIMITED = "rate_limited"  # 429
    SERVER_ERROR = "server_error"  # 500, stored and repeated under its idempotency key
    IN_USE = "in_use"  # 409: another request with the key is still in progress
    BALANCE_INSUFFICIENT = "balance_insufficient"  # 400, stored as well


class SandboxFault(models.Model):
    """A simulated fault: the next `remaining` requests whose path starts with `path` suffer it."""

    kind = models.CharField(max_length=20, choices=FaultKind)
    path = models.CharField(max_length=200)
    remaining = models.PositiveSmallIntegerField()
