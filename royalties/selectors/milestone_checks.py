"""Rule I16: what was paid for a milestone is held, released, our fee or returned, by the rows and by the postings."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from royalties import calc, chart
from royalties.chart import AccountKind
from royalties.models import EntryKind, JournalEntry, MilestoneRecord
from royalties.selectors.check_scope import Scope

type Found = tuple[str, str]

_OF_MILESTONES = (
    EntryKind.MILESTONE_FUNDED,
    EntryKind.MILESTONE_SETTLED,
    EntryKind.MILESTONE_RETURNED,
    EntryKind.MILESTONE_TAKEN,
    EntryKind.MILESTONE_LOST,
    EntryKind.MILESTONE_FEE_KEPT,
    EntryKind.APPEAL_WON,
    EntryKind.REFUND_FAILED,
    EntryKind.REFUND_RESENT,
)
# The provider's part; what the fund bore of a loss returns to it when the dispute is won after all.
_SHARE = (*chart.CONTRIBUTOR_KINDS, AccountKind.PROTECTION_FUND)


def _words(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def _sum(condition: str) -> str:
    return f"SUM(CASE WHEN {condition} THEN posting.amount_minor ELSE 0 END)"


# Compared inside the database: ten thousand milestones are one query.
_DIFFERING = f"""
SELECT milestone.reference, milestone.funded_minor, posted.held, posted.share, posted.fee, posted.vat, posted.unsent,
  posted.kept, -balance.balance_minor
FROM royalties_milestonerecord milestone
LEFT JOIN (
  SELECT entry.reference,
    -{_sum(f"account.kind = '{AccountKind.MILESTONE_HELD}'")} AS held,
    -{_sum(f"account.kind IN ({_words(_SHARE)})")} AS share,
    -{_sum(f"account.kind IN ('{AccountKind.PLATFORM_FEE}', '{AccountKind.TAX}')")} AS fee,
    -{_sum(f"account.kind = '{AccountKind.TAX}'")} AS vat,
    -{_sum(f"account.kind = '{AccountKind.REFUND_PENDING}'")} AS unsent,
    -{_sum(f"account.kind = '{AccountKind.PROCESSOR_FEE_RECOVERED}'")} AS kept
  FROM royalties_journalentry entry
  JOIN royalties_posting posting ON posting.entry_id = entry.id
  JOIN royalties_ledgeraccount account ON account.id = posting.account_id
  WHERE entry.kind IN ({_words(_OF_MILESTONES)})
    AND entry.reference IN (SELECT reference FROM royalties_milestonerecord) {{within_entry}}
  GROUP BY entry.reference
) posted ON posted.reference = milestone.reference
LEFT JOIN royalties_ledgeraccount held
  ON held.name = '{AccountKind.MILESTONE_HELD}:' || milestone.reference AND held.currency = milestone.currency
LEFT JOIN royalties_accountbalance balance ON balance.account_id = held.id
WHERE (posted.held IS NULL OR balance.balance_minor IS NULL OR posted.held <> -balance.balance_minor
  OR posted.held <> milestone.funded_minor - milestone.released_minor - milestone.returned_minor
  OR posted.share <> milestone.released_minor - milestone.fee_minor
  OR posted.fee <> milestone.fee_minor OR posted.vat <> milestone.fee_vat_minor
  OR posted.unsent <> milestone.returned_minor - milestone.sent_minor - milestone.bank_minor - milestone.kept_minor
  OR posted.kept <> milestone.kept_minor) {{within_milestone}}
ORDER BY milestone.reference
"""  # noqa: S608 - every inserted word is ours
_MOVED = f"""
AND {{column}} IN (
  SELECT moved.reference FROM royalties_journalentry moved JOIN royalties_chainlink link ON link.entry_id = moved.id
  WHERE link.position > %(since)s AND moved.kind IN ({_words(_OF_MILESTONES)})
)"""  # noqa: S608


def violations(scope: Scope) -> Iterator[Found]:
    """Yield row and detail of each milestone that does not add up, among those moved in the scope."""
    with connection.cursor() as cursor:
        columns = {"within_entry": "entry.reference", "within_milestone": "milestone.reference"}
        within = {name: "" if scope.is_whole else _MOVED.format(column=column) for name, column in columns.items()}
        cursor.execute(_DIFFERING.format(**within), {"since": scope.since})
        for reference, *amounts in cursor.fetchall():
            told = dict(
                zip(("paid", "held", "released", "fee", "vat", "unsent", "kept", "balance"), amounts, strict=True)
            )
            yield f"milestone {reference}", f"differs from its postings: {told}"
    for milestone in _in_scope(scope):
        fee = calc.contract_fee(milestone.released_minor, milestone.rates)
        if (fee, calc.vat_in_fee(fee, milestone.rates)) != (milestone.fee_minor, milestone.fee_vat_minor):
            yield f"milestone {milestone.reference}", f"cost {milestone.fee_minor}, its releases cost {fee}"
    unrecorded = JournalEntry.objects.filter(scope.entries(), kind=EntryKind.MILESTONE_FUNDED, milestone=None)
    for entry in unrecorded:
        yield f"journal entry {entry.pk}", "is a paid milestone without a record"


def _in_scope(scope: Scope) -> Iterator[MilestoneRecord]:
    milestones = MilestoneRecord.objects.filter(released_minor__gt=0).order_by("pk")
    if not scope.is_whole:
        moved = JournalEntry.objects.filter(scope.entries(), kind__in=_OF_MILESTONES).order_by().values("reference")
        milestones = milestones.filter(reference__in=moved)
    return milestones.iterator(chunk_size=2000)
