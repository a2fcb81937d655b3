"""Buying and reading without an account: in a browser that runs no scripts, and by somebody who has only a keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys import steps
from tests.journeys.conftest import Product, visitor

_TITLE = "Salt and Paper"
_MANUSCRIPT = f"""---
title: {_TITLE}
lang: en
---

# The ferry

The ferry came in at noon, as it did on every day that had a noon worth the name.

# The island

Nobody met her at the landing but a dog, who had other business.
"""
# More would mean that nobody has the patience.
_MAX_TABS = 90


@pytest.fixture(scope="module")
def book(browser: Browser, product: Product, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The path of a small book's page, published for these journeys."""
    manuscript: Path = tmp_path_factory.mktemp("buying") / "salt-and-paper.md"
    manuscript.write_text(_MANUSCRIPT, encoding="utf-8")
    with visitor(browser, product) as author:
        steps.sign_up(author, name="Ada Ferry", is_author=True)
        work = steps.upload(author, manuscript)
        steps.wait_for_the_book(author)
        steps.describe(author, work, subject="General and literary fiction")
        steps.price(author, work, "4.99", "$4.15")
        return steps.publish(author, work)


@pytest.fixture
def plain(browser: Browser, product: Product) -> Iterator[Page]:
    """A browser in which no script runs."""
    with visitor(browser, product, scripts=False) as page:
        yield page


@pytest.fixture
def typist(browser: Browser, product: Product) -> Iterator[Page]:
    """Somebody without a pointer."""
    with visitor(browser, product) as page:
        yield page


def test_without_scripts(plain: Page, book: str) -> None:
    plain.goto("/")
    plain.get_by_role("search").get_by_role("searchbox").fill("salt paper")
    plain.get_by_role("search").get_by_role("button").click()
    steps.link(plain, re.compile(_TITLE))
    plain.wait_for_url(f"**{book}")
    steps.button(plain, "Add to cart")
    steps.link(plain, "Check out")

    # The address is forgotten first: everything typed is kept, and the page says what is missing.
    plain.get_by_label("Country where you live").select_option("DE")
    plain.get_by_role("main").get_by_role("checkbox").check()
    plain.get_by_label("Your email address").evaluate("field => field.removeAttribute('required')")
    steps.button(plain, re.compile("Order and pay"))
    expect(plain.get_by_role("main")).to_contain_text("Fill this in.")
    expect(plain.get_by_label("Country where you live")).to_have_value("DE")
    plain.get_by_label("Your email address").fill("plain@example.org")
    plain.get_by_role("main").get_by_role("checkbox").check()
    steps.button(plain, re.compile(r"Order and pay \$4\.99"))

    plain.wait_for_url(re.compile("/payments/sandbox/"))
    plain.get_by_label("Billing country").select_option("DE")
    steps.button(plain, re.compile("^Pay "))
    expect(plain.get_by_role("heading", level=1)).to_have_text("Thank you")
    expect(plain.get_by_role("main")).to_contain_text("plain@example.org")
    order = plain.url

    steps.link(plain, re.compile("^Read"))
    steps.link(plain, "The island")
    expect(plain.get_by_role("main")).to_contain_text("Nobody met her at the landing but a dog")

    plain.goto(order)
    plain.get_by_role("main").get_by_text("Download", exact=True).first.click()
    with plain.expect_download() as started:
        steps.link(plain, re.compile("^EPUB$"))
    assert Path(started.value.path()).read_bytes().startswith(b"PK")


