"""Several copies of a book: one payment, a link for each, opened once, unopened ones returned for their share."""

from __future__ import annotations

import csv
import io
import random
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common import clock
from common.errors import NotFound
from payments.models import SandboxObject
from royalties.models import SaleRecord
from royalties.services.invariants import check_invariants
from storefront.checkout import errors, retry_stuck
from storefront.checkout.copies import services as copies
from storefront.checkout.gifts import selectors as gift_selectors
from storefront.checkout.gifts.services import gifts
from storefront.checkout.models import CartLine, Entitlement, Gift, Order, OrderState, Refund, RefundState
from storefront.checkout.receipts.services import emails as receipts
from storefront.checkout.refunds import services as refunds
from storefront.checkout.refunds.services import emails as refund_mails
from storefront.checkout.refunds.services import withdrawals
from tests.factories.accounts import make_finance, make_reader
from tests.factories.buying import stored_session
from tests.factories.copies import buy_copies, order_copies
from tests.factories.offers import balances, token_of
from tests.factories.publishing import make_published_edition
from tests.storefront.checkout.orders.test_buy_now import after_paying, buying
from tests.storefront.checkout.orders.test_views import add

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(db):
    return make_published_edition(slug="the-lamp", title="The Lamp", prices={"USD": 499, "EUR": 1070})


def open_copy(copy, reader=None, *, country="US", shown=False):
    reader = reader or make_reader()
    return gifts.redeem(
        actor=reader, token=token_of(copy), country=country, has_consented=True, at=clock.now(), shows_opener=shown
    )


def give_back(copies_, *, at=None):
    """The buyer returns these, and the provider has sent the money."""
    order = copies_[0].line.order
    lines = [copy.line.public_id for copy in copies_]
    asked = copies.return_copies(actor=order.buyer, order=order, line_ids=lines, at=at or clock.database_now())
    for refund in asked:
        refunds.send_refund(refund_id=refund.pk)
    return asked


