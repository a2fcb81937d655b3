"""Two books of a series: the second at the price that completes it, and the first only in one country."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import steps
from tests.journeys.conftest import Product, visitor

_SERIES = "Tidewater Letters"
_TITLES = ("A Letter Unsent", "A Letter Returned")


@pytest.fixture(scope="module")
def author(browser: Browser, product: Product) -> Iterator[Page]:
    with visitor(browser, product) as page:
        steps.sign_up(page, name="Wren Tidewater", is_author=True)
        yield page


@pytest.fixture(scope="module")
def works(author: Page, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The works by the paths of their pages in the shop, in the order of the series."""
    folder, found = tmp_path_factory.mktemp("series"), {}
    for number, title in enumerate(_TITLES, start=1):
        manuscript: Path = folder / f"letter-{number}.md"
        manuscript.write_text(f"---\ntitle: {title}\nlang: en\n---\n\n# The post\n\nIt came on a {number}. of May.\n")
        work = steps.upload(author, manuscript)
        steps.wait_for_the_book(author)
        steps.describe(author, work, subject="General and literary fiction", series=(_SERIES, number))
        steps.price(author, work, "4.99", "$4.15")
        found[steps.publish(author, work)] = work
    return found


def test_the_rest_of_a_series_at_its_price(
    author: Page, works: dict[str, str], browser: Browser, product: Product
) -> None:
    first, second = works
    author.goto(f"/desk/works/{works[first]}/")
    steps.link(author, "Series discount")
    author.get_by_label("Discount for completing the series, in percent").fill("20")
    steps.button(author, "Save")
    expect(author.get_by_role("table")).to_contain_text("$3.99")

    with visitor(browser, product) as reader:
        steps.sign_up(reader, name="Lena Reads")
        steps.buy(reader, first)
        reader.goto(second)
        steps.link(reader, re.compile(_SERIES))
        offer = reader.get_by_role("region", name="The whole series")
        expect(offer).to_contain_text("You own 1 of 2. Get the other one for $3.99 instead of $4.99")
        offer.get_by_role("button", name="Complete the series").click()
        reader.wait_for_url(re.compile("/cart/"))
        steps.link(reader, "Check out")
        reader.get_by_role("main").get_by_role("checkbox").check()
        steps.button(reader, re.compile(r"Order and pay \$3\.99"))
        reader.wait_for_url(re.compile("/payments/sandbox/"))
        reader.get_by_label("Billing country").select_option("US")
        steps.button(reader, re.compile("^Pay "))
        expect(reader.get_by_role("heading", level=1)).to_have_text("Thank you", timeout=30_000)
        reader.goto("/library/")
        for title in _TITLES:
            expect(reader.get_by_role("main")).to_contain_text(title)


def test_a_book_sold_in_one_country_only(
    author: Page, works: dict[str, str], browser: Browser, product: Product
) -> None:
    path = next(iter(works))
    author.goto(f"/desk/works/{works[path]}/territory/")
    author.get_by_label("Only in these countries").check()
    author.get_by_label("Add countries").fill("Germany")
    steps.button(author, "Add to the list")
    steps.button(author, "Save")
    expect(author.get_by_role("table")).to_contain_text("Germany")

    with visitor(browser, product) as reader:
        reader.goto(f"/en-us{path}")
        expect(reader.get_by_role("main")).to_contain_text("Not sold in United States")
        expect(reader.get_by_role("main").get_by_role("button", name="Add to cart")).to_have_count(0)
        expect(reader.get_by_role("main").get_by_role("link", name="Read a sample")).to_be_visible()

        # Of no country: the page sells it, and the order's country decides.
        reader.goto(path)
        steps.button(reader, "Add to cart")
        reader.goto("/checkout/?country=US")
        expect(reader.get_by_role("main")).to_contain_text(re.compile(f"{_TITLES[0]}.*United States"))
        expect(reader.get_by_role("button", name=re.compile("Order and pay"))).to_have_count(0)
        reader.goto("/checkout/?country=DE")
        expect(reader.get_by_role("button", name=re.compile("Order and pay"))).to_be_visible()
