"""Front and back pages from the record: the reader opens after them, and reading them is no share of the book."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from common import clock
from publishing.models import Edition
from storefront.checkout.models import Entitlement
from tests.factories.accounts import make_reader
from tests.factories.conversion import make_artifact, make_done_job, web_zip
from tests.factories.publishing import make_published_edition

MADE = ("Copyright", "Dedication", "About the author")
TITLES = (*MADE[:2], "The Harbour", "The Letter", MADE[2])


@pytest.fixture
def edition(db: None) -> Edition:
    job = make_done_job()
    job.artifacts.filter(kind__in=["web", "sample-web"]).delete()
    make_artifact(job, kind="web", content=web_zip(TITLES, made=MADE))
    make_artifact(job, kind="sample-web", content=web_zip(("The Harbour",)))
    return make_published_edition(slug="lighthouse", job=job)


@pytest.fixture
def buyer(client: Client, edition: Edition) -> Client:
    reader = make_reader()
    Entitlement.objects.create(user=reader, work=edition.work, edition=edition, granted_at=clock.now())
    client.force_login(reader)
    return client


def reached(edition: Edition) -> int:
    return Entitlement.objects.get(edition=edition).furthest_bps


class TestProgress:
    @pytest.mark.parametrize(("chapter", "bps"), [("c1", 0), ("c3", 0), ("c4", 5000), ("c5", 10_000)])
    def test_counts_the_authors_own_chapters(self, buyer: Client, edition: Edition, chapter: str, bps: int) -> None:
        buyer.get(f"/read/lighthouse/{chapter}/")
        assert reached(edition) == bps

    def test_a_book_without_them_counts_as_before(self, buyer: Client, edition: Edition) -> None:
        edition.job.artifacts.filter(kind="web").delete()
        make_artifact(edition.job, kind="web", content=web_zip(("A", "B", "C", "D")))
        buyer.get("/read/lighthouse/c2/")
        assert reached(edition) == 2500


class TestOpening:
    def test_is_told_to_the_reader(self, buyer: Client) -> None:
        assert buyer.get("/read/lighthouse/book.json").json()["opening"] == 2

    def test_of_a_sample_is_its_first_chapter(self, client: Client, edition: Edition) -> None:
        assert client.get("/read/lighthouse/sample/").context["settings"]["opening"] == 0


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1200, "height": 800})
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.mark.journey
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    not (settings.BASE_DIR / "static/vendor/foliate/view.js").exists(), reason="script/vendor has not run"
)
def test_the_reader_opens_at_the_first_chapter(
    transactional_db: None, live_server: LiveServer, page: Page, buyer: Client
) -> None:
    cookie = buyer.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page.goto(f"{live_server.url}/read/lighthouse/")
    page.wait_for_selector("[data-reader=open]", state="attached")
    shown = page.evaluate("document.querySelector('foliate-view').renderer.getContents().map((one) => one.index)")
    assert 2 in shown
    assert 0 not in shown
