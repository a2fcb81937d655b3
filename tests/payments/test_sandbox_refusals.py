"""What the sandbox refuses as Stripe does, and how it pages."""

from __future__ import annotations

import io

import pytest
import stripe

from common.money import Money
from payments import sandbox_events
from payments.models import SandboxAccountBalance, SandboxObject

LINE = {"quantity": 1, "price_data": {"currency": "usd", "unit_amount": 499, "product_data": {"name": "A Book"}}}
SESSION = {"mode": "payment", "success_url": "http://testserver/thanks/", "line_items": [LINE]}
EURO = {"quantity": 1, "price_data": {"currency": "eur", "unit_amount": 499, "product_data": {"name": "A Book"}}}
NOTHING = {"recipient": {"capabilities": {"stripe_balance": {"stripe_transfers": {"requested": False}}}}}
RECIPIENT = {"recipient": {"capabilities": {"stripe_balance": {"stripe_transfers": {"requested": True}}}}}


def file(size):
    content = io.BytesIO(b"%PDF-" + b"x" * size)
    content.name = "log.pdf"
    return content


REFUSALS = {
    "mode": lambda sdk: sdk.v1.checkout.sessions.create(SESSION | {"mode": "subscription"}),
    "ui_mode": lambda sdk: sdk.v1.checkout.sessions.create(SESSION | {"ui_mode": "embedded_page"}),
    "success_url": lambda sdk: sdk.v1.checkout.sessions.create(SESSION | {"success_url": ""}),
    "line_items": lambda sdk: sdk.v1.checkout.sessions.create({**SESSION, "line_items": [LINE, EURO]}),
    "amount": lambda sdk: sdk.v1.transfers.create({"amount": 0, "currency": "usd", "destination": "acct_1"}),
    "id": lambda sdk: sdk.v1.balance_transactions.retrieve("txn_none"),
    "limit": lambda sdk: sdk.v1.refunds.list({"limit": 101}),
    "purpose": lambda sdk: sdk.v1.files.create({"purpose": "business_logo", "file": file(1)}),
    "file": lambda sdk: sdk.v1.files.create({"purpose": "dispute_evidence", "file": file(5 * 1024 * 1024)}),
}
REFUSALS_OF_V2 = {
    "configuration": lambda sdk: sdk.v2.core.accounts.create({"configuration": NOTHING, "identity": {"country": "US"}}),
    "identity": lambda sdk: sdk.v2.core.accounts.create({"configuration": RECIPIENT}),
}


@pytest.mark.django_db
class TestRefusals:
    @pytest.mark.parametrize("param", REFUSALS)
    def test_names_the_parameter(self, sdk, param):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            REFUSALS[param](sdk)
        assert refused.value.param == param
        assert not SandboxObject.objects.exists()

    @pytest.mark.parametrize("param", REFUSALS_OF_V2)
    def test_names_the_parameter_in_v2(self, sdk, param):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            REFUSALS_OF_V2[param](sdk)
        assert refused.value.json_body["error"]["param"] == param

    def test_a_page_is_closed_once(self, sdk, open_session, gateway):
        session_id = open_session().session_id
        gateway.expire_checkout(key="expire:1", session_id=session_id)
        with pytest.raises(stripe.InvalidRequestError, match="can be expired"):
            sdk.v1.checkout.sessions.expire(session_id)

    def test_a_payment_under_way_is_not_given_back(self, sdk, paid_payment):
        with pytest.raises(stripe.InvalidRequestError, match="successful charge"):
            sdk.v1.refunds.create({"payment_intent": paid_payment(card="debit")})

    def test_nothing_is_no_evidence(self, sdk, gateway, paid_payment):
        charge_id = gateway.fetch_payment(payment_id=paid_payment()).charge_id
        dispute_id = sandbox_events.open_dispute(charge_id=charge_id)
        with pytest.raises(stripe.InvalidRequestError, match="no evidence"):
            sdk.v1.disputes.update(dispute_id, {"submit": True})

    def test_an_account_with_money_is_not_closed_by_us(self, sdk, gateway, ready_account):
        SandboxAccountBalance.objects.create(account_id=ready_account, currency="USD", available_minor=1)
        with pytest.raises(stripe.InvalidRequestError, match="still has a balance"):
            sdk.v2.core.accounts.close(ready_account)

    @pytest.mark.parametrize("kind", ["payout", "reversal", "bank"])
    def test_things_belong_to_their_owner(self, sdk, gateway, paid_payment, ready_account, kind):
        paid_payment()
        first, second = (
            gateway.transfer(key=f"t:{n}", account_id=ready_account, amount=Money(50, "USD"), group=f"pot_{n}")
            for n in range(2)
        )
        reversal = gateway.reverse_transfer(
            key="r:1", transfer_id=first.transfer_id, amount=Money(1, "USD"), reference="rfd_1"
        )
        other = gateway.open_account(key="acct:2", reference="con_2", email="b@example.org", country="DE").account_id
        sandbox_events.pay_out_accounts()
        payout_id = SandboxObject.objects.get(kind="payout").object_id
        bank_id = SandboxObject.objects.get(kind="bank_account").object_id
        asked = {
            "payout": lambda: sdk.v1.payouts.retrieve(payout_id, {}, {"stripe_account": other}),
            "reversal": lambda: sdk.v1.transfers.reversals.retrieve(second.transfer_id, reversal.reversal_id),
            "bank": lambda: sdk.v1.accounts.external_accounts.retrieve(other, bank_id),
        }
        with pytest.raises(stripe.InvalidRequestError) as refused:
            asked[kind]()
        assert refused.value.code == "resource_missing"


class TestFreePages:
    def test_o7_nothing_to_pay_is_complete_without_a_payment(self, gateway, open_session):
        from payments.stripe.sandbox import payment_page
        from payments.stripe.sandbox.cards import CARDS

        session = open_session(amount_minor=0)
        payment_page.pay(session_id=session.session_id, card=CARDS["us"], country="US")
        paid = gateway.fetch_checkout(session_id=session.session_id)
        assert (paid.status, paid.payment_status, paid.payment_id) == ("complete", "no_payment_required", "")


class TestPages:
    def test_every_refund_over_several_pages(self, gateway, paid_payment):
        payment_id = paid_payment(amount_minor=50_000)
        charge_id = gateway.fetch_payment(payment_id=payment_id).charge_id
        made = [sandbox_events.refund_in_dashboard(charge_id=charge_id, amount_minor=1) for _ in range(120)]
        assert [refund.refund_id for refund in gateway.refunds_of(payment_id=payment_id)] == made[::-1]

    def test_every_event(self, sdk, paid_payment):
        for number in range(5):
            paid_payment(key=f"checkout:{number}:a")
        events = list(sdk.v1.events.list({"limit": 2}).auto_paging_iter())
        assert len({event.id for event in events}) == 5

    def test_every_account_of_v2(self, sdk, gateway, db):
        opened = [
            gateway.open_account(key=f"acct:{n}", reference=f"con_{n}", email="a@example.org", country="DE").account_id
            for n in range(5)
        ]
        found = [account.id for account in sdk.v2.core.accounts.list({"limit": 2}).auto_paging_iter()]
        assert found == opened[::-1]

    def test_after_something_unknown(self, sdk, db):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            sdk.v1.refunds.list({"starting_after": "re_none"})
        assert refused.value.code == "resource_missing"

    def test_movements_of_one_currency(self, sdk, paid_payment):
        paid_payment()
        paid_payment(currency="EUR", key="checkout:2:a")
        assert [row.currency for row in sdk.v1.balance_transactions.list({"currency": "eur"}).data] == ["eur"]
