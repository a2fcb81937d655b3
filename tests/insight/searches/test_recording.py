"""What a search page tells, what is stored of it, and whose searches count."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from common import clock
from insight.searches import weeks
from insight.searches.models import SearchEvent, SearchKey
from tests.conftest import NOON
from tests.factories.accounts import make_author, make_finance, make_moderator, make_operator, make_reader
from tests.factories.insight import SAFARI, visit
from tests.factories.publishing import make_published_edition
from tests.insight.searches.factories import tell

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def stored() -> tuple[str, str, str, str, int]:
    row = SearchEvent.objects.get()
    return row.words, row.subject, row.language, row.service, row.results


def searchers() -> set[bytes | None]:
    return {bytes(one) if one is not None else None for one in SearchEvent.objects.values_list("searcher", flat=True)}


class TestWhatIsStored:
    @pytest.mark.parametrize(
        ("asked", "row"),
        [
            ("?q=The+L%C3%A4mp+of+Glass", ("lamp of glass", "", "en", "", 12)),
            ("?q=krimi&language=de-AT", ("krimi", "", "de", "", 12)),
            ("?q=Detective+story", ("detective story", "FF", "en", "", 12)),
            ("?subject=FF&language=de", ("", "FF", "de", "", 12)),
            ("?subject=F", ("", "F", "en", "", 12)),
            ("?q=lamp&subject=nonsense&price=5&feature=reflow", ("lamp", "", "en", "", 12)),
            ("?q=a+b+c+d+e+f+g+h+i+j+k", ("b c d e f g h i", "", "en", "", 12)),
            ("?q=吾輩は猫", ("吾輩は猫", "", "en", "", 12)),
        ],
    )
    def test_of_a_search(self, client: Client, asked: str, row: tuple[str, ...]) -> None:
        assert tell(client, asked) == 204
        assert stored() == row

    def test_the_language_is_the_page_s(self, client: Client) -> None:
        tell(client, "?q=Krimi", address="/de-at/count/")
        assert stored() == ("krimi", "FF", "de", "", 12)

    @pytest.mark.parametrize(
        ("asked", "row"),
        [
            ("?kind=translation&language=en&target=de", ("", "", "de", "translation", 12)),
            ("?kind=copy_editing&language=fr&genre=FFH", ("", "", "fr", "copy_editing", 12)),
            ("?kind=copy_editing&genre=FF", ("", "FF", "en", "copy_editing", 12)),
            ("?kind=cover_design&language=fr", ("", "", "", "cover_design", 12)),
        ],
    )
    def test_of_a_search_for_people(self, client: Client, asked: str, row: tuple[str, ...]) -> None:
        assert tell(client, asked, kind="hire") == 204
        assert stored() == row

    @pytest.mark.parametrize(
        ("kind", "asked"),
        [("search", ""), ("search", "?q="), ("search", "?price=5"), ("search", "?q=!!"), ("hire", "?language=de")],
    )
    def test_nothing_of_a_page_that_was_asked_for_nothing(self, client: Client, kind: str, asked: str) -> None:
        assert tell(client, asked, kind=kind) == 204
        assert not SearchEvent.objects.exists()

    def test_neither_address_nor_browser_nor_account(self, client: Client) -> None:
        person = make_reader()
        client.force_login(person)
        tell(client, "?q=lamp", ip="203.0.113.77")
        row = SearchEvent.objects.values().get()
        assert set(row) == {
            *("id", "day", "service", "words", "subject", "language", "results", "searcher", "is_opened", "open_until")
        }
        assert len(bytes(row["searcher"])) == 8
        assert "203.0.113" not in str(row)

    def test_neither_cookie_nor_session(self, client: Client) -> None:
        response = client.post(
            "/count/",
            {"kind": "search", "asked": "?q=lamp", "results": "3"},
            headers={"sec-fetch-site": "same-origin"},
        )
        assert not response.cookies
        assert response.content == b""

    @pytest.mark.parametrize("results", ["", "-1", "1.5", "many", "1000000", "²"])
    def test_refuses_what_is_no_number(self, client: Client, results: str) -> None:
        assert tell(client, "?q=lamp", results=results) == 400
        assert not SearchEvent.objects.exists()

    def test_refuses_another_site(self, client: Client) -> None:
        assert tell(client, "?q=lamp", sec_fetch_site="cross-site") == 403

    def test_takes_any_text(self, client: Client) -> None:
        for asked in ("?q=%00%ff", "?q=" + "a" * 5000, "?q=%ED%A0%80", "&&&=", "?q=\ud800"):
            assert tell(client, asked.encode("utf-8", "replace").decode()) == 204


class TestWhoSearched:
    def test_an_account_is_one_person_everywhere(self, client: Client) -> None:
        client.force_login(make_reader())
        tell(client, "?q=lamp", ip="203.0.113.7")
        tell(client, "?q=lamp", ip="198.51.100.1", agent=SAFARI)
        assert len(searchers()) == 1

    def test_without_one_a_network_and_a_browser_are(self, client: Client) -> None:
        for ip, agent in (("203.0.113.7", SAFARI), ("203.0.113.8", SAFARI), ("198.51.100.1", SAFARI)):
            tell(client, "?q=lamp", ip=ip, agent=agent)
        assert len(searchers()) == 2

    def test_in_four_weeks_the_same_and_then_another(self, client: Client) -> None:
        first = weeks.period_of(NOON.date())
        begin = NOON.replace(year=first.year, month=first.month, day=first.day)
        for days in (0, 27):
            with clock.frozen(begin + timedelta(days=days)):
                tell(client, "?q=lamp")
        assert len(searchers()) == 1
        with clock.frozen(begin + timedelta(days=28)):
            tell(client, "?q=lamp")
        assert len(searchers()) == 2

    def test_who_asks_not_to_be_tracked_has_no_code_even_with_an_account(self, client: Client) -> None:
        tell(client, "?q=lamp", sec_gpc="1")
        client.force_login(make_reader())
        tell(client, "?q=lamp", sec_gpc="1")
        assert searchers() == {None}
        assert not SearchKey.objects.exists()
        assert not SearchEvent.objects.filter(open_until__isnull=False).exists()

    @pytest.mark.parametrize("make", [make_finance, make_moderator, make_operator])
    def test_not_the_staff(self, client: Client, make) -> None:
        client.force_login(make())
        tell(client, "?q=lamp")
        assert not SearchEvent.objects.exists()

    def test_authors_do(self, client: Client) -> None:
        client.force_login(make_author())
        tell(client, "?q=lamp")
        assert SearchEvent.objects.count() == 1

    @pytest.mark.parametrize("told", [{"machine": "1"}, {"agent": "curl/8.0"}])
    def test_not_machines(self, client: Client, told: dict[str, str]) -> None:
        tell(client, "?q=lamp", **told)
        assert not SearchEvent.objects.exists()


class TestABookThatWasOpened:
    @pytest.fixture(autouse=True)
    def _lamp(self) -> None:
        make_published_edition(slug="the-lamp", title="The Lamp")

    @pytest.mark.parametrize(("minutes", "opened"), [(0, True), (30, True), (31, False)])
    def test_within_half_an_hour(self, client: Client, minutes: int, opened: bool) -> None:
        tell(client, "?q=lamp")
        with clock.frozen(NOON + timedelta(minutes=minutes)):
            visit(client, "the-lamp")
        assert SearchEvent.objects.get().is_opened == opened

    def test_by_the_same_person(self, client: Client) -> None:
        tell(client, "?q=lamp")
        visit(client, "the-lamp", agent=SAFARI)
        assert not SearchEvent.objects.get().is_opened

    def test_by_one_who_is_logged_in(self, client: Client) -> None:
        client.force_login(make_reader())
        tell(client, "?q=lamp")
        visit(client, "the-lamp", ip="198.51.100.1")
        row = SearchEvent.objects.get()
        assert (row.is_opened, row.open_until) == (True, None)

    def test_not_by_who_asks_not_to_be_tracked_or_a_machine(self, client: Client) -> None:
        tell(client, "?q=lamp")
        visit(client, "the-lamp", sec_gpc="1")
        visit(client, "the-lamp", machine="1")
        assert not SearchEvent.objects.get().is_opened

    def test_does_not_answer_a_search_for_people(self, client: Client) -> None:
        tell(client, "?kind=cover_design", kind="hire")
        visit(client, "the-lamp")
        assert not SearchEvent.objects.get().is_opened

    def test_a_view_takes_two_queries_more(self, client: Client, django_assert_max_num_queries) -> None:
        visit(client, "the-lamp")
        tell(client, "?q=lamp")
        with django_assert_max_num_queries(6):
            visit(client, "the-lamp")
