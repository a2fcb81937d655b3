"""Wishes and their alerts: each fall is told once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts import regions
from common import clock, jobs
from common.errors import NotFound
from publishing.models import EditionState, Price, Work
from publishing.services import prices as pricing
from storefront.catalogue.services import listings
from storefront.checkout import errors
from storefront.checkout.models import Preorder
from storefront.checkout.preorders.services import preorders
from storefront.library.models import AlertKind, ListingCheck, ReaderMail, Wish, WishAlert
from storefront.library.selectors import wishlists as wish_selectors
from storefront.library.services import follows, reader_emails, retry_stuck, wishlists
from storefront.library.services.reader_emails import MailKind
from tests.factories.accounts import make_reader
from tests.factories.buying import buy, make_book, place_order
from tests.factories.offers import make_awaited, pay, publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("postman")]


@pytest.fixture
def listed(book):
    listings.refresh_listing(book)
    return book


@pytest.fixture
def wish(reader, listed):
    return wishlists.add_wish(actor=reader, slug=listed.work.slug, at=clock.now())


def ask(book, minor):
    Price.objects.filter(work=book.work).update(list_price_minor=minor)
    wishlists.create_due_alerts(work_id=book.work_id, at=clock.now())


def told():
    return list(WishAlert.objects.order_by("pk").values_list("kind", "price_minor"))


class TestWishFor:
    def test_keeps_the_price_of_the_day(self, reader, listed, wish):
        assert (wish.currency, wish.wished_minor, wish.is_awaited) == ("USD", 499, False)
        Price.objects.update(list_price_minor=399)
        listings.refresh_listing(listed)
        assert wishlists.add_wish(actor=reader, slug=listed.work.slug, at=clock.now()).wished_minor == 499

    def test_refuses_what_is_owned_and_what_is_not_there(self, reader, listed):
        buy(reader, listed)
        with pytest.raises(errors.AlreadyOwned):
            wishlists.add_wish(actor=reader, slug=listed.work.slug, at=clock.now())
        with pytest.raises(NotFound):
            wishlists.add_wish(actor=reader, slug="nothing", at=clock.now())

    def test_another_currency_where_there_is_no_price_in_ours(self, reader):
        book = make_book(prices={"EUR": 450})
        listings.refresh_listing(book)
        wish = wishlists.add_wish(actor=reader, slug=book.work.slug, at=clock.now())
        assert (wish.currency, wish.wished_minor) == ("EUR", 450)

    def test_the_currency_of_the_region_it_is_made_in(self, client, reader):
        book = make_book(prices={"USD": 500, "EUR": 450})
        listings.refresh_listing(book)
        client.force_login(reader)
        client.post("/de-at/wishlist/add/", {"book": book.work.slug}, headers={"sec-fetch-site": "same-origin"})
        wish = Wish.objects.get()
        assert (wish.currency, wish.wished_minor) == ("EUR", 450)
        wishlists.create_due_alerts(work_id=book.work_id, at=clock.now())
        Price.objects.filter(work=book.work, currency="USD").update(list_price_minor=1)
        wishlists.create_due_alerts(work_id=book.work_id, at=clock.now())
        assert told() == []
        Price.objects.filter(work=book.work, currency="EUR").update(list_price_minor=300)
        wishlists.create_due_alerts(work_id=book.work_id, at=clock.now())
        assert told() == [(AlertKind.PRICE, 300)]

    def test_the_shops_where_the_region_has_no_price(self, reader, listed):
        with regions.active(regions.region("de", "AT")):
            wish = wishlists.add_wish(actor=reader, slug=listed.work.slug, at=clock.now())
        assert (wish.currency, wish.wished_minor) == ("USD", 499)

    def test_taken_off_and_put_back_is_as_it_was(self, reader, listed, wish):
        work_id = listed.work.public_id
        wishlists.remove(actor=reader, work_id=work_id, at=clock.now())
        assert wish_selectors.wishlist_of(reader) == []
        Price.objects.update(list_price_minor=99)
        wishlists.put_back(actor=reader, work_id=work_id)
        assert wish_selectors.wishlist_of(reader)[0].wished.amount_minor == 499

    def test_wished_for_again_begins_anew(self, reader, listed, wish):
        wishlists.remove(actor=reader, work_id=listed.work.public_id, at=clock.now())
        Price.objects.update(list_price_minor=399)
        listings.refresh_listing(listed)
        assert wishlists.add_wish(actor=reader, slug=listed.work.slug, at=clock.now()).wished_minor == 399

    def test_others_change_nothing(self, listed, wish):
        stranger, work_id = make_reader(), listed.work.public_id
        wishlists.remove(actor=stranger, work_id=work_id, at=clock.now())
        with pytest.raises(NotFound):
            wishlists.set_alert_price(actor=stranger, work_id=work_id, amount_minor=1)
        assert Wish.objects.get().removed_at is None

    def test_what_was_taken_off_is_forgotten_after_a_day(self, reader, listed, wish):
        at = clock.now()
        wishlists.remove(actor=reader, work_id=listed.work.public_id, at=at)
        wishlists.forget_removed(at=at + timedelta(hours=23))
        assert Wish.objects.exists()
        wishlists.forget_removed(at=at + timedelta(hours=25))
        assert not Wish.objects.exists()


class TestCheck:
    def test_a_fall_is_told_once(self, listed, wish):
        ask(listed, 399)
        ask(listed, 399)
        assert told() == [(AlertKind.PRICE, 399)]

    @pytest.mark.parametrize(
        ("prices", "expected"),
        [
            ([499, 599, 500], []),
            ([399, 450, 399], [399]),  # up and down below the first price: nothing new
            ([399, 299, 199], [399, 299, 199]),
            ([399, 499, 399], [399, 399]),  # it had recovered: another fall
            ([399, 350, 600, 400], [399, 350, 400]),
            ([0], [0]),
        ],
    )
    def test_which_falls_are_told(self, listed, wish, prices, expected):
        for minor in prices:
            ask(listed, minor)
        assert [price for _kind, price in told()] == expected

    @pytest.mark.parametrize(("prices", "expected"), [([399, 301], []), ([300], [300]), ([300, 400, 300], [300, 300])])
    def test_below_a_chosen_amount(self, reader, listed, wish, prices, expected):
        wishlists.set_alert_price(actor=reader, work_id=listed.work.public_id, amount_minor=300)
        for minor in prices:
            ask(listed, minor)
        assert [price for _kind, price in told()] == expected

    def test_an_amount_that_is_reached_already_is_seen_on_the_page(self, reader, listed, wish):
        assert wishlists.set_alert_price(actor=reader, work_id=listed.work.public_id, amount_minor=600)
        ask(listed, 499)
        assert told() == []
        assert wish_selectors.wishlist_of(reader)[0].is_at_chosen
        ask(listed, 450)
        assert told() == [(AlertKind.PRICE, 450)]

    def test_a_price_in_another_currency_is_nothing(self, listed, wish):
        Price.objects.create(work=listed.work, currency="EUR", list_price_minor=1, changed_at=clock.now())
        ask(listed, 499)
        assert told() == []

    def test_who_has_it_took_it_off_or_wants_no_mail_is_not_told(self, reader, listed, wish):
        off, silent = make_reader(), make_reader()
        for person in (off, silent):
            wishlists.add_wish(actor=person, slug=listed.work.slug, at=clock.now())
        wishlists.remove(actor=off, work_id=listed.work.public_id, at=clock.now())
        follows.choose_price_alerts(actor=silent, wants=False)
        buy(reader, listed)
        ask(listed, 99)
        assert told() == []

    def test_a_book_that_comes_out_is_told_once(self, reader):
        book = make_awaited()
        listings.refresh_listing(book)
        wish = wishlists.add_wish(actor=reader, slug=book.work.slug, at=clock.now())
        assert wish.is_awaited
        wishlists.create_due_alerts(work_id=book.work_id, at=clock.now())
        assert told() == []
        book.state = EditionState.PUBLISHED
        book.published_at = clock.now()
        book.save()
        for _ in range(2):
            wishlists.create_due_alerts(work_id=book.work_id, at=clock.now())
        assert [kind for kind, _price in told()] == [AlertKind.OUT]


class TestFromThePriceOn:
    """From the author's click to the reader's mail."""

    def test_the_mail_has_both_prices_and_ends_with_one_click(
        self, reader, listed, wish, mailoutbox, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            pricing.set_prices(actor=listed.work.owner, work=listed.work, prices={"USD": 299}, at=clock.now())
        (mail,) = mailoutbox
        assert mail.to == [reader.email]
        assert "$2.99" in mail.body
        assert "$4.99" in mail.body
        link = reader_emails.unsubscribe_link(user=reader, kind=MailKind.PRICES)
        assert mail.extra_headers == {
            "List-Unsubscribe": f"<{link}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
        assert link in mail.body
        assert not ListingCheck.objects.exists()

    def test_nothing_is_left_where_nobody_waits(self, listed):
        pricing.set_prices(actor=listed.work.owner, work=listed.work, prices={"USD": 299}, at=clock.now())
        assert not ListingCheck.objects.exists()

    def test_a_lost_message_is_found_by_the_sweeper(self, listed, wish, mailoutbox, django_capture_on_commit_callbacks):
        pricing.set_prices(actor=listed.work.owner, work=listed.work, prices={"USD": 299}, at=clock.now())
        ListingCheck.objects.update(asked_at=clock.now() - timedelta(minutes=2))
        with django_capture_on_commit_callbacks(execute=True):
            retry_stuck.retry_stuck()
        assert len(mailoutbox) == 1

    def test_a_title_of_two_lines_makes_a_subject_of_one(self, listed, wish, mailoutbox):
        ask(listed, 299)
        Work.objects.update(title="The\r\nLamp\vof Ice")
        assert reader_emails.mail_wish_alert(alert_id=WishAlert.objects.get().pk)
        assert mailoutbox[0].subject == "“The Lamp of Ice” now costs less"

    def test_mails_that_cannot_be_made_do_not_hold_up_the_others(
        self, listed, monkeypatch, django_capture_on_commit_callbacks
    ):
        """However many of the oldest fail again and again, each sweep asks for any of them."""
        alerts = set()
        for _ in range(5):
            wish = wishlists.add_wish(actor=make_reader(), slug=listed.work.slug, at=clock.now())
            told = {"kind": AlertKind.PRICE, "price_minor": 299, "made_at": clock.now() - timedelta(minutes=2)}
            alerts.add(WishAlert.objects.create(wish=wish, **told).pk)
        monkeypatch.setattr(retry_stuck, "_BATCH", 2)
        with jobs.collect_messages() as messages, django_capture_on_commit_callbacks(execute=True):
            for _ in range(60):
                retry_stuck.retry_stuck()
        asked = [ids["alert_id"] for name, ids in messages if name == "library.mail_wish_alert"]
        assert set(asked) == alerts

    def test_an_alert_is_mailed_once(self, listed, wish, mailoutbox):
        ask(listed, 299)
        alert = WishAlert.objects.get()
        assert reader_emails.mail_wish_alert(alert_id=alert.pk)
        assert not reader_emails.mail_wish_alert(alert_id=alert.pk)
        assert len(mailoutbox) == 1

    def test_a_wish_taken_off_meanwhile_is_not_mailed(self, reader, listed, wish, mailoutbox):
        ask(listed, 299)
        wishlists.remove(actor=reader, work_id=listed.work.public_id, at=clock.now())
        assert not reader_emails.mail_wish_alert(alert_id=WishAlert.objects.get().pk)
        ReaderMail.objects.create(user=reader, price_alerts=False)
        assert mailoutbox == []


@settings(max_examples=200, deadline=None)
@given(prices=st.lists(st.integers(0, 9), max_size=12), wished=st.integers(0, 9), below=st.none() | st.integers(0, 9))
def test_every_alert_is_due_and_a_new_low_since_the_price_recovered(prices, wished, below):
    wish = Wish(wished_minor=wished, below_minor=below)
    limit = below + 1 if below is not None else wished
    lowest = None
    for price in prices:
        is_told = wishlists._note_price(wish, price)
        lowest = None if price >= limit else lowest
        assert is_told == (price < limit and (lowest is None or price < lowest))
        if price < limit:
            lowest = price if lowest is None else min(lowest, price)


class TestOrderedAhead:
    @pytest.fixture
    def awaited(self, reader):
        edition = make_awaited()
        wishlists.add_wish(actor=reader, slug=edition.work.slug, at=clock.now())
        pay(place_order(reader, edition))
        return edition

    def test_is_not_told_that_it_costs_less(self, awaited):
        ask(awaited, 100)
        assert told() == []

    def test_is_told_once_that_it_is_out(self, awaited):
        """By the mail of the order, whichever worker is first."""
        publish(awaited)
        wishlists.create_due_alerts(work_id=awaited.work_id, at=clock.now())
        preorders.supply(preorder_id=Preorder.objects.get().pk, at=clock.now())
        wishlists.create_due_alerts(work_id=awaited.work_id, at=clock.now())
        assert told() == []

    def test_is_told_again_once_the_order_is_canceled(self, awaited):
        Preorder.objects.update(canceled_at=clock.now())
        ask(awaited, 100)
        assert told() == [(AlertKind.PRICE, 100)]
