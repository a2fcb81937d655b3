"""The first people of a shop, in a browser: an operator, two for finance, an author and a reader."""

from __future__ import annotations

import base64
import hmac
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from bench.first_hour.outside import Mails
from bench.first_hour.tree import DOMAIN
from tests.journeys import steps
from tests.support.browser import FLAGS, find_browser

STAFF = {"olga": "Olga Ferrer", "fiona": "Fiona Marsh", "felix": "Felix Boone"}
_TITLE = "Salt and Paper"
_MANUSCRIPT = f"""---
title: {_TITLE}
author: Nora Quill
lang: en
---

# The ferry

The ferry came in at noon, as it did on every day that had a noon worth the name.

# The island

Nobody met her at the landing but a dog, who had other business.
"""


class Town:
    """Each person has a browser of their own."""

    def __init__(self, browser: Browser, mails: Mails) -> None:
        self.browser, self.mails = browser, mails
        self.pages: dict[str, Page] = {}

    def visit(self, who: str) -> Page:
        if who not in self.pages:
            # The browser does not know the authority; the certificate is looked at elsewhere.
            context = self.browser.new_context(base_url=f"https://{DOMAIN}", ignore_https_errors=True, locale="en-US")
            context.set_default_timeout(30_000)
            self.pages[who] = context.new_page()
        return self.pages[who]

    def sign_up(self, who: str, name: str, *, is_author: bool = False) -> Page:
        page, email = self.visit(who), f"{who}@{DOMAIN}"
        page.goto("/accounts/signup/")
        page.get_by_label("Your name").fill(name)
        page.get_by_label("Email").fill(email)
        page.get_by_label("Password").fill(steps.PASSWORD)
        if is_author:
            page.get_by_label("I want to publish books").check()
        steps.button(page, "Create account")
        expect(page.get_by_role("heading", level=1)).to_have_text("Confirm your address")
        page.get_by_label("Code").fill(self.mails.code_for(email))
        steps.button(page, "Confirm")
        expect(page.get_by_role("heading", level=1)).not_to_have_text("Confirm your address")
        return page

    def secure(self, page: Page) -> None:
        """Set up an authenticator app."""
        page.goto("/accounts/2fa/totp/activate/")
        if "/reauthenticate/" in page.url:
            page.get_by_label("Password").fill(steps.PASSWORD)
            steps.button(page, "Confirm")
        secret = page.locator("code.secret").inner_text()
        page.get_by_role("main").get_by_role("textbox").fill(_six_digits(secret))
        steps.button(page, "Turn on")
        expect(page.get_by_role("main")).not_to_contain_text("Set up an authenticator app")

    def join(self) -> None:
        """The staff sign up and set up two-factor authentication."""
        for who, name in STAFF.items():
            self.secure(self.sign_up(who, name))

    def trade(self) -> Iterator[str]:
        """A book is published and bought; finance sees the sale."""
        began = time.monotonic()
        author = self.sign_up("nora", "Nora Quill", is_author=True)
        with tempfile.TemporaryDirectory() as folder:
            manuscript = Path(folder) / "salt-and-paper.md"
            manuscript.write_text(_MANUSCRIPT, encoding="utf-8")
            work = steps.upload(author, manuscript)
        steps.wait_for_the_book(author)
        steps.describe(author, work, subject="General and literary fiction")
        steps.price(author, work, "4.99", "$4.15")
        book = steps.publish(author, work)
        yield f"{_TITLE} is on sale {time.monotonic() - began:.0f} s after its author began to sign up: {book}"
        reader = self.sign_up("rae", "Rae Dalton")
        order = steps.buy(reader, book)
        steps.download(reader, "EPUB")
        yield f"The first sale: {order}, and its EPUB was downloaded"
        for who in ("fiona", "felix"):
            page = self.visit(who)
            page.goto("/finance/sales/")
            expect(page.get_by_role("main")).to_contain_text(_TITLE)
            yield f"{STAFF[who]} sees it under /finance/sales/"
        page = self.visit("olga")
        page.goto("/audit/")
        expect(page.get_by_role("main")).to_contain_text("Fiona Marsh")
        yield f"{len(self.mails.texts_to(f'rae@{DOMAIN}'))} emails went to the reader, {len(self.mails.got)} in all"


def _six_digits(secret: str) -> str:
    """What an authenticator app shows now (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, (int(time.time()) // 30).to_bytes(8), "sha1")
    place = digest[-1] & 15
    return f"{(int.from_bytes(digest[place : place + 4]) & 0x7FFFFFFF) % 1_000_000:06}"


@contextmanager
def town(mails: Mails) -> Iterator[Town]:
    with sync_playwright() as playwright:
        rules = f"--host-resolver-rules=MAP {DOMAIN} 127.0.0.1"
        browser = playwright.chromium.launch(executable_path=find_browser(), args=[*FLAGS, rules])
        yield Town(browser, mails)
        browser.close()
