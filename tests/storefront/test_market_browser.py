"""In a browser, what other platforms are known for (docs/market.md): reviews by buyers, reserves with a reason and
an end, authors that are followed, turns on the front page, places that explain themselves, flags and vouches."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from common import clock
from publishing.models import Edition
from royalties.services import reserves
from storefront.catalogue.services import ranking
from storefront.community.models import FlagRule
from storefront.community.services import review_flags, vote_counting
from tests.factories.accounts import make_author, make_finance, make_reader
from tests.factories.publishing import make_published_edition
from tests.factories.trust import make_entitlement, make_review, make_standing

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]


class Visit:
    """Pages of the shop, as somebody sees them."""

    def __init__(self, browser: Browser, live_server: LiveServer) -> None:
        self.browser, self.root, self.opened = browser, live_server.url, list[Page]()

    def page(self, person: User | None, address: str) -> Page:
        page = self.browser.new_page(base_url=self.root)
        page.set_default_timeout(20_000)
        self.opened.append(page)
        if person is not None:
            client = Client()
            client.force_login(person)
            cookie = client.cookies[settings.SESSION_COOKIE_NAME]
            page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.root}])
        page.goto(address)
        return page


@pytest.fixture
def visit(browser: Browser, live_server: LiveServer) -> Iterator[Visit]:
    visit = Visit(browser, live_server)
    yield visit
    for page in visit.opened:
        page.context.close()


@pytest.fixture
def book(transactional_db: None) -> Edition:
    since = clock.now() - timedelta(days=3)
    return make_published_edition(title="The Lighthouse", slug="lighthouse", subject="FB", published_at=since)


def test_only_who_has_the_book_reviews_it(visit: Visit, book: Edition) -> None:
    buyer, stranger = make_reader(display_name="Ben Reed"), make_reader()
    make_entitlement(buyer, book)
    address = reverse("community:review", args=["lighthouse"])
    assert visit.page(stranger, address).get_by_role("button", name="Publish the review").count() == 0
    page = visit.page(buyer, address)
    page.get_by_label("4 stars").check()
    page.get_by_label("Headline").fill("It keeps its light")
    page.get_by_role("button", name="Publish the review").click()
    shown = visit.page(None, reverse("pages:book", args=["lighthouse"]))
    expect(shown.get_by_text("It keeps its light").first).to_be_visible()
    expect(shown.get_by_text("Ben Reed").first).to_be_visible()


def test_a_reserve_says_why_and_until_when(visit: Visit) -> None:
    author, now = make_author(), clock.now()
    reserves.impose(
        actor=make_finance(),
        user=author,
        rate_bps=1000,
        days=30,
        reason="Four of 60 buyers disputed.",
        until=now + timedelta(days=90),
        at=now,
    )
    page = visit.page(author, reverse("earnings"))
    expect(page.get_by_text("Part of what clears is held in reserve")).to_be_visible()
    expect(page.get_by_text("of each amount for 30 days, until")).to_be_visible()
    expect(page.get_by_text("Reason: Four of 60 buyers disputed.")).to_be_visible()


def test_who_follows_an_author_sees_what_they_publish(visit: Visit, book: Edition) -> None:
    author, reader = book.work.owner, make_reader()
    page = visit.page(reader, reverse("pages:author", args=[author.public_id]))
    page.get_by_role("button", name="Follow", exact=True).click()
    page.wait_for_url("**/following/**")
    make_published_edition(owner=author, title="The Tide Clerk", slug="tide-clerk")
    page.goto(reverse("library:following"))
    expect(page.get_by_role("link", name="The Tide Clerk")).to_be_visible()
    expect(page.get_by_text("New book").first).to_be_visible()


def test_a_new_book_has_its_turn_and_a_place_explains_itself(visit: Visit, book: Edition, tmp_path: Path) -> None:
    now = clock.now()
    ranking.plan_fresh(at=now)
    ranking.plan_fresh(at=now - timedelta(days=1))
    vote_counting.rank(at=now)
    page = visit.page(None, "/")
    expect(page.get_by_role("link", name="The Lighthouse").first).to_be_visible()
    page.goto(reverse("catalogue:ranking-fresh", args=["lighthouse"]))
    expect(page.get_by_role("heading", name="Why is this here?")).to_be_visible()
    expect(page.get_by_role("heading", name="Shown today (UTC)")).to_be_visible()
    page.goto(reverse("catalogue:ranking"))
    paths = [tmp_path / "recompute.py", tmp_path / "inputs.json"]
    for path, name in zip(paths, ("ranking-script", "ranking-inputs"), strict=True):
        path.write_bytes(page.request.get(reverse(f"catalogue:{name}")).body())
    again = subprocess.run([sys.executable, *paths], capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    assert "votes until the end of" in again.stdout
    assert '"lighthouse"' in paths[1].read_text(encoding="utf-8")


def test_readers_with_standing_flag_a_review_and_vouch_for_it(visit: Visit, book: Edition) -> None:
    review = make_review(edition=book, title="Cheap lamps", body="Buy lamps at my shop.")
    for points in (3, 5):
        flagger = make_standing(points)
        review_flags.flag_review(actor=flagger, review=review, rule=FlagRule.SPAM, note="", at=clock.now())
    address = reverse("community:review-page", args=[review.public_id])
    page = visit.page(make_standing(3), address)
    page.get_by_label("Advertising or spam").check()
    page.get_by_role("button", name="Flag the review").click()
    shown = visit.page(None, reverse("pages:book", args=["lighthouse"]))
    expect(shown.get_by_text("Collapsed by a machine because readers flagged it")).to_be_visible()
    page = visit.page(make_standing(5), address)
    page.get_by_role("button", name="I vouch for it").click()
    shown = visit.page(None, reverse("community:reviews", args=["lighthouse"]))
    expect(shown.get_by_text("Buy lamps at my shop.")).to_be_visible()
