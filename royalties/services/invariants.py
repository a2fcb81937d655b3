"""The ledger's rules, checked from outside: one function for tests, the nightly job, the command and the page.

The database refuses most violations; this finds what got past it, such as a changed file or a dropped trigger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import (
    BigIntegerField,
    Count,
    Exists,
    F,
    IntegerField,
    Manager,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common import clock
from common.money import Money
from royalties import chart
from royalties.chart import AccountKind
from royalties.models import (
    AccountBalance,
    ChainLink,
    ClosedPeriod,
    EntryKind,
    JournalEntry,
    Payout,
    PayoutState,
    Posting,
    ProviderMovement,
    ReconciliationItem,
    ReconciliationRun,
    Reversal,
    ReversalState,
    SaleRecord,
    SaleRefund,
    SaleShare,
    Seal,
    Statement,
)
from royalties.selectors import (
    audit_log,
    chain_checks,
    claim_checks,
    dangling_rows,
    early_clearing,
    milestone_checks,
    movements,
    sum_checks,
    trial_balance,
    withholding,
)
from royalties.selectors.check_scope import WHOLE, Scope, Sums, differing_balances, sums, totals
from royalties.services import running_totals, statements

# What credits a contributor from outside; everything else moves money between their own accounts.
_EARNED_BY = (
    EntryKind.SALE,
    EntryKind.ADJUSTMENT,
    EntryKind.PAYABLE_CONVERTED,
    EntryKind.DISPUTE_COVERED,
    EntryKind.APPEAL_WON,
    EntryKind.MILESTONE_SETTLED,
    EntryKind.CLAIM_DECIDED,
)
_PAID_OUT_BY = (EntryKind.TRANSFER_CONFIRMED, EntryKind.PAYOUT_RETURNED, EntryKind.TRANSFER_REVERSED)
# Liabilities to people and countries. The receivable is on the debit side and is checked with them. What is held for
# milestones has an account for each: its balance rows are looked at instead (I3 compares them with the postings).
_ONE_SIDED = chart.GUARDED_KINDS - {AccountKind.MILESTONE_HELD}


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that does not hold, and the row that breaks it."""

    rule: str
    row: str
    detail: str


@dataclass(frozen=True, slots=True)
class Rule:
    """An invariant, by its code in docs/money.md."""

    code: str
    title: str | Promise
    check: Callable[[Scope], list[Violation]]


def check_invariants(scope: Scope = WHOLE) -> list[Violation]:
    """Return every violation of every rule; an empty list when the books are in order. Reads only, at one moment.

    With a scope, only what was chained after a position that was checked before (`services.checks`).
    """
    with one_moment():
        return [violation for rule in RULES for violation in rule.check(scope)]


@contextmanager
def one_moment() -> Iterator[None]:
    """Make all reads inside see the same snapshot, whatever is written meanwhile."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _entries_balance(scope: Scope) -> list[Violation]:
    postings = Posting.objects.filter(scope.entries("entry__")).order_by()
    sums = postings.values("entry_id", "currency").annotate(total=Sum("amount_minor")).exclude(total=0)
    found = [
        Violation("I1", f"journal entry {row['entry_id']}", f"is off by {row['total']} {row['currency']}")
        for row in sums.order_by("entry_id")
    ]
    counted = (
        Posting.objects.filter(entry_id=OuterRef("entry_id")).order_by().values("entry_id").annotate(n=Count("pk"))
    )
    seals = Seal.objects.annotate(found=Coalesce(Subquery(counted.values("n"), output_field=IntegerField()), 0))
    entries = JournalEntry.objects.filter(scope.entries())
    if not scope.is_whole:
        seals = seals.filter(entry_id__in=entries.order_by().values("pk"))
    found += [
        Violation("I1", f"journal entry {seal.entry_id}", "does not have the postings it was sealed with")
        for seal in seals.exclude(found=F("postings"))
    ]
    unsealed = entries.filter(~Exists(Seal.objects.filter(entry_id=OuterRef("pk"))))
    found += [Violation("I1", f"journal entry {entry.pk}", "has no seal") for entry in unsealed]
    lost = dangling_rows.postings() if scope.is_whole else []  # the chain shows it in a partial check
    return found + [Violation("I1", f"posting {pk}", "has no entry or no account") for pk in lost]


def _trial_balance_is_zero(scope: Scope) -> list[Violation]:
    return [
        Violation("I2", f"currency {currency}", f"is off by {total}")
        for currency, total in totals(scope).items()
        if total
    ]


def _balance_rows_match(scope: Scope) -> list[Violation]:
    found = [
        Violation("I3", f"balance of {account}", f"says {balance}, postings {posted}")
        for account, balance, posted in differing_balances(scope)
    ]
    if scope.is_whole:
        found += [Violation("I3", row, "is not what postings give") for row in running_totals.differing()]
    return found


def _balances_are_on_their_side(scope: Scope) -> list[Violation]:
    accounts = _added(sums(scope, kinds=_ONE_SIDED), lambda row: (row.name, row.currency, row.side))
    held = AccountBalance.objects.filter(account__kind=AccountKind.MILESTONE_HELD.value, balance_minor__gt=0)
    found = [
        Violation("I4", f"account {row.account}", f"stands at {row.balance_minor}")
        for row in held.select_related("account")
    ]
    return found + [
        Violation("I4", f"account {name} {currency}", f"stands at {total}")
        for (name, currency, side), total in accounts.items()
        if total * side < 0
    ]


def _added[K](rows: Iterable[Sums], key: Callable[[Sums], K]) -> dict[K, int]:
    """Return the sums of the rows' amounts by key."""
    totals: dict[K, int] = {}
    for row in rows:
        totals[key(row)] = totals.get(key(row), 0) + row.amount_minor
    return totals


