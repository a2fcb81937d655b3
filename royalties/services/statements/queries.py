"""The queries that turn entries into statements, written once for PostgreSQL and SQLite.

Five named results, each built on those before it: `changes` (per contributor, currency, account and kind of entry),
`drafts` (the statements), `moved` (their movements), `sold` (their lines) and `hired` (their contract lines). Closing a
month stores them as temporary tables; checking it later puts them in front of its own query. Closing takes `changes`
from the tallies that the chainer maintains, checking counts them from the entries.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import connection

from common.periods import Month
from royalties import chart
from royalties.chart import AccountKind
from royalties.models import ClosedPeriod, EntryKind, MovementKind
from royalties.selectors import movements

type Values = Mapping[str, str | int | None]

PARTS = {
    "closing_clearing_minor": AccountKind.CONTRIBUTOR_CLEARING,
    "closing_payable_minor": AccountKind.CONTRIBUTOR_PAYABLE,
    "closing_in_transit_minor": AccountKind.CONTRIBUTOR_IN_TRANSIT,
    "closing_reserve_minor": AccountKind.CONTRIBUTOR_RESERVE,
    "closing_disputed_minor": AccountKind.CONTRIBUTOR_DISPUTED,
    "closing_claimed_minor": AccountKind.CONTRIBUTOR_CLAIMED,
    "closing_owed_minor": AccountKind.CONTRIBUTOR_RECEIVABLE,
}
AMOUNTS = (
    "opening_minor",
    "royalties_minor",
    "returns_minor",
    "paid_out_minor",
    "other_minor",
    "closing_minor",
    *PARTS,
)
LINE_KEY = ("work_id", "country", "unit_price_minor", "terms_id")
CONTRACT_KEY = ("reference", "contract_reference")
CONTRACT_SUMS = ("gross_minor", "fee_minor", "fee_vat_minor", "pay_minor")
LINE_SUMS = ("sold", "returned", "net_price_minor", "processor_fee_minor", "platform_fee_minor", "royalty_minor")

# An entry of these kinds has one posting on a contributor's accounts, or takes from one and gives to another, so the
# number of its postings (or of those that take) counts it. Entries of other kinds may touch several; they are few, and
# counted separately.
ONE_POSTING = (EntryKind.SALE,)
_ONE_DEBIT = (
    EntryKind.CLEARING,
    EntryKind.RESERVE_KEPT,
    EntryKind.RESERVE_RELEASED,
    EntryKind.CLAIM_KEPT,
    EntryKind.RECOVERY,
    EntryKind.TRANSFER_ASKED,
    EntryKind.TRANSFER_FAILED,
)


def parameters(period: Month, previous: ClosedPeriod | None) -> Values:
    """Return the parameters of the queries. `previous` is the month closed before, None for the first."""
    adapt = connection.ops.adapt_datetimefield_value
    return {
        "period": str(period),
        "start": adapt(period.start),
        "end": adapt(period.end),
        "previous": previous.pk if previous else None,
    }


def in_sql(values: Iterable[str]) -> str:
    """Return a list of our own words for IN; never pass anything that came from outside."""
    return ", ".join(f"'{value}'" for value in values)


def movement_case(column: str) -> str:
    """Return SQL for the movement of the entry kind in `column`; null for one that touches no contributor."""
    whens = (
        f"WHEN {column} IN ({in_sql(movements.entry_kinds_of(kind))}) THEN '{kind}'"  # our own words
        for kind in MovementKind
    )
    return f"CASE {' '.join(whens)} END"


_CONTRIBUTORS = in_sql(chart.CONTRIBUTOR_KINDS)

CHANGES = f"""
SELECT account.owner_id AS user_id, account.currency AS currency, account.kind AS account_kind,
  entry.kind AS entry_kind, CAST(-SUM(posting.amount_minor) AS bigint) AS amount_minor,
  CAST(SUM(CASE WHEN posting.amount_minor > 0 THEN posting.amount_minor ELSE 0 END) AS bigint) AS moved_minor,
  SUM(CASE WHEN entry.kind IN ({in_sql(ONE_POSTING)}) THEN 1
    WHEN entry.kind IN ({in_sql(_ONE_DEBIT)}) AND posting.amount_minor > 0 THEN 1 ELSE 0 END) AS entries
