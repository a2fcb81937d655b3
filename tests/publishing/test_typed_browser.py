"""In a browser: what is typed into a long form outlives leaving the page, a reload, a log-in that has ended and a lost
connection; it is gone once saved, discarded or logged out, and never another person's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from publishing.models import Work
from tests.factories.accounts import make_author
from tests.factories.publishing import make_edition, make_work
from tests.publishing.editing.conftest import browser  # noqa: F401 (a fixture)
from tests.storefront.reading.test_notes_browser import AXE

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.journey,
    pytest.mark.skipif(not (settings.STATICFILES_DIRS[0] / "vendor/octavo.js").exists(), reason="script/vendor"),
]
TYPED = "A bell rings on the far bank."
PUT_BACK = "We put back what you typed here"


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:  # noqa: F811
    context = browser.new_context(viewport={"width": 360, "height": 740})
    context.set_default_timeout(20_000)
    yield context
    context.close()


@pytest.fixture
def owner() -> User:
    return make_author(display_name="Ada Quill")


@pytest.fixture
def work(owner: User) -> Work:
    return make_edition(work=make_work(owner=owner, description="The old words.")).work


def log_in(context: BrowserContext, live_server: LiveServer, user: User) -> str:
    """Log in as somebody who stays logged in; return the session's key."""
    client = Client()
    client.force_login(user)
    session = client.session
    session.set_expiry(86_400)
    session.save()
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": str(session.session_key), "url": live_server.url}]
    )
    return str(session.session_key)


def details(live_server: LiveServer, work: Work) -> str:
    return live_server.url + reverse("work-details", args=[work.public_id])


def typed(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("Description").fill(TYPED)
    page.get_by_label("Title", exact=True).focus()


def kept(page: Page) -> int:
    names = "Object.keys(localStorage).concat(Object.keys(sessionStorage))"
    return int(page.evaluate(f"{names}.filter(name => name.startsWith('octavo-typed')).length"))


@pytest.fixture
def page(context: BrowserContext, live_server: LiveServer, owner: User, work: Work) -> Page:
    log_in(context, live_server, owner)
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    typed(page, details(live_server, work))
    return page


def test_leaving_and_discarding(page: Page, live_server: LiveServer, work: Work) -> None:
    page.goto(f"{live_server.url}/desk/")
    page.goto(details(live_server, work))
    expect(page.get_by_text(PUT_BACK)).to_be_visible()
    expect(page.get_by_label("Description")).to_have_value(TYPED)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert page.evaluate("async () => (await axe.run()).violations.map(one => one.id)") == []
    page.get_by_role("button", name="Discard what I typed").click()
    expect(page.get_by_label("Description")).to_have_value("The old words.")
    page.reload()
    expect(page.get_by_label("Description")).to_have_value("The old words.")
    assert kept(page) == 0


def test_saving_ends_it(page: Page, live_server: LiveServer, work: Work) -> None:
    page.get_by_label("Title", exact=True).fill("")  # refused: nothing is lost, and nothing is forgotten
    page.eval_on_selector("form.details", "form => form.noValidate = true")
    page.get_by_role("button", name="Save and continue to price").click()
    expect(page.get_by_label("Description")).to_have_value(TYPED)
    assert kept(page) == 1
    page.get_by_label("Title", exact=True).fill("Reeds")
    page.get_by_label("Subject", exact=True).select_option("FB")
    page.get_by_label("Language of the book").select_option("en")
    page.get_by_role("button", name="Save and continue to price").click()
    page.wait_for_url("**/price/")
    assert (kept(page), Work.objects.get(pk=work.pk).description) == (0, TYPED)


def test_a_log_in_that_has_ended(page: Page, context: BrowserContext, live_server: LiveServer, owner: User, work: Work):
    Session.objects.all().delete()
    page.get_by_role("button", name="Save and continue to price").click()
    page.wait_for_url("**/accounts/login/**")
    assert kept(page) == 1
    log_in(context, live_server, owner)
    page.goto(details(live_server, work))
    expect(page.get_by_label("Description")).to_have_value(TYPED)


def test_no_connection(page: Page, context: BrowserContext, live_server: LiveServer, work: Work) -> None:
    context.set_offline(True)
    page.get_by_role("button", name="Save and continue to price").click(no_wait_after=True)
    page.wait_for_timeout(500)
    context.set_offline(False)
    page.goto(details(live_server, work))
    expect(page.get_by_label("Description")).to_have_value(TYPED)


def test_saved_elsewhere_meanwhile(page: Page, live_server: LiveServer, work: Work) -> None:
    Work.objects.filter(pk=work.pk).update(description="Newer words.")
    page.goto(details(live_server, work))
    expect(page.get_by_text("What is saved has changed since")).to_be_visible()
    page.get_by_role("button", name="Discard what I typed").click()
    expect(page.get_by_label("Description")).to_have_value("Newer words.")


def test_logging_out(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/accounts/logout/")
    assert kept(page) == 1
    page.locator("main").get_by_role("button", name="Log out").click()
    page.wait_for_url(f"{live_server.url}/**")
    expect(page.get_by_role("link", name="Log in").first).to_be_visible()
    assert kept(page) == 0


def test_another_person_at_this_computer(page: Page, context: BrowserContext, live_server: LiveServer) -> None:
    log_in(context, live_server, make_author())
    page.goto(f"{live_server.url}/desk/")
    assert kept(page) == 0


def test_a_session_that_ends_with_the_browser_keeps_nothing_beyond_the_tab(
    context: BrowserContext, live_server: LiveServer, owner: User, work: Work
) -> None:
    key = log_in(context, live_server, owner)
    session = Client().session.__class__(key)
    session.set_expiry(0)
    session.save()
    page = context.new_page()
    typed(page, details(live_server, work))
    page.reload()
    expect(page.get_by_label("Description")).to_have_value(TYPED)
    assert page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('octavo-typed'))") == []
    other = context.new_page()
    other.goto(details(live_server, work))
    expect(other.get_by_label("Description")).to_have_value("The old words.")
