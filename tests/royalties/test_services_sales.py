from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from common.money import Money
from publishing.models import SplitShare
from royalties import calc, entries
from royalties.dto import QuoteLine
from royalties.errors import EntryDiffers, NoTermsInForce, PriceTooLow, SaleRefused, SaleUnknown
from royalties.models import (
    AccountBalance,
    JournalEntry,
    LedgerAccount,
    Posting,
    RoyaltyTerms,
    SaleRecord,
    SaleShare,
    SaleState,
)
from royalties.selectors.sales import breakdown_of
from royalties.services import clearing, ledger, returns, sales, terms
from tests.royalties import factories
from tests.royalties.database import run_together
from tests.royalties.factories import NOON, WINDOW, edition, recorded_sale, sale, split, user

pytestmark = [pytest.mark.both, pytest.mark.django_db]
AFTER_WINDOW = NOON + WINDOW


def line(paid: int, tax: int = 0, currency: str = "USD") -> QuoteLine:
    return QuoteLine(edition_id=1, paid=Money(paid, currency), tax=Money(tax, currency))


def balances() -> dict[str, int]:
    """Amounts by kind of account, debit positive."""
    sums: dict[str, int] = {}
    for kind, amount in Posting.objects.values_list("account__kind", "amount_minor"):
        sums[kind] = sums.get(kind, 0) + amount
    return {kind: amount for kind, amount in sums.items() if amount}


class TestQuote:
    def test_breakdown_in_order(self):
        quoted = sales.quote(lines=[line(499), line(99), line(1000)], at=NOON)
        assert [b.paid.amount_minor for b in quoted] == [499, 99, 1000]
        for b in quoted:
            assert b.paid == b.tax + b.processor_fee + b.platform_fee + b.royalty

    def test_one_card_fee_for_the_cart(self):
        quoted = sales.quote(lines=[line(499)] * 3, at=NOON)
        assert sum(b.processor_fee.amount_minor for b in quoted) == 73

    def test_each_currency_has_its_own_fees(self):
        assert sales.quote(lines=[line(499, currency="EUR")], at=NOON)[0].processor_fee == Money(32, "EUR")
        assert sales.quote(lines=[line(499, currency="GBP")], at=NOON)[0].processor_fee == Money(27, "GBP")

    def test_terms_in_force_at_the_moment(self):
        RoyaltyTerms.objects.create(
            name="Later", currency="USD", effective_at=NOON, platform_fee_bps=1000, family="octavo"
        )
        before = sales.quote(lines=[line(1000)], at=NOON - timedelta(seconds=1))[0]
        after = sales.quote(lines=[line(1000)], at=NOON)[0]
        assert (before.platform_fee.amount_minor, after.platform_fee.amount_minor) == (80, 100)
        assert before.terms_id != after.terms_id

    def test_rate_band_terms_look_at_list_price_and_size(self):
        book = edition()
        book.work.prices.create(currency="USD", list_price_minor=299, changed_at=NOON)
        book.job.artifacts.create(kind="epub", file="e", media_type="x", sha256="0" * 64, size_bytes=6 << 20)
        RoyaltyTerms.objects.create(
            name="Bands",
            family="rate_band",
            currency="USD",
            effective_at=NOON,
            bands=(calc.Band(299, 999, 7000, True),),
            delivery_per_mb_minor=15,
        )
        quoted = sales.quote(lines=[QuoteLine(book.pk, Money(299, "USD"), Money(0, "USD"))], at=NOON)[0]
        assert quoted.royalty == Money(146, "USD")

    def test_empty_cart(self):
        assert sales.quote(lines=[], at=NOON) == []

    def test_mixed_currencies_are_refused(self):
        with pytest.raises(ValueError, match="currency"):
            sales.quote(lines=[line(499), line(499, currency="EUR")], at=NOON)

    @pytest.mark.parametrize("tax", [-1, 500])
    def test_impossible_tax_is_refused(self, tax):
        with pytest.raises(ValueError, match="tax"):
            sales.quote(lines=[line(499, tax)], at=NOON)

    def test_currency_without_terms_is_refused(self):
        with pytest.raises(NoTermsInForce):
            sales.quote(lines=[line(499, currency="CHF")], at=NOON)

    def test_moment_before_all_terms_is_refused(self):
        with pytest.raises(NoTermsInForce):
            sales.quote(lines=[line(499)], at=NOON - timedelta(days=365 * 20))


