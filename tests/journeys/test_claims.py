"""A copied chapter: found by the machine, claimed, held at once, contested, upheld, decided, paid out to its author.

And claims without grounds: refused in the form, or dismissed, and the second one within a year brings a warning.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from conversion.engine.api import passages
from tests.conversion.passages.texts import as_text, drawn_words
from tests.journeys import hiring_steps as hiring
from tests.journeys import steps
from tests.journeys.conftest import Product, visitor

type Visit = Callable[[], Page]
_SHARE = re.compile(r"49\.\d+% of what this book earns is held")  # headings are words, too
_ENOUGH_PRINTS = 5


def _chapter() -> list[str]:
    """Words that no other run has, and that the comparison finds."""
    while True:
        words = drawn_words(1000, secrets.randbelow(10**9))
        if len(passages.prints_of(passages.fold_words(" ".join(words)))) >= _ENOUGH_PRINTS:
            return words


@pytest.fixture
def visit(browser: Browser, product: Product) -> Iterator[Visit]:
    """Opens the site as somebody new, with cookies of their own."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(visitor(browser, product))


def _manuscript(folder: Path, title: str, *chapters: list[str]) -> Path:
    paragraphs = (as_text(words).replace("\n", "\n\n") for words in chapters)
    text = "\n\n".join(f"# Chapter {number}\n\n{words}" for number, words in enumerate(paragraphs, start=1))
    path = folder / f"{title.lower().replace(' ', '-')}.md"
    path.write_text(f"---\ntitle: {title}\nlang: en\n---\n\n{text}\n", encoding="utf-8")
    return path


def _publish(page: Page, manuscript: Path) -> tuple[str, str]:
    """The work's id, and the path of its page in the shop."""
    work = steps.upload(page, manuscript)
    steps.wait_for_the_book(page)
    steps.describe(page, work, subject="Crime and mystery")
    steps.price(page, work, "9.99", "$8.60")
    return work, steps.publish(page, work)


def _say(page: Page, label: str, words: str, button: str) -> None:
    page.get_by_label(label).fill(words)
    steps.button(page, button)


def _decide(moderator: Page, title: str, *, is_right: bool) -> None:
    """Decide the claim on a book from the moderators' list: right for all passages, or for none."""
    moderator.goto("/moderation/claims/")
    moderator.get_by_role("row").filter(has_text=title).get_by_role("link").first.click()
    if is_right:
        for box in moderator.get_by_label(re.compile("The claim is right for this passage")).all():
            box.check()
        moderator.get_by_label("Evidence").fill("The first book was on sale before the second was uploaded.")
    moderator.locator("#decide").get_by_label("Reason").fill("I have read both chapters.")
    steps.button(moderator, "Decide and notify the people concerned")
    expect(moderator.get_by_role("main")).to_contain_text("All claims")


def _pay_out(finance: Page, second: Page) -> None:
    finance.goto("/finance/payouts/")
    steps.button(finance, "Propose a run in USD")
    run = finance.url
    steps.log_in(second, "finance2@example.org")
    second.goto(run)
    steps.button(second, re.compile("Approve and send"))
    hiring.until(second, "Paid")


def test_a_copied_chapter_is_paid_to_its_author(product: Product, visit: Visit, tmp_path: Path) -> None:
    first, second, moderator = visit(), visit(), visit()
    chapter = _chapter()
    steps.sign_up(first, name="Ann First", is_author=True)
    steps.set_up_payouts(first)  # so the shop knows who she is
    original = _manuscript(tmp_path, "The First Lamp", chapter, _chapter())
    own, original_page = _publish(first, original)
    steps.sign_up(second, name="Ben Second", is_author=True)
    copied = _manuscript(tmp_path, "The Second Lamp", _chapter(), chapter)
    theirs, copied_page = _publish(second, copied)

    first.goto(f"/desk/works/{own}/passages/")
    hiring.until(first, "The Second Lamp")
    steps.link(first, "The Second Lamp")
    steps.link(first, "Claim these passages")
    expect(first.get_by_label(re.compile("Claim this passage")).first).to_be_checked()
    first.get_by_label("I wrote it", exact=True).check()
    first.get_by_label(re.compile("In good faith")).check()
    steps.button(first, "File the claim")
    expect(first.get_by_role("main")).to_contain_text(_SHARE)
    claim = first.url

    reader = visit()
    steps.sign_up(reader, name="Rita Reader")
    steps.buy(reader, copied_page)

    second.goto("/desk/")
    hiring.until(second, "Ann First claims words of")
    second.goto(f"/desk/works/{theirs}/claims/")
    steps.link(second, "Ann First")
    second.get_by_label("I have a licence").check()
    _say(second, "Evidence and details", "She told me so.", "Send the answer")
    first.goto(claim)
    _say(first, "Evidence that your claim is right", "It was on sale before. I gave no licence.", "Uphold the claim")

    _claim_without_grounds(second, original_page, _chapter()[:200])
    expect(second.get_by_role("main")).to_contain_text("do not stand in the book")
    _claim_without_grounds(second, original_page, chapter[:200])
    expect(second.get_by_role("main")).to_contain_text("A moderator looks at the passages first")
    steps.log_in(moderator, "moderator@example.org")
    _decide(moderator, "The Second Lamp", is_right=True)
    first.goto(claim)
    hiring.until(first, "Decided, until")  # both have been told

    steps.move_clock(moderator, 16)  # the sale has cleared, at noon of the fifteenth day, and nobody has appealed
    first.goto(claim)
    hiring.until(first, "Went to the claimant")
    finance, other = visit(), visit()
    steps.log_in(finance, "finance@example.org")
    first.goto("/earnings/")
    hiring.until(first, "$4.2")
    _pay_out(finance, other)
    verified = product.manage("verify_ledger")
    assert verified.returncode == 0, verified.stdout + verified.stderr

    _dismiss(moderator, second, "The First Lamp")
    hiring.until(second, "Dismissed")
    _claim_without_grounds(second, original_page, chapter[:200])
    steps.move_clock(moderator, 15)  # nobody answers: that admits nothing
    _dismiss(moderator, second, "The First Lamp")
    hiring.until(second, "Warning")
    steps.link(second, "See why")
    expect(second.get_by_role("main")).to_contain_text("Digital Services Act, Article 23")
    moderator.goto("/moderation/claims/")
    steps.link(moderator, "The First Lamp")
    expect(moderator.get_by_role("main")).to_contain_text("2 claims dismissed within a year")


def _claim_without_grounds(page: Page, book: str, words: list[str]) -> None:
    """Claim back the words of the first book, which a person looks at before anything is held."""
    page.goto(f"{book}claim/")
    page.get_by_label("Title of the original").fill("Something of mine")
    page.get_by_label("Where it was published").fill("Nowhere yet")
    page.get_by_label("I wrote it", exact=True).check()
    page.get_by_label(re.compile("In good faith")).check()
    _say(page, "Passage from the book", as_text(words), "File the claim")


def _dismiss(moderator: Page, claimant: Page, title: str) -> None:
    """Decide against a claim on a book, let the time for an appeal pass, and show the claimant what follows."""
    claimant.goto("/account/claims/")
    steps.link(claimant, title)
    hiring.until(claimant, "Waiting for a decision")
    _decide(moderator, title, is_right=False)
    hiring.until(claimant, "Decided, until")
    steps.move_clock(moderator, 15)
    claimant.goto("/account/claims/")
