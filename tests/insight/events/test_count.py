"""What a page tells, what is kept of it, and whose visits count."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from insight.events.models import DaySalt, Event, EventKind
from publishing.models import Edition
from tests.factories.accounts import make_author, make_finance, make_moderator, make_operator, make_reader
from tests.factories.collaboration import make_collaborator
from tests.factories.insight import SAFARI, make_link, visit
from tests.factories.publishing import make_contributor, make_published_edition, make_work

pytestmark = pytest.mark.both


@pytest.fixture
def lamp(db: None) -> Edition:
    return make_published_edition(slug="the-lamp", title="The Lamp")


def visitors() -> set[bytes | None]:
    return {bytes(seen) if seen is not None else None for seen in Event.objects.values_list("visitor", flat=True)}


class TestWhatIsKept:
    def test_a_view_and_a_sample(self, client: Client, lamp: Edition) -> None:
        assert visit(client, "the-lamp") == 204
        assert visit(client, "the-lamp", kind="sample") == 204
        assert list(Event.objects.order_by("pk").values_list("kind", "work", "country", "source", "is_bot")) == [
            (EventKind.VIEW, lamp.work_id, "", "", False),
            (EventKind.SAMPLE, lamp.work_id, "", "", False),
        ]

    def test_neither_cookie_nor_session(self, client: Client, lamp: Edition) -> None:
        response = client.post(
            "/count/", {"kind": "view", "book": "the-lamp"}, headers={"sec-fetch-site": "same-origin"}
        )
        assert response.status_code == 204
        assert not response.cookies
        assert response.content == b""
        assert not Session.objects.exists()

    def test_no_address_and_no_browser(self, client: Client, lamp: Edition) -> None:
        visit(client, "the-lamp", ip="203.0.113.77")
        kept = str(Event.objects.values().get())
        assert "203.0.113" not in kept
        assert "Firefox" not in kept

    def test_the_country_is_the_page_s(self, client: Client, lamp: Edition) -> None:
        visit(client, "the-lamp", address="/de-at/count/")
        assert Event.objects.get().country == "AT"

    def test_a_book_that_is_not_on_sale_is_not_counted(self, client: Client, db: None) -> None:
        make_work(slug="a-draft")
        assert visit(client, "a-draft") == 204
        assert visit(client, "no-such-book") == 204
        assert not Event.objects.exists()


class TestSources:
    @pytest.mark.parametrize(
        ("told", "source"),
        [
            ({"from": "https://www.example.org/lists/lamps?who=me"}, "example.org"),
            ({"from": "http://testserver/books/"}, "shop"),
            ({"from": "javascript:alert(1)"}, ""),
            ({"from": "https://[bad"}, ""),
            ({"from": "https://=cmd|x.example/"}, ""),
            ({"from": f"https://{'a' * 63}.example/"}, ""),
            ({"via": "abcdefgh"}, "l/abcdefgh"),
            ({"via": "unknown1", "from": "https://example.org/"}, "example.org"),
        ],
    )
    def test_are_a_link_a_host_or_nothing(
        self, client: Client, lamp: Edition, told: dict[str, str], source: str
    ) -> None:
        make_link(lamp.work)
        visit(client, "the-lamp", **told)
        assert Event.objects.get().source == source

    def test_a_link_of_another_book_is_none_of_this_one(self, client: Client, lamp: Edition) -> None:
        make_link(make_published_edition(slug="the-wick").work)
        visit(client, "the-lamp", via="abcdefgh")
        assert Event.objects.get().source == ""


class TestVisitors:
    def test_the_same_browser_of_a_network_is_one(self, client: Client, lamp: Edition) -> None:
        visit(client, "the-lamp", ip="203.0.113.7")
        visit(client, "the-lamp", ip="203.0.113.8")
        assert len(visitors()) == 1
        visit(client, "the-lamp", ip="203.0.114.7")
        visit(client, "the-lamp", ip="203.0.113.7", agent=SAFARI)
        assert len(visitors()) == 3

    def test_the_next_day_is_another(self, client: Client, lamp: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
        visit(client, "the-lamp")
        DaySalt.objects.update(day="2020-01-01")
        visit(client, "the-lamp")
        assert len(visitors()) == 2

    def test_who_asks_not_to_be_tracked_counts_without_a_hash(self, client: Client, lamp: Edition) -> None:
        visit(client, "the-lamp", sec_gpc="1")
        assert visitors() == {None}
        assert not DaySalt.objects.exists()


class TestMachines:
    @pytest.mark.parametrize(
        "agent",
        [
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0) Chrome/130.0",
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/130.0.0.0",
            "python-requests/2.32.3",
            "",
        ],
    )
    def test_are_kept_and_flagged(self, client: Client, lamp: Edition, agent: str) -> None:
        visit(client, "the-lamp", agent=agent)
        assert Event.objects.get().is_bot

    def test_a_driven_browser_says_so(self, client: Client, lamp: Edition) -> None:
        visit(client, "the-lamp", machine="1")
        assert Event.objects.get().is_bot

    @pytest.mark.parametrize("agent", [SAFARI, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/130.0 Safari/5"])
    def test_a_reader_s_browser_is_none(self, client: Client, lamp: Edition, agent: str) -> None:
        visit(client, "the-lamp", agent=agent)
        assert not Event.objects.get().is_bot


class TestWhoseVisitsCount:
    def test_a_reader_s(self, client: Client, lamp: Edition) -> None:
        client.force_login(make_reader())
        visit(client, "the-lamp")
        assert Event.objects.count() == 1

    def test_an_author_s_of_another_book(self, client: Client, lamp: Edition) -> None:
        client.force_login(make_author())
        visit(client, "the-lamp")
        assert Event.objects.count() == 1

    def test_not_the_owner_s_nor_a_contributor_s_nor_a_collaborator_s(self, client: Client, lamp: Edition) -> None:
        coauthor, proofreader = make_author(), make_reader()
        make_contributor(lamp.work, user=coauthor)
        make_collaborator(lamp.work, user=proofreader, role="proofreader")
        for person in (lamp.work.owner, coauthor, proofreader):
            client.force_login(person)
            assert visit(client, "the-lamp") == 204
        assert not Event.objects.exists()

    @pytest.mark.parametrize("make", [make_finance, make_moderator, make_operator])
    def test_not_the_staff_s(self, client: Client, lamp: Edition, settings, make) -> None:
        settings.STAFF_SECOND_FACTOR_REQUIRED = False
        client.force_login(make())
        visit(client, "the-lamp")
        assert not Event.objects.exists()


class TestWhatIsRefused:
    @pytest.mark.parametrize("headers", [{"sec_fetch_site": "cross-site"}, {"origin": "https://evil.example"}])
    def test_another_site_s_request(self, client: Client, lamp: Edition, headers: dict[str, str]) -> None:
        assert visit(client, "the-lamp", **headers) == 403
        assert not Event.objects.exists()

    def test_one_that_does_not_say_where_it_comes_from(self, client: Client, lamp: Edition) -> None:
        assert client.post("/count/", {"kind": "view", "book": "the-lamp"}).status_code == 403

    @pytest.mark.parametrize("kind", ["", "cart", "sale", "view\u2028"])
    def test_what_pages_do_not_tell(self, client: Client, lamp: Edition, kind: str) -> None:
        assert visit(client, "the-lamp", kind=kind) == 400
        assert not Event.objects.exists()

    def test_a_link_to_it(self, client: Client, lamp: Edition) -> None:
        assert client.get("/count/").status_code == 405

    def test_too_many_from_one_network(self, client: Client, lamp: Edition, settings) -> None:
        settings.NETWORK_RATE_LIMITS = {**settings.NETWORK_RATE_LIMITS, "count": 3}
        assert [visit(client, "the-lamp", ip="198.51.100.9") for _ in range(4)] == [204, 204, 204, 429]
        assert Event.objects.count() == 3


def test_the_csrf_check_is_not_needed(lamp: Edition) -> None:
    assert visit(Client(enforce_csrf_checks=True), "the-lamp") == 204


def test_a_session_that_ended_is_a_visitor(client: Client, lamp: Edition) -> None:
    client.cookies[settings.SESSION_COOKIE_NAME] = "gone"
    assert visit(client, "the-lamp") == 204
    assert Event.objects.count() == 1