FROM royalties_posting posting
JOIN royalties_ledgeraccount account ON account.id = posting.account_id
JOIN royalties_journalentry entry ON entry.id = posting.entry_id
WHERE account.owner_id IS NOT NULL AND account.kind IN ({_CONTRIBUTORS})
  AND entry.booked_at >= %(start)s AND entry.booked_at < %(end)s
GROUP BY account.owner_id, account.currency, account.kind, entry.kind
"""  # noqa: S608 - every inserted word is ours

TALLIED_CHANGES = f"""
SELECT account.owner_id AS user_id, account.currency AS currency, account.kind AS account_kind,
  tally.entry_kind AS entry_kind, -tally.amount_minor AS amount_minor, tally.debit_minor AS moved_minor,
  tally.entries AS entries
FROM royalties_monthtally tally JOIN royalties_ledgeraccount account ON account.id = tally.account_id
WHERE account.owner_id IS NOT NULL AND account.kind IN ({_CONTRIBUTORS}) AND tally.period = %(period)s
"""  # noqa: S608

_COUNTED_APART = f"""
SELECT account.owner_id AS user_id, account.currency AS currency, entry.kind AS entry_kind,
  COUNT(DISTINCT entry.id) AS entries
FROM royalties_journalentry entry
JOIN royalties_posting posting ON posting.entry_id = entry.id
JOIN royalties_ledgeraccount account ON account.id = posting.account_id
WHERE account.owner_id IS NOT NULL AND account.kind IN ({_CONTRIBUTORS})
  AND entry.kind NOT IN ({in_sql((*ONE_POSTING, *_ONE_DEBIT, *movements.NEVER_ON_CONTRIBUTORS))})
  AND entry.booked_at >= %(start)s AND entry.booked_at < %(end)s
GROUP BY account.owner_id, account.currency, entry.kind
"""  # noqa: S608


def _part(column: str) -> str:
    kind = PARTS[column]
    sign = "-" if kind == AccountKind.CONTRIBUTOR_RECEIVABLE else ""
    return f"CASE WHEN account_kind = '{kind}' THEN {sign}amount_minor ELSE 0 END"


def _amount(kinds: Iterable[MovementKind], sign: str = "") -> str:
    entry_kinds = [entry_kind for kind in kinds for entry_kind in movements.entry_kinds_of(kind)]
    return f"CASE WHEN entry_kind IN ({in_sql(entry_kinds)}) THEN {sign}amount_minor ELSE 0 END"


_RETURNED = (MovementKind.RETURNS, MovementKind.LOST_DISPUTES)
_SUMMED = (MovementKind.ROYALTIES, *_RETURNED, MovementKind.PAID_OUT)
_OTHER = [kind for kind in movements.CHANGING if kind not in _SUMMED]
_FROM_CHANGES: Mapping[str, str] = {
    "opening_minor": "0",
    "royalties_minor": _amount([MovementKind.ROYALTIES]),
    "returns_minor": _amount(_RETURNED, "-"),
    "paid_out_minor": _amount([MovementKind.PAID_OUT], "-"),
    "other_minor": _amount(_OTHER),
    "closing_minor": "amount_minor",
    **{column: _part(column) for column in PARTS},
}
_FROM_PREVIOUS: Mapping[str, str] = {
    **dict.fromkeys(_FROM_CHANGES, "0"),
    "opening_minor": "closing_minor",
    "closing_minor": "closing_minor",
    **{column: column for column in PARTS},
}
_HAS_BALANCE = " OR ".join(f"{column} <> 0" for column in PARTS)

# A month opens where the previous one closed; the tie-out compares the result with the ledger's balances.
DRAFTS = f"""
SELECT user_id, currency, {", ".join(f"CAST(SUM({name}) AS bigint) AS {name}" for name in AMOUNTS)}
FROM (
  SELECT user_id, currency, {", ".join(f"{_FROM_PREVIOUS[name]} AS {name}" for name in AMOUNTS)}
  FROM royalties_statement WHERE closed_period_id = %(previous)s AND ({_HAS_BALANCE})
  UNION ALL
  SELECT user_id, currency, {", ".join(f"{_FROM_CHANGES[name]} AS {name}" for name in AMOUNTS)} FROM changes
) parts
GROUP BY user_id, currency
"""  # noqa: S608

_CHANGING = in_sql(movements.CHANGING)
_OF_CHANGES = (
    f"SELECT user_id, currency, {movement_case('entry_kind')} AS kind, amount_minor, moved_minor, entries FROM changes"  # noqa: S608
)


def _moved(parts: str) -> str:
    return f"""
