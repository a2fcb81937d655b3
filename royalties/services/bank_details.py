"""A payee's bank details: stored in the vault, shown masked, read only with an audit entry."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common import jobs, vault
from payments.rails import Beneficiary
from royalties.models import BankDetails, PayoutAccount, PayoutRail


@transaction.atomic
def use_bank(*, actor: User, beneficiary: Beneficiary, at: datetime) -> PayoutAccount:
    """Pay the person to this bank account from now on, after the hold that follows every change. They get an email.

    Does nothing when the details are the same. The caller must have asked for the password.
    """
    account, _ = PayoutAccount.objects.select_for_update().get_or_create(
        user=actor, defaults={"country": beneficiary.country, "changed_at": at, "usable_from": at}
    )
    kept = BankDetails.objects.filter(account=account).first()
    is_same = kept is not None and _opened(kept) == beneficiary
    if is_same and account.rail == PayoutRail.BANK and not account.trouble:
        return account
    token = vault.encrypt(json.dumps(asdict(beneficiary), sort_keys=True).encode())
    BankDetails.objects.update_or_create(account=account, defaults={"token": token, "changed_at": at})
    account.rail, account.country, account.masked_bank = PayoutRail.BANK, beneficiary.country, beneficiary.masked
    account.is_ready, account.trouble = True, ""
    account.changed_at, account.usable_from = at, at + settings.PAYOUT_ACCOUNT_HOLD
    account.untold_change_at = at
    account.save()
    account_services.record_audit(
        actor=actor, verb="payout_account.changed", subject=account, facts={"rail": account.rail}
    )
    jobs.enqueue("royalties.tell_account_changed", account_id=account.pk)
    return account


def read(*, actor: User, account: PayoutAccount, purpose: str) -> Beneficiary:
    """Return the details in the clear, for a payment; the read is audited. Raises DecryptionFailed."""
    kept = BankDetails.objects.get(account=account)
    account_services.record_audit(actor=actor, verb="bank_details.read", subject=account, facts={"purpose": purpose})
    return _opened(kept)


def _opened(kept: BankDetails) -> Beneficiary:
    return Beneficiary(**json.loads(vault.decrypt(kept.token)))
