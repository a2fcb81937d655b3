"""Payout accounts: opened at the provider, which verifies the person and keeps the bank details."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import services as account_services
from accounts.models import User
from common import jobs
from payments import services as payment_services
from payments.gateway import GatewayRefused, GatewayUnknown, ProviderAccount
from royalties.errors import PayoutAccountMissing, PayoutAccountUnavailable
from royalties.models import AccountTrouble, PayoutAccount, PayoutRail
from royalties.selectors import payout_costs


def start_onboarding(*, actor: User, country: str, return_url: str, refresh_url: str, at: datetime) -> str:
    """Open the person's account at the provider, once, and return the URL of its onboarding page.

    The URL can be used once and is never stored. Raises PayoutAccountUnavailable.
    """
    account = _prepare(actor, country, at)
    gateway = payment_services.gateway()
    try:
        if not account.provider_account_id:
            opened = gateway.open_account(
                key=account.key, reference=actor.public_id, email=actor.email, country=account.country
            )
            account = _opened(account.pk, opened, at)
        return gateway.onboarding_url(
            account_id=account.provider_account_id, return_url=return_url, refresh_url=refresh_url
        )
    except GatewayRefused as refused:
        _next_attempt(account.pk, account.attempt)
        raise PayoutAccountUnavailable(detail=str(refused)) from refused
    except GatewayUnknown as unknown:
        raise PayoutAccountUnavailable(detail=_("it did not answer")) from unknown


def refresh(*, account: PayoutAccount, at: datetime) -> PayoutAccount:
    """Fetch from the provider whether the account is ready and where it pays to. Raises PayoutAccountUnavailable."""
    if not account.provider_account_id:
        return account
    try:
        fetched = payment_services.gateway().fetch_account(account_id=account.provider_account_id)
    except (GatewayRefused, GatewayUnknown) as error:
        raise PayoutAccountUnavailable(detail=str(error)) from error
    return _fetched(account.pk, fetched, at)


def refresh_by_provider_id(*, provider_account_id: str, at: datetime) -> PayoutAccount | None:
    """Refresh an account that the provider reported as changed; None when it is none of ours."""
    account = PayoutAccount.objects.filter(provider_account_id=provider_account_id).first()
    return refresh(account=account, at=at) if account else None


@transaction.atomic
def set_minimum(*, actor: User, minimum_units: int) -> PayoutAccount:
    """Choose the smallest payout, in whole units of any currency. Raises PayoutAccountMissing.

    People who were not told what small payouts cost (`choose_schedule`) do not bear that cost.
    """
    account = _own(actor)
    account.minimum_units = minimum_units
    account.save(update_fields=["minimum_units"])
    return account


@transaction.atomic
def choose_schedule(*, actor: User, schedule: str, minimum_units: int, currency: str, at: datetime) -> PayoutAccount:
    """Choose how often, from which amount on and in which currency to be paid; "" keeps each sale's currency.

    The page has told the person what payouts below the free amount cost: from now on they bear that cost. Raises
    PayoutAccountMissing.
    """
    account = _own(actor)
    account.schedule, account.minimum_units, account.currency = schedule, minimum_units, currency
    if account.cost_told_at is None and payout_costs.is_below_free(account, at=at):
        account.cost_told_at = at
    account.save(update_fields=["schedule", "minimum_units", "currency", "cost_told_at"])
    account_services.record_audit(
        actor=actor,
        verb="payout_account.scheduled",
        subject=account,
        facts={"schedule": schedule, "minimum_units": minimum_units, "currency": currency},
    )
    return account


def _own(actor: User) -> PayoutAccount:
    account = PayoutAccount.objects.select_for_update().filter(user=actor).first()
    if account is None:
        raise PayoutAccountMissing
    return account


@transaction.atomic
def _prepare(actor: User, country: str, at: datetime) -> PayoutAccount:
    """Store our row and its key before the call. The country is final once the provider has opened the account.

    A closed account is never opened again: the provider gets a new request under a new key.
    """
    account, is_new = PayoutAccount.objects.select_for_update().get_or_create(
        user=actor,
        defaults={"country": country, "changed_at": at, "usable_from": at + settings.PAYOUT_ACCOUNT_HOLD},
    )
    if is_new:
        return account
    if account.rail != PayoutRail.STRIPE or account.trouble == AccountTrouble.CLOSED:
        is_closed = account.trouble == AccountTrouble.CLOSED and account.rail == PayoutRail.STRIPE
        account.rail, account.is_ready, account.trouble, account.masked_bank = PayoutRail.STRIPE, False, "", ""
        if is_closed:
            account.provider_account_id, account.attempt = "", account.attempt + 1
        account_services.record_audit(actor=actor, verb="payout_account.changed", subject=account)
    if not account.provider_account_id and account.country != country:
        # Other parameters need another key.
        account.country, account.attempt = country, account.attempt + 1
    account.save()
    return account


@transaction.atomic
def _opened(pk: int, opened: ProviderAccount, at: datetime) -> PayoutAccount:
    account = PayoutAccount.objects.select_for_update().get(pk=pk)
    if not account.provider_account_id:
        account.provider_account_id = opened.account_id
        _hold(account, at)
        account.save(update_fields=["provider_account_id", "changed_at", "usable_from"])
        account_services.record_audit(actor=account.user, verb="payout_account.opened", subject=account)
    return account


@transaction.atomic
def _next_attempt(pk: int, attempt: int) -> None:
    """Use a new key for a corrected request."""
    PayoutAccount.objects.filter(pk=pk, attempt=attempt, provider_account_id="").update(attempt=attempt + 1)


@transaction.atomic
def _fetched(pk: int, fetched: ProviderAccount, at: datetime) -> PayoutAccount:
    account = PayoutAccount.objects.select_for_update().select_related("user").get(pk=pk)
    if account.rail != PayoutRail.STRIPE:
        return account  # its owner is paid in another way by now
    bank_changed = fetched.masked_bank != account.masked_bank
    became_ready = fetched.is_ready and not account.is_ready
    account.is_ready, account.masked_bank = fetched.is_ready, fetched.masked_bank
    if _is_cured(account, bank_changed=bank_changed):
        account.trouble = ""
    if bank_changed or became_ready:
        _hold(account, at)
        account.untold_change_at = at
        account_services.record_audit(actor=account.user, verb="payout_account.changed", subject=account)
        jobs.enqueue("royalties.tell_account_changed", account_id=account.pk)
    account.save(update_fields=["is_ready", "masked_bank", "trouble", "changed_at", "usable_from", "untold_change_at"])
    return account


def _is_cured(account: PayoutAccount, *, bank_changed: bool) -> bool:
    """Return whether the trouble is over: a bank that sent money back was changed, or an inactive account is active."""
    if account.trouble == AccountTrouble.BANK_REFUSED:
        return bank_changed
    return account.trouble == AccountTrouble.INACTIVE and account.is_ready


def _hold(account: PayoutAccount, at: datetime) -> None:
    account.changed_at, account.usable_from = at, at + settings.PAYOUT_ACCOUNT_HOLD