def _no_more_goes_back_than_came(scope: Scope) -> list[Violation]:
    sales = scope.sales().annotate(given_back=Sum("refunds__paid_minor", default=0))
    wrong = sales.filter(Q(given_back__gt=F("paid_minor")) | ~Q(given_back=F("returned_minor")))
    found = [
        Violation("I6", f"sale {reference}", f"{given_back} of {paid} was given back")
        for reference, given_back, paid in wrong.values_list("reference", "given_back", "paid_minor")
    ]
    shares = (
        SaleShare.objects.filter(_of_sales(scope))
        .annotate(
            given_back=Sum(
                "sale__refunds__shares__amount_minor", filter=Q(sale__refunds__shares__user=F("user")), default=0
            )
        )
        .filter(Q(given_back__gt=F("amount_minor")) | ~Q(given_back=F("returned_minor")))
    )
    found += [
        Violation("I6", f"share {share.pk}", f"{share.given_back} of {share.amount_minor} was given back")
        for share in shares
    ]
    posted = (
        Posting.objects.filter(entry=OuterRef("entry"), account__kind=AccountKind.STRIPE_BALANCE.value)
        .order_by()
        .values("entry")
        .annotate(total=Sum("amount_minor"))
    )
    refunds = SaleRefund.objects.filter(scope.entries("entry__"), entry__kind=EntryKind.REFUND).annotate(
        posted=Coalesce(Subquery(posted.values("total"), output_field=BigIntegerField()), 0)
    )
    found += [
        Violation("I6", f"refund {refund.external_id}", f"of {refund.paid_minor} is {-refund.posted} in the books")
        for refund in refunds.exclude(posted=-F("paid_minor"))
    ]
    return found + _nobody_is_paid_more_than_they_earned(scope)


def _of_sales(scope: Scope) -> Q:
    return Q() if scope.is_whole else Q(sale__in=scope.sales().order_by().values("pk"))


def _nobody_is_paid_more_than_they_earned(scope: Scope) -> list[Violation]:
    rows = sums(scope, kinds=chart.CONTRIBUTOR_KINDS)
    gains = (row for row in rows if row.kind != AccountKind.CONTRIBUTOR_RECEIVABLE or row.amount_minor < 0)
    earned = _of_contributors(gains, _EARNED_BY, chart.CONTRIBUTOR_KINDS)
    paid_out = _of_contributors(rows, _PAID_OUT_BY, chart.CONTRIBUTOR_KINDS)
    returned = _of_contributors(rows, (EntryKind.TRANSFER_REVERSED,), (AccountKind.CONTRIBUTOR_RECEIVABLE,))
    sent = _of_contributors(rows, (EntryKind.TRANSFER_CONFIRMED,), (AccountKind.CONTRIBUTOR_IN_TRANSIT,))
    found = [
        Violation("I6", f"user {user} in {currency}", f"was paid {amount} of {-earned.get((user, currency), 0)} earned")
        for (user, currency), amount in paid_out.items()
        if amount > -earned.get((user, currency), 0)
    ]
    return found + [
        Violation("I6", f"user {key[0]} in {key[1]}", f"{-amount} came back of {sent.get(key, 0)} transferred")
        for key, amount in returned.items()
        if -amount > sent.get(key, 0)
    ]


