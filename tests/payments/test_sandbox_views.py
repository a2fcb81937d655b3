"""The provider's simulated pages, by hand of a buyer and of a payee."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from stripe import WebhookSignature

from common import clock
from common.money import Money
from payments.gateway import CheckoutLine
from payments.models import ProviderEvent, SandboxBalance, SandboxEvent, SandboxObject
from payments.stripe.sandbox import events, payment_page
from payments.stripe.sandbox.resources import now_seconds, save
from tests.payments.postman import deliver_all, post_over_http

US, SECURE, DECLINED = "us", "secure", "declined"


@pytest.fixture
def page(open_session):
    return open_session().url.removeprefix("http://testserver")


def pay(client, page, card, **more):
    return client.post(page, {"card": card, "country": "DE"} | more)


class TestPay:
    def test_unknown_session(self, client, db):
        assert client.get("/payments/sandbox/pay/cs_test_none/").status_code == 404

    def test_is_not_there_with_a_real_key(self, client, page, settings):
        settings.PAYMENTS_SANDBOX = False
        assert client.get(page).status_code == 404

    def test_shows_lines_total_and_that_no_money_moves(self, client, page):
        html = client.get(page).content.decode()
        assert "A Book" in html
        assert "$4.99" in html
        assert "No real money moves" in html
        assert "<script>" not in html.replace(f"<script>{settings.CRITICAL_CSS.script}</script>", "")
        assert "style=" not in html

    def test_needs_a_country(self, client, page, gateway):
        answer = client.post(page, {"card": US, "country": ""})
        assert answer.status_code == 200
        assert not SandboxBalance.objects.exists()

    def test_declined_card_charges_nothing_and_lets_try_again(self, client, page):
        html = pay(client, page, DECLINED).content.decode()
        assert "declined" in html
        assert not SandboxBalance.objects.exists()
        assert pay(client, page, US).status_code == 302

    def test_paying_goes_back_to_the_shop_at_once(self, client, page):
        answer = pay(client, page, US)
        session_id = page.split("/")[-2]
        assert answer["Location"] == f"http://testserver/orders/ord_1/?session={session_id}"
        assert SandboxBalance.objects.get().available_minor == 499 - 44

    def test_second_click_pays_nothing(self, client, page):
        pay(client, page, US)
        html = pay(client, page, US).content.decode()
        assert "This order is paid" in html
        assert SandboxBalance.objects.get().available_minor == 499 - 44

    def test_secure_card_asks_first(self, client, page):
        assert "Confirm with your bank" in pay(client, page, SECURE).content.decode()
        assert not SandboxBalance.objects.exists()
        assert pay(client, page, SECURE, challenge="passed").status_code == 302
        assert SandboxBalance.objects.get().available_minor == 499 - 44

    def test_failed_challenge_charges_nothing(self, client, page):
        assert "declined" in pay(client, page, SECURE, challenge="failed").content.decode()
        assert not SandboxBalance.objects.exists()

    @pytest.mark.parametrize("card", [US, SECURE])
    def test_nobody_pays_tax_they_have_not_seen(self, client, gateway, card):
        session = gateway.open_checkout(
            key="checkout:1",
            reference="ord_1",
            lines=[CheckoutLine("A Book", Money(1000, "USD"), "lin_1", tax_is_added=True)],
            email="reader@example.org",
            success_url="http://testserver/thanks/",
            cancel_url="http://testserver/cart/",
            expires_at=clock.now() + timedelta(hours=1),
            automatic_tax=True,
        )
        page = session.url.removeprefix("http://testserver")
        html = client.post(page, {"card": card, "country": "US"}).content.decode()
        assert "Tax was added" in html
        assert "$10.60" in html
        assert not SandboxBalance.objects.exists()
        answer = client.post(page, {"card": card, "country": "US", "total": "1060"})
        if card == SECURE:
            assert "$10.60" in answer.content.decode()
            answer = client.post(page, {"card": card, "country": "US", "total": "1060", "challenge": "passed"})
        assert answer.status_code == 302
        assert gateway.fetch_checkout(session_id=session.session_id).total == Money(1060, "USD")

    def test_leaving_is_a_link_back(self, client, page):
        assert 'href="http://testserver/cart/"' in client.get(page).content.decode()

    def test_billing_country_is_told_to_the_shop(self, client, page, gateway):
        pay(client, page, US)
        session = gateway.fetch_checkout(session_id=page.split("/")[-2])
        assert (session.billing_country, session.card_country, session.payment_status) == ("DE", "US", "paid")
        assert session.total == Money(499, "USD")

    @pytest.mark.parametrize(("card", "status"), [("debit", "paid"), ("debit_fails", "unpaid")])
    def test_o6_bank_debit_is_decided_later(self, client, page, gateway, card, status):
        pay(client, page, card)
        session_id = page.split("/")[-2]
        assert gateway.fetch_checkout(session_id=session_id).payment_status == "unpaid"
        payment_page.settle_later_payments()
        assert gateway.fetch_checkout(session_id=session_id).payment_status == "unpaid"
        save(SandboxObject.objects.get(object_id=session_id), _settles_at=now_seconds())
        payment_page.settle_later_payments()
        payment_page.settle_later_payments()
        assert gateway.fetch_checkout(session_id=session_id).payment_status == status


class TestOnboard:
    @pytest.fixture
    def link(self, gateway):
        self.account = gateway.open_account(key="acct:1", reference="con_1", email="a@example.org", country="DE")
        url = gateway.onboarding_url(
            account_id=self.account.account_id,
            return_url="http://testserver/earnings/",
            refresh_url="http://testserver/again/",
        )
        return url.removeprefix("http://testserver")

    def test_unknown_link(self, client, db):
        assert client.get("/payments/sandbox/onboard/alnk_none/").status_code == 404

    def test_finishing_makes_the_account_ready(self, client, link, gateway):
        assert "a@example.org" in client.get(link).content.decode()
        assert client.post(link)["Location"] == "http://testserver/earnings/"
        assert gateway.fetch_account(account_id=self.account.account_id).is_ready

    def test_stays_at_the_host_by_which_the_payee_came(self, gateway):
        account = gateway.open_account(key="acct:2", reference="con_2", email="b@example.org", country="DE")
        here = "http://127.0.0.1:8000/earnings/"
        url = gateway.onboarding_url(account_id=account.account_id, return_url=here, refresh_url=here)
        assert url.startswith("http://127.0.0.1:8000/payments/sandbox/onboard/")

    def test_stays_at_our_own_site_when_it_is_to_lead_elsewhere(self, gateway, settings):
        settings.ALLOWED_HOSTS = ["testserver"]
        account = gateway.open_account(key="acct:2", reference="con_2", email="b@example.org", country="DE")
        there = "https://elsewhere.example/"
        url = gateway.onboarding_url(account_id=account.account_id, return_url=there, refresh_url=there)
        assert url.startswith("http://testserver/payments/sandbox/onboard/")

    def test_reports_it_on_the_thin_address(self, client, link):
        client.post(link)
        deliver_all()
        event = ProviderEvent.objects.get()
        assert (event.endpoint, event.object_id) == ("thin", self.account.account_id)

    def test_late_link_leads_to_a_fresh_one(self, client, link):
        row = SandboxObject.objects.get(kind="account_link")
        save(row, expires_at="2020-01-01T00:00:00.000Z")
        assert client.get(link)["Location"] == "http://testserver/again/"


class TestEvents:
    def test_paying_is_reported_to_the_real_address(self, client, page):
        pay(client, page, US)
        assert deliver_all() == 1
        event = ProviderEvent.objects.get()
        assert (event.endpoint, event.event_type, event.reference) == (
            "platform",
            "checkout.session.completed",
            "ord_1",
        )
        assert SandboxEvent.objects.filter(delivered_at=None).count() == 0

    def test_undelivered_event_is_sent_again_by_the_sweeper(self, client, page, monkeypatch):
        pay(client, page, US)
        event = SandboxEvent.objects.get()
        monkeypatch.setattr(events, "post", lambda path, body, headers: 0)
        assert not events.deliver(event_id=event.event_id)
        event.refresh_from_db()
        assert (event.attempts, event.delivered_at) == (1, None)
        assert events.undelivered() == []
        SandboxEvent.objects.update(next_attempt_at=clock.real_now())
        assert events.undelivered() == [event.event_id]


@pytest.mark.django_db(transaction=True)
class TestPostman:
    def test_goes_over_the_network_to_the_real_address(self, live_server, settings):
        settings.SITE_URL = live_server.url
        body = "{}"
        signature = WebhookSignature.generate_signature_header(body, "whsec_other")
        assert post_over_http("/payments/webhooks/platform/", body, {"Stripe-Signature": signature}) == 400

    def test_nobody_answers(self, settings):
        settings.SITE_URL = "http://127.0.0.1:9"
        assert post_over_http("/payments/webhooks/platform/", "{}", {}) == 0
