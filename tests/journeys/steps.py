"""What people do on Octavo's pages, step by step, in their own words."""

from __future__ import annotations

import re
import secrets
import time
from datetime import datetime
from pathlib import Path

from playwright.sync_api import Download, Locator, Page, expect

PASSWORD = "octavo-demo-shop"
_CONVERTED_MS = 180_000
_MAILED_S = 30


def button(page: Page, name: str | re.Pattern[str]) -> None:
    page.get_by_role("main").get_by_role("button", name=name).click()


def link(page: Page, name: str | re.Pattern[str]) -> None:
    page.get_by_role("main").get_by_role("link", name=name).first.click()


def new_address(name: str) -> str:
    """An address that nobody has: a journey that is run again meets the accounts of its first run."""
    return f"{name.lower().replace(' ', '.')}.{secrets.token_hex(4)}@example.org"


def sign_up(page: Page, *, name: str, is_author: bool = False, email: str = "") -> None:
    """Sign up at the address, or at a new one. A page that leads here comes back by itself."""
    email = email or new_address(name)
    if "/accounts/signup/" not in page.url:
        page.goto("/accounts/signup/")
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    if is_author:
        page.get_by_label("I want to publish books").check()
    button(page, "Create account")
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm your address")
    page.get_by_label("Code").fill(_code_for(page, email))
    button(page, "Confirm")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Confirm your address")


def _code_for(page: Page, email: str) -> str:
    """The code that was mailed to somebody who is signing up."""
    return mailed(page, email, r"\b[B-Z]{4}-[B-Z]{4}\b")


def mailed(page: Page, email: str, pattern: str) -> str:
    """What the newest mail to the address that has it says, looked up in another tab."""
    outbox = page.context.new_page()
    outbox.goto("/outbox/")
    mails = outbox.get_by_role("article").filter(has_text=f"To {email}").filter(has_text=re.compile(pattern))
    deadline = time.monotonic() + _MAILED_S
    while not mails.first.is_visible() and time.monotonic() < deadline:
        outbox.wait_for_timeout(500)
        outbox.reload()
    found = re.search(pattern, mails.first.inner_text())
    outbox.close()
    assert found is not None
    return found[0]


