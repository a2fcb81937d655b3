"""What two people do on Octavo's pages who hire and work, and those who decide between them."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from playwright.sync_api import Page, expect

from tests.journeys import steps

SERVICE = "Cover design"
SAMPLE = "People ask for the first sketch and buy the third."
_PATIENCE_S = 180  # what the clock ends is looked for once a minute, and then by a busy worker


@dataclass(frozen=True)
class Agreed:
    """A contract of one milestone between two people, each in a browser of their own."""

    client: Page
    provider: Page
    contract: str  # its path

    @property
    def milestone(self) -> str:
        """Return the public id of the milestone, which the payment carries at the provider."""
        self.client.goto(self.contract)
        found = self.client.locator(".milestone").first.get_attribute("id")
        assert found is not None
        return found


def offer_service(page: Page, title: str) -> None:
    """Say that one offers as a private person, write a service down and make it public."""
    page.goto("/desk/services/new/")
    page.get_by_label("Service", exact=True).select_option(label=SERVICE)
    page.get_by_label("Title", exact=True).fill(title)
    page.get_by_label("What you do").fill(
        "I read the book, draw three sketches, and letter the one that you choose by hand."
    )
    page.get_by_label("Languages you work in").select_option("en")
    page.get_by_label("Genres you know").select_option(label="Crime and mystery")
    page.get_by_role("radio", name="A fixed price").check()
    page.get_by_label(re.compile(r"^\s*Amount")).fill("400")
    page.get_by_label("Free places").fill("3")
    steps.button(page, "Save")
    edit = page.url
    page.get_by_text("Add a passage of text").click()
    page.get_by_label("Title of the sample").fill("How I choose between sketches")
    page.get_by_label("The passage as you left it").fill(SAMPLE)
    steps.button(page, "Add the passage")
    page.goto("/desk/services/provider/")
    page.get_by_role("radio", name="As a private person").check()
    steps.button(page, "Save")
    page.goto(edit)
    steps.button(page, "Make public")
    expect(page.get_by_role("main")).to_contain_text("Your service is public")


def ask_everybody(page: Page, title: str, *, book: str = "") -> None:
    """Ask everybody who fits, and land on the request with its shortlist. With a book of one's own, offer a share."""
    page.goto("/hire/")
    steps.link(page, "Ask everybody who fits")
    page.get_by_label("Service", exact=True).select_option(label=SERVICE)
    page.get_by_label("In one line").fill(title)
    page.get_by_label("What you need").fill("A lighthouse, but not a picture of one. The book is about waiting.")
    page.get_by_label("Words in the text").fill("60000")
    page.get_by_label("Language of the text").select_option("en")
    page.get_by_label(re.compile(r"^\s*Genre")).select_option(label="Crime and mystery")
    if book:
        page.get_by_label(re.compile(r"^\s*Your book")).select_option(label=book)
        page.get_by_label("I would also pay by a share of the royalties").check()
    page.get_by_label("Budget for everything").fill("500")
    page.get_by_label("Currency").select_option("USD")
    steps.button(page, "Send the request")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def open_request_as_provider(page: Page, title: str) -> None:
    """Find among what one is asked for."""
    page.goto("/hire/requests/?asked")
    steps.link(page, title)


def propose(
    page: Page,
    amount: str,
    *,
    due_days: int = 30,
    scope: str = "Three sketches and one cover.",
    share: tuple[str, int] | None = None,
) -> None:
    """Fill in a proposal of one milestone from the page of the request, or another one in answer to it.

    `share` is a percentage of the royalties, and the days from now until its last day.
    """
    page.goto(f"{page.url.rstrip('/').removesuffix('/propose')}/propose/")
    page.get_by_label("What is done").fill(scope)
    page.locator("input[name$='-0-title']").fill("The cover")
    page.locator("input[name$='-0-amount']").fill(amount)
    page.locator("input[name$='-0-due_on']").fill((_shop_now(page) + timedelta(days=due_days)).date().isoformat())
    if share is not None:
        page.locator("input[name=share]").fill(share[0])
        page.locator("input[name=share_ends_on]").fill((_shop_now(page) + timedelta(days=share[1])).date().isoformat())
    page.get_by_label("Rounds of revision").fill("2")
    page.get_by_role("main").get_by_label("Currency").select_option("USD")
    steps.button(page, "Send the proposal")
    expect(page.get_by_role("heading", name="Your proposal")).to_be_visible()


def accept_proposal(page: Page) -> str:
    """Accept what the other side proposed; the contract's path."""
    page.get_by_role("main").get_by_role("button", name="Accept", exact=True).click()
    page.wait_for_url(re.compile("/contracts/ctr_"))
    found = re.search(r"/contracts/ctr_\w+/", page.url)
    assert found is not None
    return found[0]


def agree(client: Page, provider: Page, title: str, *, amount: str = "400") -> Agreed:
    """Agree on a contract: asked for, proposed, accepted."""
    ask_everybody(client, title)
    request = client.url
    open_request_as_provider(provider, title)
    propose(provider, amount)
    client.goto(request)
    steps.link(client, re.compile(r"^Proposal: "))
    return Agreed(client, provider, accept_proposal(client))


def pay(agreed: Agreed) -> None:
    """Pay in advance on the provider's page."""
    page = agreed.client
    page.goto(agreed.contract)
    steps.link(page, re.compile("^Pay"))
    steps.button(page, "Go to the payment page")
    page.wait_for_url(re.compile("/payments/sandbox/"))
    page.get_by_label("Billing country").select_option("US")
    steps.button(page, re.compile("^Pay "))
    page.wait_for_url(re.compile("/contracts/"))
    until(page, "The payment arrived, and we hold it")


def deliver(agreed: Agreed, name: str, note: str) -> None:
    page = agreed.provider
    page.goto(agreed.contract)
    steps.link(page, re.compile("^Deliver"))
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "image/png", "buffer": _PICTURE})
    page.get_by_label("A note to the client").fill(note)
    steps.button(page, "Deliver")
    expect(page.get_by_role("main")).to_contain_text(note)


def act(page: Page, contract: str, name: str, **fields: str) -> None:
    """Take a step from the contract's page: its link, the fields by their labels, and its button."""
    page.goto(contract)
    steps.link(page, re.compile(f"^{name}:"))
    for label, value in fields.items():
        page.locator(f"[name={label}]").fill(value)
    steps.button(page, name)


def review(page: Page, contract: str, stars: int, body: str) -> None:
    page.goto(f"{contract}review/")
    page.get_by_role("radio", name=f"{stars} star").check()
    page.get_by_label("In your own words").fill(body)
    steps.button(page, "Save review")


def money_of(page: Page, contract: str) -> dict[str, str]:
    """Return where the money of the contract is, as its page says."""
    page.goto(contract)
    rows = page.locator(".contract-money dl > div")
    return {row.locator("dt").inner_text(): row.locator("dd").inner_text() for row in rows.all()}


def until(page: Page, text: str) -> None:
    """Reload until the page says so; a worker needs a moment."""
    deadline = time.monotonic() + _PATIENCE_S
    while text not in page.get_by_role("main").inner_text() and time.monotonic() < deadline:
        page.wait_for_timeout(500)
        page.reload()
    expect(page.get_by_role("main")).to_contain_text(text)


def _shop_now(page: Page) -> datetime:
    other = page.context.new_page()
    other.goto("/demo/clock/")
    now = steps.moment_of(other.locator("[data-shop-now]"))
    other.close()
    return now


# A picture of one pixel.
_PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)
