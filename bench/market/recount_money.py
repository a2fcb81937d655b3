"""The second count of money: what went back, who earns, rings, what we take and what it costs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from bench.market.rows import DAY, Counted, Row, Rows, month_of, rounded, share, week_end, whole


def _sold(rows: Rows, first: date) -> list[Row]:
    start, end = month_of(first)
    return [row for row in rows.of("royalties_salerecord") if row["paid_minor"] and start <= row["sold_at"] < end]


def _paid_work(rows: Rows, first: date) -> list[Row]:
    start, end = month_of(first)
    return [row for row in rows.of("royalties_milestonerecord") if start <= row["paid_at"] < end]


def _by_currency(pairs: Iterable[tuple[str, int]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for currency, amount in pairs:
        found[currency] += amount
    return found


def _shares(some: Counter[str], of: Counter[str]) -> Counted:
    return {currency: share(some[currency], total) for currency, total in of.items()}


def _refund_entries(rows: Rows) -> Counter[str]:
    """Return from the ledger alone what left the provider's balance for each line: the entries of refunds."""
    kinds = {row["id"]: row["kind"] for row in rows.of("royalties_ledgeraccount")}
    refunds = {row["id"]: row["reference"] for row in rows.of("royalties_journalentry") if row["kind"] == "refund"}
    found: Counter[str] = Counter()
    for row in rows.of("royalties_posting"):
        if row["entry_id"] in refunds and kinds[row["account_id"]] == "stripe_balance":
            found[refunds[row["entry_id"]]] -= row["amount_minor"]
    return found


def refunds_by_count(rows: Rows, first: date) -> Counted:
    back, sold = _refund_entries(rows), _sold(rows, first)
    return {"": share(sum(row["reference"] in back for row in sold), len(sold))}


def refunds_by_sum(rows: Rows, first: date) -> Counted:
    back, sold = _refund_entries(rows), _sold(rows, first)
    some = _by_currency((row["currency"], back[row["reference"]]) for row in sold)
    return _shares(some, _by_currency((row["currency"], row["paid_minor"]) for row in sold))


def disputes_by_count(rows: Rows, first: date) -> Counted:
    disputed = {row["order_reference"] for row in rows.of("royalties_saledispute")}
    work = {row["milestone_id"] for row in rows.of("royalties_milestonedispute")}
    orders = {row["order_reference"] for row in _sold(rows, first)}
    steps = {row["id"] for row in _paid_work(rows, first)}
    return {"": share(len(orders & disputed) + len(steps & work), len(orders) + len(steps))}


def disputes_by_sum(rows: Rows, first: date) -> Counted:
    sold, work = {row["id"]: row for row in _sold(rows, first)}, {row["id"]: row for row in _paid_work(rows, first)}
    some = _by_currency(
        (sold[row["sale_id"]]["currency"], row["paid_minor"])
        for row in rows.of("royalties_disputedsale")
        if row["sale_id"] in sold
    )
    for row in rows.of("royalties_milestonedispute"):
        if row["milestone_id"] in work:
            some[row["currency"]] += row["amount_minor"]
    of = _by_currency((row["currency"], row["paid_minor"]) for row in sold.values())
    return _shares(some, of + _by_currency((row["currency"], row["funded_minor"]) for row in work.values()))


def _cases(rows: Rows) -> dict[str, list[int]]:
    """Return by milestone what its cases were about."""
    steps = rows.by_id("contracts_milestone")
    found: dict[str, list[int]] = defaultdict(list)
    for row in rows.of("contracts_case"):
        found[steps[row["milestone_id"]]["public_id"]].append(row["amount_minor"])
    return found


def cases_by_count(rows: Rows, first: date) -> Counted:
    work, cases = _paid_work(rows, first), _cases(rows)
    return {"": share(sum(row["reference"] in cases for row in work), len(work))}


def cases_by_sum(rows: Rows, first: date) -> Counted:
    work, cases = _paid_work(rows, first), _cases(rows)
    some = _by_currency((row["currency"], sum(cases.get(row["reference"], []))) for row in work)
    return _shares(some, _by_currency((row["currency"], row["funded_minor"]) for row in work))


def _royalties(rows: Rows, first: date) -> dict[str, list[int]]:
    """Return by currency what each work on sale earned in thirteen weeks, nothing among it."""
    end = week_end(first)
    sales = {row["id"]: row for row in rows.of("royalties_salerecord") if end - 91 * DAY <= row["sold_at"] < end}
    earned: Counter[tuple[int, str]] = Counter()
    for row in sales.values():
        earned[row["work_id"], row["currency"]] += row["royalty_minor"]
    for row in rows.of("royalties_salerefund"):
        if row["sale_id"] in sales and row["refunded_at"] < end:
            sale = sales[row["sale_id"]]
            earned[sale["work_id"], sale["currency"]] -= row["royalty_minor"]
    found: dict[str, list[int]] = defaultdict(list)
    for row in rows.of("catalogue_listing"):
        if row["is_on_sale"]:
            for currency in row["prices"]:
                found[currency].append(earned[row["work_id"], currency])
    return found


