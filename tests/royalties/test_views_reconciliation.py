"""The reconciliation's pages: who may, and what a click does."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from common import clock, paging
from royalties.models import HandMatch, ItemState, JournalEntry, ManualEntry, ManualState, ReconciliationItem, SetAside
from royalties.selectors import reconciliation as selectors
from royalties.services.reconciliation import reconcile
from tests.royalties.factories import NOON, edition, recorded_sale, user
from tests.royalties.test_services_reconciliation import NIGHT, Provider, bought

pytestmark = pytest.mark.django_db
LIST = "/finance/reconciliation/"


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def provider(monkeypatch):
    made = Provider()
    monkeypatch.setattr("payments.services.gateway", lambda: made)
    return made


@pytest.fixture
def office(client):
    client.force_login(user("Fiona", is_finance=True))
    return client


@pytest.fixture
def item(provider):
    bought()
    provider.moves("charge", "ch_1", 499, 44)
    provider.moves("stripe_fee", "fee_x", -150)
    reconcile(at=NIGHT)
    return ReconciliationItem.objects.get(key="fee_x")


def page(client, address) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


class TestWhoMay:
    def test_there_is_no_such_page_for_others(self, client, item):
        actions = [reverse(f"finance-item-{name}", args=[item.pk]) for name in ("explain", "correct", "match")]
        for person in (user(), user(is_author=True), user(is_moderator=True)):
            client.force_login(person)
            for address in (LIST, reverse("finance-item", args=[item.pk])):
                assert client.get(address).status_code == 404
            for address in (*actions, reverse("finance-compare")):
                assert client.post(address).status_code == 404

    def test_operators_look_and_do_not_touch(self, client, item):
        client.force_login(user("Olga", is_operator=True))
        shown = page(client, reverse("finance-item", args=[item.pk]))
        assert "Save explanation" not in shown
        answer = client.post(reverse("finance-item-explain", args=[item.pk]), {"reason": "x", "seen": 0})
        assert answer.status_code == 403
        assert client.post(reverse("finance-compare")).status_code == 403
        assert not item.explanations.exists()


class TestList:
    def test_open_items_with_age_and_sum(self, office, item):
        shown = page(office, LIST)
        assert "fee_x" in shown
        assert "−$1.50" in shown
        assert "1 item in USD" in shown
        assert "?state=missing_here&amp;age=30" in shown

    @pytest.mark.parametrize(
        ("query", "is_shown"),
        [
            ("state=differs", False),
            ("state=missing_here", True),
            ("state=all", True),
            ("state=matched", False),
            ("age=30", True),
            ("age=1", False),
            ("state=holding", True),
            ("currency=EUR", False),
            ("text=fee_x", True),
            ("text=nothing", False),
            (f"month={NOON:%Y-%m}", True),
            ("month=2020-01", False),
        ],
    )
    def test_each_filter_is_an_address(self, office, item, query, is_shown):
        assert (reverse("finance-item", args=[item.pk]) in page(office, f"{LIST}?{query}")) == is_shown

    def test_nonsense_is_refused_and_not_an_error(self, office, item):
        answer = office.get(f"{LIST}?state=nonsense&month=soon&before=x")
        assert answer.status_code == 422
        assert "fee_x" in answer.content.decode()

    def test_pages_follow_each_other(self, office, provider, monkeypatch):
        monkeypatch.setattr(paging, "PAGE_LENGTH", 2)
        for number in range(3):
            provider.moves("refund", f"re_{number}", -100 - number)
        reconcile(at=NIGHT)
        newest = list(ReconciliationItem.objects.order_by("-pk"))
        shown = page(office, LIST)
        assert newest[2].key not in shown
        assert newest[2].key in page(office, f"{LIST}?before={newest[1].pk}")

    def test_asks_as_much_for_many_as_for_one(self, office, provider, item, django_assert_max_num_queries):
        for number in range(20):
            provider.moves("refund", f"re_{number}", -100)
        reconcile(at=NIGHT)
        with django_assert_max_num_queries(42):
            page(office, LIST)

    def test_says_when_all_agrees(self, office, provider):
        reconcile(at=NIGHT)
        assert "No open items" in page(office, LIST)


class TestItem:
    def test_both_sides(self, office, provider):
        made = bought()
        provider.moves("charge", "ch_1", 499, 45)
        reconcile(at=NIGHT)
        item = ReconciliationItem.objects.get()
        assert (item.key, item.state) == (made.order_reference, ItemState.DIFFERS)
        shown = page(office, reverse("finance-item", args=[item.pk]))
        assert reverse("finance-provider", args=["ch_1"]) in shown
        for entry in JournalEntry.objects.all():
            assert reverse("finance-entry", args=[entry.pk]) in shown
        assert "$0.01" in shown

    def test_explained(self, office, item):
        address = reverse("finance-item-explain", args=[item.pk])
        assert office.post(address, {"reason": "Asked them.", "seen": 0}).status_code == 302
        assert "Asked them." in page(office, reverse("finance-item", args=[item.pk]))

    def test_what_was_typed_stays(self, office, item):
        address = reverse("finance-item-explain", args=[item.pk])
        office.post(address, {"reason": "First.", "seen": 0})
        answer = office.post(address, {"reason": "Second, at once.", "seen": 0})
        assert answer.status_code == 409
        shown = answer.content.decode()
        assert "explained this item while you were writing" in shown
        assert "Second, at once." in shown
        assert 'name="seen" value="1"' in shown
        answer = office.post(address, {"reason": "", "until": "soon", "seen": 1})
        assert answer.status_code == 422

    def test_corrected_by_two(self, office, client, item):
        ReconciliationItem.objects.filter(pk=item.pk).update(kind="payout")
        assert '<option value="bank" selected>' in office.get(reverse("finance-item", args=[item.pk])).text
        office.post(reverse("finance-item-correct", args=[item.pk]), {"against": "processor_fee", "reason": "A fee."})
        correction = ManualEntry.objects.get()
        assert "Waiting for a second person" in page(office, reverse("finance-item", args=[item.pk]))
        assert "fee_x" in page(office, reverse("finance-corrections"))
        decide = {"decision": "approve", "from": "item"}
        office.post(reverse("finance-correction", args=[correction.public_id]), decide)
        correction.refresh_from_db()
        assert correction.state == ManualState.PROPOSED
        client.force_login(user("Felix", is_finance=True))
        answer = client.post(reverse("finance-correction", args=[correction.public_id]), decide)
        assert answer.url == reverse("finance-item", args=[item.pk])
        assert reconcile(at=NIGHT).open_items == 0

    def test_matched_by_two(self, office, client, provider):
        made = recorded_sale(of=edition())
        provider.moves("charge", "py_9", 499)
        reconcile(at=NIGHT)
        item = ReconciliationItem.objects.get(key="py_9")
        entry = JournalEntry.objects.get(reference=made.reference)
        shown = page(office, reverse("finance-item", args=[item.pk]))
        assert f'value="{entry.pk}"' in shown
        values = {"entry": entry.pk, "reason": "The same minute."}
        office.post(reverse("finance-item-match", args=[item.pk]), values)
        match = HandMatch.objects.get()
        decide = reverse("finance-match-decide", args=[match.public_id])
        assert office.post(decide, {"decision": "approve"}).status_code == 403
        client.force_login(user("Felix", is_finance=True))
        client.post(decide, {"decision": "approve"})
        item.refresh_from_db()
        assert item.state == ItemState.MATCHED

    def test_there_is_no_such_item(self, office):
        assert office.get(reverse("finance-item", args=[7])).status_code == 404
        assert office.post(reverse("finance-item-explain", args=[7])).status_code == 404
        assert office.post(reverse("finance-match-decide", args=["hmt_x"])).status_code == 404


class TestSetAside:
    def test_a_second_person_agrees_on_the_page(self, client, office, item):
        told = {"reason": "Their fee.", "until": f"{clock.now().date() + timedelta(days=9)}", "seen": 0}
        office.post(reverse("finance-item-explain", args=[item.pk]), told)
        asked = SetAside.objects.get()
        decide, address = (
            reverse("finance-aside-decide", args=[asked.public_id]),
            reverse("finance-item", args=[item.pk]),
        )
        assert "Set it aside</button>" not in page(office, address)
        assert office.post(decide, {"decision": "approve"}).status_code == 403
        client.force_login(user("Felix", is_finance=True))
        assert re.search(r"Set it aside\s*</button>", page(client, address))
        client.post(decide, {"decision": "approve"})
        assert selectors.aside_until([item], clock.now()) == {item.pk: asked.until}
        assert "set aside until" in page(client, address)


class TestChecklist:
    def test_counts_and_leads_here(self, office, item):
        shown = page(office, reverse("finance"))
        assert "1 open item" in shown
        assert LIST in shown
        assert "?state=holding" in shown  # opened weeks ago, and compared as long ago
        ReconciliationItem.objects.filter(pk=item.pk).update(opened_at=clock.now())
        assert "state=holding" not in page(office, reverse("finance"))


class TestComparing:
    """Who asks for a run sees that it goes on, and not what was last compared as if it were the answer."""

    def test_the_old_result_is_dated_until_the_new_one_is_there(self, office, item):
        office.post(reverse("finance-compare"))
        shown = page(office, LIST)
        assert "Comparing…" in shown
        assert f"Until then, it shows the result of {NIGHT.day} " in shown
        assert "Last compared" not in shown
        assert "HX-Refresh" not in office.get(LIST, headers={"HX-Request": "true"})
        reconcile(at=clock.database_now())
        assert office.get(LIST, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
        shown = page(office, LIST)
        assert "Comparing…" not in shown
        assert "Last compared" in shown

    def test_a_run_that_does_not_end_is_not_waited_for_for_ever(self, office, item):
        office.post(reverse("finance-compare"))
        with clock.frozen(clock.database_now() + timedelta(minutes=11)):
            assert "Comparing…" not in page(office, LIST)
