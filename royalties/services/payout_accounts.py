"""Where a person's payouts go: opened at the provider, which checks the person and keeps the bank details."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import services as account_services
from accounts.models import User
from common import jobs
from payments import services as payment_services
from payments.gateway import GatewayRefused, GatewayUnknown, ProviderAccount
from royalties.errors import PayoutAccountMissing, PayoutAccountUnavailable
from royalties.models import PayoutAccount


def start_onboarding(*, actor: User, country: str, return_url: str, refresh_url: str, at: datetime) -> str:
    """Open the person's account at the provider, once, and return the address of its onboarding page.

    The address is for one use and never stored. Raises PayoutAccountUnavailable.
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
    """The provider said that an account changed; None when it is none of ours."""
    account = PayoutAccount.objects.filter(provider_account_id=provider_account_id).first()
    return refresh(account=account, at=at) if account else None


@transaction.atomic
def set_minimum(*, actor: User, minimum_minor: int) -> PayoutAccount:
    """Choose the smallest payout. Raises PayoutAccountMissing."""
    account = PayoutAccount.objects.select_for_update().filter(user=actor).first()
    if account is None:
        raise PayoutAccountMissing
    account.minimum_minor = minimum_minor
    account.save(update_fields=["minimum_minor"])
    return account


def tell_changed(*, account: PayoutAccount) -> None:
    """Mail the person, who may not be the one who changed it."""
    text = _(
        "Hello %(name)s,\n\nthe account that your Octavo earnings are paid to was set up or changed. If that was you, "
        "there is nothing to do. If it was not, log in, change your password and write to us: nothing is paid to a "
        "changed account for the first days.\n"
    )
    send_mail(_("Your payout account changed"), text % {"name": account.user.display_name}, None, [account.user.email])


@transaction.atomic
def _prepare(actor: User, country: str, at: datetime) -> PayoutAccount:
    """Our row and its key before the call. The country is settled once the provider opened the account."""
    account, is_new = PayoutAccount.objects.select_for_update().get_or_create(
        user=actor,
        defaults={"country": country, "changed_at": at, "usable_from": at + settings.PAYOUT_ACCOUNT_HOLD},
    )
    if not is_new and not account.provider_account_id and account.country != country:
        # Other parameters need another key.
        account.country, account.attempt = country, account.attempt + 1
        account.save(update_fields=["country", "attempt"])
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
    """A corrected request needs a new key."""
    PayoutAccount.objects.filter(pk=pk, attempt=attempt, provider_account_id="").update(attempt=attempt + 1)


@transaction.atomic
def _fetched(pk: int, fetched: ProviderAccount, at: datetime) -> PayoutAccount:
    account = PayoutAccount.objects.select_for_update().select_related("user").get(pk=pk)
    bank_changed = fetched.masked_bank != account.masked_bank
    became_ready = fetched.is_ready and not account.is_ready
    account.is_ready, account.masked_bank = fetched.is_ready, fetched.masked_bank
    if bank_changed or became_ready:
        _hold(account, at)
        account_services.record_audit(actor=account.user, verb="payout_account.changed", subject=account)
        jobs.enqueue("royalties.tell_account_changed", account_id=account.pk)
    account.save(update_fields=["is_ready", "masked_bank", "changed_at", "usable_from"])
    return account


def _hold(account: PayoutAccount, at: datetime) -> None:
    account.changed_at, account.usable_from = at, at + settings.PAYOUT_ACCOUNT_HOLD
