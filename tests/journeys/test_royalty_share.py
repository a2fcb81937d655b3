"""Paid by a share of the royalties: agreed in two browsers, begun by itself, earned with a sale, ended on its day."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import hiring_steps as hiring
from tests.journeys import steps
from tests.journeys.conftest import Product, visitor

type Visit = Callable[[], Page]
_TITLE = "The Lamp Room"
_MANUSCRIPT = (
    f"---\ntitle: {_TITLE}\nlang: en\n---\n\n# The stairs\n\nThere were ninety-nine, and a hundred on Sundays.\n"
)


@pytest.fixture
def visit(browser: Browser, product: Product) -> Iterator[Visit]:
    """Opens the site as somebody new, with cookies of their own."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(visitor(browser, product))


@pytest.fixture
def client(visit: Visit) -> Page:
    page = visit()
    steps.sign_up(page, name="Lena Vane", is_author=True)
    return page


@pytest.fixture
def book(client: Page, tmp_path: Path) -> str:
    """The path of the client's book in the shop."""
    manuscript = tmp_path / "the-lamp-room.md"
    manuscript.write_text(_MANUSCRIPT, encoding="utf-8")
    work = steps.upload(client, manuscript)
    steps.wait_for_the_book(client)
    steps.describe(client, work, subject="Crime and mystery")
    steps.price(client, work, "4.99", "$4.15")
    return steps.publish(client, work)


def _buy(visit: Visit, book: str, name: str) -> None:
    reader = visit()
    steps.sign_up(reader, name=name)
    steps.buy(reader, book)


def test_begins_with_the_end_of_the_contract_and_ends_on_its_day(
    product: Product, visit: Visit, client: Page, book: str
) -> None:
    provider = visit()
    steps.sign_up(provider, name="Otto Line")
    hiring.offer_service(provider, "Covers for a share")
    title = "A cover for The Lamp Room"
    hiring.ask_everybody(client, title, book=_TITLE)
    request = client.url
    hiring.open_request_as_provider(provider, title)
    expect(provider.get_by_role("main")).to_contain_text("A share of the royalties")
    hiring.propose(provider, "50", share=("20", 3))
    client.goto(request)
    steps.link(client, re.compile(r"^Proposal: "))
    expect(client.get_by_role("main")).to_contain_text("20% of the royalties, out of the client’s own share")
    agreed = hiring.Agreed(client, provider, hiring.accept_proposal(client))

    hiring.pay(agreed)
    hiring.deliver(agreed, "cover.png", "A lamp, seen from below.")
    hiring.act(client, agreed.contract, "Accept")
    provider.goto(agreed.contract)
    hiring.until(provider, "20% of every sale since")

    _buy(visit, book, "Ruth Page")
    provider.goto("/earnings/sales/")
    hiring.until(provider, _TITLE)
    earned = provider.get_by_role("main").get_by_text("$0.83")  # of 4.15
    expect(earned.first).to_be_visible()
    before = earned.count()

    steps.move_clock(client, 5)
    provider.goto(agreed.contract)
    hiring.until(provider, "It has ended")
    _buy(visit, book, "Theo Leaf")
    client.goto("/earnings/sales/")
    hiring.until(client, "$4.15")
    provider.goto("/earnings/sales/")
    expect(earned).to_have_count(before)
    verified = product.manage("verify_ledger")
    assert verified.returncode == 0, verified.stdout + verified.stderr