class TestPreview:
    def test_adds_up_and_divides(self):
        shown = terms.preview(list_price=Money(499, "USD"), tax_rate_bps=700, shares=[6667, 3333])
        assert shown.list_price == shown.tax + shown.processor_fee + shown.platform_fee + shown.royalty
        assert shown.shares[0] + shown.shares[1] == shown.royalty

    def test_equals_what_a_sale_then_brings(self):
        shown = terms.preview(list_price=Money(499, "USD"), tax_rate_bps=0)
        assert shown.royalty == sales.quote(lines=[line(499)], at=NOON)[0].royalty == Money(415, "USD")

    @pytest.mark.parametrize("price", [-1, 1, 34])
    def test_too_low_names_the_minimum(self, price):
        with pytest.raises(PriceTooLow) as refused:
            terms.preview(list_price=Money(price, "USD"), tax_rate_bps=0)
        assert "$0.35" in refused.value.text

    def test_the_minimum_is_allowed(self):
        lowest = terms.minimum_price(currency="EUR", tax_rate_bps=700)
        assert terms.preview(list_price=lowest, tax_rate_bps=700).royalty.amount_minor >= 1

    def test_free_is_allowed(self):
        assert terms.preview(list_price=Money(0, "USD"), tax_rate_bps=700).royalty == Money(0, "USD")

    def test_currency_without_terms_is_refused(self):
        with pytest.raises(NoTermsInForce):
            terms.preview(list_price=Money(499, "CHF"), tax_rate_bps=0)


