"""Buying without an account, and every idea we had of taking somebody's books or account by it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.core import mail
from django.db import IntegrityError, transaction

from accounts.models import AuditEntry, Guest, User
from common import clock
from common.errors import NotFound
from conversion.models import Artifact
from storefront.catalogue.models import Listing
from storefront.catalogue.services import listings
from storefront.checkout import errors, permissions
from storefront.checkout.cart.selectors import carts as cart_selectors
from storefront.checkout.cart.services import carts
from storefront.checkout.coupons import selectors as coupon_selectors
from storefront.checkout.coupons import services as coupons
from storefront.checkout.coupons.services import CouponTerms
from storefront.checkout.guests import selectors as guest_selectors
from storefront.checkout.guests.services import guests
from storefront.checkout.guests.services import links as guest_links
from storefront.checkout.models import (
    Cart,
    CouponRedemption,
    Entitlement,
    LinkRequest,
    Order,
    OrderState,
    Refund,
    RefundState,
)
from storefront.checkout.orders.services import settlement
from storefront.checkout.permissions import RefundRoute
from storefront.checkout.receipts.services import emails
from storefront.checkout.refunds import services as refunds
from storefront.checkout.retry_stuck import retry_stuck
from storefront.reading.models import LastPlace
from tests.factories.accounts import make_author, make_reader
from tests.factories.buying import buy, make_book, open_page, pay_session
from tests.factories.guests import ADDRESS, buy_as_guest, confirm, pay, place_as_guest, visitor_cart
from tests.factories.offers import make_author_coupon
from tests.factories.reading import make_place

pytestmark = pytest.mark.django_db

ANN = ADDRESS.lower()


@pytest.fixture
def ann():
    """Somebody with an account and a confirmed address, who also buys without it."""
    person = make_reader(email=ANN)
    confirm(person)
    return person


class TestTheGuest:
    def test_is_nobody_who_could_log_in(self, book):
        guest = buy_as_guest(book).buyer
        assert guest.is_guest
        assert not guest.has_usable_password()
        assert "@" not in guest.email
        for password in ("", guest.password, guest.email, ANN):
            assert authenticate(None, email=guest.email, password=password) is None
            assert authenticate(None, email=ANN, password=password) is None

    @pytest.mark.parametrize("role", ["is_author", "is_finance", "is_moderator", "is_operator"])
    def test_has_no_role_the_database_knows(self, book, role):
        guest = buy_as_guest(book).buyer
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.filter(pk=guest.pk).update(**{role: True})

    def test_is_not_looked_up_by_its_address(self, ann, book):
        order = buy_as_guest(book)
        assert order.buyer != ann
        assert not Order.objects.filter(buyer=ann).exists()
        assert not permissions.may_read(ann, book.work)
        assert not permissions.may_see_order(ann, order)

    def test_two_visitors_with_one_address_are_two(self, book):
        first, second = buy_as_guest(book), buy_as_guest(book)
        assert first.buyer != second.buyer
        assert second.state == OrderState.PAID
        assert not Refund.objects.exists()

    def test_an_account_that_owns_the_book_is_not_told_of(self, ann, book):
        buy(ann, book)
        assert buy_as_guest(book).state == OrderState.PAID

    def test_needs_an_address_and_a_cart(self, book):
        cart = visitor_cart(book)
        Cart.objects.all().delete()
        with pytest.raises(errors.CartEmpty):
            guests.place_order(cart=cart, email=ANN, country="US", digest="", has_consented=True, at=clock.now())
        assert not Guest.objects.exists()

    def test_a_refused_order_leaves_no_guest(self, book):
        with pytest.raises(errors.QuoteChanged):
            guests.place_order(
                cart=visitor_cart(book), email=ANN, country="US", digest="old", has_consented=True, at=clock.now()
            )
        assert not User.objects.filter(is_guest=True).exists()


class TestPlaceOrder:
    def test_the_same_again_is_the_same_order(self, book):
        cart = visitor_cart(book)
        assert place_as_guest(cart) == place_as_guest(cart)

    def test_one_open_order_a_visitor(self, book):
        cart = visitor_cart(book)
        first = place_as_guest(cart)
        visitor_cart(make_book(), cart=cart)
        place_as_guest(cart)
        first.refresh_from_db()
        assert first.state == OrderState.CANCELED

    def test_an_address_put_right_is_another_order_of_the_same_guest(self, book):
        cart = visitor_cart(book)
        first = place_as_guest(cart, email="an@example.org")
        second = place_as_guest(cart, email=ANN)
        first.refresh_from_db()
        assert (first.state, first.buyer) == (OrderState.CANCELED, second.buyer)
        assert second.buyer.mail_to == ANN

    def test_both_pages_paid_in_two_tabs_is_one_sale(self, book):
        cart = visitor_cart(book)
        first = place_as_guest(cart, email="an@example.org")
        early = open_page(first)
        second = pay(place_as_guest(cart, email=ANN))
        pay_session(early)
        settlement.settle_session(session_id=early)
        assert Entitlement.objects.get().line.order == second
        assert Refund.objects.get().reason == "duplicate"

    def test_another_address_after_buying_is_another_guest(self, book):
        first = buy_as_guest(book)
        cart = Cart.objects.get()
        second = buy_as_guest(make_book(), email="bob@example.org", cart=cart)
        assert first.buyer != second.buyer
        assert first.buyer.mail_to == ANN

    def test_what_a_visitor_bought_is_not_sold_to_them_again(self, book):
        buy_as_guest(book)
        cart = visitor_cart(book, cart=Cart.objects.get())
        with pytest.raises(errors.AlreadyBought):
            place_as_guest(cart)

    def test_empties_the_visitors_cart(self, book):
        buy_as_guest(book)
        assert not Cart.objects.get().lines.exists()

    def test_a_code_for_each_person_needs_an_account(self):
        author = make_author()
        book = make_book(owner=author)
        at = clock.now()
        terms = CouponTerms("ONCE", 1000, {}, at, None, None, uses_per_person=1)
        coupons.create_author_coupon(actor=author, terms=terms, works=[book.work], at=at)
        cart = visitor_cart(book)
        carts.enter_code(actor=None, cart=cart, code="once", at=at)
        with pytest.raises(errors.CouponNeedsAccount):
            place_as_guest(cart)

    def test_nor_has_it_one_for_whoever_bought_without_one(self):
        author = make_author()
        order = buy_as_guest()
        coupon = make_author_coupon(author, uses_per_person=1)
        problem = coupon_selectors.problem_of(coupon, user=order.buyer, at=clock.now())
        assert isinstance(problem, errors.CouponNeedsAccount)
        assert coupon_selectors.problem_of(coupon, user=make_reader(), at=clock.now()) is None

    def test_a_code_for_everybody_works(self):
        author = make_author()
        book = make_book(owner=author)
        at = clock.now()
        terms = CouponTerms("SPRING", 1000, {}, at, None, 1, uses_per_person=None)
        coupons.create_author_coupon(actor=author, terms=terms, works=[book.work], at=at)
        cart = visitor_cart(book)
        carts.enter_code(actor=None, cart=cart, code="spring", at=at)
        assert pay(place_as_guest(cart)).total_minor == 449
        assert CouponRedemption.objects.get().state == "consumed"

    def test_signing_in_withdraws_the_page_that_is_open(self, reader, book):
        cart = visitor_cart(book)
        order = place_as_guest(cart)
        adopted = carts.merge_carts(actor=reader, cart_id=cart.public_id, at=clock.now()).cart
        order.refresh_from_db()
        assert adopted.user == reader
        assert order.state == OrderState.CANCELED

    def test_a_persons_cart_is_never_a_visitors(self, reader, book):
        cart = carts.add_edition(actor=reader, cart_id="", edition_id=book.public_id, currency="USD", at=clock.now())
        assert cart_selectors.cart_of(user=None, cart_id=cart.public_id) is None
        assert cart_selectors.count_lines(user=None, cart_id=cart.public_id) == 0


class TestLinks:
    def token(self, order):
        return guest_links.link_of(order).rstrip("/").rpartition("/")[2]

    def test_opens_its_own_order(self, book):
        order = buy_as_guest(book)
        assert guest_links.open_link(self.token(order)).order == order

    def test_made_up_and_altered_links_open_nothing(self, book):
        order, other = buy_as_guest(book), buy_as_guest(make_book())
        token = self.token(order)
        signature = token.rpartition(":")[2]
        for wrong in (
            "x",
            order.public_id,
            f"{other.public_id}.1:{signature}",
            f"{order.public_id}.2:{signature}",
            token[:-1] + ("a" if token[-1] != "a" else "b"),
        ):
            with pytest.raises(NotFound):
                guest_links.open_link(wrong)

    def test_there_is_none_for_the_order_of_an_account(self, reader, book):
        order = buy(reader, book)
        sent_at = int(clock.now().timestamp())
        signed = guest_links._SIGNER.sign(f"{order.public_id}.1.{sent_at}")
        with pytest.raises(errors.GuestLinkExpired):
            guest_links.open_link(signed)

    def test_renewed_links_end_the_old_ones(self, book):
        order = buy_as_guest(book)
        token = self.token(order)
        guests.renew_links(guest=order.buyer, at=clock.now())
        with pytest.raises(errors.GuestLinkExpired):
            guest_links.open_link(token)
        assert guest_selectors.guests_by_links({order.buyer.public_id: 1}) == []
        assert guest_selectors.guests_by_links({order.buyer.public_id: 2}) == [order.buyer]

    def test_a_claim_ends_them(self, reader, book):
        order = buy_as_guest(book)
        token = self.token(order)
        guests.claim(actor=reader, guest_id=order.buyer.public_id, link_version=1, at=clock.now())
        with pytest.raises(errors.GuestLinkExpired):
            guest_links.open_link(token)
        assert guest_selectors.guests_by_links({order.buyer.public_id: 1}) == []

    def test_the_receipt_carries_the_link_to_the_address(self, book, mailoutbox):
        order = buy_as_guest(book)
        assert emails.mail_receipt(order_id=order.pk)
        assert mailoutbox[0].to == [ANN]
        assert guest_links.link_of(order) in mailoutbox[0].body
        assert "/library/" not in mailoutbox[0].body


class TestAskForLinks:
    def ask(self, django_capture_on_commit_callbacks, email):
        with django_capture_on_commit_callbacks(execute=True):
            guests.ask_for_links(email=email, at=clock.now())

    def test_mails_the_links_to_the_stored_address(self, book, mailoutbox, django_capture_on_commit_callbacks):
        orders = [buy_as_guest(book), buy_as_guest(make_book())]
        buy_as_guest(email="bob@example.org")
        mailoutbox.clear()
        self.ask(django_capture_on_commit_callbacks, " ANN@example.ORG ")
        assert [mail.to for mail in mailoutbox] == [[ANN]]
        assert all(guest_links.link_of(order) in mailoutbox[0].body for order in orders)
        assert mailoutbox[0].body.count("/orders/open/") == 2

    @pytest.mark.parametrize("email", ["nobody@example.org", "ann@example.org.evil.example", "xann@example.org"])
    def test_others_get_no_mail_and_the_same_answer(
        self, book, mailoutbox, email, django_capture_on_commit_callbacks, django_assert_num_queries
    ):
        buy_as_guest(book)
        mailoutbox.clear()
        counts = []
        for address in (ANN, email):
            with django_assert_num_queries(4, exact=True) as seen:
                guests.ask_for_links(email=address, at=clock.now())
            counts.append(len(seen))
        assert counts[0] == counts[1]
        self.ask(django_capture_on_commit_callbacks, email)
        assert mailoutbox == []

    def test_accounts_are_not_written_to(self, ann, book, mailoutbox, django_capture_on_commit_callbacks):
        buy(ann, book)
        mailoutbox.clear()
        self.ask(django_capture_on_commit_callbacks, ANN)
        assert mailoutbox == []

    def test_one_address_is_written_to_three_times_an_hour(self, book, mailoutbox, django_capture_on_commit_callbacks):
        buy_as_guest(book)
        mailoutbox.clear()
        for _ in range(5):
            self.ask(django_capture_on_commit_callbacks, ANN)
        assert len(mailoutbox) == 3

    def test_wishes_are_forgotten_after_a_day(self):
        at = clock.now()
        guests.ask_for_links(email="nobody@example.org", at=at)
        guests.delete_old_requests(at=at + timedelta(hours=23))
        assert LinkRequest.objects.exists()
        guests.delete_old_requests(at=at + timedelta(hours=25))
        assert not LinkRequest.objects.exists()


class TestRefund:
    def test_by_the_guest_within_the_window(self, book, django_capture_on_commit_callbacks):
        order = buy_as_guest(book)
        line = order.lines.select_related("order").get()
        with django_capture_on_commit_callbacks(execute=True):
            refunds.request_refund(actor=order.buyer, line=line, reason="", at=clock.now())
        assert Refund.objects.get().state == RefundState.SUCCEEDED
        assert not permissions.may_read(order.buyer, book.work)

    def test_not_by_an_account_with_the_same_address(self, ann, book):
        line = buy_as_guest(book).lines.select_related("order").get()
        with pytest.raises(errors.RefundNotPossible):
            refunds.request_refund(actor=ann, line=line, reason="", at=clock.now())

    def test_not_after_the_window(self, book):
        order = buy_as_guest(book)
        line = order.lines.select_related("order").get()
        assert permissions.refund_way(order.buyer, line, clock.now() + timedelta(days=15)) == RefundRoute.NONE

    def test_goodwill_is_counted_by_address(self):
        """Three used books in 90 days, whatever the number of browsers."""
        for number in range(4):
            order = buy_as_guest(make_book())
            line = order.lines.select_related("order", "edition").get()
            Entitlement.objects.filter(line=line).update(furthest_bps=5000)
            way = permissions.refund_way(order.buyer, line, clock.now())
            assert way == (RefundRoute.AT_ONCE if number < 3 else RefundRoute.BY_DECISION)
            refunds.request_refund(actor=order.buyer, line=line, reason="", at=clock.now())


class TestClaim:
    def claim(self, person, order, version=None):
        return guests.claim(actor=person, guest_id=order.buyer.public_id, link_version=version, at=clock.now())

    def test_by_confirmed_address(self, ann, book):
        order = buy_as_guest(book)
        self.claim(ann, order)
        order.refresh_from_db()
        assert order.buyer == ann
        assert permissions.may_read(ann, book.work)
        assert AuditEntry.objects.get(verb="guest.claimed").facts == {"way": "address"}

    def test_the_address_is_told_once_though_the_message_was_lost(
        self, ann, book, settings, django_capture_on_commit_callbacks
    ):
        email = buy_as_guest(book).buyer.guest.email
        self.claim(ann, Order.objects.get())
        for _ in range(2):
            with clock.frozen(clock.now() + timedelta(minutes=2)), django_capture_on_commit_callbacks(execute=True):
                retry_stuck()
        subject = "Your orders have been added to an account"
        assert [message.to for message in mail.outbox if message.subject == subject] == [[email]]

    def test_by_link(self, reader, book):
        order = buy_as_guest(book)
        self.claim(reader, order, version=1)
        assert permissions.may_read(reader, book.work)
        assert AuditEntry.objects.get(verb="guest.claimed").actor == reader

    @pytest.mark.parametrize("version", [None, 0, 2])
    def test_not_without_either(self, reader, book, version):
        order = buy_as_guest(book)
        with pytest.raises(NotFound):
            self.claim(reader, order, version=version)
        assert not Entitlement.objects.filter(user=reader).exists()

    def test_not_with_an_unconfirmed_address(self, book):
        order = buy_as_guest(book)
        squatter = make_reader(email=ANN)
        confirm(squatter, "other@example.org")
        with pytest.raises(NotFound):
            self.claim(squatter, order)
        assert guest_selectors.waiting_for(squatter) == []

    def test_not_with_a_link_that_was_renewed(self, reader, book):
        order = buy_as_guest(book)
        guests.renew_links(guest=order.buyer, at=clock.now())
        with pytest.raises(NotFound):
            self.claim(reader, order, version=1)

    def test_not_by_a_guest_or_a_closed_account(self, reader, book):
        order, other = buy_as_guest(book), buy_as_guest(make_book())
        with pytest.raises(NotFound):
            self.claim(other.buyer, order, version=1)
        reader.is_active = False
        with pytest.raises(NotFound):
            self.claim(reader, order, version=1)

    def test_never_of_an_account(self, reader, book):
        victim = buy(make_reader(), book)
        with pytest.raises(NotFound):
            self.claim(reader, victim, version=1)

    def test_once(self, reader, book):
        order = buy_as_guest(book)
        for _ in range(2):
            assert self.claim(reader, order, version=1).claimed_by == reader
        with pytest.raises(NotFound):
            guests.claim(actor=make_reader(), guest_id=order.buyer.public_id, link_version=1, at=clock.now())
        assert Entitlement.objects.get().user == reader
        assert AuditEntry.objects.filter(verb="guest.claimed").count() == 1

    def test_others_with_the_address_keep_theirs_apart(self, reader, book):
        mine, other = buy_as_guest(book), buy_as_guest(make_book())
        self.claim(reader, mine, version=1)
        assert not permissions.may_read(reader, other.lines.get().edition.work)

    def test_position_and_receipt_come_along(self, reader, book):
        order = buy_as_guest(book)
        make_place(order.buyer, book)
        self.claim(reader, order, version=1)
        assert LastPlace.objects.get().device.user == reader
        assert not Order.objects.filter(buyer__is_guest=True).exists()
        assert not User.objects.get(pk=order.buyer_id).is_active

    def test_a_book_that_both_had_was_sold_once(self, reader, book):
        listings.refresh_listing(book)
        buy(reader, book)
        order = buy_as_guest(book)
        assert Listing.objects.get().sales_count == 2
        self.claim(reader, order, version=1)
        assert Listing.objects.get().sales_count == 1
        for refund in Refund.objects.all():
            refunds.send_refund(refund_id=refund.pk)
        assert Listing.objects.get().sales_count == 1
        assert Entitlement.objects.get(ended_at=None).line.order.buyer == reader

    def test_what_the_person_has_already_is_given_back(self, ann, book, django_capture_on_commit_callbacks):
        own, order = buy(ann, book), buy_as_guest(book)
        with django_capture_on_commit_callbacks(execute=True):
            self.claim(ann, order)
        refund = Refund.objects.get()
        assert (refund.line.order, refund.state) == (order, RefundState.SUCCEEDED)
        assert Entitlement.objects.get(ended_at=None).line.order == own
        assert permissions.may_read(ann, book.work)

    def test_after_the_window_the_order_moves_and_no_money(self, ann, book):
        order = buy_as_guest(book)
        buy(ann, book)
        Order.objects.update(refundable_until=clock.now())
        self.claim(ann, order)
        assert not Refund.objects.exists()
        assert Entitlement.objects.filter(user=ann, ended_at=None).count() == 1
        assert Order.objects.filter(buyer=ann).count() == 2

    def test_the_address_is_told(self, reader, book, mailoutbox, django_capture_on_commit_callbacks):
        order = buy_as_guest(book)
        mailoutbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            self.claim(reader, order, version=1)
        assert [mail.to for mail in mailoutbox] == [[ANN]]
        assert "moved into an account" in mailoutbox[0].body
        assert reader.email not in mailoutbox[0].body

    def test_a_page_paid_after_the_claim_is_the_claimants(self, reader, book):
        bought = buy_as_guest(book)
        cart = Cart.objects.get()
        another = make_book()
        open_order = place_as_guest(visitor_cart(another, cart=cart))
        session_id = open_page(open_order)
        self.claim(reader, bought, version=1)
        pay_session(session_id)
        settlement.settle_session(session_id=session_id)
        assert permissions.may_read(reader, another.work)

    def test_the_visitors_next_order_has_a_new_guest(self, reader, book):
        order = buy_as_guest(book)
        cart = Cart.objects.get()
        self.claim(reader, order, version=1)
        again = buy_as_guest(make_book(), cart=cart)
        assert again.buyer.is_active
        assert again.buyer not in (order.buyer, reader)

    def test_files_are_the_claimants_and_not_the_guests(self, reader, book):
        from storefront.library.services import downloads

        order = buy_as_guest(book)
        file = Artifact.objects.filter(job=book.job, kind="epub").first()
        wish = {"work_id": book.work.public_id, "artifact_id": file.public_id}
        downloads.download_link(actor=order.buyer, **wish)
        self.claim(reader, order, version=1)
        guest = User.objects.get(pk=order.buyer_id)
        with pytest.raises(NotFound):
            downloads.download_link(actor=guest, **wish)
        downloads.download_link(actor=reader, **wish)
