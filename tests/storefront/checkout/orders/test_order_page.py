"""What the order's page says of each line: kept, given back, canceled, or taken back by the reader's bank."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape

import pytest

from common import clock
from payments.services import gateway
from payments.stripe.sandbox import disputes as bank
from publishing import services as publishing_services
from royalties.services.invariants import check_invariants
from storefront.checkout import permissions, retry_stuck
from storefront.checkout.cart.services import quotes
from storefront.checkout.disputes.services import emails as dispute_mails
from storefront.checkout.entitlements.services import deferred_lines
from storefront.checkout.errors import RefundHeld, RefundNotPossible
from storefront.checkout.gifts.services import gifts
from storefront.checkout.models import Dispute, Entitlement, Gift, Preorder, Refund, RefundState
from storefront.checkout.permissions import RefundRoute
from storefront.checkout.preorders.services import emails as preorder_mails
from storefront.checkout.preorders.services import preorders
from storefront.checkout.receipts.services import emails
from storefront.checkout.refunds import services as refunds
from tests.factories.accounts import make_finance, make_reader
from tests.factories.buying import buy, make_book, place_order
from tests.factories.offers import (
    add_gift,
    give,
    make_author_coupon,
    make_awaited,
    pay,
    publish,
    token_of,
    use_code,
)
from tests.payments.postman import deliver_all

pytestmark = pytest.mark.django_db

GIVEN_BACK = "You have returned everything"


def words(client, order):
    """The words of the order's page."""
    page = client.get(f"/orders/{order.public_id}/").content.decode()
    main = re.search(r"<main.*?</main>", page, re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main[0])).split())


@pytest.fixture
def gifts_were_free(monkeypatch: pytest.MonkeyPatch) -> None:
    """Codes could make gifts free once, and such gifts are there."""
    monkeypatch.setattr(quotes, "_check_gifts", lambda *_: None)


class TestFreeOrders:
    def test_a_free_book_is_the_readers(self, signed_in, reader):
        shown = words(signed_in, buy(reader, make_book(prices={"USD": 0})))
        assert "Your books are in your library" in shown
        assert GIVEN_BACK not in shown

    def test_a_free_gift_of_before_has_its_link(self, signed_in, reader, gifts_were_free):
        book = make_book()
        add_gift(reader, book)
        use_code(reader, make_author_coupon(book.work.owner, percent_bps=10_000))
        shown = words(signed_in, place_order(reader))
        assert "Show the link" in shown
        assert GIVEN_BACK not in shown

    def test_a_free_preorder_says_when_it_comes_and_promises_no_money(self, signed_in, reader):
        shown = words(signed_in, place_order(reader, make_awaited(prices={"USD": 0})))
        assert "to your library on 3 March 2027. You can cancel until then." in shown
        assert "full refund" not in shown
        assert GIVEN_BACK not in shown

    def test_a_free_preorder_that_was_canceled_says_so(self, signed_in, reader):
        order = place_order(reader, make_awaited(prices={"USD": 0}))
        deferred_lines.cancel_for_refund(line=Preorder.objects.get().line, external_id="", at=clock.now())
        shown = words(signed_in, order)
        assert "This order is cancelled." in shown
        assert "We will add" not in shown


class TestTheLastDay:
    LATE = datetime(2026, 12, 9, 11, 59, tzinfo=UTC)  # still the 8th in the westernmost zone

    def test_receipt_page_and_button_agree(self, signed_in, reader, mailoutbox):
        """Paid on 24 November at noon: the promise ends with 8 December, wherever the reader lives."""
        order = buy(reader, make_book())
        emails.mail_receipt(order_id=order.pk)
        assert "until 8 December 2026" in mailoutbox[-1].body
        with clock.frozen(self.LATE):
            assert "Can be returned until 8 December 2026" in words(signed_in, order)
            signed_in.post(f"/orders/{order.public_id}/lines/{order.lines.get().public_id}/refund/")
        assert Refund.objects.count() == 1

    def test_also_of_what_was_supplied_later(self, signed_in, reader, mailoutbox):
        edition = make_awaited()
        order = pay(place_order(reader, edition))
        publish(edition)
        preorder = Preorder.objects.get()
        preorders.supply(preorder_id=preorder.pk, at=clock.now())
        preorder_mails.mail_release(preorder_id=preorder.pk)
        assert "Until 8 December 2026" in mailoutbox[-1].body
        with clock.frozen(self.LATE):
            assert "can be returned until 8 December 2026" in words(signed_in, order)
            signed_in.post(f"/orders/{order.public_id}/lines/{order.lines.get().public_id}/refund/")
        assert Refund.objects.count() == 1


def disputed(order, outcome=None):
    """The buyer's bank takes the money for the order, and has decided so, if it has."""
    payment = gateway().fetch_payment(payment_id=order.payments.get().provider_payment_id)
    found = bank.open_dispute(payment.charge_id)
    deliver_all()
    if outcome:
        bank.decide_dispute(found["id"], outcome)
        deliver_all()
    return Dispute.objects.get(provider_dispute_id=found["id"])