class TestRecordSale:
    def test_posts_the_entry_of_the_table(self):
        recorded_sale(paid=499, tax=33)
        assert balances() == {
            "stripe_balance": 499,
            "tax": -33,
            "processor_fee_recovered": -44,
            "platform_fee": -37,
            "contributor_clearing": -385,
        }

    @pytest.mark.parametrize(
        ("country", "name"), [("DE", "tax:vat:DE"), ("US", "tax:sales:US"), ("AU", "tax:gst:AU"), ("JP", "tax:jct:JP")]
    )
    def test_tax_is_owed_to_the_readers_country(self, country, name):
        recorded_sale(tax=33, country=country)
        assert LedgerAccount.objects.filter(name=name).exists()

    def test_divides_by_the_split_in_force(self):
        book = edition()
        ann, ben = user("Ann"), user("Ben")
        split(book.work, (ann, 6667), (ben, 3333))
        made = recorded_sale(of=book)
        assert [(s.user, s.amount.amount_minor) for s in breakdown_of(made.reference).shares] == [
            (ann, 277),
            (ben, 138),
        ]

    def test_newer_agreement_holds_from_its_date(self):
        book = edition()
        ann, ben = user("Ann"), user("Ben")
        split(book.work, (ann, 10000))
        split(book.work, (ann, 5000), (ben, 5000), effective_at=NOON + timedelta(days=1))
        assert len(breakdown_of(recorded_sale(of=book).reference).shares) == 1
        later = recorded_sale(of=book, sold_at=NOON + timedelta(days=1))
        assert len(breakdown_of(later.reference).shares) == 2

    def test_unconsented_agreement_does_not_hold(self):
        book = edition()
        ben = user("Ben")
        split(book.work, (ben, 10000), consented=False)
        assert [s.user for s in breakdown_of(recorded_sale(of=book).reference).shares] == [book.work.owner]

    def test_consent_after_the_sale_does_not_hold_for_it(self):
        book = edition()
        split(book.work, (user("Ben"), 10000))
        SplitShare.objects.update(consented_at=NOON + timedelta(seconds=1))
        assert [s.user for s in breakdown_of(recorded_sale(of=book).reference).shares] == [book.work.owner]

    def test_one_cent_among_three(self):
        book = edition()
        people = [user(n) for n in ("Ann", "Ben", "Cy")]
        split(book.work, *[(p, 3333) for p in people])
        given = factories.breakdown(book, 499)
        given = replace(given, platform_fee=Money(454, "USD"), royalty=Money(1, "USD"))
        made = recorded_sale(of=book, given=given)
        assert [s.amount.amount_minor for s in breakdown_of(made.reference).shares] == [1, 0, 0]

    def test_same_line_twice_is_one_sale(self):
        made = sale()
        first, second = sales.record_sale(sale=made), sales.record_sale(sale=made)
        assert (first.is_new, second.is_new) == (True, False)
        assert first.entry_id == second.entry_id
        assert SaleRecord.objects.count() == JournalEntry.objects.count() == 1

    def test_same_line_twice_keeps_the_split_of_the_first(self):
        book = edition()
        made = recorded_sale(of=book)
        split(book.work, (user("Ben"), 10000))
        assert not sales.record_sale(sale=made).is_new
        assert SaleShare.objects.get().user == book.work.owner

    def test_same_line_with_another_price_is_refused(self):
        made = recorded_sale()
        with pytest.raises(EntryDiffers):
            sales.record_sale(sale=sale(reference=made.reference, paid=599))

    def test_free_sale_posts_nothing(self):
        result = sales.record_sale(sale=sale(paid=0))
        assert result.entry_id is None
        assert not JournalEntry.objects.exists()
        assert SaleRecord.objects.count() == 1

    def test_order_of_three_lines(self, django_assert_max_num_queries):
        book = edition()
        lines = [sale(of=book) for _ in range(3)]
        with django_assert_max_num_queries(24):
            recorded = sales.record_sales(sales=lines)
        assert [r.reference for r in recorded] == [s.reference for s in lines]
        assert all(r.is_new for r in recorded)

    @pytest.mark.parametrize(
        "change",
        [
            {"royalty": Money(416, "USD")},
            {"royalty": Money(415, "EUR")},
            {"royalty": Money(460, "USD"), "platform_fee": Money(-5, "USD")},
            {"edition_id": -1},
        ],
    )
    def test_contradicting_breakdown_is_refused(self, change):
        book = edition()
        given = replace(factories.breakdown(book), **change)
        with pytest.raises(SaleRefused):
            sales.record_sale(sale=sale(of=book, given=given))
        assert not SaleRecord.objects.exists()

    def test_tax_owed_to_no_country_is_refused(self):
        with pytest.raises(SaleRefused):
            sales.record_sale(sale=sale(tax=33, country=""))

    def test_clearing_before_the_sale_is_refused(self):
        with pytest.raises(SaleRefused):
            sales.record_sale(sale=replace(sale(), clears_at=NOON - timedelta(days=1)))


class TestRecordProcessorFee:
    def test_is_the_platforms_expense(self):
        sales.record_processor_fee(order_reference="ord_1", fee=Money(47, "USD"), external_id="txn_1", at=NOON)
        assert balances() == {"processor_fee": 47, "stripe_balance": -47}

    def test_same_fee_twice_is_one_entry(self):
        for _ in range(2):
            sales.record_processor_fee(order_reference="ord_1", fee=Money(47, "USD"), external_id="txn_1", at=NOON)
        assert JournalEntry.objects.count() == 1

    def test_same_id_with_another_fee_is_refused(self):
        sales.record_processor_fee(order_reference="ord_1", fee=Money(47, "USD"), external_id="txn_1", at=NOON)
        with pytest.raises(EntryDiffers):
            sales.record_processor_fee(order_reference="ord_1", fee=Money(48, "USD"), external_id="txn_1", at=NOON)

    def test_negative_is_refused(self):
        with pytest.raises(ValueError, match="negative"):
            sales.record_processor_fee(order_reference="ord_1", fee=Money(-1, "USD"), external_id="txn_1", at=NOON)

    def test_none_posts_nothing(self):
        assert sales.record_processor_fee(order_reference="o", fee=Money(0, "USD"), external_id="t", at=NOON) is None