def log_in(page: Page, email: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url(lambda url: "/login/" not in url)


def upload(page: Page, manuscript: Path) -> str:
    """Bring a manuscript and land on its proof page; the work's public id."""
    page.goto("/desk/works/new/")
    page.locator("input[type=file]").set_input_files(manuscript)
    button(page, "Create book")
    page.wait_for_url(re.compile(r"/desk/works/wrk_\w+/proof/"))
    found = re.search(r"wrk_\w+", page.url)
    assert found is not None
    return found[0]


def wait_for_first_chapter(page: Page) -> None:
    expect(page.get_by_role("heading", name="The first pages")).to_be_visible(timeout=60_000)


def wait_for_the_book(page: Page) -> None:
    """The proof page shows by itself when everything is made."""
    details = page.get_by_role("main").get_by_role("link", name="Continue to the details", exact=True)
    expect(details).to_be_visible(timeout=_CONVERTED_MS)


def describe(
    page: Page, work: str, *, subject: str, title: str = "", language: str = "", series: tuple[str, int] | None = None
) -> None:
    page.goto(f"/desk/works/{work}/details/")
    if series is not None:
        page.get_by_label(re.compile(r"^\s*Series")).fill(series[0])
        page.get_by_label("Number in the series").fill(str(series[1]))
    if title:
        page.get_by_label("Title", exact=True).fill(title)
    if language:
        page.get_by_label("Language of the book").select_option(language)
    page.get_by_label("Subject", exact=True).select_option(label=subject)
    page.get_by_label("Description").fill("A book that somebody brought as a file, and that anybody can buy now.")
    button(page, "Save and continue to price")


def price(page: Page, work: str, usd: str, author_gets: str) -> None:
    """Ask a price, seeing first what it brings."""
    page.goto(f"/desk/works/{work}/price/")
    page.get_by_label("USD", exact=True).fill(usd)
    expect(page.locator("[data-net]").first).to_contain_text(author_gets)
    page.get_by_label("EUR", exact=True).fill("")
    page.get_by_label("GBP", exact=True).fill("")
    button(page, "Save and continue to publish")


def state_rights(page: Page, work: str) -> None:
    """Say that the book is one's own and made without AI, and accept the author terms, if that was not done before."""
    page.goto(f"/desk/works/{work}/rights/")
    page.get_by_label("I wrote it, and I hold the rights").check()
    for question in ("AI in the text", "AI in the pictures", "AI in the cover", "AI in the translation"):
        page.get_by_role("group", name=question).get_by_label("No AI").check()
    terms = page.get_by_label("I accept the author terms")
    if terms.is_visible():
        terms.check()
    button(page, "Save")


def publish(page: Page, work: str) -> str:
    """Publish and return the path of the book's page in the shop."""
    state_rights(page, work)
    page.goto(f"/desk/works/{work}/publish/")
    deadline = time.monotonic() + _CONVERTED_MS / 1000
    now = page.get_by_role("main").get_by_role("button", name="Publish now")
    while not now.is_visible() and time.monotonic() < deadline:
        page.wait_for_timeout(500)
        page.reload()
    now.click()
    expect(page.get_by_role("main").get_by_text("On sale").first).to_be_visible()
    path = page.get_by_role("main").get_by_role("link", name=re.compile("in the shop")).first.get_attribute("href")
    assert path is not None
    return path


def buy(page: Page, book: str, *, country: str = "US") -> str:
    """From the book's page through the payment page back to the order; its public id."""
    page.goto(book)
    button(page, "Add to cart")
    page.wait_for_url(re.compile("/cart/"))
    page.goto("/checkout/")
    choice = page.get_by_label("Country where you live")
    if choice.input_value() != country:
        with page.expect_response(re.compile(r"/checkout/\?country=")):
            choice.select_option(country)
    page.get_by_role("main").get_by_role("checkbox").check()
    button(page, re.compile("Order and pay"))
    page.wait_for_url(re.compile("/payments/sandbox/"))
    page.get_by_label("Billing country").select_option(country)
    button(page, re.compile("^Pay "))
    page.wait_for_url(re.compile("/orders/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you", timeout=30_000)
    found = re.search(r"ord_\w+", page.url)
    assert found is not None
    return found[0]


def download(page: Page, name: str) -> Download:
    page.goto("/library/")
    page.get_by_role("main").get_by_role("heading", level=3).get_by_role("link").first.click()
    with page.expect_download() as started:
        page.get_by_role("main").get_by_role("link", name=name).first.click()
    return started.value


def move_clock_past(page: Page, moment: datetime) -> None:
    """By whole days, as the page moves it, to less than a day after the moment."""
    page.goto("/demo/clock/")
    move_clock(page, (moment - moment_of(page.locator("[data-shop-now]"))).days + 1)


def moment_of(time_element: Locator) -> datetime:
    """What a page's `<time>` says to machines."""
    stated = time_element.get_attribute("datetime")
    assert stated is not None
    return datetime.fromisoformat(stated)


def move_clock(page: Page, days: int) -> None:
    page.goto("/demo/clock/")
    page.get_by_label("Days to move forward").fill(str(days))
    button(page, "Move the clock")
    expect(page.get_by_text("It is now")).to_be_visible()


def set_up_payouts(page: Page) -> None:
    page.goto("/earnings/account/")
    page.get_by_label("Country").select_option("US")
    button(page, "Set up at the provider")
    if "/reauthenticate/" in page.url:
        page.get_by_label("Password").fill(PASSWORD)
        button(page, "Confirm")
        if page.get_by_role("button", name="Set up at the provider").is_visible():
            page.get_by_label("Country").select_option("US")
            button(page, "Set up at the provider")
    button(page, "Finish and accept transfers")
    expect(page.get_by_role("main").get_by_text(re.compile("^Ready"))).to_be_visible()
    page.get_by_label("Minimum payout").fill("1")
    button(page, "Save")
    expect(page.get_by_label("Minimum payout")).to_have_value(re.compile(r"^1(\.00)?$"))
