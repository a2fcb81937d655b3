"""In a browser: the end of a book asks once, and is answered without leaving it."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from insight.completion.models import Consent
from storefront.checkout.models import Entitlement
from tests.factories.accounts import make_reader
from tests.factories.buying import buy
from tests.factories.reading import publish_text
from tests.publishing.editing.conftest import browser  # noqa: F401 (a fixture)
from tests.storefront.reading.test_notes_browser import AXE

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.journey,
    pytest.mark.skipif(not (settings.STATICFILES_DIRS[0] / "vendor/foliate/view.js").exists(), reason="script/vendor"),
]


def test_the_end_of_a_book_asks_once(browser: Browser, live_server: LiveServer) -> None:  # noqa: F811
    story, reader, client = publish_text(slug="the-boats"), make_reader(), Client()
    buy(reader)
    Entitlement.objects.filter(user=reader).update(work=story.work, edition=story)
    client.force_login(reader)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context = browser.new_context()
    context.set_default_timeout(20_000)
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    try:
        page = context.new_page()
        page.goto(f"{live_server.url}/read/the-boats/")
        page.wait_for_selector("[data-reader-features=all]", state="attached")
        assert not Consent.objects.exists()
        page.keyboard.press("End")
        expect(page.locator("[data-reader-place]")).to_have_text("The Letter")
        with page.expect_response(lambda answer: answer.url.endswith("/asked/")) as asked:
            page.keyboard.press("ArrowRight")
        assert asked.value.status == 204
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate(
            "async () => (await axe.run()).violations.map((one) => `${one.id}: ${one.nodes[0].html}`)"
        )
        assert found == []
        page.get_by_role("button", name="Count me").click()
        expect(page.get_by_text("Thank you. We will not ask again.")).to_be_visible()
        assert Consent.objects.get(user=reader).agrees
        page.reload()
        page.wait_for_selector("[data-reader-features=all]", state="attached")
        expect(page.locator("[data-end-question]")).to_have_count(0)
    finally:
        context.close()