class TestClearDue:
    def test_moves_what_is_due_to_payable(self):
        recorded_sale()
        assert clearing.clear_due(at=AFTER_WINDOW) == 1
        assert balances()["contributor_payable"] == -415
        assert "contributor_clearing" not in balances()

    def test_nothing_clears_a_second_early(self):
        recorded_sale()
        assert clearing.clear_due(at=AFTER_WINDOW - timedelta(seconds=1)) == 0

    def test_twice_is_once(self):
        recorded_sale()
        clearing.clear_due(at=AFTER_WINDOW)
        assert clearing.clear_due(at=AFTER_WINDOW) == 0

    def test_refunded_sale_does_not_clear(self):
        made = recorded_sale()
        returns.record_refund(reference=made.reference, external_id="rfd_1", at=NOON)
        assert clearing.clear_due(at=AFTER_WINDOW) == 0

    def test_more_than_a_batch(self, monkeypatch):
        monkeypatch.setattr(clearing, "_BATCH", 2)
        book = edition()
        for _ in range(5):
            recorded_sale(of=book)
        assert clearing.clear_due(at=AFTER_WINDOW) == 5
        assert balances()["contributor_payable"] == -5 * 415

    def test_free_sale_clears_without_an_entry(self):
        recorded_sale(paid=0)
        assert clearing.clear_due(at=AFTER_WINDOW) == 1
        assert not JournalEntry.objects.exists()


class TestRecordRefund:
    def test_inside_the_window_restores_everything_but_the_real_fee(self):
        made = recorded_sale(tax=33)
        sales.record_processor_fee(
            order_reference=made.order_reference, fee=Money(44, "USD"), external_id="txn", at=NOON
        )
        returns.record_refund(reference=made.reference, external_id="rfd_1", at=NOON)
        assert balances() == {"processor_fee": 44, "stripe_balance": -44}

    def test_reverses_the_sales_entry(self):
        made = recorded_sale()
        refund = returns.record_refund(reference=made.reference, external_id="rfd_1", at=NOON)
        entry = JournalEntry.objects.get(pk=refund.entry_id)
        assert entry.reverses == SaleRecord.objects.get().entry

    def test_after_clearing_takes_what_is_payable(self):
        made = recorded_sale(tax=33)
        clearing.clear_due(at=AFTER_WINDOW)
        returns.record_refund(reference=made.reference, external_id="rfd_1", at=AFTER_WINDOW)
        assert balances() == {}

    def test_after_payout_the_rest_is_owed(self):
        book = edition()
        made = recorded_sale(of=book)
        clearing.clear_due(at=AFTER_WINDOW)
        pay(book.work.owner.public_id, 300)
        returns.record_refund(reference=made.reference, external_id="rfd_1", at=AFTER_WINDOW)
        assert balances()["contributor_receivable"] == 300
        assert "contributor_payable" not in balances()

    def test_debt_is_recovered_from_later_payables(self):
        book = edition()
        made = recorded_sale(of=book)
        clearing.clear_due(at=AFTER_WINDOW)
        pay(book.work.owner.public_id, 300)
        returns.record_refund(reference=made.reference, external_id="rfd_1", at=AFTER_WINDOW)
        recorded_sale(of=book)
        clearing.clear_due(at=AFTER_WINDOW)
        assert clearing.recover_debts(at=AFTER_WINDOW) == 1
        assert clearing.recover_debts(at=AFTER_WINDOW) == 0
        assert "contributor_receivable" not in balances()
        assert balances()["contributor_payable"] == -115

    def test_each_contributor_gives_back_their_own_share(self):
        book = edition()
        ann, ben = user("Ann"), user("Ben")
        split(book.work, (ann, 5000), (ben, 5000))
        made = recorded_sale(of=book)
        clearing.clear_due(at=AFTER_WINDOW)
        pay(ann.public_id, 208)
        returns.record_refund(reference=made.reference, external_id="rfd_1", at=AFTER_WINDOW)
        owed = AccountBalance.objects.filter(account__kind="contributor_receivable", balance_minor__gt=0)
        assert [(row.account.owner, row.balance_minor) for row in owed] == [(ann, 208)]

    def test_same_refund_twice_is_one(self):
        made = recorded_sale()
        first = returns.record_refund(reference=made.reference, external_id="rfd_1", at=NOON)
        second = returns.record_refund(reference=made.reference, external_id="rfd_1", at=NOON)
        assert (first.entry_id, second.is_new) == (second.entry_id, False)

    def test_another_refund_of_the_same_sale_is_refused(self):
        made = recorded_sale()
        returns.record_refund(reference=made.reference, external_id="rfd_1", at=NOON)
        with pytest.raises(SaleRefused):
            returns.record_refund(reference=made.reference, external_id="rfd_2", at=NOON)

    def test_unknown_sale_is_refused(self):
        with pytest.raises(SaleUnknown):
            returns.record_refund(reference="lin_nothing", external_id="rfd_1", at=NOON)

    def test_free_sale_only_changes_its_state(self):
        made = recorded_sale(paid=0)
        assert returns.record_refund(reference=made.reference, external_id="rfd_1", at=NOON).entry_id is None
        assert SaleRecord.objects.get().state == SaleState.REFUNDED


