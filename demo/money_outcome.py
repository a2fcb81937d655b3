"""The expected outcome of the money story, calculated by hand, and the checks against it.

Nothing here is computed by the code that it checks. Amounts are US cents. The fee of a card issued in the US is 2.9 % +
30, the platform's is 8 % of the price without tax; each is rounded once, half up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple, dataclass

from demo import money_books
from demo.money_books import Books, ReturnRow, SaleRow, StatementRow
from demo.money_scenario import MoneyStory
from demo.money_setup import ALMANAC, CURRENCY, MAP, SAW
from royalties.models import ClosedPeriod, Payout
from royalties.models import ReconciliationRun as Run
from royalties.services import invariants

# Buyer, title, paid, promotion, tax, card fee, platform fee, royalty, shares, state.
_SALES = (
    # 2.9 % of 499 is 14.471, + 30 = 44.471; 8 % of 499 = 39.92; 499 - 44 - 40 = 415.
    SaleRow("Rosa", MAP, 499, 0, 0, 44, 40, 415, {"Anna": 415}, "cleared"),
    # One payment of 1497: 43.413 + 30 = 73.413. 73 over three equal prices: 25, 24, 24.
    SaleRow("Sam", MAP, 499, 0, 0, 25, 40, 434, {"Anna": 434}, "cleared"),
    # 435 by 6667 and 3333 in 10,000: 290.01 and 144.99; the cent left over goes to the larger remainder, Ben's.
    SaleRow("Sam", SAW, 499, 0, 0, 24, 40, 435, {"Anna": 290, "Ben": 145}, "cleared"),
    SaleRow("Sam", ALMANAC, 499, 0, 0, 24, 40, 435, {"Ben": 435}, "refunded"),
    # 20 % of 499 is 99.8, so 100 off. The card takes 11.571 + 30 = 41.571 of 399; the rest is as from 499:
    # 499 - 42 - 40 = 417. The platform adds 42 + 40 + 417 - 399 = 100.
    SaleRow("Tess", MAP, 399, 100, 0, 42, 40, 417, {"Anna": 417}, "cleared"),
    # 7 % included in 499: 499 * 7 / 107 = 32.64; 8 % of 466 = 37.28; 466 - 44 - 37 = 385.
    SaleRow("Uma", ALMANAC, 499, 0, 33, 44, 37, 385, {"Ben": 385}, "cleared"),
    # 2900 + 30; 8000; 100000 - 2930 - 8000.
    SaleRow("Vera", ALMANAC, 100_000, 0, 0, 2930, 8000, 89_070, {"Ben": 89_070}, "cleared"),
    SaleRow("Will", MAP, 499, 0, 0, 44, 40, 415, {"Anna": 415}, "refunded"),
    # 290 + 30; 800; 10000 - 320 - 800.
    SaleRow("Xenia", ALMANAC, 10_000, 0, 0, 320, 800, 8880, {"Ben": 8880}, "cleared"),
)

# Buyer, title, returned, tax, card fee, platform fee, royalty, whether a dispute took it.
_RETURNS = (
    ReturnRow("Sam", ALMANAC, 499, 0, 24, 40, 435, by_dispute=False),
    # A fiftieth of Vera's: 2930 / 50 = 58.6, 8000 / 50 = 160, 89070 / 50 = 1781.4. Whole cents are 58, 160 and 1781;
    # the remaining cent goes to the largest remainder, the card fee's.
    ReturnRow("Vera", ALMANAC, 2000, 0, 59, 160, 1781, by_dispute=False),
    ReturnRow("Will", MAP, 499, 0, 44, 40, 415, by_dispute=True),
)

# The fund is fed before the dispute is lost. Platform fees until then: 40 (Rosa) + 120 (Sam) + 40 (Tess) + 37 (Uma) +
# 8000 (Vera) + 40 (Will) + 800 (Xenia) - 40 (Sam's) - 160 (Vera's) = 8877. 5 % of it = 443.85.
_FED = 444

# Name, opening, royalties, returns, paid out, closing; what came since, by the kind of its entry; what is left.
_STATEMENTS = {
    # 415 + 434 + 290 + 417 + 415 = 1971. Of these, 415 are in dispute and 1556 are payable. Then the dispute takes 415,
    # and the fund gives 415 back: 1971 are paid.
    "Anna": ((0, 1971, 0, 0, 1971), {"dispute_lost": -415, "dispute_covered": 415, "transfer_confirmed": -1971}, 0),
    # 145 + 435 + 385 + 89070 + 8880 = 98915; 435 + 1781 = 2216 of it was returned.
    "Ben": ((0, 98_915, 2216, 0, 96_699), {"transfer_confirmed": -96_699}, 0),
}
_PAID = {("Anna", "paid"): 1971, ("Ben", "failed"): 96_699, ("Ben", "paid"): 96_699}

# Every account that is not zero at the end, debit positive.
_ACCOUNTS = {
    # Gross 499 + 1497 + 399 + 499 + 100000 + 499 + 10000 = 113393, less what cards cost (3497, below), refunds
    # (499 + 2000), disputes (499 + 1500 of Will's; of Xenia's 1500, since her 10000 came back), payouts (1971 + 96699)
    # and what those cost (697, below).
    "stripe_balance": 113_393 - 3497 - 2499 - 1999 - 1500 - 98_670 - 697,
    # 25 for each of two payouts, 0.25 % of them (4.9275 and 241.7475, so 5 and 242), 200 for each of two accounts.
    "payout_fee": 25 + 25 + 5 + 242 + 200 + 200,
    # 44 + 73 + 42 + 44 + 2930 + 44 + 320: all cards are from the US, so each cost what was quoted.
    "processor_fee": 3497,
    # The same, less what the returns took back: 24 + 59 + 44.
    "processor_fee_recovered": -(3497 - 127),
    # 8877, less Will's 40 and what went into the fund.
    "platform_fee": -(8877 - 40 - _FED),
    "protection_fund": -(_FED - 415),
    "dispute_fee": 2 * 1500,
    "promotion": 100,
    "tax:vat:DE": -33,
}


@dataclass(frozen=True, slots=True)
class Check:
    """Something that must be true, and whether it is."""

    text: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything at the end; `violations` are sentences, none if the books are in order."""

    currency: str
    books: Books
    rules: list[str]
    violations: list[str]
    checks: list[Check]

    @property
    def holds(self) -> bool:
        return not self.violations and all(check.holds for check in self.checks)


