"""Files for the bank: made once from an approved run and released by a second person. Their bytes never change.

Until the release nothing has left: payouts are pending and a file can be withdrawn. The release moves the money in
transit; from then on only the bank's statement changes anything (see `bank_statements`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common import ids, vault
from common.errors import NotAllowed
from common.money import Money
from payments import services as payment_services
from payments.rails import Batch, Beneficiary, Instruction, PaymentFile
from royalties import permissions
from royalties.errors import (
    BankFileNotOpen,
    BankFileOutdated,
    BankNotSetUp,
    NothingToPayOut,
    ReleaserIsMaker,
)
from royalties.models import BankFile, BankFileState, Payout, PayoutRun, PayoutState
from royalties.services import bank_details
from royalties.services.payouts import transitions

_EXECUTED_AFTER = timedelta(days=1)


def is_set_up() -> bool:
    """Return whether this installation has a bank account to pay from."""
    return bool(settings.BANK_IBAN)


@transaction.atomic
def make_files(*, actor: User, run: PayoutRun, at: datetime) -> list[BankFile]:
    """Write files for what still waits for one in an approved run, as after a hold.

    Raises NotAllowed, BankNotSetUp, NothingToPayOut.
    """
    if not permissions.may_approve_payouts(actor):
        raise NotAllowed
    if not is_set_up():
        raise BankNotSetUp
    run = PayoutRun.objects.select_for_update().get(pk=run.pk)
    made = write_waiting(actor=actor, run=run, at=at)
    if not made:
        raise NothingToPayOut(currency=run.currency)
    return made


def write_waiting(*, actor: User, run: PayoutRun, at: datetime) -> list[BankFile]:
    """Return new files for the run's payouts that wait for one; none if there are none. Call with the run locked."""
    waiting = run.payouts.fileable().select_for_update(of=("self",)).select_related("user", "account")
    going = [payout for payout in waiting.order_by("pk") if not transitions.stop_if_it_may_not_go(payout, at)]
    if not going:
        return []
    batch = Batch(
        reference=ids.public_id("bfl"),
        payer=Beneficiary(settings.BANK_HOLDER, settings.BANK_IBAN[:2], settings.BANK_IBAN, settings.BANK_BIC),
        made_at=at,
        execute_on=(at + _EXECUTED_AFTER).date(),
        instructions=[_instruction(actor, payout) for payout in going],
    )
    by_reference = {payout.public_id: payout for payout in going}
    return [
        _store(actor, run, file, [by_reference[reference] for reference in paid], at)
        for file, paid in payment_services.file_rail().files(batch)
    ]


@transaction.atomic
def release_file(*, actor: User, file: BankFile, at: datetime) -> BankFile:
    """Release a file to the bank: its payouts are sent, their money is in transit.

    Raises NotAllowed, ReleaserIsMaker, BankFileNotOpen, and BankFileOutdated if one of its payouts must not go any
    more: a file's bytes cannot change, so it has to be withdrawn and made again.
    """
    if not permissions.may_approve_payouts(actor):
        raise NotAllowed
    file = BankFile.objects.select_for_update().get(pk=file.pk)  # races with a second release and with withdraw_file
    if file.made_by_id == actor.pk:
        raise ReleaserIsMaker
    if file.state != BankFileState.MADE:
        raise BankFileNotOpen(state=file.get_state_display().lower())
    payouts = list(file.payouts.select_for_update(of=("self",)).select_related("user", "account").order_by("pk"))
    if len(payouts) != file.payments:
        raise BankFileOutdated(count=file.payments - len(payouts))
    for payout in payouts:
        if payout.state != PayoutState.PENDING or transitions.stop_if_it_may_not_go(payout, at):
            raise BankFileOutdated(count=1)  # rolls back; making the next file holds or cancels it
        transitions.ask(payout, destination=payout.account.masked_bank, at=at)
    file.state, file.released_by, file.released_at = BankFileState.RELEASED, actor, at
    file.save(update_fields=["state", "released_by", "released_at"])
    account_services.record_audit(actor=actor, verb="bank_file.released", subject=file)
    return file


@transaction.atomic
def withdraw_file(*, actor: User, file: BankFile) -> BankFile:
    """Withdraw a file that never went to the bank; its payouts wait for another. Raises NotAllowed, BankFileNotOpen."""
    if not permissions.may_approve_payouts(actor):
        raise NotAllowed
    file = BankFile.objects.select_for_update().get(pk=file.pk)
    if file.state != BankFileState.MADE:
        raise BankFileNotOpen(state=file.get_state_display().lower())
    file.payouts.update(bank_file=None)
    file.state = BankFileState.WITHDRAWN
    file.save(update_fields=["state"])
    account_services.record_audit(actor=actor, verb="bank_file.withdrawn", subject=file)
    return file


@transaction.atomic
def download(*, actor: User, file: BankFile) -> bytes:
    """Return the file's bytes, the same each time; the read is audited. Raises NotAllowed, DecryptionFailed."""
    if not permissions.may_approve_payouts(actor):
        raise NotAllowed
    account_services.record_audit(actor=actor, verb="bank_file.downloaded", subject=file)
    return vault.decrypt(file.token)


def _instruction(actor: User, payout: Payout) -> Instruction:
    to = bank_details.read(actor=actor, account=payout.account, purpose=payout.public_id)
    return Instruction(payout.public_id, Money(payout.amount_minor, payout.currency), to)


def _store(actor: User, run: PayoutRun, file: PaymentFile, payouts: Sequence[Payout], at: datetime) -> BankFile:
    row = BankFile.objects.create(
        run=run,
        name=file.name,
        mime=file.mime,
        format=file.format,
        currency=run.currency,
        payments=len(payouts),
        total_minor=sum(payout.amount_minor for payout in payouts),
        sha256=hashlib.sha256(file.content).hexdigest(),
        token=vault.encrypt(file.content),
        made_by=actor,
        made_at=at,
    )
    Payout.objects.filter(pk__in=[payout.pk for payout in payouts]).update(bank_file=row)
    account_services.record_audit(
        actor=actor, verb="bank_file.made", subject=row, facts={"payments": row.payments, "sha256": row.sha256}
    )
    return row
