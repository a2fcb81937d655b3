"""`manage.py convert`: the engine on the command line, in its sandbox, without Django and without a database.

    manage.py convert book.docx --out book/ --formats epub,pdf --targets phone,print
    manage.py convert book.docx --out book/ --fix safe --report report.html

Prints a line for each artifact and a summary of the findings, or one message saying what is wrong and what to do. Files
appear in the folder only when all of them are complete. On a terminal a bar shows the progress.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from conversion import messages

from ..book.model import Contributor
from ..contract import FORMATS, AuthorDetails, ConversionRequest, ConversionResult, Progress
from ..covers.printed.geometry import PAPERS
from ..errors import AuthorFixable, ConversionError, Stopped
from ..findings.model import Finding, Severity
from ..findings.registry import REGISTRY
from ..process import child_user, pandoc, runner, serialise
from ..process.launch import Launch, Spawn
from ..process.sandbox import SandboxPolicy
from ..targets import TARGETS
from ..typography.designs import DESIGNS
from . import progress

EXIT_REFUSED, EXIT_USAGE, EXIT_FAULT = 1, 2, 3


def main(
    arguments: Sequence[str],
    launch: Launch = Spawn(),  # noqa: B008 (frozen)
    sandbox: SandboxPolicy | None = None,
) -> int:
    """Convert one manuscript and return the exit status: 0 done, 1 refused, 2 misused, 3 our fault."""
    options = _parser().parse_args(arguments)
    # A command that is ended must end its child and remove its temporary folder. An exception raised in the handler
    # would be lost inside a callback, such as those that run after a fork.
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: stop.set())
    try:
        policy = SandboxPolicy().of_user(os.environ.get(child_user.VARIABLE, "")) if sandbox is None else sandbox
    except ValueError as error:
        sys.stderr.write(f"{child_user.VARIABLE}: {error}\n")
        return EXIT_USAGE
    try:
        result = _convert(options, launch, policy, stop)
    except Stopped:
        return 128 + signal.SIGTERM
    except ConversionError as error:
        _tell_failure(error, as_json=options.json)
        return EXIT_REFUSED if isinstance(error, AuthorFixable) else EXIT_FAULT
    if options.report:
        from . import report as reports  # loaded only where a report is requested

        reports.write(result, options.report)
    if options.json:
        report = serialise.to_json(result) | {"repairs": serialise.to_json(_repairs(result))}
        sys.stdout.write(json.dumps(report, ensure_ascii=False, indent=1) + "\n")
    else:
        _tell_result(result)
        if options.repair:
            _tell_repairs(_repairs(result))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="manage.py convert", description="Make a book from a manuscript.")
    reads = "DOCX, ODT, RTF, EPUB, HTML, Markdown (also a ZIP with SUMMARY.md or Book.txt), plain text, PDF or CBZ"
    reads += "; LaTeX and more with the extra “pandoc”" if pandoc.program() is None else "; LaTeX and more by pandoc"
    parser.add_argument("file", type=Path, metavar="FILE", help=reads)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the artifacts")
    parser.add_argument(
        "--formats",
        type=_ListOf(FORMATS),
        default=("epub", "pdf"),
        help="formats to make, any of: " + ", ".join(FORMATS),
    )
    parser.add_argument(
        "--targets",
        type=_ListOf(tuple(TARGETS)),
        default=("phone", "ereader", "tablet", "print"),
        help="pages to make PDFs for, any of: " + ", ".join(TARGETS),
    )
    parser.add_argument("--title", default="", help="title, instead of the manuscript's own")
    parser.add_argument("--author", action="append", default=[], help="author; may be given several times")
    parser.add_argument("--language", default="", help="language, such as en, de-AT or ja")
    parser.add_argument("--cover", type=Path, metavar="FILE", help="cover picture: JPEG or PNG")
    parser.add_argument("--sample", type=int, default=10, metavar="PERCENT", help="share of the text in the sample")
    parser.add_argument("--repair", action="store_true", help="open damaged files too, and list every change")
    parser.add_argument("--design", choices=tuple(DESIGNS), default="classic", help="interior design")
    parser.add_argument(
        "--paper", choices=tuple(PAPERS), default="cream", help="paper of the printed book, for its cover"
    )
    parser.add_argument("--keep-design", action="store_true", help="keep the design of an EPUB or HTML file")
    parser.add_argument("--embed-fonts", action="store_true", help="put the design's fonts into the EPUB")
    parser.add_argument(
        "--fix",
        type=_fixes,
        default=(),
        metavar="CODE[,CODE]",
        help="findings to fix: codes, “safe” (every word stays) or “all”; each change is listed",
    )
    parser.add_argument("--report", type=Path, metavar="FILE", help="write the whole report, .html or .json")
    parser.add_argument("--jobs", type=int, default=2, help="number of processes that lay out PDF pages")
    parser.add_argument(
        "--cache", type=Path, metavar="DIR", help="cache folder: parts of earlier conversions are used, new ones added"
    )
    parser.add_argument("--json", action="store_true", help="print the whole report as JSON")
    return parser


class _ListOf:
    """An argparse type that reads "a,b" and rejects values that are not allowed."""

    def __init__(self, allowed: tuple[str, ...]) -> None:
        self.allowed = allowed

    def __call__(self, text: str) -> tuple[str, ...]:
        chosen = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
        unknown = [part for part in chosen if part not in self.allowed]
        if unknown or not chosen:
            raise argparse.ArgumentTypeError(f"choose from {', '.join(self.allowed)}")
        return chosen


def _fixes(text: str) -> tuple[str, ...]:
    """Return the codes of fixable findings: "safe" stands for those that keep every word, "all" for all of them."""
    groups = {
        "safe": tuple(code for code, check in REGISTRY.items() if check.safe),
        "all": tuple(code for code, check in REGISTRY.items() if check.fixable),
    }
    return groups.get(text.strip()) or _ListOf(groups["all"])(text)


def _convert(
    options: argparse.Namespace, launch: Launch, sandbox: SandboxPolicy, stop: threading.Event
) -> ConversionResult:
    for path in filter(None, (options.file, options.cover)):
        if not path.is_file():
            raise AuthorFixable("source.not-found")
    options.out.mkdir(parents=True, exist_ok=True)
    if options.cache is not None:
        options.cache.mkdir(parents=True, exist_ok=True)
    # Inside the target folder, so that the last step is a rename and not a copy that may fail half-way.
    with tempfile.TemporaryDirectory(prefix=".octavo-", dir=options.out) as folder:
        request = _request(options, Path(folder))
        bar = progress.for_terminal(request, is_quiet=options.json)
        try:
            result = runner.run(request, bar or _quiet, should_stop=stop.is_set, launch=launch, sandbox=sandbox)
        finally:
            if bar is not None:
                bar.clear()
        for artifact in result.artifacts:
            shutil.move(Path(folder) / artifact.path, options.out / artifact.path)
    return result


def _request(options: argparse.Namespace, out: Path) -> ConversionRequest:
    return ConversionRequest(
        source=options.file,
        name=options.file.name,
        out=out,
        formats=options.formats,
        targets=options.targets,
        overrides=AuthorDetails(
            title=options.title,
            contributors=tuple(Contributor(name) for name in options.author),
            language=options.language,
        ),
        cover=options.cover,
        sample_bps=min(100, max(1, options.sample)) * 100,
        jobs=max(1, options.jobs),
        cache=options.cache.resolve() if options.cache is not None else None,
        repair=options.repair,
        design=options.design,
        paper=options.paper,
        keep_design=options.keep_design,
        embed_fonts=options.embed_fonts,
        fixes=options.fix,
    )


def _quiet(_progress: Progress) -> None:
    """Ignore progress: without a bar the command only reports at the end."""


def _tell_result(result: ConversionResult) -> None:
    for artifact in result.artifacts:
        pages = f", {artifact.pages} pages" if artifact.pages else ""
        sys.stdout.write(f"{artifact.path}  {artifact.size_bytes / 1000:.0f} kB{pages}\n")
    count = Counter(finding.code for finding in result.findings)
    for severity in reversed(Severity):
        for finding in result.findings:
            if finding.severity is severity and count[finding.code]:
                times = f" ({count[finding.code]} times)" if count[finding.code] > 1 else ""
                message = messages.explain(finding.code, finding.facts)
                sys.stdout.write(f"{severity}: {message.title}{times} {message.advice}\n")
                count[finding.code] = 0
    for code, places in result.changed.items():
        sys.stdout.write(f"fixed: {messages.subject(code)} ({places} {'place' if places == 1 else 'places'})\n")


def _repairs(result: ConversionResult) -> list[Finding]:
    """Return the findings about everything that was changed because it was damaged, by a repair or a reader."""
    from ..repair import rebuild

    return rebuild.changes(result.findings)


def _tell_repairs(changes: list[Finding]) -> None:
    sys.stdout.write(f"changes: {len(changes)}\n")
    for finding in changes:
        where = ", ".join(filter(None, (finding.place.part, finding.chapter, finding.quote)))
        sys.stdout.write(f"  {messages.explain(finding.code, finding.facts).title}{f' [{where}]' if where else ''}\n")


def _tell_failure(error: ConversionError, *, as_json: bool) -> None:
    message = messages.explain(error.code, error.facts)
    if as_json:
        failure = serialise.error_to_json(error) | {"title": message.title, "advice": message.advice}
        sys.stdout.write(json.dumps({"error": failure}, ensure_ascii=False) + "\n")
    sys.stderr.write(f"{message.title} {message.advice}\n")