def refund_page(client, order):
    line = order.lines.get()
    return client.get(f"/orders/{order.public_id}/lines/{line.public_id}/refund/").content.decode()


class TestTakenByTheBank:
    def test_a_book_is_no_longer_the_readers(self, signed_in, reader):
        order = buy(reader, make_book())
        disputed(order, "lost")
        shown = words(signed_in, order)
        assert "Your bank has taken back the money for this order" in shown
        assert "Taken back by your bank" in shown
        assert "in your library" not in shown
        assert "Return:" not in shown
        assert "Your bank has taken back the money for this book." in refund_page(signed_in, order)

    def test_a_gift_and_an_order_ahead_say_so(self, signed_in, reader):
        gift = give(reader).line.order
        ahead = pay(place_order(reader, make_awaited()))
        for order, note in ((gift, "a gift for friend@example.org, ended"), (ahead, "pre-ordered, ended")):
            disputed(order, "lost")
            shown = words(signed_in, order)
            assert note in shown
            assert "Taken back by your bank" in shown
            assert "Show the link" not in shown
            assert "We will add" not in shown
            assert permissions.refund_way(reader, order.lines.get(), clock.now()) == RefundRoute.NONE

    def test_what_was_given_back_before_is_not_called_taken(self, signed_in, reader):
        """Of two books one is given back as a refund; the bank takes the other."""
        kept, returned = make_book(title="Kept"), make_book(title="Returned")
        order = buy(reader, kept, returned)
        line = order.lines.get(title="Returned")
        refunds.send_refund(refund_id=refunds.request_refund(actor=reader, line=line, reason="", at=clock.now()).pk)
        disputed(order, "lost")
        taken = permissions.taken_by_bank(order, list(order.lines.all()))
        assert taken == {order.lines.get(title="Kept").pk}

    def test_won_on_appeal_it_is_the_readers_again(self, signed_in, reader):
        order = buy(reader, make_book())
        case = disputed(order, "lost")
        for outcome in ("appealable", "won"):
            bank.decide_dispute(case.provider_dispute_id, outcome)
            deliver_all()
        assert "Your books are in your library" in words(signed_in, order)

    @pytest.mark.parametrize("outcome", ["won", "lost"])
    def test_the_buyer_hears_once_of_what_was_lost(
        self, reader, mailoutbox, outcome, django_capture_on_commit_callbacks
    ):
        order = buy(reader, make_book(title="The Lighthouse"))
        with django_capture_on_commit_callbacks(execute=True):
            case = disputed(order, outcome)
        for _ in range(2):
            dispute_mails.mail_dispute(dispute_id=case.pk)
        told = [one for one in mailoutbox if "bank has taken" in one.subject]
        assert len(told) == (outcome == "lost")
        if told:
            assert "$4.99" in told[0].body
            assert "- The Lighthouse (no longer in your library)" in told[0].body
            assert told[0].to == [reader.email]

    def test_the_sweeper_tells_what_a_lost_message_did_not(
        self, reader, mailoutbox, django_capture_on_commit_callbacks
    ):
        give(reader)
        gift = Gift.objects.get()
        gifts.redeem(actor=make_reader(), token=token_of(gift), country="US", has_consented=True, at=clock.now())
        disputed(gift.line.order, "lost")
        mailoutbox.clear()
        with clock.frozen(clock.now() + retry_stuck._HEAD_START), django_capture_on_commit_callbacks(execute=True):
            retry_stuck.retry_stuck()
        gift.refresh_from_db()
        told = {one.to[0]: one for one in mailoutbox}
        assert "a gift; it can no longer be read" in told[reader.email].body
        assert "is no longer in your library" in told[gift.redeemed_by.email].body
        assert check_invariants() == []
        mailoutbox.clear()
        with clock.frozen(clock.now() + 2 * retry_stuck._HEAD_START), django_capture_on_commit_callbacks(execute=True):
            retry_stuck.retry_stuck()
        assert mailoutbox == []

    def test_whoever_opened_a_gift_hears_of_a_refund_by_finance_too(
        self, reader, mailoutbox, django_capture_on_commit_callbacks
    ):
        gift, friend = give(reader), make_reader()
        gifts.redeem(actor=friend, token=token_of(gift), country="US", has_consented=True, at=clock.now())
        with django_capture_on_commit_callbacks(execute=True):
            refunds.propose_refund(actor=make_finance(), line=gift.line, amount=None, reason="x", at=clock.now())
        assert [one.subject for one in mailoutbox if one.to == [friend.email]] == [
            "A book is no longer in your library"
        ]
        assert Entitlement.objects.get(user=friend).ended_at


