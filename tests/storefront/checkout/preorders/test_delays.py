"""A book whose announced day has passed without it: nobody can order it, and everybody concerned is told once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core import mail

from common import clock
from publishing import services as publishing_services
from publishing.services import emails as publishing_mails
from publishing.services import release_dates
from royalties.services.invariants import check_invariants
from storefront.checkout import errors, retry_stuck
from storefront.checkout.cart.services import quotes
from storefront.checkout.models import OrderState, Preorder
from storefront.checkout.preorders.services import emails
from storefront.library.services import wishlists
from tests.factories.accounts import make_reader
from tests.factories.buying import fill_cart, place_order
from tests.factories.offers import RELEASE, balances, make_awaited, pay, publish

pytestmark = pytest.mark.django_db
LATER = RELEASE + timedelta(days=60)


def on(day: date):
    return clock.frozen(clock.now().replace(year=day.year, month=day.month, day=day.day))


def the_day_after():
    return on(RELEASE + timedelta(days=1))


def read(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def late():
    """Announced, and not ready on its day."""
    edition = make_awaited()
    edition.job.state = "running"
    edition.job.save()
    return edition


@pytest.fixture
def ordered(reader, late):
    return pay(place_order(reader, late))


class TestPages:
    @pytest.mark.parametrize("days", [0, 1])
    def test_of_the_book_has_no_button_and_the_wish_list(self, client, late, days):
        address = f"/books/{late.work.slug}/"
        assert "Pre-order" in read(client, address)
        with on(RELEASE + timedelta(days=days)):
            page = read(client, address)
            assert "This book was announced for 3 March 2027 but is not out yet." in page
            assert "Pre-order" not in page
            assert "You pay now" not in page
            assert "Out on" not in page
            assert '"offers"' not in page
            assert "/cart/add/" not in page
            assert "/wishlist/add/" in page

    def test_of_the_book_sells_it_once_it_is_out(self, client):
        edition = make_awaited()
        with the_day_after():
            assert "is not out yet" in read(client, f"/books/{edition.work.slug}/")
            publish(edition)
            page = read(client, f"/books/{edition.work.slug}/")
        assert "Add to cart" in page
        assert "is not out yet" not in page

    def test_of_orders_and_the_library_say_it(self, signed_in, ordered):
        with the_day_after():
            page = read(signed_in, f"/orders/{ordered.public_id}/")
            assert "was announced for 3 March 2027 but is not out yet" in page
            assert "to your library on" not in page
            assert "pre-ordered, delayed" in page
            page = read(signed_in, "/library/")
            assert "delayed" in page
            assert "out on 3 March" not in page

    def test_of_wishes_offer_nothing(self, signed_in, reader, late):
        wishlists.add_wish(actor=reader, slug=late.work.slug, at=clock.now())
        assert "Add to cart" in read(signed_in, "/wishlist/")
        with the_day_after():
            page = read(signed_in, "/wishlist/")
        assert "Announced for 3 March 2027 but not out yet. We will tell you when it is." in page
        assert "Add to cart" not in page

    def test_of_the_cart_says_it_and_keeps_it_for_later(self, signed_in, reader, book, late):
        fill_cart(reader, late, book)
        with the_day_after():
            page = read(signed_in, "/cart/")
            assert "The release date has passed, but this book is not out yet." in page
            assert "No longer on sale" not in page
            with pytest.raises(errors.ReleaseDelayed):
                quotes.quote_cart(actor=reader, cart=reader.cart, country="US", at=clock.now())
            signed_in.post("/cart/set-aside/")
        assert reader.wishes.get().work == late.work
        assert reader.cart.lines.get().edition == book

    def test_of_the_cart_says_of_a_withdrawn_book_that_it_is_not_sold_any_more(self, signed_in, reader):
        edition = publish(make_awaited())
        fill_cart(reader, edition)
        publishing_services.withdraw_edition(actor=edition.work.owner, edition=edition, at=clock.now())
        page = read(signed_in, "/cart/")
        assert "No longer on sale" in page
        assert "not out yet" not in page

    def test_onix_has_no_day_of_supply(self, client, late):
        address = f"/books/{late.work.slug}/onix.xml"
        assert "<ProductAvailability>10" in read(client, address)
        with the_day_after():
            page = read(client, address)
        assert "<ProductAvailability>09" in page
        assert "SupplyDate" not in page


def sweep(capture):
    with capture(execute=True):
        retry_stuck.retry_stuck()
        release_dates.enqueue_due_releases()


class TestMails:
    def told(self, address):
        return [one for one in mail.outbox if one.to == [address] and "not out yet" in one.subject]

    def test_whoever_ordered_is_told_once_the_day_is_over(self, reader, ordered, django_capture_on_commit_callbacks):
        with on(RELEASE):
            sweep(django_capture_on_commit_callbacks)
        assert self.told(reader.email) == []
        with the_day_after():
            for _ in range(2):
                sweep(django_capture_on_commit_callbacks)
        (told,) = self.told(reader.email)
        assert "“The Lighthouse”, which you pre-ordered, was announced for 3 March 2027" in told.body
        assert "cancel" in told.body
        assert ordered.public_id in told.body

    def test_its_author_is_told_once_what_is_missing(self, late, django_capture_on_commit_callbacks):
        with the_day_after():
            for _ in range(2):
                sweep(django_capture_on_commit_callbacks)
        (told,) = self.told(late.work.owner.email)
        assert "“The Lighthouse” was announced for 3 March 2027" in told.body
        assert "The files are not ready yet" in told.body
        assert late.work.public_id in told.body

    def test_another_day_that_passes_is_told_again(self, reader, ordered, late, django_capture_on_commit_callbacks):
        owner = late.work.owner
        with the_day_after():
            sweep(django_capture_on_commit_callbacks)
            publishing_services.announce_release(actor=owner, work=late.work, day=LATER, at=clock.now())
            sweep(django_capture_on_commit_callbacks)
        assert len(self.told(reader.email)) == len(self.told(owner.email)) == 1
        with on(LATER + timedelta(days=1)):
            sweep(django_capture_on_commit_callbacks)
        assert len(self.told(reader.email)) == len(self.told(owner.email)) == 2

    def test_nobody_is_told_of_what_is_out_or_canceled(self, reader, ordered, late):
        preorder = Preorder.objects.get()
        with the_day_after():
            Preorder.objects.update(canceled_at=clock.now())
            assert emails.mail_delayed(preorder_id=preorder.pk) is False
            Preorder.objects.update(canceled_at=None)
            late.job.state = "done"
            late.job.save()
            assert publishing_mails.mail_late(work_id=late.work_id) is False  # a worker publishes it now
            publish(late)
            assert emails.mail_delayed(preorder_id=preorder.pk) is False
            assert publishing_mails.mail_late(work_id=late.work_id) is False

    def test_nobody_is_told_of_what_was_called_off(self, ordered, late):
        publishing_services.cancel_release(actor=late.work.owner, work=late.work, at=clock.now())
        with the_day_after():
            assert emails.mail_delayed(preorder_id=Preorder.objects.get().pk) is False
            assert publishing_mails.mail_late(work_id=late.work_id) is False

    def test_an_order_that_was_not_paid_is_not_told(self, late, django_capture_on_commit_callbacks):
        stranger = make_reader()
        place_order(stranger, late)
        with the_day_after():
            sweep(django_capture_on_commit_callbacks)
        assert self.told(stranger.email) == []


def test_money_stays_where_it_is(ordered, django_capture_on_commit_callbacks):
    before = balances()
    with the_day_after():
        sweep(django_capture_on_commit_callbacks)
        ordered.refresh_from_db()
        assert ordered.state == OrderState.PAID
        assert balances() == before
        assert check_invariants() == []
