"""The finance office's pages about readers' money: who may, what is shown, and what a click does."""

from __future__ import annotations

import pytest
from django.urls import reverse

from payments.services import gateway
from payments.stripe.sandbox import disputes as bank
from payments.stripe.sandbox import radar
from storefront.checkout.disputes.services import evidence
from storefront.checkout.models import Dispute, EvidencePack, FraudWarning, Refund, RefundState
from tests.factories.accounts import make_author, make_finance, make_moderator, make_operator, make_reader
from tests.factories.buying import buy, make_book
from tests.payments.postman import deliver_all

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def order():
    return buy(make_reader(), make_book(prices={"USD": 9900}))


@pytest.fixture
def office(client):
    client.force_login(make_finance())
    return client


@pytest.fixture
def dispute(order):
    charge = gateway().fetch_payment(payment_id=order.payments.get().provider_payment_id).charge_id
    bank.open_dispute(charge)
    deliver_all()
    return Dispute.objects.get()


@pytest.fixture
def warning(order):
    charge = gateway().fetch_payment(payment_id=order.payments.get().provider_payment_id).charge_id
    radar.warn_of_fraud(charge)
    deliver_all()
    return FraudWarning.objects.get()


PAGES = ["office:orders", "office:refunds", "office:disputes", "office:warnings"]


class TestAccess:
    @pytest.mark.parametrize("page", PAGES)
    @pytest.mark.parametrize("make", [None, make_reader, make_author, make_moderator])
    def test_there_is_no_such_page_for_others(self, client, page, make):
        if make is not None:
            client.force_login(make())
        is_known = make is make_moderator and page == "office:refunds"  # moderators hear that they may not
        assert client.get(reverse(page)).status_code == (403 if is_known else 404)

    @pytest.mark.parametrize("page", PAGES)
    @pytest.mark.parametrize("make", [make_finance, make_operator])
    def test_finance_and_operators_look(self, client, page, make):
        client.force_login(make())
        assert client.get(reverse(page)).status_code == 200

    def test_acts_are_closed_to_others(self, client, order, dispute, warning):
        client.force_login(order.buyer)
        line = order.lines.get().public_id
        for address in (
            reverse("office:give-back", args=[order.public_id, line]),
            reverse("office:answer", args=[dispute.public_id]),
            reverse("office:warning", args=[warning.pk]),
        ):
            assert client.post(address, {"reason": "x"}).status_code == 404
        assert not Refund.objects.exists()

    def test_what_does_not_exist_is_not_found(self, office):
        for address in (
            reverse("office:order", args=["ord_0"]),
            reverse("office:dispute", args=["dsp_0"]),
            reverse("office:document", args=["dsp_0", 1, "receipt"]),
        ):
            assert office.get(address).status_code == 404


class TestRefunds:
    def give_back(self, office, order, **fields):
        line = order.lines.get().public_id
        return office.post(reverse("office:give-back", args=[order.public_id, line]), fields)

    def test_an_order_is_found_by_what_the_provider_calls_it(self, office, order):
        answer = office.get(reverse("office:orders"), {"text": order.payments.get().provider_payment_id})
        assert order.public_id in answer.content.decode()

    def test_a_part_goes_back_at_once(self, office, order):
        self.give_back(office, order, amount="12.50", reason="A broken file.")
        refund = Refund.objects.get()
        assert (refund.amount_minor, refund.reason) == (1250, "A broken file.")
        assert refund.state in {RefundState.PENDING, RefundState.SUCCEEDED}

    @pytest.mark.parametrize("amount", ["0", "-1", "1.005", "a lot"])
    def test_amounts_that_are_none_are_refused(self, office, order, amount):
        assert self.give_back(office, order, amount=amount, reason="x").status_code == 422
        assert not Refund.objects.exists()

    def test_above_the_limit_waits_and_the_other_approves(self, office, client, order):
        self.give_back(office, order, amount="", reason="All of it.")
        refund = Refund.objects.get()
        assert (refund.state, refund.amount_minor) == (RefundState.PROPOSED, 9900)
        decide = reverse("office:decide", args=[refund.public_id])
        office.post(decide, {"decision": "approve"})
        refund.refresh_from_db()
        assert refund.state == RefundState.PROPOSED
        client.force_login(make_finance())
        client.post(decide, {"decision": "approve"})
        refund.refresh_from_db()
        assert refund.state != RefundState.PROPOSED

    def test_more_than_is_left_says_how_much_is(self, office, order):
        self.give_back(office, order, amount="60", reason="x")
        line = order.lines.get().public_id
        answer = office.post(
            reverse("office:give-back", args=[order.public_id, line]), {"amount": "60", "reason": "x"}, follow=True
        )
        assert "39.00" in answer.content.decode()


class TestDisputes:
    def test_shows_what_the_bank_gets_to_read(self, office, dispute):
        page = office.get(reverse("office:dispute", args=[dispute.public_id])).content.decode()
        assert "The Lighthouse" in page and "did not ask for a refund" in page

    def test_is_answered_and_its_papers_can_be_read(self, office, dispute):
        office.post(reverse("office:answer", args=[dispute.public_id]), {"explanation": "They read it."})
        pack = EvidencePack.objects.get()
        evidence.send_pack(pack_id=pack.pk)
        for name in ("receipt", "delivery"):
            answer = office.get(reverse("office:document", args=[dispute.public_id, 1, name]))
            assert answer.content.startswith(b"%PDF")

    def test_is_given_up(self, office, dispute):
        office.post(reverse("office:answer", args=[dispute.public_id]), {"decision": "accept"})
        dispute.refresh_from_db()
        assert dispute.status == "lost"

    def test_operators_only_look(self, client, dispute):
        client.force_login(make_operator())
        client.post(reverse("office:answer", args=[dispute.public_id]), {"explanation": "x"})
        assert not EvidencePack.objects.exists()


class TestWarnings:
    def test_a_large_payment_is_kept_or_given_back_by_a_person(self, office, warning):
        office.post(reverse("office:warning", args=[warning.pk]), {"decision": "refund"})
        warning.refresh_from_db()
        assert warning.outcome == "refunded"
        assert Refund.objects.get().origin == "warning"


def test_lists_take_few_queries_however_long(office, django_assert_max_num_queries):
    for _ in range(4):
        buy(make_reader(), make_book())
    with django_assert_max_num_queries(18):
        office.get(reverse("office:orders"))
