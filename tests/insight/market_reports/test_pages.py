"""The pages of market reports: who reads what, and what they say."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

import pytest
from django.test import Client

from accounts.models import User
from common import clock
from common.periods import Quarter
from insight.market_reports.services import subscriptions
from tests.factories.accounts import make_author, make_operator, make_reader
from tests.insight.market_reports.factories import QUARTER, made, published_week, published_words, sold
from tests.royalties.factories import payable, user

pytestmark = pytest.mark.django_db
OVERVIEW = "/desk/market/"
OLDER, NEWEST = f"{OVERVIEW}2026-Q2/", f"{OVERVIEW}2026-Q3/"


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def subscriber(client: Client, *, pays: bool = True) -> User:
    person = payable(user(is_author=True), paid=5000)
    if pays:
        subscriptions.subscribe(actor=person, currency="USD", at=clock.now())
    client.force_login(person)
    return person


@pytest.fixture
def two_reports() -> None:
    published_words(published_week(date(2026, 8, 3), FF_de=(25, 10)), "nordsee", 20)
    sold(2, 2, 2, 1, 1)
    made(Quarter(2026, 2))
    made(QUARTER)


class TestWhoReads:
    def test_a_shop_without_reports_says_when_one_comes(self, client: Client) -> None:
        client.force_login(make_author())
        assert "The first report comes" in text_of(client, OVERVIEW)

    def test_the_only_report_is_free(self, client: Client) -> None:
        sold(1)
        made()
        client.force_login(make_author())
        assert "Free to read" in text_of(client, OVERVIEW)
        assert client.get(NEWEST).status_code == 200

    @pytest.mark.usefixtures("two_reports")
    def test_the_one_before_the_newest_is_free_and_the_newest_is_not(self, client: Client) -> None:
        client.force_login(make_author())
        assert client.get(OLDER).status_code == 200
        for address in (NEWEST, NEWEST[:-1] + ".csv"):
            response = client.get(address)
            assert (response.status_code, response["Location"]) == (302, OVERVIEW)

    @pytest.mark.usefixtures("two_reports")
    def test_subscribers_and_operators_read_all(self, client: Client, settings) -> None:
        settings.STAFF_SECOND_FACTOR_REQUIRED = False
        subscriber(client)
        assert client.get(NEWEST).status_code == 200
        client.force_login(make_operator())
        assert client.get(NEWEST).status_code == 200

    @pytest.mark.parametrize("quarter", ["2026-Q1", "2026-Q9", "next"])
    @pytest.mark.usefixtures("two_reports")
    def test_what_there_is_not_is_not_found(self, client: Client, quarter: str) -> None:
        subscriber(client)
        assert client.get(f"{OVERVIEW}{quarter}/").status_code == 404


@pytest.mark.usefixtures("two_reports")
class TestReport:
    def test_says_what_was_looked_for_and_sold(self, client: Client) -> None:
        subscriber(client)
        text = text_of(client, NEWEST)
        assert "Crime" in text
        assert "nordsee" in text
        assert re.search(r'data-label="Copies sold"> ?10 ?<', text)

    def test_as_a_table(self, client: Client) -> None:
        subscriber(client)
        response = client.get(NEWEST[:-1] + ".csv")
        rows = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode())))
        at = rows[0].index
        row = next(row for row in rows if row[:1] == ["FF"] and row[2] == "de")
        assert (row[at("searchers")], row[at("found_few")], row[at("copies_sold")]) == ("25", "10", "10")
        assert ["nordsee", "1", "20", "0"] in rows


class TestSubscription:
    def test_begins_and_is_cancelled_on_the_page(self, client: Client) -> None:
        subscriber(client, pays=False)
        assert "$9.00 a month" in text_of(client, OVERVIEW)
        response = client.post(f"{OVERVIEW}subscribe/", {"currency": "USD"}, follow=True)
        assert "The next month is charged on" in response.content.decode()
        response = client.post(f"{OVERVIEW}cancel/", follow=True)
        assert "nothing more is charged" in response.content.decode()

    def test_too_little_says_so(self, client: Client) -> None:
        client.force_login(make_author())
        response = client.post(f"{OVERVIEW}subscribe/", {"currency": "USD"}, follow=True)
        assert "Nothing was charged" in response.content.decode()

    def test_readers_are_offered_nothing(self, client: Client) -> None:
        client.force_login(make_reader())
        assert "a month" not in text_of(client, OVERVIEW).split("How a report")[0].replace("a month at a time", "")

    def test_everybody_keeps_their_own_figures(self, client: Client) -> None:
        client.force_login(make_author())
        assert client.get("/desk/figures/").status_code == 200
