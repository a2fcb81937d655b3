"""Run Lighthouse over the public pages of a running site: accessibility, best practices, SEO and performance.

    script/demo                        (in one terminal)
    python -m bench.lighthouse         (in another; --site when it is not http://localhost:8000)

It emulates a phone on a slow network: 1.6 Mbit/s, 150 ms, a processor four times slower. The first run installs
Lighthouse next to this file, from its lock file. Prints a table with the median of three runs; exits with 1 when a goal
is missed: 100 for accessibility, best practices and SEO, 95 for performance, largest contentful paint within 1.0 s, no
layout shift.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.browser import FLAGS, find_browser

HERE = Path(__file__).resolve().parent
PAGES = (
    *("/", "/books/", "/books/?price=5", "/books/the-tide-clerk/", "/search/?q=bus"),
    *("/series/the-evening-class/", "/shelves/", "/ranking/", "/refund-policy/", "/de-de/"),
    *("/read/the-tide-clerk/sample/", "/cart/", "/accounts/login/"),
)
UNLISTED = ("/search", "/read", "/cart", "/accounts")  # excluded from search engines, so their SEO is not scored
GOALS = {"accessibility": 100, "best-practices": 100, "seo": 100, "performance": 95}
MAX_PAINT_MS = 1000


@dataclass(frozen=True)
class Seen:
    """The result for one page: scores out of 100 by category, largest contentful paint in ms, layout shift."""

    scores: dict[str, int]
    paint_ms: float
    shift: float
    complaints: tuple[str, ...]

    def misses(self, *, is_listed: bool) -> list[str]:
        """Return the goals that were missed; pages excluded from search engines have no SEO score."""
        short = [
            f"{name} {score}"
            for name, score in self.scores.items()
            if score < GOALS[name] and (is_listed or name != "seo")
        ]
        if self.paint_ms > MAX_PAINT_MS:
            short.append(f"paint {self.paint_ms:.0f} ms")
        return short + ([f"shift {self.shift:.3f}"] if self.shift > 0 else [])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--site", default="http://localhost:8000")
    parser.add_argument("--pages", nargs="+", default=PAGES)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    install()
    missed = False
    print(f"{'page':32} {'a11y':>5} {'best':>5} {'seo':>5} {'perf':>5} {'paint ms':>9} {'shift':>6}")
    for path in asked.pages:
        seen = middle([look(asked.site + path) for _ in range(asked.runs)])
        a11y, best, seo, fast = (seen.scores[name] for name in GOALS)
        print(f"{path:32} {a11y:5} {best:5} {seo:5} {fast:5} {seen.paint_ms:9.0f} {seen.shift:6.3f}")
        for complaint in seen.complaints:
            print(f"    {complaint}")
        missed = missed or bool(seen.misses(is_listed=not path.startswith(UNLISTED)))
    sys.exit(1 if missed else 0)


def install() -> None:
    """Install Lighthouse from the lock file, once."""
    if not (HERE / "node_modules" / ".bin" / "lighthouse").exists():
        npm = shutil.which("npm") or sys.exit("needs npm")
        subprocess.run([npm, "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=HERE, check=True)


def look(address: str) -> Seen:
    """Run Lighthouse once on one page."""
    flags = " ".join(["--headless=new", *FLAGS])
    program = HERE / "node_modules" / ".bin" / "lighthouse"
    environment = os.environ | {"CHROME_PATH": find_browser()}
    # Written to a file, because output through a pipe may be cut off at the end.
    with tempfile.TemporaryDirectory(prefix="octavo-lighthouse-") as folder:
        path = Path(folder) / "report.json"
        command = [program, address, "--quiet", "--output=json", f"--output-path={path}", f"--chrome-flags={flags}"]
        for tries_left in (2, 1, 0):  # Lighthouse gives up on a browser that starts slowly
            if subprocess.run(command, capture_output=True, check=not tries_left, env=environment).returncode == 0:
                break
        report: dict[str, Any] = json.loads(path.read_text())
    audits = report["audits"]
    scores = {name: round(100 * (report["categories"][name]["score"] or 0)) for name in GOALS}
    return Seen(
        scores=scores,
        paint_ms=audits["largest-contentful-paint"]["numericValue"],
        shift=audits["cumulative-layout-shift"]["numericValue"],
        complaints=tuple(_complaints(report)),
    )


def _complaints(report: dict[str, Any]) -> list[str]:
    """Return the failed audits of the three categories that must be perfect."""
    return [
        f"{name}: {report['audits'][audit['id']]['title']}"
        for name in ("accessibility", "best-practices", "seo")
        for audit in report["categories"][name]["auditRefs"]
        if audit["weight"]
        and (report["audits"][audit["id"]]["score"] or 0) < 1
        and report["audits"][audit["id"]]["scoreDisplayMode"] not in {"notApplicable", "informative", "manual"}
    ]


def middle(runs: list[Seen]) -> Seen:
    """Return the run with the median paint."""
    return min(runs, key=lambda one: abs(one.paint_ms - statistics.median(run.paint_ms for run in runs)))


if __name__ == "__main__":
    main()
