"""The operator's page in a browser: axe has nothing to say of it, at any width and in both themes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from common import clock
from operations.heartbeats import services
from operations.heartbeats.models import Heartbeat
from operations.metrics import queues
from payments.models import EventState, ProviderEvent
from tests.factories.accounts import make_operator
from tests.support.browser import FLAGS, find_browser

AXE = settings.BASE_DIR / "node_modules/axe-core/axe.min.js"
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not AXE.exists(), reason="npm ci has not run"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patched, sync_playwright() as playwright:
        patched.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        opened = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        yield opened
        opened.close()


def page_of_an_operator(browser: Browser, live_server: LiveServer, **context: Any) -> Page:
    client = Client()
    client.force_login(make_operator())
    opened = browser.new_context(**context)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    opened.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page = opened.new_page()
    page.goto(f"{live_server.url}/operations/")
    return page


@pytest.fixture
def _a_shop_in_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "depths", lambda: {"default": 0, "money": 3, "conversion-large": 214})
    services.record_beat()
    for name in ("royalties.clear_due", "common.retry_emails", "community.rank"):
        services.record_start(name)
        services.record_end(name, duration_ms=1234, has_succeeded=name != "community.rank")
    services.expect({"beat", "royalties.clear_due", "common.retry_emails", "community.rank", "search.count_words"})
    late = clock.database_real_now() - timedelta(hours=2)
    Heartbeat.objects.filter(pk="common.retry_emails").update(began_at=late)
    at = clock.now()
    ProviderEvent.objects.create(
        event_id="evt_1", state=EventState.GIVEN_UP, occurred_at=at, received_at=at, next_attempt_at=at
    )


@pytest.mark.usefixtures("_a_shop_in_trouble")
@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (768, "dark"), (1440, "light")])
def test_axe_has_nothing_to_say(browser: Browser, live_server: LiveServer, width: int, scheme: str) -> None:
    # axe is no part of the page, and its policy would not let it in.
    page = page_of_an_operator(
        browser, live_server, viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    try:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.evaluate(AXE.read_text(encoding="utf-8"))
        assert page.evaluate("axe.run(document)")["violations"] == []
    finally:
        page.context.close()
