"""A Playwright context in which somebody is logged in."""

from __future__ import annotations

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext
from pytest_django.live_server_helper import LiveServer

from accounts.models import User


def logged_in(browser: Browser, live_server: LiveServer, person: User, **options: object) -> BrowserContext:
    context = browser.new_context(bypass_csp=True, **options)  # type: ignore[arg-type]
    client = Client()
    client.force_login(person)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    return context
