"""Gifts: paid gross, redeemed once by whoever holds the link, taxed there, changed or taken back until then."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail

from accounts.models import AuditEntry
from common import clock
from common.errors import NotFound
from common.money import Money
from publishing.models import Price
from royalties.models import JournalEntry, RoyaltyTerms, SaleRecord
from royalties.services import clearing
from royalties.services.invariants import check_invariants
from storefront.checkout import errors, permissions, retry_stuck
from storefront.checkout.cart.services import quotes
from storefront.checkout.entitlements.services import deferred_lines
from storefront.checkout.gifts import selectors as gift_selectors
from storefront.checkout.gifts.services import emails, gifts
from storefront.checkout.models import CartLine, Entitlement, Gift, Order, OrderLine, Refund, RefundState
from storefront.checkout.refunds import services as refunds
from tests.conftest import NOON
from tests.factories.accounts import make_author, make_reader
from tests.factories.buying import buy, fill_cart, make_book, place_order
from tests.factories.offers import (
    add_gift,
    balances,
    give,
    make_author_coupon,
    make_awaited,
    make_platform_coupon,
    pay,
    token_of,
    use_code,
)

pytestmark = pytest.mark.django_db


def redeem(gift, reader=None, *, country="US", consent=True):
    reader = reader or make_reader()
    return gifts.redeem(actor=reader, token=token_of(gift), country=country, has_consented=consent, at=clock.now())


class TestBuying:
    def test_is_deferred_gross_and_nobody_reads_it_yet(self, reader, book):
        gift = give(reader, book)
        assert balances() == {"stripe_balance": 499 - 44, "deferred:gift": -499, "processor_fee": 44}
        assert not Entitlement.objects.exists()
        assert not SaleRecord.objects.exists()
        assert check_invariants() == []
        assert gift.line.is_waiting

    def test_is_not_taxed_at_the_purchase_wherever_the_giver_lives(self, reader):
        add_gift(reader, make_book(prices={"EUR": 1070}), currency="EUR")
        order = place_order(reader, country="DE", currency="EUR")
        line = order.lines.get()
        assert (order.total_minor, line.tax_minor, line.tax_rate_bps) == (1070, 0, 0)

    def test_of_a_book_that_the_giver_owns(self, reader, book):
        buy(reader, book)
        assert give(reader, book).line.paid_minor == 499

    def test_beside_the_same_book_for_oneself_and_for_two_friends(self, reader, book):
        fill_cart(reader, book)
        for friend in ("one@example.org", "two@example.org"):
            add_gift(reader, book, recipient=friend)
        order = pay(place_order(reader))
        assert order.total_minor == 3 * 499
        assert (Entitlement.objects.count(), Gift.objects.count(), SaleRecord.objects.count()) == (1, 2, 1)
        assert not CartLine.objects.exists()
        assert check_invariants() == []

    def test_needs_no_consent_of_the_giver_alone(self, reader, book):
        add_gift(reader, book)
        offer = quotes.quote_cart(actor=reader, cart=reader.cart, country="US", at=clock.now())
        assert not offer.needs_consent
        assert pay(place_order(reader)).waiver_at is None

    def test_refuses_free_books_and_books_to_come(self, reader):
        with pytest.raises(errors.GiftIsFree):
            add_gift(reader, make_book(prices={"USD": 0}))
        with pytest.raises(errors.NotPublishedYet):
            add_gift(reader, make_awaited())

    def test_today_in_america_is_at_once_when_it_is_tomorrow_in_utc(self, reader, book):
        with clock.frozen(datetime(2026, 11, 25, 1, tzinfo=UTC)):
            add_gift(reader, book, deliver_on=date(2026, 11, 24))
            assert CartLine.objects.get().gift_on is None
            add_gift(reader, book, deliver_on=date(2026, 11, 25))
            assert CartLine.objects.get().gift_on == date(2026, 11, 25)

    @pytest.mark.parametrize("days", [-2, 400])
    def test_refuses_a_day_in_the_past_or_far_away(self, reader, book, days):
        with pytest.raises(errors.GiftDateWrong):
            add_gift(reader, book, deliver_on=(clock.now() + timedelta(days=days)).date())


class TestRedeem:
    def test_becomes_a_sale_to_the_redeemer_taxed_in_their_country(self, reader):
        gift, friend = give(reader, make_book(prices={"EUR": 1070}), currency="EUR"), make_reader()
        redeem(gift, friend, country="DE")
        line = OrderLine.objects.get()
        # 7 % inside the same price; card fee 41 as quoted, 8 % of 1000.
        assert (line.paid_minor, line.tax_minor, line.tax_rate_bps) == (1070, 70, 700)
        assert (line.processor_fee_minor, line.platform_fee_minor, line.royalty_minor) == (41, 80, 879)
        assert Entitlement.objects.get().user == friend
        assert balances("EUR") == {
            "stripe_balance": 1070 - 60,  # a card from abroad; the platform bears the difference
            "processor_fee": 60,
            "tax:vat:DE": -70,
            "platform_fee": -80,
            "processor_fee_recovered": -41,
            "contributor_clearing": -879,
        }
        assert check_invariants() == []

    def test_clears_a_window_after_it_was_redeemed(self, reader):
        gift = give(reader)
        with clock.frozen(clock.now() + timedelta(days=100)):
            redeem(gift)
            sale = SaleRecord.objects.get()
            assert (sale.deferral, sale.clears_at - sale.sold_at) == ("gift", timedelta(days=14))
            assert clearing.clear_due(at=clock.now() + timedelta(days=13)) == 0
            assert clearing.clear_due(at=clock.now() + timedelta(days=14)) == 1
        assert check_invariants() == []

    def test_keeps_the_terms_of_the_purchase(self, reader):
        gift = give(reader)
        RoyaltyTerms.objects.create(
            name="dearer", currency="USD", effective_at=clock.now() + timedelta(days=1), platform_fee_bps=5000
        )
        with clock.frozen(clock.now() + timedelta(days=2)):
            redeem(gift)
        assert OrderLine.objects.get().royalty_minor == 415

    def test_keeps_its_share_of_the_card_fee(self, reader, book):
        fill_cart(reader, book)
        add_gift(reader, make_book())
        pay(place_order(reader))
        line = OrderLine.objects.get(deferral="gift")
        assert line.processor_fee_minor == 29  # half of 59, the earlier line has 30
        redeem(Gift.objects.get())
        line.refresh_from_db()
        assert (line.processor_fee_minor, line.royalty_minor) == (29, 430)

    def test_the_platforms_code_is_made_up_for_at_redemption_too(self, reader):
        add_gift(reader, make_book(prices={"EUR": 1070}), currency="EUR")
        use_code(reader, make_platform_coupon(percent_bps=5000))
        pay(place_order(reader, currency="EUR"))
        redeem(Gift.objects.get(), country="DE")
        line = OrderLine.objects.get()
        # 535 with 35 tax; of the full 1070: 33 card fee, 80 platform fee, the rest royalty.
        assert (line.paid_minor, line.tax_minor, line.promotion_minor) == (535, 35, 500)
        assert line.royalty_minor == 1000 - 80 - 33
        assert check_invariants() == []

    def test_once(self, reader):
        gift = give(reader)
        redeem(gift)
        with pytest.raises(errors.GiftUnavailable):
            redeem(gift)
        assert Entitlement.objects.count() == SaleRecord.objects.count() == 1

    def test_refuses_a_wrong_link_no_consent_and_a_book_one_has(self, reader, book):
        gift = give(reader, book)
        with pytest.raises(NotFound):
            gifts.redeem(actor=reader, token="0" * 64, country="US", has_consented=True, at=clock.now())
        with pytest.raises(errors.ConsentMissing):
            redeem(gift, consent=False)
        friend = make_reader()
        buy(friend, book)
        with pytest.raises(errors.AlreadyOwned):
            redeem(gift, friend)
        with pytest.raises(errors.AlreadyOwned):
            redeem(gift, book.work.owner)
        assert Gift.objects.get().is_open

    def test_an_unpaid_gift_has_no_link(self, reader, book):
        add_gift(reader, book)
        order = place_order(reader)
        gift = Gift.objects.get(line__order=order)
        assert gift_selectors.gift_by_token(token_of(gift)) is None

    def test_only_a_hash_of_the_secret_is_stored(self, reader):
        gift = give(reader)
        stored = {str(value) for value in Gift.objects.values().get().values()}
        assert token_of(gift) not in stored
        assert gift_selectors.gift_by_token(gift.token_hash) is None


class TestSwap:
    def swap(self, gift, edition, actor=None):
        return gifts.exchange(actor=actor or make_reader(), token=token_of(gift), edition=edition, at=clock.now())

    def test_for_a_book_of_the_same_price(self, reader):
        gift, other, friend = give(reader), make_book(title="The Letter"), make_reader()
        assert [listing.edition_id for listing in gift_selectors.books_instead(gift)] == []  # no listing was made
        self.swap(gift, other, friend)
        redeem(gift, friend)
        assert Entitlement.objects.get().work == other.work
        assert SaleRecord.objects.get().work == other.work
        assert OrderLine.objects.get().title == "The Letter"
        assert AuditEntry.objects.filter(verb="gift.swapped", actor=friend).count() == 1
        assert check_invariants() == []

    @pytest.mark.parametrize("price", [498, 500, 0])
    def test_refuses_another_price(self, reader, price):
        gift = give(reader)
        with pytest.raises(errors.GiftNotSwappable):
            self.swap(gift, make_book(prices={"USD": price}))

    def test_refuses_another_currency_a_withdrawn_book_and_the_same_one(self, reader, book):
        gift = give(reader, book)
        gone = make_book()
        gone.state = "withdrawn"
        gone.save()
        for edition in (make_book(prices={"EUR": 499}), gone, book):
            with pytest.raises(errors.GiftNotSwappable):
                self.swap(gift, edition)

    def test_a_price_with_a_code_stays_with_its_book(self, reader):
        author = make_author()
        add_gift(reader, make_book(owner=author))
        use_code(reader, make_author_coupon(author))
        pay(place_order(reader))
        with pytest.raises(errors.GiftNotSwappable):
            self.swap(Gift.objects.get(), make_book(prices={"USD": 399}))

    def test_a_later_price_change_does_not_matter(self, reader, book):
        gift = give(reader, book)
        Price.objects.filter(work=book.work).update(list_price_minor=999)
        redeem(gift)
        assert SaleRecord.objects.get().paid_minor == 499


class TestTakingBack:
    def take_back(self, gift):
        """What happens when the provider has said yes."""
        order = Order.objects.get(pk=gift.line.order_id)
        return deferred_lines.cancel_for_refund(line=order.lines.get(), external_id="re_1", at=clock.now())

    def test_may_be_asked_for_until_it_is_redeemed_and_long_after_the_window(self, reader):
        gift = give(reader)
        later = clock.now() + timedelta(days=300)
        line = OrderLine.objects.select_related("order").get()
        assert permissions.refund_way(reader, line, later) == permissions.RefundRoute.AT_ONCE
        redeem(gift)
        line.refresh_from_db()
        assert permissions.refund_way(reader, line, clock.now()) == permissions.RefundRoute.NONE

    def test_asking_closes_the_link_at_once(self, reader):
        gift = give(reader)
        refunds.request_refund(actor=reader, line=gift.line, reason="", at=clock.now())
        with pytest.raises(errors.GiftUnavailable):
            redeem(gift)

    def test_books_the_money_back(self, reader):
        gift = give(reader)
        assert self.take_back(gift) is True
        assert balances() == {"stripe_balance": -44, "processor_fee": 44}
        gift.refresh_from_db()
        assert (gift.is_open, gift.canceled_at) == (False, clock.now())
        assert check_invariants() == []
        with pytest.raises(errors.GiftUnavailable):
            redeem(gift)

    def test_twice_is_once(self, reader):
        gift = give(reader)
        for _ in range(2):
            self.take_back(gift)
        kinds = JournalEntry.objects.exclude(kind="processor_fee").order_by("pk").values_list("kind", flat=True)
        assert list(kinds) == ["deferred", "refund"]

    def test_a_redeemed_gift_is_a_sale_and_is_not_touched(self, reader):
        gift = give(reader)
        redeem(gift)
        assert self.take_back(gift) is False
        assert Gift.objects.get().canceled_at is None

    def test_an_ordinary_line_is_not_touched(self, reader, book):
        line = buy(reader, book).lines.get()
        assert deferred_lines.cancel_for_refund(line=line, external_id="re_1", at=clock.now()) is False


class TestMail:
    def test_is_sent_once_after_payment_without_a_day(self, reader, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            gift = give(reader)
        assert emails.mail_gift(gift_id=gift.pk) is False
        sent = [message for message in mail.outbox if message.to == ["friend@example.org"]]
        assert len(sent) == 1
        assert reader.display_name in sent[0].subject
        for text in (sent[0].body, sent[0].alternatives[0][0]):
            assert token_of(gift) in text
            assert "For the train." in text

    def test_waits_for_its_day(self, reader, django_capture_on_commit_callbacks):
        day = (clock.now() + timedelta(days=30)).date()
        with django_capture_on_commit_callbacks(execute=True):
            give(reader, deliver_on=day)
            retry_stuck.retry_stuck()
        assert [message.to for message in mail.outbox] == [[reader.email]]
        with clock.frozen(clock.now() + timedelta(days=30)), django_capture_on_commit_callbacks(execute=True):
            retry_stuck.retry_stuck()
        assert mail.outbox[-1].to == ["friend@example.org"]

    @pytest.mark.parametrize(
        ("hours", "is_sent"),
        [(-13, False), (-12, False), (-1, False), (0, True), (11, True)],
        ids=["the day before", "UTC midnight", "morning", "noon", "evening"],
    )
    def test_leaves_when_it_is_its_day_in_america_too(self, reader, hours, is_sent):
        gift = give(reader, deliver_on=NOON.date() + timedelta(days=30))
        with clock.frozen(NOON + timedelta(days=30, hours=hours)):
            assert emails.mail_gift(gift_id=gift.pk) is is_sent

    def test_is_not_sent_for_what_goes_back(self, reader):
        gift = give(reader, deliver_on=clock.now().date())
        Refund.objects.create(
            line=gift.line, payment=gift.line.order.payments.get(), amount_minor=499, requested_at=clock.now()
        )
        assert emails.mail_gift(gift_id=gift.pk) is False
        assert mail.outbox == []

    def test_waits_while_somebody_looks_whether_it_goes_back(self, reader):
        gift = give(reader)
        refund = Refund.objects.create(
            line=gift.line,
            payment=gift.line.order.payments.get(),
            state=RefundState.PROPOSED,
            amount_minor=499,
            requested_at=clock.now(),
        )
        assert emails.mail_gift(gift_id=gift.pk) is False
        refund.state = RefundState.DECLINED
        refund.save()
        assert emails.mail_gift(gift_id=gift.pk) is True

    def test_is_not_sent_for_an_order_nobody_paid(self, reader, book):
        add_gift(reader, book)
        place_order(reader)
        assert emails.mail_gift(gift_id=Gift.objects.get().pk) is False

    def test_the_receipt_says_what_it_is(self, reader, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            give(reader)
        receipt = next(message for message in mail.outbox if message.to == [reader.email])
        for text in (receipt.body, receipt.alternatives[0][0]):
            assert "a gift for friend@example.org" in text
            assert "right of withdrawal" not in text
            assert "in your library" not in text


def test_finance_sees_what_is_open(reader):
    first, second = give(reader), give(reader)
    redeem(second)
    assert list(gift_selectors.open_gifts()) == [first]


def test_price_of_a_gift_is_what_was_paid(reader):
    line = give(reader).line
    assert Money(line.paid_minor, line.order.currency) == Money(499, "USD")
