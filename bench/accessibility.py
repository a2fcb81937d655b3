"""Holds the EPUB of every book given against EPUBCheck and against DAISY Ace, and prints a Markdown table.

    python bench/accessibility.py --corpus ../shared/corpus      the sample books and every manuscript of a corpus
    python bench/accessibility.py book.docx other.epub           just these

Ace comes from npm by the lock file in bench/peers/, and is installed there at the first run; its browser is the
system's Chromium (or CHROME_BIN). One Ace and one browser serve all books. Leaves with 1 unless every book has 0 errors
and 0 warnings of EPUBCheck, and 0 critical, serious, moderate and minor violations of Ace.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, Self

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from bench.epubcheck_all import Outcome, hold, made, manuscripts, parser  # noqa: E402

PEERS = PROJECT / "bench" / "peers"
IMPACTS = ("critical", "serious", "moderate", "minor")


class Ace:
    """DAISY Ace, serving one book after the other; use it in a `with` statement."""

    def __init__(self) -> None:
        browser = os.environ.get("CHROME_BIN") or shutil.which("chromium") or shutil.which("google-chrome")
        if not browser:
            raise SystemExit("Ace needs Chromium or Chrome; name it in CHROME_BIN.")
        environment = {**os.environ, "PUPPETEER_SKIP_DOWNLOAD": "1", "PUPPETEER_EXECUTABLE_PATH": browser}
        if not (PEERS / "node_modules").is_dir():
            subprocess.run(
                ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=PEERS, env=environment, check=True
            )
        self._node = subprocess.Popen(
            ["node", "ace.js"], cwd=PEERS, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def violations(self, epub: Path) -> list[dict[str, Any]]:
        """What Ace finds in a book: impact, rule, file, count and a piece of its markup."""
        assert self._node.stdin and self._node.stdout
        self._node.stdin.write(f"{epub}\n")
        self._node.stdin.flush()
        answer: dict[str, Any] = json.loads(self._node.stdout.readline())
        if "failed" in answer:
            return [{"impact": "critical", "rule": "ace-failed", "file": "", "count": 1, "html": answer["failed"]}]
        found: list[dict[str, Any]] = answer["violations"]
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._node.communicate()


def check(manuscript: Path, name: str, form: str, ace: Ace, pool: ThreadPoolExecutor) -> tuple[Outcome, Counter[str]]:
    """Convert one manuscript and hold its EPUB against both checkers at once."""
    outcome, impacts = Outcome(name), Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        epub = made(manuscript, outcome, Path(folder), form)
        if epub is None:
            return outcome, impacts
        checked = pool.submit(hold, epub, outcome)
        for violation in ace.violations(epub):
            impacts[violation["impact"]] += violation["count"]
            outcome.messages.append("    {impact} {rule} {count} x in {file}: {html}".format(**violation))
        checked.result()
    return outcome, impacts


def row(outcome: Outcome, impacts: Counter[str]) -> str:
    """One line of the table."""
    if reason := outcome.failed or outcome.refused:
        word = "failed" if outcome.failed else "refused"
        return f"| {outcome.name} | {word}: {reason} | | | | | |"
    counts = (outcome.errors, outcome.warnings, *(impacts[impact] for impact in IMPACTS))
    return f"| {outcome.name} | {' | '.join(map(str, counts))} |"


def main() -> int:
    arguments = parser((__doc__ or "").splitlines()[0]).parse_args()
    print("| manuscript | errors | warnings | " + " | ".join(f"Ace {impact}" for impact in IMPACTS) + " |")
    print("|---|---|---|---|---|---|---|", flush=True)
    total, bad, refused = 0, 0, 0
    with Ace() as ace, ThreadPoolExecutor(1) as pool:
        for path, name in manuscripts(arguments):
            outcome, impacts = check(path, name, arguments.format, ace, pool)
            total += 1
            refused += bool(outcome.refused)
            bad += not outcome.is_good or bool(impacts)
            print(row(outcome, impacts), flush=True)
            print(*outcome.messages[:20], sep="\n", end="\n" * bool(outcome.messages), file=sys.stderr, flush=True)
    print(f"\n{total} manuscripts: {bad} with remarks or failed, {refused} refused for their own sake")
    return 1 if bad or not total else 0


if __name__ == "__main__":
    sys.exit(main())