def top_tenth(rows: Rows, first: date) -> Counted:
    found: Counted = {}
    for currency, earned in _royalties(rows, first).items():
        best = sorted(earned)[-((len(earned) + 9) // 10) :]
        found[currency] = (rounded(10_000 * sum(best), sum(earned)) if sum(earned) else None, len(earned))
    return found


def gini(rows: Rows, first: date) -> Counted:
    """Half of the mean difference of all pairs, by the mean."""
    found: Counted = {}
    for currency, earned in _royalties(rows, first).items():
        earned.sort()
        # The sum of |a - b| over all ordered pairs, without writing them out: each is added once and taken off once.
        apart = sum(2 * amount * (2 * place - len(earned) + 1) for place, amount in enumerate(earned))
        bottom = 2 * len(earned) * sum(earned)
        found[currency] = (rounded(10_000 * apart, bottom) if bottom else None, len(earned))
    return found


def ring(rows: Rows, first: date) -> tuple[dict[int, tuple[int, int]], dict[tuple[int, int], tuple[int, int]]]:
    """Return authors with (close, all) buyers, and pairs with (shared, all) buyers."""
    end = week_end(first)
    year = [one for one in rows.kept(end) if one["sold_at"] >= end - 365 * DAY]
    books: dict[int, set[int]] = defaultdict(set)
    writers: dict[int, set[int]] = defaultdict(set)
    buyers: dict[int, set[int]] = defaultdict(set)
    for one in year:
        books[one["buyer"]].add(one["work"])
        writers[one["buyer"]].add(one["owner"])
        buyers[one["owner"]].add(one["buyer"])
    close = {buyer for buyer in books if len(books[buyer]) >= 3 and len(writers[buyer]) <= 4}
    known = sorted(author for author in buyers if len(buyers[author]) >= 10)
    authors = {author: (len(buyers[author] & close), len(buyers[author])) for author in known}
    pairs = {}
    for place, one in enumerate(known):
        for other in known[place + 1 :]:
            shared = len(buyers[one] & buyers[other])
            if shared >= 5:
                pairs[one, other] = (shared, len(buyers[one] | buyers[other]))
    return authors, pairs


def ring_shares(first: date) -> tuple[dict[int, float], dict[tuple[int, int], float]]:
    """Return the share of each author and pair, for those who look for the planted ring."""
    authors, pairs = ring(Rows(), first)
    return (
        {key: close / of for key, (close, of) in authors.items()},
        {key: shared / of for key, (shared, of) in pairs.items()},
    )


def at_half(found: dict[Any, tuple[int, int]]) -> Counted:
    return whole(sum(rounded(10_000 * some, of) >= 5000 for some, of in found.values()), len(found))


def _results(rows: Rows, first: date) -> dict[str, Counter[str]]:
    """Return what each kind of account of the result got in the month, by currency, with sales and what was sold."""
    start, end = month_of(first)
    kinds = {row["id"]: row["kind"] for row in rows.of("royalties_ledgeraccount")}
    entries = {row["id"]: row["kind"] for row in rows.of("royalties_journalentry") if start <= row["booked_at"] < end}
    found: dict[str, Counter[str]] = defaultdict(Counter)
    counted = set()
    for row in rows.of("royalties_posting"):
        if row["entry_id"] not in entries:
            continue
        kind, entry, sums = kinds[row["account_id"]], entries[row["entry_id"]], found[row["currency"]]
        sums[kind] += row["amount_minor"]
        if kind == "stripe_balance" and entry in {"sale", "deferred", "refund"}:
            sums["sold"] += row["amount_minor"]
        if entry == "sale" and (row["entry_id"], row["currency"]) not in counted:
            counted.add((row["entry_id"], row["currency"]))
            sums["sales"] += 1
    for row in rows.of("royalties_milestonesettlement"):
        if row["entry_id"] in entries:
            found[row["currency"]]["sold"] += row["gross_minor"]
    return found


_OURS = ("platform_fee", "plan_fee")
_COSTS = ("processor_fee_recovered", "processor_fee", "payout_fee", "dispute_fee", "promotion", "bad_debt", "rounding")


def take_rate(rows: Rows, first: date) -> Counted:
    found: Counted = {}
    for currency, sums in _results(rows, first).items():
        net = sums["sold"] + sums["tax"]  # what is owed for tax is negative
        if net > 0:
            found[currency] = (rounded(-10_000 * sum(sums[kind] for kind in _OURS), net), sums["sales"])
    return found


def cost_per_sale(rows: Rows, first: date) -> Counted:
    return {
        currency: (rounded(sum(sums[kind] for kind in _COSTS), sums["sales"]), sums["sales"])
        for currency, sums in _results(rows, first).items()
        if sums["sales"]
    }


def left_per_sale(rows: Rows, first: date) -> Counted:
    return {
        currency: (rounded(-sum(sums[kind] for kind in (*_OURS, *_COSTS)), sums["sales"]), sums["sales"])
        for currency, sums in _results(rows, first).items()
        if sums["sales"]
    }


def worker_seconds(rows: Rows, first: date) -> Counted:
    start, end = month_of(first)
    took = [
        (row["finished_at"] - row["started_at"]) // timedelta(milliseconds=1)
        for row in rows.of("conversion_conversionjob")
        if row["started_at"] and row["finished_at"] and start <= row["finished_at"] < end
    ]
    sales = len(_sold(rows, first))
    return whole(rounded(sum(took), 100 * sales) if sales else None, sales)
