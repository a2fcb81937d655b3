"""Seven kinds of books, converted from real manuscripts, in three browsers: with a finger and with the keyboard alone.

    pytest -m journey tests/storefront/reading/test_seven_books.py       all seven; a quarter of an hour

An ordinary run has two of them, which need no corpus. WebKitGTK's driver has no touch: there a mouse does what the
finger does elsewhere.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from pytest_django.live_server_helper import LiveServer

from common import clock
from storefront.checkout.models import Entitlement
from storefront.reading.models import EditionMap, LastPlace, Note
from storefront.reading.services import edition_maps
from tests.conftest import SHARED
from tests.factories.accounts import make_reader
from tests.storefront.conftest import ENGINES
from tests.support import seven_books
from tests.support.hands import FINGER_PX, Finger, Hand, Keys
from tests.support.reading import log_in, log_in_as, read
from tests.support.seven_books import ARABIC, KINDS, VERSE, Converted, converted
from tests.support.windows import ARROW_LEFT, ARROW_RIGHT, Window, opened, until

IN_EVERY_RUN = {(VERSE, Finger), (ARABIC, Keys)}
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.journey,
    pytest.mark.skipif(
        not (settings.BASE_DIR / "static/vendor/foliate/view.js").exists(), reason="script/vendor has not run"
    ),
]
READ = [
    pytest.param(kind, hand, marks=[] if (kind, hand) in IN_EVERY_RUN else [pytest.mark.corpus])
    for kind in KINDS
    for hand in (Finger, Keys)
]
ENLARGED = [pytest.param(kind, marks=[] if kind == VERSE else [pytest.mark.corpus]) for kind in KINDS]
PAGES_READ = 10
PAGES_AT_300 = 5
BODY = "Seen there."

CONTENTS = "(document.querySelector('foliate-view')?.renderer.getContents() ?? [{ doc: document }])"
PLACE = "document.querySelector('[data-reader-place]').textContent"
# What is shown: the words, or the names of pages, whose words come later.
SHOWN = """(document.querySelector('foliate-view')?.lastLocation?.range?.toString() ??
  [...document.querySelectorAll('.leaf')].map(({ ariaLabel }) => ariaLabel).join(' '))"""
WHERE = f"JSON.stringify([{PLACE}, {SHOWN}.trim().slice(0, 24)])"  # the end changes as bars come and go
# The hit: its words, and whether they are in the window and not out of sight in a table that scrolls.
HIT = f"""(() => {{
  for (const {{ doc }} of {CONTENTS}) {{
    const {{ highlights }} = doc.defaultView.CSS;
    for (const range of highlights.get('hit-now') ?? highlights.get('hit') ?? []) {{
      const {{ left, top }} = doc.defaultView.frameElement?.getBoundingClientRect() ?? {{ left: 0, top: 0 }};
      const box = range.getClientRects()[0];
      const [inside, below] = [box.x + box.width / 2, box.y + box.height / 2];
      const [x, y] = [left + inside, top + below];
      const table = range.startContainer.parentElement.closest('[data-scrolls]');
      const isAbove = !table || table.contains(doc.elementFromPoint(inside, below));
      const isInside = 0 < x && x < innerWidth && 0 < y && y < innerHeight;
      return {{ words: range.toString(), isSeen: isInside && isAbove, x, y }};
    }}
  }}
}})()"""
# Controls that a finger does not hit: outside of the window, under another one, or too small both ways.
SMALL = f"""[...document.querySelectorAll('body :is(button, a, input:not([type=range]))')].flatMap((one) => {{
  const {{ left, right, top, bottom, width, height }} = one.getBoundingClientRect();
  if (!one.checkVisibility() || one.closest('dialog, .visually-hidden, .skip-link')) return [];
  const above = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  const isFine = left >= 0 && right <= innerWidth && (one.contains(above) || above?.contains(one));
  const isLarge = width >= {FINGER_PX} - 0.5 && height >= {FINGER_PX} - 0.5;
  return isFine && isLarge ? [] : [`${{one.outerHTML.slice(0, 80)}} ${{[left, right, width, height].map(Math.round)}}`];
}})"""
# Lines of the page that begin or end outside of it, except in what scrolls in itself.
CUT = """(() => {
  const { range } = document.querySelector('foliate-view').lastLocation;
  const doc = range.startContainer.ownerDocument ?? range.startContainer;
  const frame = doc.defaultView.frameElement.getBoundingClientRect();
  const walker = doc.createTreeWalker(doc.body, NodeFilter.SHOW_TEXT);
  const cut = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement.closest('[data-scrolls], rt, svg')) continue;
    if (!range.intersectsNode(node) || !node.data.trim()) continue;
    const line = doc.createRange();
    line.selectNodeContents(node);
    for (const box of line.getClientRects()) {
      const [left, right] = [frame.left + box.left, frame.left + box.right];
      const isHere = right > 1 && left < innerWidth - 1 && box.width > 1;
      if (isHere && (left < -1 || right > innerWidth + 1)) cut.push(`${node.data.slice(0, 40)} ${left} ${right}`);
    }
  }
  return cut;
})()"""
# The kinds of the highlights, and the words that begin where each is drawn.
DRAWN = f"""{CONTENTS}.flatMap(({{ doc }}) => [...doc.querySelectorAll('svg.octavo-notes g')].map((group) => {{
  const box = group.querySelector('rect')?.getBoundingClientRect();
  if (!box) return {{ kind: group.getAttribute('class'), words: null }}; // scrolled out of a table
  const {{ left, top, width, height }} = box;
  const style = doc.defaultView.getComputedStyle(doc.body);
  const isDown = style.writingMode.startsWith('vertical');
  const isLeftward = style.direction === 'rtl';
  if (!isDown && width < height / 2) return {{ kind: group.getAttribute('class'), words: null }}; // at a table's edge
  const inside = Math.min(1, height / 20); // the letters of a page may be small
  const x = isDown ? left + width / 2 : isLeftward ? left + width - inside : left + inside;
  const at = doc.caretPositionFromPoint?.(x, isDown ? top + 1 : top + height / 2);
  const range = at ? null : doc.caretRangeFromPoint?.(x, isDown ? top + 1 : top + height / 2);
  if (!at && !range) return {{ kind: group.getAttribute('class'), words: null }}; // out of the window
  const [node, offset] = at ? [at.offsetNode, at.offset] : [range.startContainer, range.startOffset];
  return {{ kind: group.getAttribute('class'), words: String(node.data).slice(offset, offset + 4) }};
}}))"""


@pytest.fixture
def another(browser_window: Window, request: pytest.FixtureRequest) -> Iterator[Window]:
    engine = request.node.callspec.params["browser_window"]
    other = "firefox" if engine == "chromium" else "chromium"
    with opened(other, ENGINES[other]) as found:
        yield found


@pytest.fixture
def hand(request: pytest.FixtureRequest, window: Window) -> Hand:
    made: Hand = request.param(window)
    window.resize(made.width, made.height)
    return made


@pytest.fixture
def site(hand: Hand, window: Window, another: Window, live_server: LiveServer) -> Site:
    return Site(window, another, live_server.url, hand)


@pytest.fixture
def corpus(kind: str) -> Path | None:
    """The shared corpus; None where it is not here, for the books that have a stand-in of our own."""
    folder = SHARED / "corpus"
    if folder.is_dir():
        return folder
    if kind not in seven_books.STAND_INS:
        pytest.skip(f"the shared corpus is not here, which has the book for “{kind}”")
    return None


@pytest.mark.parametrize(("kind", "hand"), READ, indirect=["hand"])
def test_reads(site: Site, corpus: Path | None, kind: str) -> None:
    book, revised = converted(corpus, kind), converted(corpus, kind, has_foreword=True)
    journey = Journey(site, book)
    journey.opens()
    journey.searches()
    journey.makes_notes()
    journey.changes_a_setting()
    journey.reads_on()
    journey.closes_and_comes_back()
    journey.sees_the_notes(site.another)
    journey.gets_a_new_edition(revised)
    journey.sees_the_notes(site.window)


@pytest.mark.parametrize("kind", ENLARGED)
def test_is_read_at_300_per_cent(window: Window, live_server: LiveServer, corpus: Path | None, kind: str) -> None:
    """On a phone: the page does not scroll sideways, no line is cut, and every control can be hit."""
    book = converted(corpus, kind)
    log_in(window, seven_books.publish(book), live_server.url)
    window.resize(Finger.width, Finger.height)
    window.open(f"{live_server.url}/robots.txt")
    window.run("localStorage.setItem('reader', JSON.stringify({ size: '300' }))")
    finger = Finger(window)
    try:
        read(window, live_server.url)
        if book.is_pages:
            for _ in range(3):
                finger.press("[data-zoom=in]")
        finger.search(book.query)
        until(window, f"({HIT})?.isSeen")
        for _ in range(PAGES_AT_300):
            assert window.run("document.documentElement.scrollWidth <= innerWidth")
            small = window.run(SMALL)
            assert not small, "\n".join(small)
            assert book.is_pages or window.run(CUT) == []
            before = window.run(WHERE)
            finger.press(f"[data-turn={'left' if book.is_leftward else 'right'}]")
            until(window, f"{WHERE} !== {before!r}")
            settled(window)
    finally:
        window.run("localStorage.clear()")


@dataclass(frozen=True)
class Site:
    window: Window
    another: Window
    address: str
    hand: Hand


class Journey:
    def __init__(self, site: Site, book: Converted) -> None:
        self.window, self.another, self.address, self.hand = site.window, site.another, site.address, site.hand
        self.book = book
        self.edition = seven_books.publish(book)
        self.reader = make_reader()
        Entitlement.objects.create(
            user=self.reader, work=self.edition.work, edition=self.edition, granted_at=clock.now()
        )

    def opens(self) -> None:
        for window in (self.window, self.another):
            log_in_as(self.reader, window, self.address)
        self.window.open(f"{self.address}/robots.txt")
        self.window.run("localStorage.clear()")  # the settings of the journey before
        self.window.run("localStorage.setItem('reader', JSON.stringify({ theme: 'paper' }))")
        read(self.window, self.address)

    def gets_a_new_edition(self, revised: Converted) -> None:
        seven_books.publish(revised, work=self.edition.work)
        for row in EditionMap.objects.filter(version=0):
            edition_maps.make(map_id=row.pk)
        assert EditionMap.objects.exclude(version=0).exists()

    def searches(self) -> None:
        before = self.window.run(WHERE)
        self.hand.search(self.book.query)
        until(self.window, f"({HIT})?.isSeen")
        assert self.window.run(HIT)["words"].casefold() == self.book.query.casefold()
        assert self.window.run(WHERE) != before
        self.hand.press("[data-reader-return]")
        until(self.window, f"{WHERE} === {before!r}")
        self.hand.search_again(self.book.query)
        until(self.window, f"({HIT})?.isSeen")

    def makes_notes(self) -> None:
        self.hand.press("[data-hits-close]")
        self.hand.select(0)
        self.hand.colour("green")
        until(self.window, f"{DRAWN}.length === 1")
        self.hand.select(1)
        self.hand.note(BODY)
        until(self.window, f"{DRAWN}.length === 2")
        _until(lambda: Note.objects.filter(body=BODY).exists() and Note.objects.count() == 2)
        self.drawn_right(self.window)

    def drawn_right(self, window: Window) -> None:
        """Each highlight is on its own words, once the page is laid out."""
        words = list(Note.objects.values_list("exact", flat=True))

        def is_right(drawn: str | None) -> bool:
            return drawn is None or any(drawn and one[: len(drawn)] == drawn[: len(one)] for one in words)

        _until(lambda: all(is_right(drawn["words"]) for drawn in window.run(DRAWN)))

    def changes_a_setting(self) -> None:
        size = f"parseFloat(getComputedStyle({CONTENTS}[0].doc.body).fontSize)"
        theme = "document.documentElement.dataset.readerTheme"
        value = theme if self.book.is_pages else size
        before = self.window.run(value)
        self.hand.change("theme" if self.book.is_pages else "size", is_range=not self.book.is_pages)
        until(self.window, f"{value} !== {json.dumps(before)}")

    def reads_on(self) -> None:
        seen = [self.window.run(WHERE)]
        is_left = self.book.is_leftward
        end = "document.querySelector('[data-reader-end]').checkVisibility()"
        for _ in range(PAGES_READ):
            self.hand.turn(is_left=is_left)
            until(self.window, f"{WHERE} !== {seen[-1]!r} || {end}")
            if self.window.run(end):
                break
            seen.append(settled(self.window))
        assert len(set(seen)) == len(seen)
        onward, back = (ARROW_LEFT, ARROW_RIGHT) if is_left else (ARROW_RIGHT, ARROW_LEFT)
        if self.window.run(end):
            self.window.press(back)
        count = min(8, len(seen) - 1)
        for key, place in ((back, seen[-1 - count]), (onward, seen[-1])):
            self.window.press(*[key] * count, pause_ms=30)
            until(self.window, f"{WHERE} === {place!r}")

    def closes_and_comes_back(self) -> None:
        before = self.window.run(WHERE)
        self.hand.press(".reader-home")
        _until(lambda: _is_at(self.window, "/library/"))
        read(self.window, self.address)
        place, words = json.loads(before)
        until(self.window, f"{PLACE} === {place!r} && {SHOWN}.includes({words[:20]!r})")
        _until(lambda: LastPlace.objects.filter(work=self.edition.work).exists())

    def sees_the_notes(self, window: Window) -> None:
        here = json.loads(self.window.run(WHERE)) if window is self.another else None
        read(window, self.address)
        if here:  # a page of another size may go on to the next heading, whose name it then has
            until(window, f"{SHOWN}.includes({here[1][:20]!r})")
        for number in range(2):
            until(window, "!document.querySelector('dialog[open]')")
            window.run("document.querySelector('[data-notes-open]').click()")
            until(window, "document.querySelectorAll('[data-panel=notes] [data-go][href]').length === 2")
            window.run(f"document.querySelectorAll('[data-panel=notes] [data-go]')[{number}].click()")
            until(window, f"{DRAWN}.length >= 1")
            self.drawn_right(window)


def settled(window: Window) -> str:
    """Where the reader is once that stays as it is: a chapter that comes is laid out a few times."""
    before, now = "", window.run(WHERE)
    while before != now:
        time.sleep(0.15)
        before, now = now, window.run(WHERE)
    return str(now)


def _is_at(window: Window, path: str) -> bool:
    try:
        return bool(window.run(f"location.pathname === {path!r} && document.readyState === 'complete'"))
    except Exception:  # each browser has its own error for a page that is just leaving
        return False


def _until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.05)
