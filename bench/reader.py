"""Weigh the JavaScript of the web reader: what it loads with a cold cache before anything is asked for.

    script/demo                                                   (in one terminal)
    python -m bench.reader                                        (in another: a sample)
    python -m bench.reader --log-in ana@example.com PASSWORD --paths /read/the-tide-clerk/

Each file is compressed as `manage.py collectstatic` compresses it (gzip, level 9). "open" is what had come when the
book was shown, "idle" what has come five seconds later without a key or a click. Exits with 1 when "open" is over the
goal.
"""

from __future__ import annotations

import argparse
import gzip
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Page, Response, sync_playwright

from tests.support.browser import FLAGS, find_browser

GOAL_KB = 60
IDLE_MS = 5000
OPEN = "html[data-reader=open]"
NOTE_OPENING = """
    new MutationObserver(() => {
      if (document.documentElement.dataset.reader === "open") window.openedAt ??= performance.now();
    }).observe(document, { attributes: true, subtree: true, attributeFilter: ["data-reader"] });
"""
LOADED_BY_THEN = """
    performance.getEntriesByType("resource").filter(({ startTime }) => startTime <= openedAt).map(({ name }) => name)
"""


@dataclass(frozen=True)
class Weight:
    """Files and compressed kilobytes, when the book was open and when nothing more came."""

    open_kb: float
    open_files: int
    idle_kb: float
    idle_files: int
    sizes: dict[str, int]


def weigh(page: Page, address: str, *, idle_ms: int = IDLE_MS) -> Weight:
    """Open the reader in a page whose cache is empty, and weigh its scripts."""
    scripts: list[Response] = []
    page.on("response", lambda answer: scripts.append(answer) if answer.request.resource_type == "script" else None)
    page.add_init_script(NOTE_OPENING)
    page.goto(address)
    page.wait_for_selector(OPEN)
    page.wait_for_timeout(idle_ms)
    at_opening = set(page.evaluate(LOADED_BY_THEN))
    sizes = {script.url: len(gzip.compress(script.body(), 9)) for script in scripts}
    opened = [size for url, size in sizes.items() if url in at_opening]
    return Weight(sum(opened) / 1000, len(opened), sum(sizes.values()) / 1000, len(sizes), sizes)


@contextmanager
def _page(site: str, account: list[str] | None) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        context = browser.new_context()
        if account:
            log_in = context.new_page()
            log_in.goto(f"{site}/accounts/login/")
            log_in.fill("[name=login]", account[0])
            log_in.fill("[name=password]", account[1])
            log_in.press("[name=password]", "Enter")
            log_in.wait_for_url(lambda url: "/accounts/login/" not in url)
            log_in.close()
        yield context.new_page()
        browser.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--site", default="http://localhost:8000")
    parser.add_argument("--paths", nargs="+", default=["/read/the-tide-clerk/sample/"])
    parser.add_argument("--log-in", nargs=2, metavar=("EMAIL", "PASSWORD"))
    parser.add_argument("--files", action="store_true", help="list the files, too")
    options = parser.parse_args()
    print(f"{'page':40} {'open kB':>8} {'files':>6} {'idle kB':>8} {'files':>6}")
    is_over = False
    for path in options.paths:
        with _page(options.site, options.log_in) as page:
            found = weigh(page, options.site + path)
        print(f"{path:40} {found.open_kb:8.1f} {found.open_files:6} {found.idle_kb:8.1f} {found.idle_files:6}")
        for url, size in sorted(found.sizes.items(), key=lambda one: -one[1]) if options.files else ():
            print(f"    {size:6}  {url}")
        is_over = is_over or found.open_kb > GOAL_KB
    return 1 if is_over else 0


if __name__ == "__main__":
    sys.exit(main())