def pay(owner: str, amount: int) -> None:
    """Move payable money out, as a finished payout does."""

    common = {"owner": owner, "currency": "USD", "occurred_at": NOON, "amount": amount}
    ledger.post_one(entries.transfer_asked(payout="pay_1", **common))
    ledger.post_one(entries.transfer_confirmed(payout="pay_1", **common))


class TestBreakdownOf:
    def test_equals_the_ledger(self):
        made = recorded_sale(tax=33)
        shown = breakdown_of(made.reference)
        posted = dict(Posting.objects.filter(entry_id=shown.entry_ids[0]).values_list("account__kind", "amount_minor"))
        assert posted["stripe_balance"] == shown.paid.amount_minor
        assert -posted["tax"] == shown.tax.amount_minor
        assert -posted["platform_fee"] == shown.platform_fee.amount_minor
        assert -posted["processor_fee_recovered"] == shown.processor_fee.amount_minor
        assert -posted["contributor_clearing"] == shown.royalty.amount_minor

    def test_follows_the_state(self):
        made = recorded_sale()
        assert breakdown_of(made.reference).state == "clearing"
        clearing.clear_due(at=AFTER_WINDOW)
        assert breakdown_of(made.reference).state == "cleared"
        returns.record_refund(reference=made.reference, external_id="r", at=AFTER_WINDOW)
        shown = breakdown_of(made.reference)
        assert (shown.state, len(shown.entry_ids)) == ("refunded", 3)

    def test_unknown(self):
        with pytest.raises(SaleUnknown):
            breakdown_of("lin_nothing")


@pytest.mark.race
class TestRaces:
    def test_refund_or_clearing_never_both(self, racing_db):
        book = edition()
        made = [recorded_sale(of=book) for _ in range(6)]
        refunds = [
            lambda s=s: returns.record_refund(reference=s.reference, external_id=f"r{s.reference}", at=AFTER_WINDOW)
            for s in made
        ]
        results = run_together(*refunds, *[lambda: clearing.clear_due(at=AFTER_WINDOW)] * 2)
        assert not [r for r in results if isinstance(r, Exception)]
        assert balances() == {}

    def test_same_sale_from_many_connections_is_one(self, racing_db):
        made = sale()
        results = run_together(*[lambda: sales.record_sale(sale=made)] * 6)
        assert sorted(r.is_new for r in results) == [False] * 5 + [True]
        assert SaleRecord.objects.count() == SaleShare.objects.count() == 1

    def test_two_refunds_at_once_is_one(self, racing_db):
        made = recorded_sale()
        results = run_together(
            *[
                lambda n=n: returns.record_refund(reference=made.reference, external_id=f"r{n}", at=NOON)
                for n in range(4)
            ]
        )
        assert sum(isinstance(r, SaleRefused) for r in results) == 3
