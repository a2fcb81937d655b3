"""A milestone is paid in advance: its money is held until somebody decides."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from royalties import entries
from royalties.dto import MilestoneFunding
from royalties.errors import EntryDiffers, MilestoneRefused
from royalties.models import MilestoneRecord
from royalties.services import ledger


@transaction.atomic
def fund(*, funding: MilestoneFunding, at: datetime) -> int:
    """Book that a milestone is paid; return the entry's id. The same milestone twice gives one entry.

    `at` is when it was paid. Raises EntryDiffers, MilestoneRefused.
    """
    _check(funding)
    amount, parties, rates = funding.amount, funding.parties, funding.rates
    posted = ledger.post_one(
        entries.milestone_funded(
            milestone=funding.reference, currency=amount.currency, occurred_at=at, amount=amount.amount_minor
        )
    )
    if not posted.is_new:
        return _known(funding, posted.entry_id)
    MilestoneRecord.objects.create(
        reference=funding.reference,
        contract_reference=funding.contract_reference,
        title=funding.title,
        payer_id=parties.payer_id,
        payee_id=parties.payee_id,
        service=parties.service,
        payer_country=parties.payer_country,
        payer_is_business=parties.payer_is_business,
        payer_vat_number=parties.payer_vat_number,
        payee_country=parties.payee_country,
        payee_is_business=parties.payee_is_business,
        charge_reference=funding.charge_reference,
        currency=amount.currency,
        funded_minor=amount.amount_minor,
        fee_bps=rates.bps,
        lasting_bps=rates.lasting_bps,
        full_minor=rates.full_minor,
        vat_bps=rates.vat_bps,
        vat_country=rates.vat_country,
        paid_at=at,
        entry_id=posted.entry_id,
    )
    return posted.entry_id


def _check(funding: MilestoneFunding) -> None:
    parties, rates = funding.parties, funding.rates
    if funding.amount.amount_minor <= 0:
        raise MilestoneRefused(reference=funding.reference, reason="nothing was paid")
    if parties.payer_id == parties.payee_id:
        raise MilestoneRefused(reference=funding.reference, reason="nobody pays themselves")
    if not 0 <= rates.lasting_bps <= rates.bps <= 10_000 or rates.full_minor < 0:
        raise MilestoneRefused(reference=funding.reference, reason="its fee is not a rate")


def _known(funding: MilestoneFunding, entry_id: int) -> int:
    found = MilestoneRecord.objects.get(reference=funding.reference)
    told = (funding.parties.payer_id, funding.parties.payee_id, funding.rates)
    if (found.payer_id, found.payee_id, found.rates) != told:
        raise EntryDiffers(external_id=funding.reference)
    return entry_id
