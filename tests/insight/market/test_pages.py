"""The pages: what is not right comes first, each figure with its definition, and as few queries for many values."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry
from common import clock
from insight.market.registry import FIGURES
from tests.factories.accounts import make_author, make_operator, make_reader
from tests.factories.buying import make_book
from tests.insight.market.factories import make_copies, make_counts

pytestmark = pytest.mark.django_db
HEALTH = "/operations/market/"


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(make_operator())
    return client


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


class TestOverview:
    def test_before_anything_was_counted(self, operator: Client) -> None:
        page = text_of(operator, HEALTH)
        assert "Nothing has been counted yet" in page
        assert page.count("Nothing to count yet") == len(FIGURES)

    def test_what_is_not_right_comes_first_and_since_when(self, operator: Client) -> None:
        make_counts("disputes_by_count", [40, 50], is_alarm=False)
        rows = make_counts("ring_authors", [0, 3, 4], is_alarm=True)
        rows[1].is_alarm = True
        rows[1].save()
        page = text_of(operator, HEALTH)
        alarms = page[page.index("Not right now") : page.index("Supply and demand")]
        assert "Authors whose buyers look like a ring" in alarms
        assert "expected at most 0" in alarms
        assert "Since 9 November 2026. For: Moderators" in alarms
        assert "Bank disputes" not in alarms

    def test_one_alarm_for_all_cells_of_a_figure(self, operator: Client) -> None:
        for number in range(3):
            make_counts("found_little", [9000], part=f"F{number}|en", is_alarm=True)
        make_counts("found_little", [1000], part="FX|en")
        page = text_of(operator, HEALTH)
        alarms = page[page.index("Not right now") : page.index("Supply and demand")]
        assert alarms.count("Who found little") == 1
        assert "2 more are not right" in alarms

    def test_every_figure_is_there_with_its_definition(self, operator: Client) -> None:
        page = text_of(operator, HEALTH)
        for figure in FIGURES:
            assert str(figure.definition) in page

    def test_only_the_largest_cells(self, operator: Client) -> None:
        for number, subject in enumerate(("FB", "FF", "FH", "FJ", "FL", "FM")):
            make_counts("book_demand", [5 * (number + 1)], part=f"{subject}|en")
        page = text_of(operator, HEALTH)
        assert "Fantasy, English" in page
        assert "General and literary fiction, English" not in page
        assert "2 more" in page

    def test_queries_do_not_grow_with_the_values(self, operator: Client, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
        make_counts("book_demand", [5], part="FB|en")
        operator.get(HEALTH)
        with django_assert_num_queries(4):  # session, operator, counts, values
            operator.get(HEALTH)
        for figure in FIGURES:
            make_counts(figure.code, [5] * 10, part="USD")
        with django_assert_num_queries(4):
            operator.get(HEALTH)

    def test_in_german(self, operator: Client) -> None:
        make_counts("first_sale", [3])
        assert "3 Tage" in text_of(operator, f"/de-de{HEALTH}")


class TestFigure:
    def test_its_definition_and_the_table_behind_the_line(self, operator: Client) -> None:
        make_counts("first_sale", [3, None, 12], is_alarm=True)
        page = text_of(operator, f"{HEALTH}first_sale/")
        for words in ("Kaplan-Meier", "works that came out within a year", "twice the median", "Operators", "12 days"):
            assert words in page
        assert "not reached" in page
        assert "not right since 16 November 2026" in page

    def test_unknown(self, operator: Client) -> None:
        assert operator.get(f"{HEALTH}nothing/").status_code == 404

    def test_each_figure_has_its_page(self, operator: Client) -> None:
        for figure in FIGURES:
            make_counts(figure.code, [1, 2], part="" if figure.unit != "money" else "EUR")
            assert str(figure.name) in text_of(operator, reverse("market:figure", args=[figure.code]))

    def test_who_looked_for_rings_is_recorded(self, operator: Client) -> None:
        author = make_author(display_name="Ada Ring")
        books = [make_book(owner=author) for _ in range(3)]
        for _ in range(10):
            make_copies(make_reader(), *books)
        page = text_of(operator, f"{HEALTH}ring_authors/")
        assert "Ada Ring" in page
        entry = AuditEntry.objects.get(verb="market.rings_read")
        assert entry.facts == {"people": author.public_id}


class TestJson:
    def test_says_what_the_registry_says(self, operator: Client) -> None:
        make_counts("gini", [5000, 5100], part="USD")
        found = json.loads(operator.get(f"{HEALTH}health.json").content)["figures"]
        assert [one["code"] for one in found] == [figure.code for figure in FIGURES]
        gini = next(one for one in found if one["code"] == "gini")
        assert gini["series"][0]["part"] == "USD"
        assert [one["value"] for one in gini["series"][0]["values"]] == [5000, 5100]
        assert gini["made_at"] == clock.now().isoformat()


def test_the_registry_says_everything_of_each_figure() -> None:
    assert len({figure.code for figure in FIGURES}) == len(FIGURES)
    for figure in FIGURES:
        said = (figure.name, figure.definition, figure.source, figure.window, figure.target, figure.alarm.words)
        assert all(str(one).strip() for one in said), figure.code
        assert str(figure.definition).endswith("."), figure.code


def test_the_manual_has_the_table_of_figures() -> None:
    manual = Path(settings.BASE_DIR / "docs" / "market.md").read_text(encoding="utf-8")
    for figure in FIGURES:
        row = (
            f"| `{figure.code}` | {figure.name} | {figure.definition} | {figure.source} | {figure.window} "
            f"| {figure.target} | {figure.alarm.words} | {figure.owner.label} |"
        )
        assert row in manual, f"manage.py market_figures prints the table: {figure.code}"