class TestBuying:
    def test_is_one_payment_and_a_line_for_each(self, reader, edition):
        order = order_copies(reader, edition, 12)
        assert (order.total_minor, order.lines.count()) == (12 * 499, 12)
        assert order.waiver_at is None

    def test_the_payment_page_shows_one_row(self, reader, edition):
        first = buy_copies(reader, edition, 12)[0]
        lines = stored_session(first.line.order.payments.get().session_id).data["_lines"]
        assert [(line["quantity"], line["amount_total"]) for line in lines] == [(12, 12 * 499)]

    def test_is_deferred_gross_until_they_are_opened(self, reader, edition):
        buy_copies(reader, edition, 12)
        found = balances()
        assert found["deferred:gift"] == -12 * 499
        assert not Entitlement.objects.exists()
        assert not SaleRecord.objects.exists()
        assert check_invariants() == []

    def test_the_card_s_fee_is_shared_to_the_cent(self, reader, edition):
        order = order_copies(reader, edition, 7)
        fees = [line.processor_fee_minor for line in order.lines.all()]
        assert max(fees) - min(fees) <= 1
        assert sum(fees) == 131  # 2.9 % of 34.93, and 0.30 once

    def test_nobody_is_mailed_but_the_buyer_about_the_page_of_the_links(self, reader, edition):
        order = buy_copies(reader, edition, 3)[0].line.order
        assert not gift_selectors.gifts_to_mail(at=clock.now()).exists()
        retry_stuck.retry_stuck()
        receipts.mail_receipt(order_id=order.pk)
        assert [message.to for message in mail.outbox] == [[reader.email]]
        assert f"/orders/{order.public_id}/copies/" in mail.outbox[0].body
        assert "3 × The Lamp" in mail.outbox[0].body
        assert "3 links to hand out" in mail.outbox[0].body

    @pytest.mark.parametrize("count", ["101", "0", "-3", "ten", ""])
    def test_from_one_to_a_hundred_and_never_one_for_oneself_by_mistake(self, signed_in, edition, count):
        answer = signed_in.get(f"/books/the-lamp/buy/?copies={count}")
        html = answer.content.decode()
        assert answer.status_code == 422
        assert "Choose between 1 and 100 copies" in html
        assert 'name="copies"' in html
        assert buying(signed_in, "/books/the-lamp/buy/?copies=2", copies=count).status_code == 422
        assert not Order.objects.exists()

    def test_where_the_reader_chooses_the_price_each_costs_it(self, signed_in, edition):
        edition.work.prices.update(is_open=True)
        html = signed_in.get("/books/the-lamp/buy/?copies=3&amount=7.50&currency=USD").content.decode()
        assert "Order and pay $22.50" in html
        assert 'value="7.50"' in html

    def test_links_open_nothing_before_the_order_is_paid(self, client, reader, edition):
        order = order_copies(reader, edition, 2)
        client.force_login(reader)
        assert client.get(f"/orders/{order.public_id}/copies/").status_code == 404
        assert client.get(f"/gifts/{token_of(Gift.objects.first())}/").status_code == 404

    def test_free_books_are_not_bought(self, reader, edition):
        edition.work.prices.update(list_price_minor=0)
        with pytest.raises(errors.GiftIsFree):
            order_copies(reader, edition, 3)

    def test_through_the_pages_to_the_links(self, signed_in, edition):
        add(signed_in, edition)
        page = "/books/the-lamp/buy/?copies=4"
        html = signed_in.get(page).content.decode()
        assert "Order and pay $19.96" in html
        assert 'name="consent"' not in html
        order_page = after_paying(signed_in, buying(signed_in, page, copies="4"))["Location"]
        order = Order.objects.get()
        assert order_page == f"/orders/{order.public_id}/copies/"
        assert order.state == OrderState.PAID
        assert CartLine.objects.get().edition == edition
        assert signed_in.get(order_page).content.decode().count("/gifts/") == 2 * 4

    def test_without_an_account(self, client, edition):
        page = "/books/the-lamp/buy/?copies=2"
        answer = buying(client, page, copies="2", email="ann@example.org")
        html = client.get(after_paying(client, answer)["Location"]).content.decode()
        assert html.count('data-copy="') == 2
        assert Client().get(f"/orders/{Order.objects.get().public_id}/copies/").status_code == 302


@pytest.mark.both
class TestOpening:
    def test_gives_the_book_to_whoever_is_first_and_is_a_sale_taxed_there(self, reader, edition):
        copy, *_rest = buy_copies(reader, edition, 3, currency="EUR")
        friend = make_reader()
        assert open_copy(copy, friend, country="DE").user == friend
        copy.line.refresh_from_db()
        assert (copy.line.tax_rate_bps, copy.line.tax_minor) == (700, 70)
        with pytest.raises(errors.GiftUnavailable):
            open_copy(copy)
        assert balances("EUR")["deferred:gift"] == -2 * 1070
        assert check_invariants() == []

    def test_who_has_the_book_leaves_the_link_to_somebody_else(self, reader, edition):
        first, second = buy_copies(reader, edition, 2)
        friend = make_reader()
        assert open_copy(first, friend) == open_copy(first, friend)  # a second click
        with pytest.raises(errors.AlreadyOwned):
            open_copy(second, friend)
        assert open_copy(second)
        assert Entitlement.objects.count() == SaleRecord.objects.count() == 2

    def test_the_link_of_another_says_what_to_do(self, client, reader, edition):
        first, second, _third = buy_copies(reader, edition, 3)
        open_copy(first)
        give_back([second])
        client.force_login(make_reader())
        assert "Somebody else has opened this link" in client.get(f"/gifts/{token_of(first)}/").content.decode()
        assert "went back to its buyer" in client.get(f"/gifts/{token_of(second)}/").content.decode()

    def test_the_buyer_may_open_one_for_themselves(self, reader, edition):
        copy = buy_copies(reader, edition, 2)[0]
        assert open_copy(copy, reader).user == reader

    def test_who_opened_it_is_shown_only_if_they_want(self, signed_in, reader, edition):
        first, second, _third = buy_copies(reader, edition, 3)
        open_copy(first, make_reader(display_name="Una Shown"), shown=True)
        open_copy(second, make_reader(display_name="Otto Hidden"))
        html = signed_in.get(f"/orders/{first.line.order.public_id}/copies/").content.decode()
        assert "by Una Shown" in html
        assert "Otto Hidden" not in html
        assert "Opened: 2 of 3" in html

    def test_asks_whether_to_be_shown_and_nothing_is_ticked(self, client, reader, edition):
        copy = buy_copies(reader, edition, 2)[0]
        client.force_login(make_reader())
        html = client.get(f"/gifts/{token_of(copy)}/").content.decode()
        assert 'name="shows_opener"' in html
        assert "checked" not in html
        assert "Choose another book" not in html

    def test_is_not_exchanged(self, reader, edition):
        other = make_published_edition(slug="the-wick", prices={"USD": 499})
        copy = buy_copies(reader, edition, 2)[0]
        with pytest.raises(errors.GiftNotSwappable):
            gifts.exchange(actor=make_reader(), token=token_of(copy), edition=other, at=clock.now())