def test_the_receipts_link_opens_the_order_in_another_browser(
    plain: Page, browser: Browser, product: Product, book: str
) -> None:
    plain.goto(book)
    steps.button(plain, "Add to cart")
    plain.goto("/checkout/")
    plain.get_by_label("Country where you live").select_option("US")
    plain.get_by_label("Your email address").fill("two@example.org")
    plain.get_by_role("main").get_by_role("checkbox").check()
    steps.button(plain, re.compile("Order and pay"))
    plain.get_by_label("Billing country").select_option("US")
    steps.button(plain, re.compile("^Pay "))
    expect(plain.get_by_role("heading", level=1)).to_have_text("Thank you")

    with visitor(browser, product) as other:
        other.goto("/orders/find/")
        other.get_by_label("Your email address").fill("Two@Example.org")
        steps.button(other, "Email me the links")
        expect(other.get_by_role("main")).to_contain_text("we are sending the links there")
        link = _mailed_link(other, "two@example.org")
        other.goto(link)
        expect(other.get_by_role("heading", level=2).first).to_have_text("Your books")
        steps.link(other, "Return")
        steps.button(other, "Return book")
        expect(other.get_by_role("main")).to_contain_text(re.compile("Refund on its way|Refunded"))


def test_with_the_keyboard_alone(typist: Page, book: str) -> None:
    typist.goto("/")
    typist.keyboard.press("/")
    typist.keyboard.type("salt paper")
    typist.keyboard.press("Enter")
    typist.wait_for_url(re.compile("/search/"))
    _press(typist, _main(typist).get_by_role("link", name=re.compile(_TITLE)).first)
    typist.wait_for_url(f"**{book}")
    _press(typist, _main(typist).get_by_role("button", name="Add to cart"))
    typist.wait_for_url(re.compile("/cart/"))
    _press(typist, _main(typist).get_by_role("link", name="Check out"))
    typist.wait_for_url(re.compile("/checkout/"))

    _tab_to(typist, typist.get_by_label("Your email address"))
    typist.keyboard.type("keys@example.org")
    _tab_to(typist, typist.get_by_label("Country where you live"))
    with typist.expect_response(re.compile(r"/checkout/\?country=DE")):
        typist.keyboard.type("Germany")
        typist.keyboard.press("Tab")
    expect(_main(typist)).to_contain_text("value added tax (7%)")
    expect(typist.get_by_label("Your email address")).to_have_value("keys@example.org")
    _tab_to(typist, _main(typist).get_by_role("checkbox"))
    typist.keyboard.press("Space")
    _press(typist, _main(typist).get_by_role("button", name=re.compile("Order and pay")))

    typist.wait_for_url(re.compile("/payments/sandbox/"))
    _tab_to(typist, typist.get_by_label("Billing country"))
    typist.keyboard.type("Germany")
    _press(typist, _main(typist).get_by_role("button", name=re.compile("^Pay ")))
    expect(typist.get_by_role("heading", level=1)).to_have_text("Thank you", timeout=30_000)

    _press(typist, _main(typist).get_by_role("link", name=re.compile("^Read")))
    typist.wait_for_url(re.compile("/read/"))
    place = typist.locator("[data-reader-place]")
    expect(place).to_contain_text("The ferry")
    for _ in range(4):
        typist.keyboard.press("ArrowRight")
        typist.wait_for_timeout(300)
    expect(place).to_contain_text("The island")


def _main(page: Page) -> Locator:
    return page.get_by_role("main")


def _tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus, and shows it."""
    expect(target).to_be_visible()
    for _ in range(_MAX_TABS):
        if target.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    shown = "element => element.matches(':focus-visible') && getComputedStyle(element).outlineStyle !== 'none'"
    assert target.evaluate(shown), f"the focus does not come to {target}, or cannot be seen there"


def _press(page: Page, target: Locator) -> None:
    _tab_to(page, target)
    page.keyboard.press("Enter")


def _mailed_link(page: Page, address: str) -> str:
    """The newest link to an order that was mailed to the address, from the outbox page."""
    for _ in range(60):
        page.goto("/outbox/")
        mail = page.get_by_role("article").filter(has_text=f"To {address}").filter(has_text="/orders/open/").first
        if mail.is_visible():
            found = re.search(r"/orders/open/[\w.:-]+/", mail.inner_text())
            assert found is not None
            return found[0]
        page.wait_for_timeout(500)
    raise AssertionError(f"no link was mailed to {address}")
