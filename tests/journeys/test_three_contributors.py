"""Three people on one book: invited by mail, one without an account, none of the two paid yet; shares to the cent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import steps
from tests.journeys.conftest import Product, visitor

type Visit = Callable[[], Page]
_TITLE = "Salt for the Ferryman"
_MANUSCRIPT = f"---\ntitle: {_TITLE}\nlang: en\n---\n\n# The slip\n\nHe took salt, and on Fridays a story as well.\n"
_INVITATION = r"https?://\S+/invitations/\S+|https?://\S+/credits/\S+"
_OFFER = r"https?://\S+/splits/\S+"


@pytest.fixture
def visit(browser: Browser, product: Product) -> Iterator[Visit]:
    with ExitStack() as stack:
        yield lambda: stack.enter_context(visitor(browser, product))


@pytest.fixture
def owner(visit: Visit) -> Page:
    page = visit()
    steps.sign_up(page, name="Ana Mole", is_author=True)
    return page


def _credit(owner: Page, work: str, name: str, role: str, email: str) -> None:
    owner.goto(f"/desk/works/{work}/people/")
    owner.get_by_label("Credited name").fill(name)
    owner.get_by_label("Role").select_option(label=role)
    owner.get_by_label("Contributor’s email address").fill(email)
    steps.button(owner, "Add")
    expect(owner.get_by_role("row").filter(has_text=name)).to_be_visible()


def _split(owner: Page, work: str, shares: dict[str, str], agreeing: dict[Page, str]) -> None:
    """Propose the shares, and have each of the others agree from the mail they get."""
    owner.goto(f"/desk/works/{work}/people/")
    for name, percent in shares.items():
        owner.get_by_label(re.compile(re.escape(name))).fill(percent)
    steps.button(owner, "Propose split")
    expect(owner.get_by_role("main")).to_contain_text("A new split is waiting for consent")
    for page, email in agreeing.items():
        page.goto(steps.mailed(page, email, _OFFER))
        steps.button(page, "I agree")
        page.wait_for_load_state()
    owner.reload()
    expect(owner.get_by_role("main")).not_to_contain_text("A new split is waiting for consent")


def _buy(visit: Visit, book: str, name: str) -> None:
    reader = visit()
    steps.sign_up(reader, name=name)
    steps.buy(reader, book)


def _earned(page: Page) -> list[str]:
    """What each of the person's sales brought them, newest first."""
    page.goto("/earnings/sales/")
    rows = page.get_by_role("main").get_by_role("row").filter(has_text=_TITLE).all()
    return [row.get_by_role("cell").nth(5).inner_text().strip() for row in rows]  # "Your share"


def test_shares_are_agreed_changed_and_paid_to_the_cent(
    product: Product, visit: Visit, owner: Page, tmp_path: Path
) -> None:
    manuscript = tmp_path / "salt.md"
    manuscript.write_text(_MANUSCRIPT, encoding="utf-8")
    work = steps.upload(owner, manuscript)
    steps.wait_for_the_book(owner)
    illustrator, translator = visit(), visit()
    drawn_by, translated_by = steps.new_address("Ivo Reed"), steps.new_address("Mira Vale")
    steps.sign_up(illustrator, name="Ivo Reed", email=drawn_by)

    _credit(owner, work, "Ivo Reed", "Illustrator", drawn_by)
    _credit(owner, work, "Mira Vale", "Translator", translated_by)
    illustrator.goto(steps.mailed(illustrator, drawn_by, _INVITATION))
    steps.button(illustrator, "I accept")
    translator.goto(steps.mailed(translator, translated_by, _INVITATION))
    steps.link(translator, "Create an account")
    steps.sign_up(translator, name="Mira Vale", email=translated_by)
    steps.button(translator, "I accept")

    steps.describe(owner, work, subject="Crime and mystery")
    steps.price(owner, work, "4.99", "$4.15")
    agreeing = {illustrator: drawn_by, translator: translated_by}
    _split(owner, work, {"Ana Mole": "60", "Ivo Reed": "25", "Mira Vale": "15"}, agreeing)
    book = steps.publish(owner, work)
    _buy(visit, book, "Ruth Page")
    expected = {owner: ["$2.49"], illustrator: ["$1.04"], translator: ["$0.62"]}  # 4.15
    for page, sums in expected.items():
        page.goto("/earnings/sales/")
        expect(page.get_by_role("main")).to_contain_text(_TITLE)
        assert _earned(page) == sums

    steps.move_clock(owner, 2)
    _split(owner, work, {"Ana Mole": "50", "Ivo Reed": "40", "Mira Vale": "10"}, agreeing)
    _buy(visit, book, "Theo Leaf")
    expected = {owner: ["$2.08", "$2.49"], illustrator: ["$1.66", "$1.04"], translator: ["$0.41", "$0.62"]}
    for page, sums in expected.items():
        assert _earned(page) == sums
    verified = product.manage("verify_ledger")
    assert verified.returncode == 0, verified.stdout + verified.stderr
