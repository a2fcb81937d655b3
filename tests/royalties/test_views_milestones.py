"""What finance sees of the money held for contracts."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from common import clock
from royalties.selectors import milestones as selectors
from royalties.services import milestones
from tests.factories.accounts import make_finance, make_reader
from tests.royalties.factories import NOON
from tests.royalties.milestones import DAY, accept, dispute, paid, usd

pytestmark = pytest.mark.django_db
URL = "finance-milestones"


@pytest.fixture
def office(db):
    client = Client()
    client.force_login(make_finance())
    return client


def states(at=NOON) -> list[str]:
    return [row.held_state for row in selectors.waiting_for(at)]


class TestWaitingFor:
    def test_says_why_each_waits_the_oldest_first(self):
        paid(at=NOON - 91 * DAY)
        paid(at=NOON - 89 * DAY)
        dispute(paid(), 50_000)
        accept(paid(), 30_000, returned=20_000)
        assert states() == ["too_long", "held", "disputed", "owed"]
        assert selectors.held_too_long(NOON) == 1
        assert selectors.held_by_currency() == [("USD", 150_000)]

    def test_leaves_out_what_is_over(self):
        accept(paid(), 50_000)
        returned = paid()
        accept(returned, 0, returned=50_000)
        milestones.confirm_return(reference=returned.reference, refund_reference="re_1", amount=usd(50_000), at=NOON)
        assert states() == []


class TestPage:
    def test_lists_what_is_held(self, office):
        with clock.frozen(NOON):
            milestone = paid(at=NOON - 100 * DAY)
            text = office.get(reverse(URL)).content.decode()
        assert milestone.title in text
        assert "Held too long" in text
        assert f"{reverse('finance-entries')}?text={milestone.reference}" in text
        entries = office.get(reverse("finance-entries"), {"text": milestone.reference}).content.decode()
        assert "Milestone paid" in entries

    def test_says_when_there_is_nothing(self, office):
        assert "No milestones" in office.get(reverse(URL)).content.decode()

    def test_asks_as_much_for_many_as_for_one(self, office, django_assert_max_num_queries):
        for _ in range(8):
            paid()
        with django_assert_max_num_queries(18):
            office.get(reverse(URL))

    def test_is_for_finance_alone(self, client):
        client.force_login(make_reader())
        assert client.get(reverse(URL)).status_code == 404
