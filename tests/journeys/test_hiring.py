"""Hiring in two browsers, from a request to the review, on the demonstration's clock; and who decides in between."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import hiring_steps as hiring
from tests.journeys import steps
from tests.journeys.conftest import Product, visitor

type Visit = Callable[[], Page]


@pytest.fixture
def visit(browser: Browser, product: Product) -> Iterator[Visit]:
    """Opens the site as somebody new, with cookies of their own."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(visitor(browser, product))


@pytest.fixture
def client(visit: Visit) -> Page:
    page = visit()
    steps.sign_up(page, name="Clara Fenn", is_author=True)
    return page


@pytest.fixture
def service() -> str:
    """The title of a service that no other journey offers."""
    return f"Covers, lettered by hand, {secrets.token_hex(3)}"


@pytest.fixture
def provider(visit: Visit, service: str) -> Page:
    """Somebody who offers covers."""
    page = visit()
    steps.sign_up(page, name="Pia Pixel")
    hiring.offer_service(page, service)
    return page


def _is_in_order(product: Product) -> None:
    verified = product.manage("verify_ledger")
    assert verified.returncode == 0, verified.stdout + verified.stderr


def test_hired_from_a_shortlist_revised_accepted_in_part_reviewed_and_hired_again(
    product: Product, client: Page, provider: Page, service: str
) -> None:
    title = "A cover for The Last Keeper"
    hiring.ask_everybody(client, title)
    request = client.url
    row = client.locator(".asked > li").filter(has_text=service)
    expect(row).to_contain_text("Points")
    expect(client.get_by_role("link", name="the program that makes it").first).to_be_visible()
    steps.link(client, service)
    expect(client.get_by_role("main")).to_contain_text(hiring.SAMPLE)
    expect(client.get_by_role("main")).to_contain_text("$400.00")
    steps.link(client, "Pia Pixel")
    portfolio = client.url

    hiring.open_request_as_provider(provider, title)
    hiring.propose(provider, "420")
    client.goto(request)
    steps.link(client, re.compile(r"Proposal: \$420"))
    expect(client.get_by_role("main")).to_contain_text("$33.60")  # our fee, before anybody agrees
    hiring.propose(client, "380", scope="Three sketches, one cover, and the lettering alone.")
    hiring.open_request_as_provider(provider, title)
    expect(provider.get_by_role("main")).to_contain_text("and the lettering alone")
    agreed = hiring.Agreed(client, provider, hiring.accept_proposal(provider))

    provider.goto(agreed.contract)
    expect(provider.get_by_role("main")).to_contain_text("Not paid yet: do not begin")
    hiring.pay(agreed)
    hiring.deliver(agreed, "sketch.png", "Three sketches in one.")
    hiring.act(client, agreed.contract, "Ask for a revision", body="The lettering is too small for a telephone.")
    provider.goto(agreed.contract)
    expect(provider.get_by_role("main")).to_contain_text("too small for a telephone")
    hiring.deliver(agreed, "cover.png", "Larger now, and the lettering alone.")
    hiring.act(client, agreed.contract, "Accept a part", amount="100")
    assert hiring.money_of(client, agreed.contract) == {
        "Released to the provider": "$100.00",
        "Held in payment protection": "$280.00",
    }
    hiring.act(client, agreed.contract, "Accept")
    assert hiring.money_of(provider, agreed.contract)["Released to the provider"] == "$380.00"
    expect(provider.locator(".milestone-money")).to_contain_text("$349.60")  # less 8 %

    hiring.review(client, agreed.contract, 5, "She read the book first.")
    hiring.review(provider, agreed.contract, 4, "Knew what he did not want.")
    expect(provider.get_by_role("main")).to_contain_text("She read the book first.")
    client.goto(portfolio)
    expect(client.get_by_role("main")).to_contain_text("Available for work")
    expect(client.get_by_role("main")).to_contain_text("She read the book first.")

    client.goto(agreed.contract)
    steps.link(client, "Hire again")
    steps.button(client, "Send the request")
    expect(client.get_by_role("main")).to_contain_text("Who is asked")
    expect(client.locator(".asked")).to_contain_text("Pia Pixel")
    _is_in_order(product)


