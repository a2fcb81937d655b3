"""Converts golden books, and writes what they find where it is not written yet.

python -m tests.golden.runner text/tabs.book …      prints what the book and its neighbour find
python -m tests.golden.runner --write text/tabs.book …     puts it into the files, to be read before it is kept
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from conversion.engine.book import Finding
from conversion.engine.pipeline import convert

from .cases import FOLDER, SUFFIX, Case, Source, line_of, read
from .sources import request_for


def findings(source: Source) -> list[Finding]:
    """All remarks on a manuscript, as an author gets them."""
    with tempfile.TemporaryDirectory() as folder:
        result = convert(request_for(source, Path(folder)), lambda progress: None)
    return list(result.findings)


def lines_of(code: str, found: list[Finding]) -> list[str]:
    """Findings as the lines of a file: those of the code, then the codes beside it."""
    own = [line_of(finding) for finding in found if finding.code == code]
    return own + [f"and {other}" for other in sorted({finding.code for finding in found} - {code})]


def _write(case: Case, lines: list[str]) -> None:
    text = case.path.read_text(encoding="utf-8")
    kept = text[text.index("=== book") if "=== request" not in text else text.index("=== request") :]
    head = "=== finds\n" + "".join(f"{line}\n" for line in lines)
    case.path.write_text(head + kept, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path, nargs="*")
    parser.add_argument("--write", action="store_true", help="write the findings into the files")
    options = parser.parse_args()
    for path in options.file or sorted(FOLDER.rglob(f"*{SUFFIX}")):
        case = read(path.resolve())
        lines = lines_of(case.code, findings(case.book))
        print(f"== {case.code}", *lines, sep="\n   ")
        if case.clean is not None:
            print("   clean:", *[finding.code for finding in findings(case.clean)])
        if options.write:
            _write(case, lines)


if __name__ == "__main__":
    main()
