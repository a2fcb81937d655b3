"""Splitting money: quotes, co-authors and partial refunds, for small and odd amounts, in currencies of every exponent.

A shorter part runs always, from a fixed seed; `pytest -m nightly` runs many.
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from common.money import Money, allocate, exponent
from royalties import calc
from tests.properties.profiles import many, some

CURRENCIES = ("JPY", "USD", "KWD")  # no, two and three decimal places
amounts = st.integers(1, 10_000)
rates = st.integers(0, 10_000)
co_authors = st.lists(st.integers(1, 10_000), min_size=1, max_size=7)
terms = st.one_of(
    st.builds(calc.OctavoTerms, rates),
    st.builds(calc.FlatTerms, rates, st.integers(0, 99)),
    st.builds(lambda rate, per_mb: calc.RateBandTerms((calc.Band(1, 10_000, rate, True),), per_mb), rates, amounts),
)
fees = st.builds(calc.ProcessorFees, st.integers(0, 1000), st.integers(0, 100))


@st.composite
def sold(draw):
    """A cart as it was paid: the parts of each line, and the royalty of each divided among its authors."""
    paid = draw(st.lists(amounts, min_size=1, max_size=4))
    tax_rates = [draw(st.integers(0, 2700)) for _ in paid]
    lines = [
        calc.PricedLine(price, calc.tax_in(price, rate), draw(terms), price, draw(st.integers(0, 50 << 20)))
        for price, rate in zip(paid, tax_rates, strict=True)
    ]
    quoted = calc.quote(lines, draw(fees))
    return [(parts, allocate(parts.royalty, draw(co_authors))) for parts in quoted]


def splits_exactly(cart, currency) -> None:
    for parts, shares in cart:
        whole = [parts.tax, parts.processor_fee, parts.platform_fee, *shares]
        assert sum(whole) == parts.paid
        assert min(whole) >= 0
        # Written out in major units and read back, nothing is lost in any currency.
        in_major_units = [Money(part, currency).decimal for part in whole]
        assert sum(in_major_units) == Money(parts.paid, currency).decimal
        assert all(part.as_tuple().exponent == -exponent(currency) for part in in_major_units)


def refunds_end_at_zero(cart, wishes) -> None:
    """Whatever is given back in whatever pieces: no part ever below zero or growing, and at the end nothing is left."""
    for parts, shares in cart:
        left, paid_left = [parts.tax, parts.processor_fee, parts.platform_fee, *shares], parts.paid
        for wish in [*wishes, 10_000]:
            if not paid_left:
                break
            amount = min(wish, paid_left)
            _, taken = calc.allocate_return(amount, paid_left, 0, left)
            assert sum(taken) == amount
            assert all(0 <= part <= whole for part, whole in zip(taken, left, strict=True))
            left = [whole - part for whole, part in zip(left, taken, strict=True)]
            paid_left -= amount
        assert paid_left == 0
        assert not any(left)


def promoted_refunds_end_at_zero(paid, promotion, weights, wishes) -> None:
    """The same with a coupon that the platform funds: its part goes back along with the reader's."""
    left, promotion_left, paid_left = allocate(paid + promotion, weights), promotion, paid
    for wish in [*wishes, 10_000]:
        if not paid_left:
            break
        amount = min(wish, paid_left)
        back, taken = calc.allocate_return(amount, paid_left, promotion_left, left)
        assert 0 <= back <= promotion_left
        assert sum(taken) == amount + back
        assert all(0 <= part <= whole for part, whole in zip(taken, left, strict=True))
        left = [whole - part for whole, part in zip(left, taken, strict=True)]
        paid_left, promotion_left = paid_left - amount, promotion_left - back
    assert (paid_left, promotion_left, any(left)) == (0, 0, False)


def drift_is_less_than_a_unit_a_piece(weights, pieces) -> None:
    """In pieces, nobody loses or gains more against the exact share than one minor unit for each piece."""
    total = sum(pieces)
    left = allocate(total, weights)
    begun = list(left)
    given_back = [0] * len(left)
    rest = total
    for number, piece in enumerate(pieces[:-1], start=1):
        _, taken = calc.allocate_return(piece, rest, 0, left)
        left = [whole - part for whole, part in zip(left, taken, strict=True)]
        given_back = [sum(pair) for pair in zip(given_back, taken, strict=True)]
        rest -= piece
        for whole, back in zip(begun, given_back, strict=True):
            assert abs(back * total - whole * (total - rest)) < total * number


wishes = st.lists(amounts, max_size=8)


class TestSplitting:
    @some(200)
    @given(cart=sold(), currency=st.sampled_from(CURRENCIES))
    def test_parts_add_up_in_every_currency(self, cart, currency):
        splits_exactly(cart, currency)

    @some(200)
    @given(cart=sold(), wishes=wishes)
    def test_partial_refunds_never_go_below_zero_and_end_at_zero(self, cart, wishes):
        refunds_end_at_zero(cart, wishes)

    @some(200)
    @given(paid=amounts, promotion=st.integers(0, 10_000), weights=co_authors, wishes=wishes)
    def test_refunds_of_promoted_sales_too(self, paid, promotion, weights, wishes):
        promoted_refunds_end_at_zero(paid, promotion, weights, wishes)

    @some(200)
    @given(weights=co_authors, pieces=st.lists(amounts, min_size=2, max_size=8))
    def test_pieces_stay_near_the_exact_share(self, weights, pieces):
        drift_is_less_than_a_unit_a_piece(weights, pieces)


class TestSplittingAtLength:
    @many(100_000)
    @given(cart=sold(), currency=st.sampled_from(CURRENCIES), wishes=wishes)
    def test_parts_add_up_and_refunds_end_at_zero(self, cart, currency, wishes):
        splits_exactly(cart, currency)
        refunds_end_at_zero(cart, wishes)

    @many(100_000)
    @given(paid=amounts, promotion=st.integers(0, 10_000), weights=co_authors, wishes=wishes)
    def test_refunds_of_promoted_sales_too(self, paid, promotion, weights, wishes):
        promoted_refunds_end_at_zero(paid, promotion, weights, wishes)
