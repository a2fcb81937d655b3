"""In a browser: no page of advance copies breaks a rule of accessibility, and an invitation ends in the reader."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from publishing.models import Edition
from storefront.advance_copies.services import copies, links
from tests.factories.accounts import make_author, make_reader
from tests.factories.advance_copies import invite, make_copy, make_draft, make_offer, make_request

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]

_AXE = Path(__file__).resolve().parents[3] / "node_modules/axe-core/axe.min.js"


@pytest.fixture
def draft() -> Edition:
    """A draft given to readers, with every state."""
    edition = make_draft(make_author(display_name="Ada Quill"), slug="the-swarm")
    make_offer(edition.work, takes_requests=True, note="Proofs to come.")
    make_request(edition.work)
    return edition


def page_of(browser: Browser, live_server: LiveServer, person: User | None, theme: str = "light") -> Page:
    page = browser.new_page(color_scheme="dark" if theme == "dark" else "light")
    page.set_default_timeout(20_000)
    if person is not None:
        client = Client()
        client.force_login(person)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    return page


def broken_rules(page: Page) -> list[str]:
    page.evaluate(_AXE.read_text(encoding="utf-8"))
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in page.evaluate("axe.run()")["violations"]]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_breaks_no_rule(browser: Browser, live_server: LiveServer, draft: Edition, theme: str) -> None:
    work, reader = draft.work, make_reader()
    copy = make_copy(work, reader)
    [waiting] = invite(work, "waiting@example.org")
    over = make_copy(make_draft(slug="the-comb", title="The Comb").work, reader)
    copies.withdraw(actor=over.offer.work.owner, copy=over, words="See you.", at=over.accepted_at)
    pages = [
        (work.owner, reverse("advance_copies:desk", args=[work.public_id])),
        (work.owner, reverse("advance_copies:copy", args=[work.public_id, copy.public_id])),
        (work.owner, reverse("advance_copies:copy", args=[work.public_id, waiting.public_id])),
        (None, reverse("advance_copies:invitation", args=[links.token_of(waiting)])),
        (None, reverse("advance_copies:request", args=[copy.offer.public_id])),
        (make_reader(), reverse("advance_copies:request", args=[copy.offer.public_id])),
        (reader, reverse("advance_copies:mine")),
        (reader, reverse("advance_copies:over", args=["the-comb"])),
        (reader, reverse("library:books")),
        (None, links.reminder_link(copy).removeprefix(settings.SITE_URL)),
        (None, links.refusal_link(waiting).removeprefix(settings.SITE_URL)),
    ]
    for person, address in pages:
        page = page_of(browser, live_server, person, theme)
        answer = page.goto(f"{live_server.url}{address}")
        assert answer is not None
        assert answer.status == 200, address
        assert broken_rules(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
        page.context.close()


@pytest.mark.skipif(not (settings.STATICFILES_DIRS[0] / "vendor/foliate/view.js").exists(), reason="script/vendor")
def test_an_invitation_ends_in_the_reader(browser: Browser, live_server: LiveServer, draft: Edition) -> None:
    [copy] = invite(draft.work, "ann@example.org")
    page = page_of(browser, live_server, make_reader())
    try:
        page.goto(f"{live_server.url}{reverse('advance_copies:invitation', args=[links.token_of(copy)])}")
        page.get_by_role("button", name="Accept the copy").click()
        expect(page.get_by_text("Advance copy until")).to_be_visible()
        page.locator("a[href*='/read/the-swarm/']").first.click()
        page.wait_for_selector("[data-reader-features=all]", state="attached")
        page.keyboard.press("End")
        expect(page.locator("[data-reader-place]")).to_have_text("The Letter")
    finally:
        page.context.close()
