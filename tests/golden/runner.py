"""Converts golden books, and writes what they find where it is not written yet.

python -m tests.golden.runner tests/golden/text/tabs.book …            prints what book and neighbour find
python -m tests.golden.runner --write tests/golden/text/tabs.book …    puts it into the files, to be read over
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from conversion.engine.findings.model import Finding
from conversion.engine.pipeline import convert

from .cases import CHAPTER, FOLDER, SUFFIX, Case, Source, line_of, read
from .sources import request_for

_PAGES = {"formats": "pdf proof", "targets": "phone print", "cover": "1000x1600"}


def findings(source: Source) -> list[Finding]:
    """All remarks on a manuscript, as an author gets them."""
    with tempfile.TemporaryDirectory() as folder:
        result = convert(request_for(source, Path(folder)), lambda progress: None)
    return list(result.findings)


class Found:
    """What books find; equal ones are converted once, and those of kind `chapter` all together."""

    def __init__(self, cases: Iterable[Case]) -> None:
        self._known: dict[str, list[Finding]] = {}
        self._chapters = [s for case in cases for s in (case.book, case.clean) if s and s.kind == CHAPTER]

    def of(self, source: Source) -> list[Finding]:
        """The remarks on one source."""
        if source.kind == CHAPTER:
            return self._of_chapter(source)
        key = repr(source)
        if key not in self._known:
            self._known[key] = findings(source)
        return self._known[key]

    def _of_chapter(self, source: Source) -> list[Finding]:
        """The remarks on pages of one chapter: pages are set in one book because a setter is slow to load."""
        if source not in self._chapters:
            self._chapters.append(source)
        text = "".join(f"<h1>Salt {n}</h1>{chapter.text}" for n, chapter in enumerate(self._chapters, 1))
        title = f"Salt {self._chapters.index(source) + 1}"
        whole = self.of(Source("html", text, {}, _PAGES))
        own = (finding for finding in whole if finding.area is not None and finding.chapter == title)
        return [replace(finding, chapter="") for finding in own]


def lines_of(code: str, found: list[Finding]) -> list[str]:
    """Findings as the lines of a file: those of the code, then the codes beside it."""
    own = [line_of(finding) for finding in found if finding.code == code]
    return own + [f"and {other}" for other in sorted({finding.code for finding in found} - {code})]


def _write(case: Case, lines: list[str]) -> None:
    text = case.path.read_text(encoding="utf-8")
    kept = text[text.index("=== book" if "=== request\n" not in text else "=== request\n") :]
    head = "=== finds\n" + "".join(f"{line}\n" for line in lines)
    case.path.write_text(head + kept, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path, nargs="*")
    parser.add_argument("--write", action="store_true", help="write the findings into the files")
    options = parser.parse_args()
    cases = [read(path.resolve()) for path in options.file or sorted(FOLDER.rglob(f"*{SUFFIX}"))]
    found = Found(cases)
    for case in cases:
        lines = lines_of(case.code, found.of(case.book))
        clean = [finding.code for finding in found.of(case.clean)] if case.clean else []
        sys.stdout.write("\n   ".join([f"== {case.code}", *lines, f"clean: {' '.join(clean)}"]) + "\n")
        if options.write:
            _write(case, lines)


if __name__ == "__main__":
    main()