def outcome_of(story: MoneyStory) -> Outcome:
    """Read the books at the end of the story."""
    books = money_books.read(story.stage)
    found = invariants.check_invariants()
    return Outcome(
        currency=CURRENCY,
        books=books,
        rules=[f"{rule.code} {rule.title}" for rule in invariants.RULES],
        violations=[f"{one.rule}: {one.row} {one.detail}" for one in found],
        checks=[*checks(books), *_last_checks()],
    )


def checks(books: Books) -> Iterator[Check]:
    """Compare the books with the figures calculated by hand."""
    yield from (_sale_check(row, books.sales) for row in _SALES)
    yield from (_return_check(row, books.returns) for row in _RETURNS)
    counted = (len(books.sales), len(books.returns), len(books.statements))
    yield Check("nothing else was sold or refunded", counted == (len(_SALES), len(_RETURNS), len(_STATEMENTS)))
    yield from (_statement_check(name, books.statements) for name in _STATEMENTS)
    sums = {one.name: one.balance_minor for one in books.trial_balance if one.balance_minor}
    yield from (
        Check(f"{name} is {_amount(abs(minor))} in {_side(minor)}", sums.get(name) == minor)
        for name, minor in _ACCOUNTS.items()
    )
    yield Check("every other account is zero", sums.keys() == _ACCOUNTS.keys())
    yield Check("the trial balance: debit = credit", bool(sums) and sum(sums.values()) == 0)
    yield Check(
        f"the provider's balance is ours: {_amount(_ACCOUNTS['stripe_balance'])}",
        books.provider_minor == books.ours_minor == _ACCOUNTS["stripe_balance"],
    )


def _sale_check(row: SaleRow, sales: list[SaleRow]) -> Check:
    parts = (
        (row.tax_minor, "tax"),
        (row.processor_fee_minor, "card"),
        (row.platform_fee_minor, "platform"),
        (row.royalty_minor, "royalty"),
    )
    price = _amount(row.paid_minor) + (f" + {_amount(row.promotion_minor)} promotion" if row.promotion_minor else "")
    text = f"{row.buyer}, “{row.title}”: {price} = " + " + ".join(f"{_amount(m)} {name}" for m, name in parts if m)
    return Check(text, row in sales)


def _return_check(row: ReturnRow, returns: list[ReturnRow]) -> Check:
    how = "taken by the bank" if row.by_dispute else "refunded"
    return Check(
        f"{row.buyer}, “{row.title}”: {_amount(row.returned_minor)} {how}, {_amount(row.royalty_minor)} of it royalty",
        row in returns,
    )


def _statement_check(name: str, statements: list[StatementRow]) -> Check:
    figures, since, left = _STATEMENTS[name]
    closing = _amount(figures[-1])
    text = f"{name}'s statement closes at {closing}; later movements leave {_amount(left)}"
    found = [row for row in statements if row.name == name]
    return Check(text, len(found) == 1 and _is_so(found[0], figures, since, left))


def _is_so(row: StatementRow, figures: tuple[int, ...], since: dict[str, int], left: int) -> bool:
    came = {one.kind: one.change_minor for one in row.since if one.change_minor}
    return row.adds_up and astuple(row)[2:7] == figures and came == since and row.left_minor == left


def _last_checks() -> Iterator[Check]:
    """Check what is not among the amounts of the books."""
    payouts = Payout.objects.values_list("user__display_name", "state", "amount_minor")
    paid = {(name, state): amount for name, state, amount in payouts}
    yield Check("Anna was paid once; Ben after one failure", paid == _PAID and len(payouts) == len(_PAID))
    yield Check("one month is closed", ClosedPeriod.objects.count() == 1)
    run = Run.objects.order_by("pk").last()
    yield Check("the nightly reconciliation leaves nothing open", run is not None and run.open_items == 0)


def _amount(minor: int) -> str:
    return f"{minor // 100:,}.{minor % 100:02}"


def _side(minor: int) -> str:
    return "debit" if minor > 0 else "credit"
