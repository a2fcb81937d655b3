"""Limits on how often: who is counted, what a refused visitor sees, and that nothing typed is lost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from common import limits
from common.client_ip import client_network
from config.settings import base
from tests.factories.accounts import make_author, make_reader
from tests.factories.publishing import make_published_edition

pytestmark = pytest.mark.django_db
HERE = {"sec-fetch-site": "same-origin"}
PROJECT = Path(limits.__file__).parent.parent
_ACTION = re.compile(
    r'(?:(?:limited|counted_as|rate_limited_by_network|consume(?:_lightly)?)\((?:request, )?|"write_action", )"(\w+)"'
)
# Asked by allauth's pages, and by ours around them.
OF_LOG_IN = {"login_failed", "login_failed_here", "login_failed_anywhere", "confirm_email"}


def limit(settings: Settings, **rates: str) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, **rates}


def add_to_cart(client: Client, **extra: str) -> int:
    return client.post("/cart/add/", {"edition": "edn_none"}, headers=HERE, **extra).status_code


class TestWhoIsCounted:
    def test_a_place_without_an_account(self, settings: Settings) -> None:
        limit(settings, cart="3/m/key")
        codes = [add_to_cart(Client()) for _number in range(5)]
        assert codes == [302, 302, 302, 429, 429], "a new session each time, and still one place"
        assert add_to_cart(Client(), REMOTE_ADDR="198.51.100.7") == 302, "another place goes on"

    def test_an_ipv6_network_and_not_each_of_its_addresses(self, settings: Settings) -> None:
        limit(settings, cart="1/m/key")
        assert add_to_cart(Client(), REMOTE_ADDR="2001:db8:1:2::1") == 302
        assert add_to_cart(Client(), REMOTE_ADDR="2001:db8:1:2:ffff::9") == 429
        assert add_to_cart(Client(), REMOTE_ADDR="2001:db8:1:3::1") == 302

    def test_an_account_wherever_it_is(self, settings: Settings, client: Client) -> None:
        limit(settings, cart="1/m/key")
        client.force_login(make_reader())
        assert add_to_cart(client) == 302
        assert add_to_cart(client, REMOTE_ADDR="198.51.100.7") == 429
        other = Client()
        other.force_login(make_reader())
        assert add_to_cart(other) == 302, "somebody else at the same place"

    def test_the_place_that_our_own_proxy_saw(self, settings: Settings, rf) -> None:
        settings.TRUSTED_PROXIES = 1
        told = {"X-Forwarded-For": "203.0.113.9, 2001:db8:1:2::1"}
        assert client_network(rf.get("/", headers=told)) == "2001:db8:1:2::/64"


class TestCarts:
    def test_a_script_makes_no_more_sessions_and_carts_than_a_person_could(self, client: Client) -> None:
        """150 within three seconds were taken once."""
        edition = make_published_edition()
        wish = {"edition": edition.public_id, "currency": "USD"}
        codes = [Client().post("/cart/add/", wish, headers=HERE).status_code for _number in range(70)]
        assert codes.count(302) == 60
        assert set(codes[60:]) == {429}


class TestThePage:
    def test_says_when_and_loses_nothing_typed(self, settings: Settings, client: Client) -> None:
        limit(settings, contact="1/h/ip")
        form = {"email": "ann@example.org", "topic": "other", "body": 'First line\r\nsecond <line> & "more"'}
        client.post("/contact/", form)
        response = client.post("/contact/", form)
        page = response.content.decode()
        assert response.status_code == 429
        assert 3500 < int(response["Retry-After"]) <= 3600
        assert response["Cache-Control"] == "no-store"
        assert "Try again in 1 hour" in page
        assert 'name="body" value="First line\r\nsecond &lt;line&gt; &amp; &quot;more&quot;"' in page
        assert 'action="/contact/"' in page
        assert page.count("csrfmiddlewaretoken") == 1

    def test_speaks_german(self, settings: Settings, client: Client) -> None:
        limit(settings, contact="0/h/ip")
        form = {"email": "ann@example.org", "topic": "other", "body": "Hallo"}
        page = client.post("/de-de/contact/", form).content.decode()
        assert "Ihre Eingaben sind nicht verloren" in page
        assert 'action="/de-de/contact/"' in page

    def test_keeps_no_password(self, settings: Settings, client: Client) -> None:
        limit(settings, signup="0/m/ip")
        response = client.post("/accounts/signup/", {"email": "ann@example.org", "password1": "correct horse battery"})
        page = response.content.decode()
        assert (response.status_code, response["Retry-After"]) == (429, "60")
        assert "ann@example.org" in page
        assert "correct horse" not in page

    def test_is_a_sentence_for_scripts(self, settings: Settings, client: Client) -> None:
        settings.NETWORK_RATE_LIMITS = {"suggest": 1}
        client.get("/search/suggestions/?q=salt")
        response = client.get("/search/suggestions/?q=salt", headers={"accept": "*/*"})
        assert response["Content-Type"].startswith("text/plain")
        assert "too often" in response.content.decode()
        assert 1 <= int(response["Retry-After"]) <= 60


class TestPages:
    @pytest.mark.parametrize(
        ("action", "address"),
        [
            ("search", "/search/?q=salt"),
            ("suggest", "/search/suggestions/?q=salt"),
            ("list", "/books/"),
            ("feed", "/feeds/onix.xml"),
            ("feed", "/sitemaps/books-1.xml"),
        ],
    )
    def test_are_limited_by_place(self, settings: Settings, client: Client, action: str, address: str) -> None:
        settings.NETWORK_RATE_LIMITS = {action: 2}
        codes = [client.get(address).status_code for _number in range(4)]
        assert (429 in codes[:2], codes[2:]) == (False, [429, 429])
        assert client.get(address, REMOTE_ADDR="198.51.100.7").status_code != 429

    def test_say_so_with_a_page_that_leads_back(self, settings: Settings, client: Client) -> None:
        settings.NETWORK_RATE_LIMITS = {"search": 0}
        client.get("/search/?q=salt")
        response = client.get("/search/?q=salt", headers={"accept": "text/html,*/*"})
        assert 'href="/search/?q=salt">Try again' in response.content.decode()

    def test_have_room_for_a_person_who_types(self, settings: Settings, client: Client) -> None:
        settings.NETWORK_RATE_LIMITS = base.NETWORK_RATE_LIMITS
        codes = {client.get(f"/search/suggestions/?q={'salt road'[: number % 9]}").status_code for number in range(200)}
        assert codes == {200}


class TestWrites:
    def test_every_form_counts_even_without_a_limit_of_its_own(self, settings: Settings, client: Client) -> None:
        settings.NETWORK_RATE_LIMITS = {"write": 3}
        codes = [client.post("/cart/currency/", {"currency": "EUR"}).status_code for _number in range(5)]
        assert codes == [302, 302, 302, 429, 429]

    def test_the_provider_is_never_refused(self, settings: Settings, client: Client) -> None:
        settings.NETWORK_RATE_LIMITS = {"write": 0}
        codes = {client.post("/payments/webhooks/platform/", b"{}", "application/json").status_code for _n in range(3)}
        assert 429 not in codes

    def test_a_form_of_another_site_is_not_offered_to_be_sent_again(self, settings: Settings) -> None:
        """The page for the token's sake is shown first, whatever was counted."""
        settings.NETWORK_RATE_LIMITS = {"write": 0}
        strict = Client(enforce_csrf_checks=True)
        response = strict.post("/contact/", {"body": "evil"})
        assert response.status_code == 403
        assert "evil" not in response.content.decode()