def _of_contributors(
    rows: Iterable[Sums], by: Iterable[EntryKind], on: Iterable[AccountKind]
) -> dict[tuple[int | None, str], int]:
    """Return what entries of these kinds moved on contributors' accounts, by owner and currency, debits positive."""
    chosen = [row for row in rows if row.entry_kind in set(by) and row.kind in set(on)]
    return _added(chosen, lambda row: (row.owner_id, row.currency))


def _posted(kind: AccountKind, sign: int) -> Coalesce:
    """Return what the sale's entries moved on accounts of the kind: its own, and its payment's if that came earlier."""
    postings = (
        Posting.objects.filter(account__kind=kind.value)
        .filter(Q(entry=OuterRef("entry")) | Q(entry=OuterRef("deferral_entry")))
        .order_by()
        .values("account__kind")
        .annotate(total=Sum("amount_minor"))
    )
    return Coalesce(Subquery(postings.values("total"), output_field=BigIntegerField()) * sign, 0)


def _no_more_moves_than_came(scope: Scope) -> list[Violation]:
    return [*_no_more_goes_back_than_came(scope), *_nothing_exceeds_its_source(scope)]


def _nothing_exceeds_its_source(scope: Scope) -> list[Violation]:
    """Check the cap of each charge here, because transfers are not tied to single charges at the provider."""
    sales = SaleRecord.objects.order_by()
    if not scope.is_whole:
        sales = sales.filter(order_reference__in=scope.sales().order_by().values("order_reference"))
    orders = sales.values("order_reference", "currency").annotate(earned=Sum("shares__amount_minor", default=0))
    charged = {
        (row["order_reference"], row["currency"]): row["charged"]
        for row in sales.values("order_reference", "currency").annotate(
            charged=Sum(F("paid_minor") + F("promotion_minor"))
        )
    }
    found = [
        Violation("I6", f"order {row['order_reference']}", "owes its contributors more than it was charged")
        for row in orders
        if row["earned"] > charged[row["order_reference"], row["currency"]]
    ]
    counted = ~Q(reversals__state=ReversalState.REFUSED)
    reversed_ = _payouts(scope).annotate(back=Sum("reversals__amount_minor", filter=counted, default=0))
    return found + [
        Violation("I6", f"payout {payout.public_id}", "is reversed by more than it transferred")
        for payout in reversed_.filter(back__gt=F("amount_minor"))
    ]


def _payouts(scope: Scope) -> QuerySet[Payout]:
    if scope.is_whole:
        return Payout.objects.all()
    booked = Reversal.objects.filter(scope.entries("entry__")).order_by().values("payout")
    asked = Reversal.objects.filter(state__in=[ReversalState.PENDING, ReversalState.SENT]).order_by().values("payout")
    return Payout.objects.filter(pk__in=booked.union(asked))


def _sales_equal_the_ledger(scope: Scope) -> list[Violation]:
    sales = SaleRecord.objects.filter(scope.entries("entry__"), entry__isnull=False).annotate(
        posted_paid=_posted(AccountKind.STRIPE_BALANCE, 1),
        posted_promotion=_posted(AccountKind.PROMOTION, 1),
        posted_deferred=_posted(AccountKind.DEFERRED, 1),
        posted_tax=_posted(AccountKind.TAX, -1),
        posted_processor_fee=_posted(AccountKind.PROCESSOR_FEE_RECOVERED, -1),
        posted_platform_fee=_posted(AccountKind.PLATFORM_FEE, -1),
        posted_royalty=_posted(AccountKind.CONTRIBUTOR_CLEARING, -1),
    )
    same = Q(
        posted_paid=F("paid_minor"),
        posted_promotion=F("promotion_minor"),
        posted_deferred=0,
        posted_tax=F("tax_minor"),
        posted_processor_fee=F("processor_fee_minor"),
        posted_platform_fee=F("platform_fee_minor"),
        posted_royalty=F("royalty_minor"),
    )
    found = [Violation("I7", f"sale {s.reference}", "differs from its entry") for s in sales.exclude(same)]
    shares = SaleShare.objects.filter(scope.entries("sale__entry__")).order_by()
    totals_of_shares = shares.values("sale__reference", "sale__royalty_minor").annotate(total=Sum("amount_minor"))
    found += [
        Violation("I7", f"sale {row['sale__reference']}", "has shares that do not add up to its royalty")
        for row in totals_of_shares.exclude(total=F("sale__royalty_minor"))
    ]
    found += [Violation("I7", row, detail) for row, detail in sum_checks.violations(scope)]
    unrecorded = JournalEntry.objects.filter(scope.entries(), kind=EntryKind.SALE, sale=None)
    return found + [Violation("I7", f"journal entry {entry.pk}", "is a sale without a record") for entry in unrecorded]


