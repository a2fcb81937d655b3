"""Makes the pictures of docs/pictures from a running demonstration.

    script/demo                        (in one terminal)
    python -m tests.journeys.pictures  (in another; --site when it is not http://localhost:8000)

Fifteen pages, as visitor, reader, author and finance see them, at 1440 pixels in light and some in dark and narrow.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.browser import FLAGS, find_browser

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
PASSWORD = "octavo-demo-shop"


@dataclass(frozen=True)
class Shot:
    """One picture: `follow` are selectors of links to open from there, one after another; `turns` pages are turned."""

    name: str
    path: str
    who: str = ""
    width: int = 1440
    height: int = 900
    is_dark: bool = False
    follow: tuple[str, ...] = ()
    turns: int = 0


_TIDE_CLERK = "main a:text('The Tide Clerk')"
_PROOF = "main .step a:has-text('Proof')"
_TABLET = "main .switch a:text('Tablet')"
_PAGES = "main .tabs a:text('Pages')"

SHOTS = (
    Shot("front", "/"),
    Shot("front-dark", "/", is_dark=True),
    Shot("catalogue", "/books/"),
    Shot("book", "/books/the-tide-clerk/"),
    Shot("book-phone", "/books/the-tide-clerk/", width=390, height=844),
    Shot("search", "/search/?q=bus"),
    Shot("reader", "/read/the-tide-clerk/", "reader@example.org", turns=2),
    Shot("library", "/library/", "reader@example.org"),
    Shot("desk", "/desk/", "author@example.org"),
    Shot("proof", "/desk/", "author@example.org", follow=(_TIDE_CLERK,)),
    Shot("sheet", "/desk/", "author@example.org", height=1500, follow=(_TIDE_CLERK, _PROOF, _PAGES, _TABLET)),
    Shot("earnings", "/earnings/", "author@example.org"),
    Shot("finance", "/finance/", "finance@example.org"),
    Shot("sale", "/finance/sales/", "finance@example.org", follow=("main tbody tr:first-child a",)),
    Shot("payouts", "/finance/payouts/", "finance@example.org"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--site", default="http://localhost:8000")
    site = parser.parse_args().site
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        for shot in SHOTS:
            take(browser, site, shot)
            print(f"docs/pictures/{shot.name}.png")
        browser.close()


def take(browser: Browser, site: str, shot: Shot) -> None:
    """Open the page as the person and keep what the window shows."""
    context = browser.new_context(
        base_url=site,
        viewport={"width": shot.width, "height": shot.height},
        color_scheme="dark" if shot.is_dark else "light",
        locale="en-GB",
    )
    page = context.new_page()
    if shot.who:
        _log_in(page, shot.who)
    page.goto(shot.path, wait_until="networkidle")
    for link in shot.follow:
        page.locator(link).first.click()
        page.wait_for_load_state("networkidle")
    for _ in range(shot.turns):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(600)
    page.wait_for_timeout(500)
    page.screenshot(path=PICTURES / f"{shot.name}.png")
    context.close()


def _log_in(page: Page, email: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Log in").click()
    page.wait_for_url(lambda url: "/login/" not in url)


if __name__ == "__main__":
    main()
