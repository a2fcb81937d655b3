"""The pages about what people look for: who sees them, what they say, what they do not."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from insight.searches.models import SearchEvent
from insight.searches.services import sheets
from storefront.search.models import SearchWord
from tests.conftest import NOON
from tests.factories.accounts import make_author, make_finance, make_operator, make_reader
from tests.factories.publishing import make_published_edition
from tests.insight.searches.factories import MONDAY, searched, searched_by

pytestmark = pytest.mark.django_db
WANTED, OPERATOR = "/desk/wanted/", "/operations/searches/"


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.fixture
def author(client: Client) -> None:
    client.force_login(make_author())


@pytest.fixture
def operator(client: Client, settings) -> None:
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    client.force_login(make_operator())


@pytest.fixture
def week() -> None:
    make_published_edition(subject="FF", language="de")
    SearchWord.objects.get_or_create(word="lamp")
    searched_by(33, results=1, words="lamp")
    searched_by(20, first=100, subject="FL", language="en", is_opened=True)
    searched_by(4, first=200, subject="FM", language="fr", results=0, words="secret street")
    searched_by(10, first=300, service="translation", subject="", language="pl", results=0)
    sheets.make_sheet(week=MONDAY, at=NOON)


class TestForAuthors:
    def test_shows_what_is_missed(self, client: Client, author: None, week: None) -> None:
        page = text_of(client, WANTED)
        assert "Most missed: Crime and mystery in German. 35 people found fewer than five books." in page
        assert 'href="/books/?subject=FF&amp;language=de">1</a>' in page
        assert "30 November 2026 to 6 December 2026" in page
        assert ">lamp</a>" in page
        assert "Translation" in page
        assert 'href="/hire/?kind=translation&amp;target=pl">0</a>' in page
        assert "Science fiction" not in page  # nobody missed it
        assert "Fantasy" not in page
        assert "secret" not in page

    def test_without_a_week(self, client: Client, author: None) -> None:
        assert "No week yet" in text_of(client, WANTED)

    def test_a_week_without_gaps(self, client: Client, author: None) -> None:
        searched(1)
        sheets.make_sheet(week=MONDAY, at=NOON)
        page = text_of(client, WANTED)
        assert "There is no subject and language in which five people" in page
        assert "No words that enough people searched for this week." in page

    def test_weeks_are_chosen_by_their_monday(self, client: Client, author: None, week: None) -> None:
        sheets.make_sheet(week=MONDAY + timedelta(days=14), at=NOON)
        assert "14 December 2026 to" in text_of(client, WANTED)
        assert 'href="?week=2026-11-30" rel="prev"' in text_of(client, WANTED)
        assert 'href="?week=2026-12-14" rel="next"' in text_of(client, WANTED + "?week=2026-11-30")
        for odd in ("2026-12-01", "x", "2026-13-45"):
            assert "14 December 2026 to" in text_of(client, f"{WANTED}?week={odd}")

    def test_is_for_those_with_an_account(self, client: Client) -> None:
        assert client.get(WANTED).status_code == 302

    def test_the_desk_leads_there(self, client: Client, author: None) -> None:
        assert f'href="{WANTED}"' in text_of(client, "/desk/")

    def test_takes_as_many_queries_for_many_cells(
        self, client: Client, author: None, week: None, django_assert_max_num_queries
    ) -> None:
        for number, subject in enumerate(("FB", "FD", "FH", "FK", "FR", "FV")):
            searched_by(6, first=1000 * number, subject=subject, results=0, day=MONDAY + timedelta(days=7))
        sheets.make_sheet(week=MONDAY + timedelta(days=7), at=NOON)
        text_of(client, WANTED)
        with django_assert_max_num_queries(13):
            text_of(client, WANTED)


class TestForOperators:
    def test_shows_all_that_is_published(self, client: Client, operator: None, week: None) -> None:
        page = text_of(client, OPERATOR)
        assert "Science fiction" in page
        assert "36%" in page  # 20 of 55 searches found a book
        assert "64%" in page  # 35 of 55 people found little
        assert "100%" in page  # of clients
        assert "Fantasy" not in page
        assert "secret" not in page

    def test_without_a_week(self, client: Client, operator: None) -> None:
        assert "No week has been published yet." in text_of(client, OPERATOR)

    @pytest.mark.parametrize("make", [make_reader, make_author, make_finance])
    def test_is_for_nobody_else(self, client: Client, settings, make) -> None:
        settings.STAFF_SECOND_FACTOR_REQUIRED = False
        client.force_login(make())
        assert client.get(OPERATOR).status_code == 404

    def test_the_account_leads_there(self, client: Client, operator: None) -> None:
        assert f'href="{OPERATOR}"' in text_of(client, "/account/")


def test_pages_read_sheets_and_no_searches(client: Client, author: None, week: None) -> None:
    before = text_of(client, WANTED)
    SearchEvent.objects.all().delete()
    assert text_of(client, WANTED) == before
