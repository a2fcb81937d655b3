"""Pages of being paid and of paying: who comes in, what they show, and that every act goes through its service."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from common import clock
from payments.rails.beneficiaries import beneficiary
from payments.rails.pain001 import end_to_end_id
from royalties.models import BankFile, BankRow, ExchangeRate, HoldRule, Payout, PayoutAccount, PayoutRun, PersonHold
from royalties.selectors import run_preview
from royalties.selectors.finance import payable_by_currency
from royalties.services import bank_details, payouts
from tests.payments.rails.statements import entry, statement
from tests.royalties.factories import NOON, WINDOW, payable, payout_account, user

pytestmark = pytest.mark.django_db
AT = NOON + WINDOW + timedelta(days=1)
IBAN = "FR1420041010050500013M02606"


@pytest.fixture(autouse=True)
def _after_clearing(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    with clock.frozen(AT):
        yield


@pytest.fixture
def ann(db):
    return payable(user("Ann", is_author=True, country="FR"), currency="EUR")


@pytest.fixture
def finance(db):
    return [user(name, is_finance=True) for name in ("Fiona", "Felix", "Frida")]


def as_person(client, person):
    client.force_login(person)
    return client


def retype_password(client, person) -> None:
    person.set_password("quite-a-long-one")
    person.save()
    client.force_login(person)
    client.post(reverse("account_reauthenticate"), {"password": "quite-a-long-one"})


FINANCE_PAGES = ("finance-bank", "finance-rates", "finance-economics")


class TestAccess:
    @pytest.mark.parametrize("name", FINANCE_PAGES)
    def test_finance_pages_are_for_finance(self, client, ann, finance, name):
        assert client.get(reverse(name)).status_code == 404
        assert as_person(client, ann).get(reverse(name)).status_code == 404
        assert as_person(client, finance[0]).get(reverse(name)).status_code == 200

    @pytest.mark.parametrize("name", ["earnings-plan", "earnings-account", "earnings-account-bank"])
    def test_contributors_pages_are_for_contributors(self, client, finance, name):
        assert as_person(client, user()).get(reverse(name)).status_code == 404
        assert as_person(client, finance[0]).get(reverse(name)).status_code == 403

    @pytest.mark.parametrize(
        ("name", "args"),
        [
            ("finance-file", ["bfl_x"]),
            ("finance-file-release", ["bfl_x"]),
            ("finance-file-withdraw", ["bfl_x"]),
            ("finance-make-files", ["run_x"]),
            ("finance-person-hold", ["usr_x"]),
            ("finance-lift-hold", ["hld_x"]),
            ("finance-bring-back", ["pyo_x"]),
            ("finance-rate-decide", ["fxr_x"]),
            ("finance-bank-settle", [1]),
        ],
    )
    def test_what_is_not_there(self, client, finance, name, args):
        client.force_login(finance[0])
        act = client.get if name == "finance-file" else client.post
        assert act(reverse(name, args=args)).status_code == 404


class TestAccountPage:
    def test_the_cost_is_told_before_choosing(self, client, ann):
        payout_account(ann, country="FR")
        text = as_person(client, ann).get(reverse("earnings-account")).content.decode()
        assert "$7.73" in text  # what arrives of ten dollars
        assert PayoutAccount.objects.get().cost_told_at is None
        client.post(reverse("earnings-account-schedule"), {"schedule": "monthly", "minimum": "1", "currency": ""})
        assert PayoutAccount.objects.get().cost_told_at == AT

    def test_countries_are_shown_before_onboarding(self, client, ann):
        text = as_person(client, ann).get(reverse("earnings-account")).content.decode()
        assert "New Zealand" in text
        assert not PayoutAccount.objects.exists()

    def test_pay_me_now(self, client, ann):
        payout_account(ann, country="FR")
        client.force_login(ann)
        client.post(reverse("earnings-account-pay-now"), {"currency": "EUR"})
        assert PayoutRun.objects.get().proposed_by == ann

    def test_a_hold_shows_its_reason(self, client, ann, finance):
        payout_account(ann, country="FR")
        assert [row.ready_people for row in payable_by_currency(at=AT)] == [1]
        payouts.impose_hold(
            actor=finance[0], person=ann, rule=HoldRule.IDENTITY, reason="A name differs", ends_at=None, at=AT
        )
        assert "A name differs" in as_person(client, ann).get(reverse("earnings-account")).content.decode()
        assert [row.ready_people for row in payable_by_currency(at=AT)] == [0]

    def test_queries_do_not_grow(self, client, ann, django_assert_max_num_queries):
        payout_account(ann, country="FR")
        client.force_login(ann)
        with django_assert_max_num_queries(20):
            client.get(reverse("earnings-account"))


class TestBankForm:
    GIVEN = {"holder": "Ann", "country": "FR", "iban": IBAN}

    def test_asks_for_the_password(self, client, ann):
        answer = as_person(client, ann).post(reverse("earnings-account-bank"), self.GIVEN)
        assert "reauthenticate" in answer.url
        assert not PayoutAccount.objects.exists()

    def test_keeps_it_and_never_shows_it(self, client, ann):
        retype_password(client, ann)
        assert client.post(reverse("earnings-account-bank"), self.GIVEN).status_code == 302
        assert PayoutAccount.objects.get().masked_bank == "FR •••• 2606"
        for name in ("earnings-account", "earnings-account-bank"):
            assert IBAN not in client.get(reverse(name)).content.decode()

    def test_says_what_is_wrong(self, client, ann):
        retype_password(client, ann)
        wrong = {**self.GIVEN, "iban": IBAN[:-1] + "7"}
        answer = client.post(reverse("earnings-account-bank"), wrong)
        assert (answer.status_code, "check digits" in answer.content.decode()) == (422, True)


class TestBankWay:
    def test_from_the_run_to_the_statement(self, client, ann, finance):
        to = beneficiary(holder="Ann", country="FR", iban_text=IBAN)
        bank_details.use_bank(actor=ann, beneficiary=to, at=NOON)
        PayoutAccount.objects.update(minimum_units=1)
        fiona, felix, frida = finance
        run = payouts.propose_run(actor=fiona, currency="EUR", at=AT)
        seen = run_preview.run_preview(run, at=AT).seen
        as_person(client, felix).post(reverse("finance-approve", args=[run.public_id]), {"seen": seen})
        file = BankFile.objects.get()
        assert (
            "another person has to release" in client.get(reverse("finance-run", args=[run.public_id])).content.decode()
        )
        assert client.post(reverse("finance-file-release", args=[file.public_id])).status_code == 403
        as_person(client, frida)
        assert IBAN.encode() in client.get(reverse("finance-file", args=[file.public_id])).content
        client.post(reverse("finance-file-release", args=[file.public_id]))
        payout = Payout.objects.get()
        assert payout.state == "sent"
        rows = (
            entry(end_to_end_id(payout.public_id), str(payout.amount_minor / 100)),
            entry("", "9.00", direction="CRDT"),
        )
        upload = SimpleUploadedFile("camt.xml", statement(*rows), "application/xml")
        client.post(reverse("finance-bank-upload"), {"statement": upload})
        assert Payout.objects.get().state == "paid"
        text = client.get(reverse("finance-bank")).content.decode()
        assert "No payout has this reference." in text
        row = BankRow.objects.waiting().get()
        client.post(reverse("finance-bank-settle", args=[row.pk]), {"note": "po_1", "is_sweep": "on"})
        assert BankRow.objects.get(pk=row.pk).outcome == "sweep"

    def test_a_file_that_is_no_statement(self, client, finance):
        upload = SimpleUploadedFile("x.xml", b"<!DOCTYPE a><a/>", "application/xml")
        answer = as_person(client, finance[0]).post(reverse("finance-bank-upload"), {"statement": upload})
        assert answer.status_code == 409


class TestRatesAndHolds:
    def test_two_people_and_a_rate(self, client, finance):
        given = {"base": "EUR", "quote": "USD", "rate": "1.1", "true_on": "2026-11-17", "source": "ECB"}
        as_person(client, finance[0]).post(reverse("finance-rates"), given)
        rate = ExchangeRate.objects.get()
        decide = reverse("finance-rate-decide", args=[rate.public_id])
        assert client.post(decide, {"decision": "approve"}).status_code == 403
        as_person(client, finance[1]).post(decide, {"decision": "approve"})
        assert ExchangeRate.objects.get().state == "approved"

    def test_hold_and_lift(self, client, ann, finance):
        client.force_login(finance[0])
        client.post(
            reverse("finance-person-hold", args=[ann.public_id]),
            {"rule": "identity", "reason": "x", "until": "2026-12-24"},
        )
        hold = PersonHold.objects.get()
        assert hold.ends_at.isoformat() == "2026-12-24T23:59:59.999999+00:00"
        assert "24 December 2026" in as_person(client, ann).get(reverse("earnings")).text
        client.force_login(finance[0])
        client.post(reverse("finance-lift-hold", args=[hold.public_id]))
        assert PersonHold.objects.get().lifted_by == finance[0]


class TestPlanPage:
    def test_choose(self, client, ann):
        client.force_login(ann)
        assert "For your last 90 days" in client.get(reverse("earnings-plan")).content.decode()
        client.post(reverse("earnings-plan-choose"), {"plan": "studio", "currency": "EUR"})
        assert ann.plan_memberships.get().plan.code == "studio"

    def test_unknown_plan(self, client, ann):
        client.force_login(ann)
        assert client.post(reverse("earnings-plan-choose"), {"plan": "gold", "currency": "EUR"}).status_code == 409