@pytest.mark.both
class TestReturning:
    def test_refunds_the_share_of_each_and_ends_its_link(self, reader, edition):
        found = buy_copies(reader, edition, 5)
        asked = give_back(found[1:3])
        assert [(one.amount_minor, one.state) for one in asked] == [(499, RefundState.PENDING)] * 2
        assert balances()["deferred:gift"] == -3 * 499
        with pytest.raises(errors.GiftUnavailable):
            open_copy(found[1])
        assert open_copy(found[0])
        assert check_invariants() == []

    def test_what_was_opened_stays_with_whoever_opened_it(self, reader, edition):
        found = buy_copies(reader, edition, 2)
        open_copy(found[0])
        assert [one.line for one in give_back(found)] == [found[1].line]
        assert Entitlement.objects.get().ended_at is None
        assert check_invariants() == []

    def test_asking_twice_is_one_refund(self, reader, edition):
        found = buy_copies(reader, edition, 2)
        give_back(found[:1])
        assert give_back(found[:1]) == []
        assert Refund.objects.count() == 1

    def test_not_once_the_window_is_over(self, reader, edition):
        found = buy_copies(reader, edition, 2)
        late = found[0].line.order.refundable_until
        assert give_back(found, at=late) == []
        assert len(give_back(found, at=late - timedelta(seconds=1))) == 2

    def test_nobody_returns_another_s(self, signed_in, edition):
        found = buy_copies(make_reader(), edition, 2)
        order = found[0].line.order
        form = {"line": [copy.line.public_id for copy in found]}
        assert signed_in.post(f"/orders/{order.public_id}/copies/", form).status_code == 404
        own = buy_copies(make_reader(), edition, 2)[0].line.order
        assert copies.return_copies(actor=own.buyer, order=own, line_ids=form["line"], at=clock.now()) == []
        assert not Refund.objects.exists()

    def test_by_withdrawing_from_the_contract(self, reader, edition, django_capture_on_commit_callbacks):
        found = buy_copies(reader, edition, 3)
        open_copy(found[1])
        order = found[0].line.order
        lines = [copy.line.public_id for copy in found]
        with django_capture_on_commit_callbacks(execute=True):
            withdrawals.declare(order=order, line_ids=lines, name="Ann", email=reader.email, at=clock.now())
        assert Refund.objects.count() == 2
        text = next(one.body for one in mail.outbox if "withdrawal" in one.subject)
        assert "The Lamp (copy 2): someone has opened it" in text
        assert "The Lamp (copy 3): we refund you" in text

    def test_one_email_tells_of_all(self, reader, edition):
        found = buy_copies(reader, edition, 4)
        order = found[0].line.order
        lines = [copy.line.public_id for copy in found[:3]]
        asked = copies.return_copies(actor=reader, order=order, line_ids=lines, at=clock.database_now())
        mail.outbox.clear()
        for refund in asked:
            refunds.send_refund(refund_id=refund.pk)
            refund_mails.mail_refund(refund_id=refund.pk)
        retry_stuck.retry_stuck()
        assert len(mail.outbox) == 1
        assert "$14.97 for 3 copies of “The Lamp”" in mail.outbox[0].body
        assert not Refund.objects.filter(mailed_at=None).exists()

    def test_by_ticking_them_on_the_page(self, signed_in, reader, edition):
        found = buy_copies(reader, edition, 3)
        page = f"/orders/{found[0].line.order.public_id}/copies/"
        html = signed_in.post(page, {"line": [found[0].line.public_id]}, follow=True).content.decode()
        assert "1 copy returned. Your refund of $4.99 is on its way." in html
        assert "Being returned" in html
        assert "Choose the copies" in signed_in.post(page, {}, follow=True).content.decode()
        order_page = signed_in.get(f"/orders/{found[0].line.order.public_id}/").content.decode()
        assert "opened: 0, returned: 1" in order_page


