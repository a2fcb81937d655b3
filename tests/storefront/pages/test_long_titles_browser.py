"""Titles as long as they may be, with and without spaces and from the right, on a phone: no page scrolls sideways."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from common import clock
from publishing import hooks
from publishing.models import Series, Work
from storefront.catalogue.models import Bundle
from storefront.checkout.models import Entitlement, Order
from storefront.community.models import Review
from storefront.community.services import shelves
from storefront.library.services import wishlists
from tests.factories.accounts import make_author, make_reader
from tests.factories.buying import buy, fill_cart, make_book
from tests.factories.offers import make_bundle

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]

WORDY = ("The Extraordinary and Altogether Unlikely Voyages of a Lighthouse Keeper, with an Account of " * 3)[:200]
UNBROKEN = ("Donaudampfschifffahrtsgesellschaftskapitaensmuetzenabzeichen" * 4)[:200]
ARABIC = ("رحلة حارس المنارة الطويلة في البحار البعيدة وما رآه من عجائب " * 4)[:200]
TITLES = (WORDY, UNBROKEN, ARABIC)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 360, "height": 740})
    opened.set_default_timeout(15_000)
    yield opened
    opened.close()


def sign_in(page: Page, live_server: LiveServer, person: User) -> None:
    client = Client()
    client.force_login(person)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])


def check(page: Page, live_server: LiveServer, paths: list[str]) -> None:
    """Every page at once, so that one look tells all that are too wide."""
    wide = {}
    for path in paths:
        answer = page.goto(live_server.url + path)
        assert answer is not None, path
        assert answer.status == 200, (path, answer.status)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 360:
            wide[path] = width
    assert not wide, "\n".join(f"{width} px: {path}" for path, width in wide.items())


@pytest.fixture
def owner() -> User:
    return make_author(display_name="Ann")


@pytest.fixture
def books(owner: User) -> list[Work]:
    """Two of each title: one to own and one to want, all of one series."""
    series = Series.objects.create(owner=owner, title=WORDY[:120], slug="voyages")
    works = [make_book(title=title, owner=owner).work for title in TITLES * 2]
    Work.objects.update(series=series, subtitle=UNBROKEN)
    for work in works:
        work.refresh_from_db()
        hooks.notify_listed(work.editions.get())
    return works


def test_pages_of_a_reader(page: Page, live_server: LiveServer, owner: User, books: list[Work]) -> None:
    reader = make_reader()
    owned, wanted = books[:3], books[3:]
    order = buy(reader, *(work.editions.get() for work in owned))
    review = Review.objects.create(
        work=owned[1],
        user=reader,
        stars=4,
        title=UNBROKEN[:120],
        body=UNBROKEN * 2,
        created_at=clock.now(),
        changed_at=clock.now(),
    )
    for work in wanted:
        wishlists.add_wish(actor=reader, slug=work.slug, at=clock.now())
    fill_cart(reader, *(work.editions.get() for work in wanted))
    shelf = shelves.make_shelf(actor=reader, title=UNBROKEN[:80], description="", visibility="public", at=clock.now())
    for work in books:
        shelves.add_book(actor=reader, shelf=shelf, work=work, reason="", at=clock.now())
    line = order.lines.first()
    assert line is not None
    assert Entitlement.objects.filter(user=reader).count() == 3
    sign_in(page, live_server, reader)
    check(
        page,
        live_server,
        [
            *("/", "/books/", "/search/?q=voyages", "/series/", "/series/voyages/", "/shelves/", "/library/"),
            *("/cart/", "/checkout/", "/orders/", f"/orders/{order.public_id}/", "/wishlist/", "/for-you/"),
            *(f"/orders/{order.public_id}/lines/{one.public_id}/refund/" for one in order.lines.all()),
            *(f"/books/{work.slug}/" for work in owned),
            *(f"/books/{owned[1].slug}/{what}/" for what in ("review", "reviews", "report", "gift")),
            *(f"/reviews/{review.public_id}/", f"/shelves/{shelf.slug}/", "/account/shelves/"),
            *(f"/account/shelves/{shelf.public_id}/", f"/account/shelves/add/{owned[1].slug}/"),
            *(f"/authors/{owner.public_id}/", f"/read/{owned[1].slug}/", "/following/", "/account/data/"),
        ],
    )
    assert Order.objects.count() == 1


def test_pages_of_the_author(page: Page, live_server: LiveServer, owner: User, books: list[Work]) -> None:
    for _ in range(2):
        buy(make_reader(), *(work.editions.get() for work in books[:3]))
    bundle = make_bundle(*(work.editions.get() for work in books[:3]))
    Bundle.objects.update(title=UNBROKEN[:120])
    sign_in(page, live_server, owner)
    one = books[1].public_id
    check(
        page,
        live_server,
        [
            *("/desk/", f"/desk/works/{one}/", f"/desk/works/{one}/details/", f"/desk/works/{one}/price/"),
            *(f"/desk/works/{one}/people/", f"/desk/works/{one}/publish/", f"/desk/works/{one}/territory/"),
            *(
                f"/desk/works/{one}/editions/",
                f"/desk/works/{one}/release/",
                "/desk/coupons/",
                "/desk/bundles/",
                f"/bundles/{bundle.slug}/",
                "/bundles/",
            ),
            *("/earnings/", "/earnings/sales/", "/earnings/breakdown/", "/earnings/what-if/", "/earnings/plan/"),
        ],
    )


def test_suggestions(page: Page, live_server: LiveServer, books: list[Work]) -> None:
    page.goto(live_server.url)
    page.fill("#site-search", books[1].title[:12])
    page.wait_for_selector("#site-suggestions a")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
