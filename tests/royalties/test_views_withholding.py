"""Pages of tax forms and withheld tax: who may, and what a click does."""

from __future__ import annotations

import pytest
from django.urls import reverse

from common import clock
from royalties.models import CertificateState, Remittance, RemittanceState, TaxCertificate, WithholdingRule
from royalties.services import clearing
from tests.royalties.books import balance
from tests.royalties.factories import NOON, WINDOW, edition, recorded_sale, user

pytestmark = pytest.mark.django_db
SIGNED = {
    "form": "W-8BEN",
    "name": "Ann Example",
    "country": "IN",
    "claims_treaty": "on",
    "has_taxpayer_number": "on",
    "signed_on": "2026-11-10",
    "signature": "Ann Example",
}


@pytest.fixture(autouse=True)
def _november(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    with clock.frozen(NOON + WINDOW):
        yield


@pytest.fixture
def ann():
    return user("Ann", is_author=True)


@pytest.fixture
def withheld(ann):
    """What Ann earned with a reader in the United States, of which 1.25 is withheld for want of a form."""
    WithholdingRule.objects.create(country="US", effective_at=NOON, rate_bps=3000, source="26 U.S.C. 1441")
    recorded_sale(of=edition(ann), country="US")
    clearing.clear_due(at=NOON + WINDOW)


def logged_in(client, person):
    client.force_login(person)
    return client


@pytest.fixture
def office(client):
    return logged_in(client, user("Fiona", is_finance=True))


class TestAccess:
    def test_there_is_no_office_for_others(self, client, ann):
        certificate = self.handed_in(client, ann)
        remittance = Remittance.objects.create(
            country="US", currency="USD", amount_minor=1, note="x", proposed_by=user(), proposed_at=NOON
        )
        pages = [
            ("finance-withholding", []),
            ("finance-tax-form", [certificate.public_id]),
            ("finance-remittance", [remittance.public_id]),
        ]
        for person in (user(), ann, user(is_author=True), user(is_moderator=True)):
            logged_in(client, person)
            for name, args in pages:
                assert client.post(reverse(name, args=args), {"decision": "accept"}).status_code == 404, name
        certificate.refresh_from_db()
        assert certificate.state == CertificateState.HANDED_IN

    def test_operators_only_look_at_forms(self, client, ann):
        certificate = self.handed_in(client, ann)
        logged_in(client, user("Olga", is_operator=True))
        assert client.get(reverse("finance-withholding")).status_code == 200
        client.post(
            reverse("finance-tax-form", args=[certificate.public_id]), {"decision": "accept", "reason": "Complete."}
        )
        certificate.refresh_from_db()
        assert certificate.state == CertificateState.HANDED_IN

    @pytest.mark.parametrize(
        ("roles", "status"), [({}, 404), ({"is_moderator": True}, 403), ({"is_finance": True}, 403)]
    )
    def test_only_contributors_have_forms(self, client, roles, status):
        logged_in(client, user(**roles))
        assert client.get(reverse("earnings-tax")).status_code == status
        assert client.post(reverse("earnings-tax"), SIGNED).status_code == status
        assert not TaxCertificate.objects.exists()

    def test_nobody_sees_somebody_elses(self, client, ann, withheld):
        self.handed_in(client, ann)
        page = logged_in(client, user("Ben", is_author=True)).get(reverse("earnings-tax")).content.decode()
        assert "Ann Example" not in page
        assert "$1.25" not in page

    @staticmethod
    def handed_in(client, person) -> TaxCertificate:
        logged_in(client, person).post(reverse("earnings-tax"), SIGNED)
        return TaxCertificate.objects.get()


class TestContributor:
    def test_signs_and_is_told_what_was_withheld(self, client, ann, withheld):
        page = logged_in(client, ann).get(reverse("earnings-tax")).content.decode()
        assert "30% is withheld" in page
        assert "$1.25" in page
        client.post(reverse("earnings-tax"), SIGNED)
        certificate = TaxCertificate.objects.get()
        assert (certificate.user, certificate.country, str(certificate.expires_on)) == (ann, "IN", "2029-12-31")

    def test_the_flow_names_it(self, client, ann, withheld):
        page = logged_in(client, ann).get(reverse("earnings")).content.decode()
        assert "$1.25 of your cleared royalties was withheld" in page

    @pytest.mark.parametrize(
        "wrong", [{"signed_on": "2030-01-01"}, {"signature": ""}, {"country": "US"}, {"form": "W-4"}]
    )
    def test_bad_input_says_why(self, client, ann, wrong):
        answer = logged_in(client, ann).post(reverse("earnings-tax"), SIGNED | wrong)
        assert answer.status_code == 422
        assert not TaxCertificate.objects.exists()

    def test_there_is_nowhere_to_write_a_number(self, client, ann):
        logged_in(client, ann).post(reverse("earnings-tax"), SIGNED | {"taxpayer_number": "078-05-1120", "tin": "1"})
        stored = TaxCertificate.objects.values().get()
        assert not [value for value in stored.values() if "078" in str(value)]


class TestFinance:
    def test_accepts_and_the_difference_is_given_back(self, client, ann, withheld, office):
        TestAccess.handed_in(client, ann)
        certificate = TaxCertificate.objects.get()
        logged_in(client, user("Felix", is_finance=True))
        assert "Ann Example" in client.get(reverse("finance-withholding")).content.decode()
        client.post(
            reverse("finance-tax-form", args=[certificate.public_id]), {"decision": "accept", "reason": "Complete."}
        )
        assert (balance("withholding:US"), balance("contributor_payable", ann)) == (62, 415 - 62)
        assert "Complete." in client.get(reverse("finance-withholding")).content.decode()

    def test_refuses_with_a_reason_or_not_at_all(self, client, ann):
        certificate = TestAccess.handed_in(client, ann)
        logged_in(client, user("Fiona", is_finance=True))
        decide = reverse("finance-tax-form", args=[certificate.public_id])
        client.post(decide, {"decision": "refuse", "reason": ""})
        certificate.refresh_from_db()
        assert certificate.state == CertificateState.HANDED_IN
        client.post(decide, {"decision": "refuse", "reason": "The name is another one."})
        assert "The name is another one." in logged_in(client, ann).get(reverse("earnings-tax")).content.decode()

    def test_two_people_pay_the_tax_office(self, client, withheld, office):
        office.post(reverse("finance-withholding"), {"currency": "USD", "amount_given": "1.25", "note": "EFTPS 1"})
        remittance = Remittance.objects.get()
        decide = reverse("finance-remittance", args=[remittance.public_id])
        office.post(decide, {"decision": "approve"})
        assert balance("withholding:US") == 125
        logged_in(client, user("Felix", is_finance=True)).post(decide, {"decision": "approve"})
        remittance.refresh_from_db()
        assert (remittance.state, balance("withholding:US"), balance("bank")) == (RemittanceState.APPROVED, 0, -125)

    def test_an_amount_without_fractions_that_do_not_exist(self, office):
        answer = office.post(
            reverse("finance-withholding"), {"currency": "USD", "amount_given": "1.255", "note": "EFTPS 1"}
        )
        assert answer.status_code == 422