class TestHeldByTheBank:
    def test_nothing_is_promised_meanwhile(self, signed_in, reader):
        order = buy(reader, make_book())
        disputed(order)
        assert "is holding it until it decides" in words(signed_in, order)
        assert "is holding it until it decides" in refund_page(signed_in, order)
        assert '<button class="button button-danger"' not in refund_page(signed_in, order)
        with pytest.raises(RefundHeld):
            refunds.request_refund(actor=reader, line=order.lines.get(), reason="", at=clock.now())
        assert not Refund.objects.exists()

    def test_won_it_can_be_given_back(self, signed_in, reader):
        order = buy(reader, make_book())
        disputed(order, "won")
        assert "is holding it" not in words(signed_in, order)
        assert refunds.request_refund(actor=reader, line=order.lines.get(), reason="", at=clock.now())

    def test_an_inquiry_holds_nothing(self, reader):
        order = buy(reader, make_book())
        payment = gateway().fetch_payment(payment_id=order.payments.get().provider_payment_id)
        bank.open_dispute(payment.charge_id, is_inquiry=True)
        deliver_all()
        assert permissions.refund_way(reader, order.lines.get(), clock.now()) == RefundRoute.AT_ONCE

    def test_the_reader_hears_when_their_refund_fails(self, reader, mailoutbox, django_capture_on_commit_callbacks):
        """It was asked for a moment before the bank was faster."""
        order = buy(reader, make_book())
        asked = refunds.request_refund(actor=reader, line=order.lines.get(), reason="", at=clock.now())
        disputed(order)
        mailoutbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            assert refunds.send_refund(refund_id=asked.pk) == RefundState.FAILED
        assert [one.subject for one in mailoutbox] == ["About your refund request"]
        assert "We could not send it. Your bank has asked for the same money" in mailoutbox[0].body
        with clock.frozen(clock.now() + retry_stuck._HEAD_START), django_capture_on_commit_callbacks(execute=True):
            retry_stuck.retry_stuck()
        assert len([one for one in mailoutbox if "could not send" in one.body]) == 1

    def test_but_not_when_the_bank_has_given_it(self, reader, mailoutbox, django_capture_on_commit_callbacks):
        order = buy(reader, make_book())
        asked = refunds.request_refund(actor=reader, line=order.lines.get(), reason="", at=clock.now())
        disputed(order, "lost")
        mailoutbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            assert refunds.send_refund(refund_id=asked.pk) == RefundState.FAILED
        assert [one for one in mailoutbox if "could not send" in one.body] == []


class TestCancelingWhatIsFree:
    @pytest.fixture
    def order(self, reader):
        return place_order(reader, make_awaited(prices={"USD": 0}))

    def test_takes_one_click_and_no_mail(self, signed_in, order, mailoutbox, django_capture_on_commit_callbacks):
        assert "Cancel:" in words(signed_in, order).replace("Cancel :", "Cancel:")
        assert "there is nothing to refund" in refund_page(signed_in, order)
        address = f"/orders/{order.public_id}/lines/{order.lines.get().public_id}/refund/"
        mailoutbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            assert "Cancelled. There was nothing to refund." in signed_in.post(address, follow=True).content.decode()
        with clock.frozen(clock.now() + retry_stuck._HEAD_START), django_capture_on_commit_callbacks(execute=True):
            retry_stuck.retry_stuck()
        assert Preorder.objects.get().canceled_at
        assert not Refund.objects.exists()
        assert "button-danger" not in refund_page(signed_in, order)
        assert [one.subject for one in mailoutbox if "not be published" in one.subject] == []

    def test_a_free_gift_of_before_can_be_taken_back(self, signed_in, reader, gifts_were_free):
        book = make_book()
        add_gift(reader, book)
        use_code(reader, make_author_coupon(book.work.owner, percent_bps=10_000))
        order = place_order(reader)
        signed_in.post(f"/orders/{order.public_id}/lines/{order.lines.get().public_id}/refund/")
        assert Gift.objects.get().canceled_at
        assert check_invariants() == []

    def test_not_once_it_is_out_nor_by_others(self, reader, order):
        line = order.lines.get()
        with pytest.raises(RefundNotPossible):
            refunds.request_refund(actor=make_reader(), line=line, reason="", at=clock.now())
        publish(line.edition)
        preorders.supply(preorder_id=Preorder.objects.get().pk, at=clock.now())
        with pytest.raises(RefundNotPossible):
            refunds.request_refund(actor=reader, line=line, reason="", at=clock.now())

    def test_its_buyer_hears_when_the_book_will_not_come_out(
        self, reader, order, mailoutbox, django_capture_on_commit_callbacks
    ):
        work = order.lines.get().edition.work
        publishing_services.cancel_release(actor=work.owner, work=work, at=clock.now())
        preorders.supply(preorder_id=Preorder.objects.get().pk, at=clock.now())  # its message is lost
        mailoutbox.clear()
        for _ in range(2):
            with django_capture_on_commit_callbacks(execute=True):
                retry_stuck.retry_stuck()
        told = [one for one in mailoutbox if one.subject == "Your book will not be published"]
        assert len(told) == 1
        assert told[0].to == [reader.email]
        assert "It was free" in told[0].body
