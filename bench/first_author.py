"""Count what a first-time author does until a book is on sale: pages, clicks, fields, seconds.

    script/demo --port 8000                       in another terminal
    python -m bench.first_author --site http://127.0.0.1:8000
    python -m bench.first_author --site … my-novel.docx

For each manuscript somebody new comes to the start page and follows only what is on the pages: signs up, publishes,
opens the book in the shop. Fields are what has to be typed or chosen; the others keep what is proposed. Seconds are of
this machine, with a person's time for typing left out; `made` is how long the page waited for files.
"""

from __future__ import annotations

import argparse
import re
import secrets
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.support.browser import FLAGS, find_browser

_BOOKS = Path(__file__).resolve().parent.parent / "demo" / "books"
_MANUSCRIPTS = ("the-tide-clerk.docx", "counting-without-remembering.md", "nine-windows.epub")
_MADE_MS = 180_000


@dataclass
class Walk:
    """One author's way. Everything they do goes through here and is counted."""

    page: Page
    clicks: int = 0
    fields: int = 0
    pages: int = 0
    made: float = 0.0

    def __post_init__(self) -> None:
        self.page.on("framenavigated", lambda frame: self._count(frame == self.page.main_frame))

    def _count(self, is_page: bool) -> None:
        self.pages += is_page

    def click(self, role: str, name: str | re.Pattern[str], *, within: str = "main") -> None:
        self.clicks += 1
        self.page.locator(within).get_by_role(role, name=name).first.click()  # type: ignore[arg-type] # a role

    def fill(self, label: str, text: str) -> None:
        self.fields += 1
        self.page.get_by_label(label, exact=True).fill(text)

    def describe(self, text: str) -> None:
        self.fields += 1
        self.page.get_by_label("Description").fill(text)

    def check(self, label: str, *, group: str = "") -> None:
        self.fields += 1
        where = self.page.get_by_role("group", name=group) if group else self.page
        where.get_by_label(label).check()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--site", default="http://127.0.0.1:8000")
    parser.add_argument("manuscripts", nargs="*", type=Path, default=[_BOOKS / name for name in _MANUSCRIPTS])
    told = parser.parse_args()
    sys.stdout.write("| manuscript | pages | clicks | fields | seconds | of them made |\n|---|--:|--:|--:|--:|--:|\n")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=list(FLAGS))
        for manuscript in told.manuscripts:
            context = browser.new_context(base_url=told.site)
            context.set_default_timeout(60_000)
            walk = Walk(context.new_page())
            began = time.monotonic()
            _publish(walk, manuscript)
            seconds = time.monotonic() - began
            figures = f"{walk.pages} | {walk.clicks} | {walk.fields} | {seconds:.0f} | {walk.made:.0f}"
            sys.stdout.write(f"| {manuscript.name} | {figures} |\n")
            sys.stdout.flush()
            context.close()
        browser.close()


def _publish(walk: Walk, manuscript: Path) -> None:
    """From the start page to the book's page in the shop."""
    page = walk.page
    page.goto("/")
    walk.click("link", "Publish", within="header")
    walk.click("link", "Upload a manuscript")
    _sign_up(walk)
    page.locator("input[type=file]").set_input_files(manuscript)
    walk.fields += 1
    walk.click("button", "Create book")
    _wait_for_the_book(walk)
    walk.click("link", "Continue to the details")
    walk.fields += 1
    page.get_by_label("Subject", exact=True).select_option(index=3)
    walk.describe("A book that somebody brought as a file, and that anybody can buy now.")
    walk.click("button", "Save and continue to price")
    walk.click("button", "Save and continue to publish")
    _state_rights(walk)
    now = page.get_by_role("main").get_by_role("button", name="Publish now")
    began = time.monotonic()
    while not now.is_visible() and time.monotonic() - began < _MADE_MS / 1000:
        page.wait_for_timeout(500)
        page.reload()
        walk.pages -= 1  # an author would wait
    walk.made += time.monotonic() - began
    walk.click("button", "Publish now")
    walk.click("link", re.compile("in the shop"))
    expect(page.get_by_role("button", name="Add to cart").first).to_be_visible()


def _sign_up(walk: Walk) -> None:
    page, name = walk.page, f"author-{secrets.token_hex(4)}"
    if page.get_by_label("Your name").count() == 0:
        walk.click("link", re.compile("Sign up|Create an account"))
    walk.fill("Your name", "Nora Quill")
    walk.fill("Email", f"{name}@example.org")
    walk.fill("Password", "octavo-demo-shop")
    walk.click("button", "Create account")
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm your address")
    walk.fields += 1
    page.get_by_label("Code").fill(_code(page, f"{name}@example.org"))
    walk.click("button", "Confirm")
    start = page.get_by_role("main").get_by_role("button", name="Start publishing")
    file = page.locator("input[type=file]")
    expect(start.or_(file).first).to_be_visible()
    if start.is_visible():
        walk.click("button", "Start publishing")
        if not file.is_visible():
            walk.click("link", re.compile("Upload"))


def _code(page: Page, email: str) -> str:
    """Return the code that was mailed, as the demonstration shows mails. Not counted: it is another program."""
    outbox = page.context.new_page()
    found = None
    deadline = time.monotonic() + 30
    while found is None and time.monotonic() < deadline:
        outbox.goto("/outbox/")
        mail = outbox.get_by_role("article").filter(has_text=f"To {email}").first
        found = re.search(r"\b[B-Z]{4}-[B-Z]{4}\b", mail.inner_text()) if mail.is_visible() else None
        outbox.wait_for_timeout(300)
    outbox.close()
    if found is None:
        sys.exit("No code was mailed. Is this a demonstration (script/demo)?")
    return found[0]


def _wait_for_the_book(walk: Walk) -> None:
    began = time.monotonic()
    details = walk.page.get_by_role("main").get_by_role("link", name="Continue to the details", exact=True)
    expect(details).to_be_visible(timeout=_MADE_MS)
    walk.made += time.monotonic() - began


def _state_rights(walk: Walk) -> None:
    """Say that the book is one's own and made without AI, and accept the author terms."""
    walk.click("link", re.compile("rights|Rights"))
    walk.check("I wrote it, and I hold the rights")
    for question in ("AI in the text", "AI in the pictures", "AI in the cover", "AI in the translation"):
        walk.check("No AI", group=question)
    walk.check("I accept the author terms")
    walk.click("button", "Save")


if __name__ == "__main__":
    main()
