"""Measure what somebody waits for in the web reader, in a long book: opening it, turning a page, searching it.

    python -m bench.reader_speed ../shared/corpus/war-and-peace/war-and-peace.epub

Serves a shop of its own (production settings, SQLite, compressed static files) and opens the book at its last place in
Chromium. "warm" is a browser that had the book open before, "new browser" one with an empty cache. "phone" is 360 px
wide, with a slow 4G line and a slow processor by the DevTools protocol: 1.6 Mbit/s, 150 ms to each answer, four times
slower. A turn ends when the next page is in its place, or, in its own line, when it is painted. JavaScript is weighed
compressed, as in `bench.reader`. Goals are printed beside the figures, and missing one is no failure: other work on the
machine counts, too.
"""

from __future__ import annotations

import argparse
import gzip
import os
import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Response, ViewportSize, sync_playwright

from bench.reader import LOADED_BY_THEN, NOTE_OPENING, OPEN
from bench.reader_book import SITE, shop_with
from tests.support.browser import FLAGS, find_browser

_SLOW_CPU = 4
_SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
_SETTLED_MS = 2500
_HELPERS = """() => {
  const { renderer } = document.querySelector("foliate-view");
  const now = () => performance.now();
  window.turned = async () => {
    const began = now();
    const moved = new Promise((next) => renderer.addEventListener("relocate", () => next(now()), { once: true }));
    document.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
    const at = await moved;
    const painted = await new Promise((next) => requestAnimationFrame(() => setTimeout(() => next(now()))));
    return [at - began, painted - began];
  };
  window.searched = (query) => new Promise((next) => {
    const panel = document.querySelector("[data-panel=search]");
    const status = panel.querySelector("[data-search-status]");
    const { busy } = status.dataset;
    panel.querySelector("[data-search-box]").value = query;
    const began = now();
    const look = new MutationObserver(() => {
      if (!status.textContent || status.textContent === busy) return;
      look.disconnect();
      next(now() - began);
    });
    look.observe(status, { childList: true, characterData: true, subtree: true });
    panel.querySelector("form").requestSubmit();
  });
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("book", type=Path, help="a manuscript, best the longest there is")
    parser.add_argument("--repeat", type=int, default=7, help="openings of each kind")
    parser.add_argument("--turns", type=int, default=60)
    options = parser.parse_args()
    with shop_with(options.book.resolve()) as facts, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
        print(f"{options.book.stem}, {facts['words']:,} words; {load}")
        print("\n| | median | worst | goal |\n|---|---:|---:|---:|")
        _openings(browser, facts, options.repeat)
        for is_phone in (False, True):
            _reading(browser, facts, options.turns, is_phone=is_phone)
        _scripts(browser, facts)
        browser.close()


def _openings(browser: Browser, facts: dict[str, Any], repeat: int) -> None:
    for is_phone, goal in ((False, 1000), (True, 2000)):
        with _page(browser, facts, is_phone=is_phone) as page:
            _opened(page, facts)  # takes the place of the other device
            page.wait_for_timeout(_SETTLED_MS)
            warm = [_opened(page, facts) for _ in range(repeat)]
        new = []
        for _ in range(repeat):
            with _page(browser, facts, is_phone=is_phone) as page:
                new.append(_opened(page, facts))
        _print(f"opens at its last place, warm{', phone' if is_phone else ''}", warm, goal)
        _print(f"opens at its last place, new browser{', phone' if is_phone else ''}", new, goal)


def _reading(browser: Browser, facts: dict[str, Any], turns: int, *, is_phone: bool) -> None:
    where = ", phone" if is_phone else ""
    with _page(browser, facts, is_phone=is_phone) as page:
        _opened(page, facts)
        page.wait_for_timeout(_SETTLED_MS)
        page.evaluate(_HELPERS)
        index = "document.querySelector('foliate-view').renderer.getContents()[0].index"
        within, painted, across = [], [], []
        for _ in range(turns):
            before = page.evaluate(index)
            moved, seen = page.evaluate("turned()")
            page.wait_for_timeout(400)  # as nobody turns faster for long; the next chapter is fetched meanwhile
            if page.evaluate(index) != before:
                across.append(moved)
            else:
                within.append(moved)
                painted.append(seen)
        _print(f"turn{where}", within, 16)
        _print(f"turn, painted{where}", painted)
        _print(f"turn to the next chapter{where}", across)
        page.keyboard.press("/")
        page.wait_for_selector("[data-panel=search][open]")
        _print(
            f"first search, with the text still to come{where}",
            [page.evaluate("(query) => searched(query)", facts["queries"][2])],
        )
        page.wait_for_timeout(3 * _SETTLED_MS)
        found = [page.evaluate("(query) => searched(query)", query) for _ in range(3) for query in facts["queries"]]
        _print(f"search of the whole book{where}", found, 300)


def _scripts(browser: Browser, facts: dict[str, Any]) -> None:
    """Print the kilobytes of JavaScript: when the book is open, a little later, and with search and notes in use."""
    sizes: dict[str, int] = {}

    def weigh(answer: Response) -> None:
        if answer.request.resource_type == "script":
            sizes[answer.url] = len(gzip.compress(answer.body(), 9))

    with _page(browser, facts, is_phone=False) as page:
        page.on("response", weigh)
        _opened(page, facts)
        at_opening = set(page.evaluate(LOADED_BY_THEN))
        page.wait_for_timeout(_SETTLED_MS)
        opened = sum(size for url, size in sizes.items() if url in at_opening)
        idle = sum(sizes.values())
        page.keyboard.press("/")
        page.fill("[data-search-box]", facts["queries"][2])
        page.keyboard.press("Enter")
        page.wait_for_timeout(_SETTLED_MS)
        page.keyboard.press("Escape")
        page.keyboard.press("h")
        page.keyboard.press("Enter")
        page.wait_for_timeout(_SETTLED_MS)
        page.keyboard.press("n")
        page.wait_for_timeout(_SETTLED_MS)
    for what, size, goal in (
        ("JavaScript when the book is open", opened, "60 kB"),
        ("JavaScript with nothing asked for", idle, ""),
        ("JavaScript with search and notes in use", sum(sizes.values()), ""),
    ):
        print(f"| {what} | {size / 1000:.1f} kB | | {goal} |")


@contextmanager
def _page(browser: Browser, facts: dict[str, Any], *, is_phone: bool) -> Iterator[Page]:
    """A page of a browser that was never here, logged in."""
    size = ViewportSize(width=360, height=740) if is_phone else ViewportSize(width=1440, height=900)
    context = browser.new_context(viewport=size, device_scale_factor=2 if is_phone else 1)
    name, value = facts["cookie"]
    context.add_cookies([{"name": name, "value": value, "url": SITE.replace("http:", "https:"), "secure": True}])
    page = context.new_page()
    if is_phone:
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", _SLOW_4G)
        session.send("Emulation.setCPUThrottlingRate", {"rate": _SLOW_CPU})
    page.add_init_script(NOTE_OPENING)
    yield page
    context.close()


def _opened(page: Page, facts: dict[str, Any]) -> float:
    """Return the milliseconds from asking for the book's page until it is open at its last place."""
    page.goto(SITE + facts["path"], wait_until="commit")
    page.wait_for_selector(OPEN)
    share = page.evaluate("document.querySelector('foliate-view').lastLocation.fraction")
    if not share > 0.3:
        raise SystemExit(f"opened at {share:.1%}")
    return float(page.evaluate("openedAt"))


def _print(what: str, figures: Sequence[float], goal: int | None = None) -> None:
    if figures:
        told = f"{goal} ms" if goal else ""
        print(f"| {what} | {statistics.median(figures):.0f} ms | {max(figures):.0f} ms | {told} |", flush=True)


if __name__ == "__main__":
    main()