def test_released_by_silence_stopped_in_clearing_decided_in_parts_and_appealed(
    product: Product, visit: Visit, client: Page, provider: Page
) -> None:
    moderator, second = visit(), visit()
    agreed = hiring.agree(client, provider, "A cover nobody answered about")
    hiring.pay(agreed)
    hiring.deliver(agreed, "cover.png", "Here it is.")
    steps.move_clock(client, 15)
    client.goto(agreed.contract)
    hiring.until(client, "Nobody answered in time, so the work counts as accepted")
    hiring.act(client, agreed.contract, "Open a case", amount="150", reason="The spine is missing, as agreed.")

    provider.goto(agreed.contract)
    expect(provider.get_by_role("main")).to_contain_text("The other side has opened a case")
    hiring.act(provider, agreed.contract, "Answer the case", body="The spine is in the second layer.")
    provider.goto(agreed.contract)
    case = _case_of(provider)

    steps.log_in(moderator, "moderator@example.org")
    moderator.goto("/contracts/cases/")
    steps.link(moderator, re.compile("A cover nobody answered about"))
    expect(moderator.get_by_role("main")).to_contain_text("A moderator decides the case, unless both sides agree")
    _decide(moderator, "60", "Rule 4: the spine is there, but not as a file of its own.")

    provider.goto(case)
    steps.link(provider, "Appeal")
    provider.get_by_label("What did the decision overlook?").fill("The contract says layers.")
    steps.button(provider, "Appeal")
    moderator.goto(case)
    expect(moderator.get_by_role("main")).to_contain_text("Somebody else decides this")
    steps.log_in(second, "operator@example.org")
    second.goto(case)
    _decide(second, "90", "The contract says layers, and one of them is the spine.")

    # 400 less 60 for the client, and our 8 % of the rest.
    assert hiring.money_of(client, agreed.contract) == {
        "Released to the provider": "$340.00",
        "Held in payment protection": "$0.00",
        "Returned to the client": "$60.00",
    }
    provider.goto(agreed.contract)
    expect(provider.locator(".milestone-money")).to_contain_text("$312.80")
    _is_in_order(product)


def test_a_bank_takes_the_payment_back_after_its_release(
    product: Product, visit: Visit, client: Page, provider: Page
) -> None:
    finance = visit()
    agreed = hiring.agree(client, provider, "A cover that was paid by a strange card", amount="250")
    hiring.pay(agreed)
    hiring.deliver(agreed, "cover.png", "Here it is.")
    hiring.act(client, agreed.contract, "Accept")
    milestone = agreed.milestone

    steps.log_in(finance, "finance@example.org")
    finance.goto("/payments/sandbox/simulate/")
    _simulate(finance, "#payments", milestone, "Open dispute")
    provider.goto(agreed.contract)
    hiring.until(provider, "A bank questioned the payment")
    _simulate(finance, "#disputes", "$250.00", re.compile("lost|lose", re.IGNORECASE))
    provider.reload()
    hiring.until(provider, "The bank took the payment back")
    _is_in_order(product)


def _case_of(page: Page) -> str:
    """The path of the case, from the contract's page."""
    steps.link(page, re.compile("^The case about"))
    found = re.search(r"/contracts/cases/cse_\w+/", page.url)
    assert found is not None
    return found[0]


def _decide(page: Page, amount: str, reason: str) -> None:
    page.get_by_label("Of the amount in question, the provider gets").fill(amount)
    page.get_by_label("Reason").fill(reason)
    steps.button(page, "Save the decision")
    expect(page.get_by_role("main")).to_contain_text("Decision saved")


def _simulate(page: Page, section: str, line: str, button: str | re.Pattern[str]) -> None:
    """Let something happen at the simulated provider: open the newest line and press its button."""
    row = page.locator(f"{section} details").filter(has_text=line).first
    row.locator("summary").click()
    row.get_by_role("button", name=button).first.click()
    expect(page.get_by_role("main")).to_contain_text(re.compile("has been disputed|The bank has decided"))
