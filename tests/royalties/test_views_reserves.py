"""Pages of reserves and corrections: who may, and what a click does."""

from __future__ import annotations

import pytest
from django.urls import reverse

from royalties.models import ManualEntry, ManualState, ReserveRule
from tests.royalties.books import balance
from tests.royalties.factories import payable, user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def fiona():
    return user("Fiona", is_finance=True)


@pytest.fixture
def office(client, fiona):
    client.force_login(fiona)
    return client


@pytest.mark.parametrize("page", ["finance-reserves", "finance-corrections"])
def test_there_is_no_such_page_for_others(client, page):
    for person in (user(), user(is_author=True), user(is_moderator=True)):
        client.force_login(person)
        assert client.get(reverse(page)).status_code == 404
        assert client.post(reverse(page), {"user": person.public_id}).status_code == 404


class TestReserves:
    def impose(self, office, person, **fields):
        values = {"user": person.email, "rate": 10, "days": 30, "lasts": 90, "reason": "Many returns.", **fields}
        return office.post(reverse("finance-reserves"), values)

    def test_is_imposed_shown_and_lifted(self, office):
        ann = user("Ann")
        self.impose(office, ann)
        rule = ReserveRule.objects.get()
        assert (rule.user, rule.rate_bps) == (ann, 1000)
        assert "Many returns." in office.get(reverse("finance-reserves")).content.decode()
        office.post(reverse("finance-reserve-lift", args=[rule.public_id]))
        rule.refresh_from_db()
        assert rule.lifted_at is not None

    @pytest.mark.parametrize("wrong", [{"rate": 51}, {"rate": 0}, {"days": 181}, {"reason": ""}, {"lasts": 400}])
    def test_needs_a_reason_a_rate_and_an_end(self, office, wrong):
        assert self.impose(office, user("Ann"), **wrong).status_code == 422
        assert not ReserveRule.objects.exists()

    def test_operators_only_look(self, client):
        client.force_login(user("Olga", is_operator=True))
        self.impose(client, user("Ann"))
        assert not ReserveRule.objects.exists()


class TestCorrections:
    def test_two_people(self, office, client):
        ann = payable()
        values = {"user": ann.public_id, "kind": "adjustment", "currency": "USD", "amount_given": "2.50"}
        office.post(reverse("finance-corrections"), {**values, "reason": "A typing error."})
        correction = ManualEntry.objects.get()
        decide = reverse("finance-correction", args=[correction.public_id])
        office.post(decide, {"decision": "approve"})
        assert balance("contributor_payable", ann) == 415
        client.force_login(user("Felix", is_finance=True))
        client.post(decide, {"decision": "approve"})
        assert balance("contributor_payable", ann) == 665
        assert "A typing error." in client.get(reverse("finance-corrections")).content.decode()

    def test_declined_is_never_booked(self, office):
        ann = payable()
        values = {"user": ann.public_id, "kind": "adjustment", "currency": "USD", "amount_given": "-1"}
        office.post(reverse("finance-corrections"), {**values, "reason": "Wrong book."})
        correction = ManualEntry.objects.get()
        office.post(reverse("finance-correction", args=[correction.public_id]), {"decision": "decline"})
        correction.refresh_from_db()
        assert correction.state == ManualState.DECLINED
        assert balance("contributor_payable", ann) == 415