def _in_transit_is_asked_for(scope: Scope) -> list[Violation]:
    balances: dict[tuple[int | None, str], int] = {
        (row.account.owner_id, row.account.currency): -row.balance_minor
        for row in AccountBalance.objects.filter(account__kind=AccountKind.CONTRIBUTOR_IN_TRANSIT.value).select_related(
            "account"
        )
    }
    sent: dict[tuple[int | None, str], int] = {
        (row["user_id"], row["currency"]): row["total"]
        for row in Payout.objects.filter(state=PayoutState.SENT)
        .order_by()
        .values("user_id", "currency")
        .annotate(total=Sum("amount_minor"))
    }
    return [
        Violation("I8", f"user {key[0]} in {key[1]}", f"{balances.get(key, 0)} in transit, not {sent.get(key, 0)}")
        for key in balances.keys() | sent.keys()
        if balances.get(key, 0) != sent.get(key, 0)
    ]


def _provider_agrees(scope: Scope) -> list[Violation]:
    run = ReconciliationRun.objects.first()
    if run is None:
        return []  # a new installation: nothing has been compared yet
    found = _provider_sums_agree(run) if scope.is_whole else []
    # Ages count up to now, so that open items go on ageing when the nightly comparison stops running.
    waiting = ReconciliationItem.objects.holding(max(run.at, clock.database_now()))
    return found + [
        Violation("I9", f"{item.kind} {item}", f"{item.get_state_display().lower()}: off by {_off(item)}")
        for item in waiting
    ]


def _provider_sums_agree(run: ReconciliationRun) -> list[Violation]:
    read = Posting.objects.filter(
        account__kind=AccountKind.STRIPE_BALANCE.value, entry__link__position__lte=run.chain_position
    )
    movements = ProviderMovement.objects.exclude(item_key="")
    sides = (
        ("our postings", _by_currency(read, "amount_minor"), _by_currency(ReconciliationItem.objects, "ledger_minor")),
        (
            "its movements",
            _by_currency(movements, "net_minor"),
            _by_currency(ReconciliationItem.objects, "provider_minor"),
        ),
    )
    return [
        Violation(
            "I9", f"reconciliation in {currency}", f"has {items.get(currency, 0)}, {side} {rows.get(currency, 0)}"
        )
        for side, rows, items in sides
        for currency in rows.keys() | items.keys()
        if rows.get(currency, 0) != items.get(currency, 0)
    ]


def _off(item: ReconciliationItem) -> Money:
    return Money(item.difference_minor, item.currency)


def _by_currency(rows: QuerySet[Any] | Manager[Any], column: str) -> dict[str, int]:
    sums = rows.order_by().values("currency").annotate(total=Sum(column))
    return {row["currency"]: row["total"] for row in sums}


def _months(scope: Scope) -> QuerySet[ClosedPeriod]:
    """Return the closed months to look at: in a partial scope only the last one, on which the next builds."""
    months = ClosedPeriod.objects.order_by("period")
    return months if scope.is_whole else months.filter(pk__in=ClosedPeriod.objects.order_by("-period").values("pk")[:1])


def _statements_can_be_rebuilt(scope: Scope) -> list[Violation]:
    look = statements.violations if scope.is_whole else statements.changed
    found = [Violation("I11", row, detail) for closed in _months(scope) for row, detail in look(closed)]
    lost = dangling_rows.statement_lines() if scope.is_whole else []
    return found + [Violation("I11", f"statement line {pk}", "has no statement") for pk in lost]


