"""Passkeys in Chromium, with an authenticator that the browser plays itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Browser, CDPSession, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.support.entrance import PASSWORD, person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]

OWNER = "owner@example.org"
_KIND = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, settings) -> Iterator[Page]:  # type: ignore[no-untyped-def]
    settings.SITE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    context = browser.new_context(base_url=live_server.url)
    opened = context.new_page()
    opened.set_default_timeout(15_000)
    refused: list[str] = []
    opened.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    yield opened
    context.close()
    assert not [text for text in refused if "Content Security Policy" in text or "Permissions" in text]


@pytest.fixture
def authenticator(page: Page) -> CDPSession:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": _KIND})
    return session


@pytest.fixture
def owner(page: Page) -> User:
    user = person(OWNER)
    page.goto("/accounts/login/?next=/accounts/2fa/webauthn/add/")
    type_password(page)
    return user


def type_password(page: Page, *, at_log_in: bool = True) -> None:
    if at_log_in:
        page.get_by_label("Email").fill(OWNER)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Log in" if at_log_in else "Confirm", exact=True).click()


def add(page: Page, *, is_alone: bool) -> None:
    """From being asked for the password again to the recovery codes."""
    type_password(page, at_log_in=False)
    page.get_by_label("Name").fill("My laptop")
    page.get_by_label("Log in with this passkey alone").set_checked(is_alone)
    page.get_by_role("button", name="Add passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")


def log_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Log out").click()
    page.wait_for_url(lambda url: "logout" not in url)


@pytest.mark.usefixtures("authenticator")
def test_logs_in_alone_and_confirms_that_it_is_oneself(page: Page, owner: User) -> None:
    add(page, is_alone=True)
    log_out(page)
    page.goto("/accounts/login/?next=/accounts/2fa/webauthn/")
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_role("cell", name=re.compile("My laptop"))).to_be_visible()
    page.get_by_role("link", name="Remove").click()
    page.get_by_role("link", name="Use a passkey").click()
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("You have no passkeys yet.")).to_be_visible()
    assert not Authenticator.objects.filter(user=owner).exists()


@pytest.mark.usefixtures("authenticator")
def test_is_a_second_factor_beside_the_password(page: Page, owner: User) -> None:
    add(page, is_alone=False)
    log_out(page)
    page.goto("/accounts/login/?next=/account/")
    type_password(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Two-factor authentication")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(re.compile("/account/$"))


def test_without_one_the_page_says_so(page: Page, authenticator: CDPSession) -> None:
    person(OWNER)
    page.goto("/accounts/login/")
    authenticator.send("WebAuthn.disable")
    refuse = "() => { navigator.credentials.get = () => Promise.reject(new DOMException('no', 'NotAllowedError')); }"
    page.evaluate(refuse)
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_role("alert").filter(has_text="did not give us a passkey")).to_be_visible()
    type_password(page)
    expect(page).to_have_url(re.compile("/library/$"))


def test_without_scripts_the_password_is_there_alone(browser: Browser, live_server: LiveServer) -> None:
    with browser.new_context(base_url=live_server.url, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto("/accounts/login/")
        expect(page.get_by_role("button", name="Log in with a passkey")).to_be_hidden()
        expect(page.get_by_role("main").get_by_role("button", name="Log in", exact=True)).to_be_visible()
