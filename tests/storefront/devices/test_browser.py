"""In a browser: the page of app passwords breaks no rule of accessibility, nor does the page that says where to buy."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from common import clock
from storefront.devices.models import AppPassword, BookMatch, Scope, SyncedPlace
from storefront.devices.services import app_passwords
from tests.factories.accounts import make_reader
from tests.factories.publishing import make_published_edition
from tests.factories.reading import give

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]

_AXE = Path(__file__).resolve().parents[3] / "node_modules/axe-core/axe.min.js"
PAGE = "/account/devices/"


def broken_rules(page: Page) -> list[str]:
    page.evaluate(_AXE.read_text(encoding="utf-8"))
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in page.evaluate("axe.run()")["violations"]]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_breaks_no_rule(browser: Browser, live_server: LiveServer, theme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = "allauth.account.internal.flows.reauthentication.is_reauthentication_required"
    monkeypatch.setattr(asked, lambda _request, app: False)
    person, client = make_reader(), Client()
    book = make_published_edition(slug="the-lighthouse")
    made = app_passwords.make(
        actor=person, name="Kobo Clara in the kitchen", scopes=Scope.values, address=None, at=clock.now()
    )
    app_passwords.note_used(password=made.password, at=clock.now())
    give(person, book)
    asked_about = {"work": book.work, "match": BookMatch.OFFERED, "device": "Kobo_nova"}
    SyncedPlace.objects.create(
        user=person, document="d" * 32, progress="1", percentage=0.4, at=clock.now(), **asked_about
    )
    client.force_login(person)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page = browser.new_page(color_scheme="dark" if theme == "dark" else "light", viewport={"width": 360, "height": 740})
    page.set_default_timeout(20_000)
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page.goto(live_server.url + PAGE)
    assert broken_rules(page) == []
    page.get_by_label("Name of the device or app").fill("phone")
    page.get_by_role("button", name="Make an app password").click()
    expect(page.get_by_role("heading", name="Your new app password")).to_be_visible()
    assert broken_rules(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name="Revoke phone").click()
    expect(page.get_by_text("“phone” can no longer get your books.")).to_be_visible()
    assert [one.name for one in AppPassword.objects.all()] == ["Kobo Clara in the kitchen"]
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_text("from its next sync on")).to_be_visible()
    assert SyncedPlace.objects.get().match == BookMatch.ACCEPTED
    page.goto(f"{live_server.url}/opds/buy/{book.work.slug}.html")
    assert broken_rules(page) == []
    page.close()