def test_forty_cost_the_page_no_more_queries_than_two(signed_in, reader, edition):
    pages = [f"/orders/{buy_copies(reader, edition, count)[0].line.order.public_id}/copies/" for count in (2, 40)]
    signed_in.get(pages[0])
    with CaptureQueriesContext(connection) as few:
        signed_in.get(pages[0])
    with CaptureQueriesContext(connection) as many:
        signed_in.get(pages[1])
    assert len(many) == len(few)


def test_the_links_as_a_file(signed_in, reader, edition):
    found = buy_copies(reader, edition, 3)
    open_copy(found[1])
    answer = signed_in.get(f"/orders/{found[0].line.order.public_id}/copies.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert rows[1] == ["1", gifts.link_of(found[0]), "Not opened yet"]
    assert rows[2][1] == ""
    assert len(rows) == 4


def test_an_order_without_copies_has_no_such_page(signed_in, reader, edition):
    order = order_copies(reader, edition, 2)
    assert signed_in.get(f"/orders/{order.public_id}/copies/").status_code == 404
    with pytest.raises(NotFound):
        gifts.redeem(actor=reader, token="", country="US", has_consented=True, at=clock.now())


@pytest.mark.both
@pytest.mark.parametrize("seed", range(4))
def test_every_cent_is_accounted_for(seed, reader):
    """Odd prices and numbers; some are opened in countries with other taxes, some of these refunded by finance, some
    returned unopened, the rest waits."""
    chance = random.Random(seed)
    price, count = chance.randrange(101, 1999), chance.randrange(5, 17)
    edition = make_published_edition(slug=f"odd-{seed}", prices={"EUR": price})
    found = buy_copies(reader, edition, count, currency="EUR")
    chance.shuffle(found)
    opened, returned = found[: count // 3], found[count // 3 : 2 * count // 3]
    for copy in opened:
        open_copy(copy, country=chance.choice(["DE", "AT", "NL", "IE", "US"]))
    give_back(returned)
    waiting = count - len(opened) - len(returned)
    assert SaleRecord.objects.count() == len(opened)

    lines = [copy.line for copy in Gift.objects.filter(pk__in=[one.pk for one in opened]).select_related("line")]
    assert all(
        line.paid_minor == line.tax_minor + line.processor_fee_minor + line.platform_fee_minor + line.royalty_minor
        for line in lines
    )
    books = balances("EUR")
    assert books.pop("stripe_balance") + books.pop("processor_fee") == price * (count - len(returned))
    assert books.pop("deferred:gift", 0) == -price * waiting
    assert sum(books.values()) == -price * len(opened)
    refunded = SandboxObject.objects.filter(kind="refund")
    assert sum(one.data["amount"] for one in refunded) == price * len(returned)
    assert check_invariants() == []

    for line in lines:
        refund = refunds.propose_refund(actor=make_finance(), line=line, amount=None, reason="", at=clock.now())
        refunds.send_refund(refund_id=refund.pk)
    books = balances("EUR")
    assert books.pop("stripe_balance", 0) + books.pop("processor_fee") == price * waiting
    assert books == ({"deferred:gift": -price * waiting} if waiting else {})
    assert check_invariants() == []
