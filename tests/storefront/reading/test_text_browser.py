"""The canonical text in the browser: the blocks of `conversion/engine/edition_text.py`, and ranges that come back."""

from __future__ import annotations

import json
import random
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, Route

from conversion.engine import edition_text
from conversion.engine.readers import read_source
from conversion.engine.web import write_web
from tests.conversion import books
from tests.conversion.edition_text.test_edition_text import CASES, xhtml

pytestmark = pytest.mark.journey

HOME = "http://reader.test/"
HOSTILE = [
    "<p>a\u00adb\u200bc\ufeff</p><p>\u2060</p><p> \u3000 </p><p>\u00a0x\u2003\n y\u2028</p>",
    "<p>e\u00ad\u0301 cafe\u0301 <i>e</i>\u0301 q\u0323\u0307 q\u0307\u0323 \u212b \u0958 \ufb1d</p>",
    "<p>\u1112\u1161\u11ab <b>\u1112</b>\u1161 \uac00\u11a8 \U00020bb7\U0001f600\U0001f468\u200d\U0001f469</p>",
    "<p>one<br/>two<br/><br/>three<hr/>four</p><p><br/>x<br/></p><p><br/></p>",
    "<p>a<!-- no --><![CDATA[ <b> & ]]>b<?pi no?>c</p>",
    '<p>a<span role="doc-pagebreak">1</span>b<div role="doc-pagebreak">2</div>c<rt>d</rt>e<rp>f</rp></p>',
    '<aside role="doc-footnote"><p><b class="label">1</b>x<b class="label b">2</b><p class="label">3</p>y</p></aside>',
    '<div role="doc-pagebreak"><p>a block all the same</p></div><rt><p>and this</p></rt>',
    "<ul><li>a<ul><li>b</li></ul>c<table><tr><td>d</td><td>e</td></tr></table></li></ul><pre>\n x\n\ty </pre>",
    '<svg xmlns="http://www.w3.org/2000/svg"><text>no</text><p>yes</p></svg><p>\u0301x\u0301\u0301</p><p>\x85x\x85y</p>',
]
RUN = """async ({ pages, home, seeds }) => {
  const text = await import(home + "text.js");
  return pages.map((page, index) => text.check(new DOMParser().parseFromString(page, "application/xhtml+xml"), seeds));
}"""
# Added to the module: what the page answers, without a word of the book's text where it is right.
CHECK = """
export const check = (doc, shares) => {
  const blocks = blocksOf(doc);
  const wrong = [];
  const compare = (block, start, end, last = block) => {
    if (block === last ? start >= end : !end) return;
    const range = rangeOf(doc, block, start, end, last);
    const from = placeOf(range.startContainer, range.startOffset);
    const to = placeOf(range.endContainer, range.endOffset, { isEnd: true });
    const isSame = JSON.stringify([from, to]) === JSON.stringify([[block, start], [last, end]]);
    if (!isSame) wrong.push([block, start, last, end, from, to, blocks[block].text]);
  };
  blocks.forEach((block, index) => compare(index, 0, lengthOf(block)));
  for (const [one, two, three, four] of blocks.length ? shares : []) {
    const [block, other] = [one, two].map((share) => Math.floor(share * blocks.length)).sort((a, b) => a - b);
    const [start, end] = [Math.floor(three * lengthOf(blocks[block])), Math.ceil(four * lengthOf(blocks[other]))];
    compare(block, ...[start, Math.ceil(four * lengthOf(blocks[block]))].sort((a, b) => a - b));
    if (other > block) compare(block, start, end, other);
  }
  return { texts: blocks.map(({ text }) => text), wrong };
};
"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    opened = context.new_page()

    def answer(route: Route) -> None:
        if route.request.url == HOME:
            route.fulfill(body="<!doctype html><title>x</title>", content_type="text/html")
        else:
            source = (settings.BASE_DIR / "static/js/reader/text.js").read_text(encoding="utf-8")
            route.fulfill(body=source + CHECK, content_type="text/javascript; charset=utf-8")

    opened.route("**/*", answer)
    opened.goto(HOME)
    yield opened
    context.close()


def checked(page: Page, pages: list[bytes], count: int = 500) -> list[dict[str, Any]]:
    """What the browser makes of the pages: blocks, and the ranges among `count` random ones that did not come back."""
    chance = random.Random(1)
    shares = [[chance.random() for _ in range(4)] for _ in range(max(1, count // len(pages)))]
    texts = [page.decode() for page in pages]
    found: list[dict[str, Any]] = page.evaluate(RUN, {"pages": texts, "home": HOME, "seeds": shares})
    return found


@pytest.fixture
def check(page: Page) -> Callable[[list[bytes]], None]:
    def check(pages: list[bytes]) -> None:
        for mine, found in zip(pages, checked(page, pages), strict=True):
            assert found["texts"] == edition_text.chapter_texts(mine)
            assert found["wrong"] == []

    return check


def chapters(archive: Path) -> list[bytes]:
    with zipfile.ZipFile(archive) as opened:
        hrefs = [one["href"] for one in json.loads(opened.read("book.json"))["chapters"]]
        return [opened.read(href) for href in hrefs]


def test_every_rule(check: Callable[[list[bytes]], None]) -> None:
    check([xhtml(case["xhtml"]) for case in CASES])


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_text(page: Page, number: int) -> None:
    mine = xhtml(HOSTILE[number])
    [found] = checked(page, [mine])
    assert found["texts"] == edition_text.chapter_texts(mine)
    if number != 1:  # letters that NFC takes apart have no two places in the document
        assert found["wrong"] == []


@pytest.mark.parametrize("book", [books.rich_book, books.hostile_book], ids=["rich", "hostile"])
def test_our_own_books(check: Callable[[list[bytes]], None], book: Any, tmp_path: Path) -> None:
    write_web(book(), tmp_path / "web.zip")
    check(chapters(tmp_path / "web.zip"))


@pytest.mark.parametrize("name", ["flatland", "kusamakura-japanese-vertical-writing", "regime-anticancer-arabic"])
def test_books_of_the_corpus(check: Callable[[list[bytes]], None], corpus: Path, name: str, tmp_path: Path) -> None:
    source = corpus / name / f"{name}.epub"
    write_web(read_source(source, source.name)[1].book, tmp_path / "web.zip")
    check(chapters(tmp_path / "web.zip"))