def _closed_periods_stand(scope: Scope) -> list[Violation]:
    found = []
    hashes = trial_balance.hashes_of_closed() if scope.is_whole else trial_balance.hash_of_last_closed()
    for closed in _months(scope):
        if hashes[closed.period] != closed.trial_balance_hash:
            found.append(
                Violation("I12", f"period {closed.period}", "has another trial balance than when it was closed")
            )
        link = ChainLink.objects.filter(position=closed.chain_position).first()
        if closed.chain_position and (link is None or link.hash != closed.chain_hash):
            found.append(Violation("I12", f"period {closed.period}", "was closed over another chain"))
    return found


def _statements_add_up(scope: Scope) -> list[Violation]:
    found = []
    closing: dict[tuple[int, str], int] = {}
    for s in (
        Statement.objects.filter(closed_period__in=list(_months(scope)))
        .order_by("period", "pk")
        .annotate(moved=Sum("movements__amount_minor", filter=Q(movements__kind__in=movements.CHANGING), default=0))
    ):
        if s.opening_minor + s.moved != s.closing_minor:
            found.append(Violation("I13", f"statement {s}", "does not add up"))
        if scope.is_whole and s.opening_minor != closing.get((s.user_id, s.currency), 0):
            found.append(Violation("I13", f"statement {s}", "does not open where the last one closed"))
        closing[s.user_id, s.currency] = s.closing_minor
    return found


_FRACTIONS = {
    "sqlite": "SELECT 'posting ' || id FROM royalties_posting WHERE typeof(amount_minor) <> 'integer' AND "
    "(%(since)s = 0 OR entry_id IN (SELECT entry_id FROM royalties_chainlink WHERE position > %(since)s))",
    "postgresql": """
        SELECT 'column ' || table_name || '.' || column_name FROM information_schema.columns
        WHERE table_schema = current_schema() AND table_name LIKE 'royalties%%' AND column_name LIKE '%%minor'
          AND data_type NOT IN ('integer', 'bigint', 'smallint')""",
}


def _amounts_are_whole(scope: Scope) -> list[Violation]:
    with connection.cursor() as cursor:
        cursor.execute(_FRACTIONS[connection.vendor], {"since": scope.since})
        return [Violation("I14", row, "is not a whole number") for (row,) in cursor.fetchall()]


def _told_by(code: str, find: Callable[[Scope], Iterable[tuple[str, str]]]) -> Callable[[Scope], list[Violation]]:
    """Return the check of a rule whose violations a selector finds as row and detail."""
    return lambda scope: [Violation(code, row, detail) for row, detail in find(scope)]


def _chain_holds(scope: Scope) -> list[Violation]:
    return [Violation("chain", row, detail) for row, detail in chain_checks.broken(since=scope.since)]


RULES: list[Rule] = [
    Rule("I1", _("Every entry balances and is hashed"), _entries_balance),
    Rule("I2", _("The trial balance balances"), _trial_balance_is_zero),
    Rule("I3", _("Balances and running totals equal the sum of postings"), _balance_rows_match),
    Rule("I4", _("No account has a balance on the wrong side (debit or credit)"), _balances_are_on_their_side),
    Rule("I6", _("No more is refunded or paid out than came in"), _no_more_moves_than_came),
    Rule("I7", _("Gross equals tax, fees and royalties, sale by sale"), _sales_equal_the_ledger),
    Rule("I8", _("In transit equals what was requested and is not answered yet"), _in_transit_is_asked_for),
    Rule("I9", _("The provider’s balance equals ours at the last comparison"), _provider_agrees),
    Rule("I10", _("Nothing clears early"), _told_by("I10", early_clearing.violations)),
    Rule("I11", _("Statements rebuilt from entries equal the stored ones"), _statements_can_be_rebuilt),
    Rule("I12", _("Closed months have not changed"), _closed_periods_stand),
    Rule("I13", _("Each statement adds up and opens with the previous closing balance"), _statements_add_up),
    Rule("I14", _("Amounts are whole numbers"), _amounts_are_whole),
    Rule("I15", _("Withheld tax equals the sum withheld on each sale"), _told_by("I15", withholding.violations)),
    Rule(
        "I16",
        _("Every milestone: paid equals held, released, fee and returned"),
        _told_by("I16", milestone_checks.violations),
    ),
    Rule("I17", _("What is held for claims equals the records of each sale"), _told_by("I17", claim_checks.violations)),
    Rule("chain", _("The hash chain and its daily roots are unbroken"), _chain_holds),
    Rule("audit", _("The audit log is unchanged"), _told_by("audit", audit_log.broken)),
]