class TestLimitsOfForms:
    def test_a_review_that_comes_too_soon_is_kept_in_the_page(self, settings: Settings, client: Client) -> None:
        limit(settings, review="0/h/key")
        edition = make_published_edition()
        client.force_login(make_reader())
        slug = edition.work.listing.slug
        response = client.post(
            reverse("community:review", args=[slug]), {"stars": "5", "title": "Fine", "body": "I read it twice."}
        )
        assert response.status_code == 429
        assert 'value="I read it twice."' in response.content.decode()

    def test_wishes_follows_and_votes_of_nobody_are_counted(self, settings: Settings) -> None:
        limit(settings, mark="1/h/key", vote="1/h/key")
        author = make_author()
        for path in ("/wishlist/add/", f"/authors/{author.public_id}/follow/", "/reviews/rev_none/helpful/"):
            place = f"203.0.113.{len(path)}"
            first, second = [Client().post(path, {"book": "a"}, headers=HERE, REMOTE_ADDR=place) for _n in range(2)]
            assert (first.status_code, second.status_code) == (302, 429), path

    def test_codes_cannot_be_guessed(self, client: Client) -> None:
        codes = [client.post("/cart/code/", {"code": f"GUESS{number}"}).status_code for number in range(12)]
        assert codes[:10] == [302] * 10
        assert codes[10:] == [429, 429]


class TestTheList:
    def used(self) -> set[str]:
        found: set[str] = set()
        for app in (
            "accounts",
            "helpdesk",
            "hiring",
            "insight",
            "operations",
            "payments",
            "publishing",
            "royalties",
            "storefront",
            "common",
        ):
            for path in (PROJECT / app).rglob("*.py"):
                text = path.read_text(encoding="utf-8")
                found |= set(_ACTION.findall(text))
        return found

    def test_every_action_has_a_number_and_every_number_an_action(self) -> None:
        numbers = set(django_settings.ACCOUNT_RATE_LIMITS) | set(django_settings.NETWORK_RATE_LIMITS)
        assert numbers - OF_LOG_IN == self.used()
        told = (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")
        assert {action for action in self.used() if f"`{action}`" not in told} == set(), "the manual names each"


WAITS = {1: "1 second", 59.2: "60 seconds", 60: "1 minute", 61: "2 minutes", 3599: "1 hour", 3601: "2 hours"}


@pytest.mark.parametrize(("seconds", "words"), WAITS.items())
def test_waits_are_told_in_words(seconds: float, words: str) -> None:
    assert limits.in_words(seconds) == words