SELECT user_id, currency, kind,
  CAST(SUM(CASE WHEN kind IN ({_CHANGING}) THEN amount_minor ELSE moved_minor END) AS bigint) AS amount_minor,
  CAST(SUM(entries) AS bigint) AS entries
FROM ({parts}) every
GROUP BY user_id, currency, kind
"""  # noqa: S608


TALLIED_MOVED = _moved(_OF_CHANGES)
MOVED = _moved(f"""
  {_OF_CHANGES}
  UNION ALL
  SELECT user_id, currency, {movement_case("entry_kind")}, 0, 0, entries FROM ({_COUNTED_APART}) counted
""")  # noqa: S608

_FACTS = f"user_id, currency, {', '.join(LINE_KEY)}"


def sold(total: str = "SUM") -> str:
    """Return SQL for the lines, summed with this aggregate in one pass over shares of sales and refunds."""
    return f"""
SELECT {_FACTS}, {", ".join(f"CAST({total}({name}) AS bigint) AS {name}" for name in LINE_SUMS)}
FROM (
  SELECT {_FACTS}, CAST(1 AS bigint) AS sold, CAST(0 AS bigint) AS returned, net_minor AS net_price_minor,
    processor_fee_minor, platform_fee_minor, amount_minor AS royalty_minor
  FROM royalties_saleshare WHERE period = %(period)s
  UNION ALL
  SELECT {_FACTS}, 0, CASE WHEN is_last THEN 1 ELSE 0 END, -net_minor,
    -processor_fee_minor, -platform_fee_minor, -amount_minor
  FROM royalties_salerefundshare WHERE period = %(period)s
) parts
GROUP BY {_FACTS}
"""  # noqa: S608


SOLD = sold()

_PARTS_OF_PAY = "gross_minor", "fee_minor", "fee_vat_minor"

# A month's releases of each milestone, less what was taken back of it; far fewer than sales, so not tallied.
HIRED = f"""
SELECT parts.user_id, parts.currency, milestone.reference, milestone.contract_reference, milestone.title,
  {", ".join(f"CAST(SUM(parts.{name}) AS bigint) AS {name}" for name in _PARTS_OF_PAY)},
  CAST(SUM(parts.gross_minor - parts.fee_minor) AS bigint) AS pay_minor
FROM (
  SELECT user_id, currency, milestone_id, {", ".join(_PARTS_OF_PAY)}
  FROM royalties_milestonesettlement WHERE period = %(period)s AND gross_minor > 0
  UNION ALL
  SELECT taking.user_id, taking.currency, settlement.milestone_id,
    {", ".join(f"-taking.{name}" for name in _PARTS_OF_PAY)}
  FROM royalties_milestonetaking taking
  JOIN royalties_milestonesettlement settlement ON settlement.id = taking.settlement_id
  WHERE taking.period = %(period)s
) parts JOIN royalties_milestonerecord milestone ON milestone.id = parts.milestone_id
GROUP BY parts.user_id, parts.currency, milestone.reference, milestone.contract_reference, milestone.title
"""  # noqa: S608


# What was booked on contributors' accounts after the month.
TALLIED_LATER = """
SELECT account.owner_id AS user_id, account.currency AS currency, account.kind AS kind,
  -SUM(tally.amount_minor) AS amount_minor
FROM royalties_monthtally tally JOIN royalties_ledgeraccount account ON account.id = tally.account_id
WHERE tally.period > %(period)s AND account.owner_id IS NOT NULL
GROUP BY account.owner_id, account.currency, account.kind
"""
