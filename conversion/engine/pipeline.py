"""The stages of a conversion, in order, on one screen. Runs inside the child process; see `process/runner.py`.

    gate, read    turn the source into a Book, or refuse it
    web           chapters for the web reader, so that the author can look while the rest is made
    cover         the author's, the source's or one of ours, with thumbnails
    epub, pdf     the EPUB and its variants for some reading systems; one PDF for each target
    print-cover   back, spine and front on one sheet, as wide as the printed PDF is thick
    proof         examine every page of the PDFs, and draw the interesting ones with their problems marked
    check         compare the result with the source

Without web chapters, cover and EPUB there is no book. If anything else fails (a file, a part of one, a fix, a made
page), it is left out with a finding and the rest is delivered. Before the first such step the book so far is handed out
as a draft, for a runner whose child dies before it can report a result.
"""

from __future__ import annotations

import hashlib
import traceback
import uuid
from collections.abc import Callable
from dataclasses import replace

from . import checks, fixes, matter
from .book.model import Book, ReaderResult
from .checks import fidelity, limits
from .contract import ArtifactKind, ConversionRequest, ConversionResult, Report, Stage
from .errors import AuthorFixable, ConversionError
from .findings import not_made
from .findings.model import Finding
from .gate.admission import SourceFormat
from .readers import read_source
from .repair.codes import HOPELESS, MENDABLE
from .steps import author_details, author_patches, exports, missing_files, outputs, plain_chapters, print_covers
from .steps.run import Run

_OF_FLOWING_TEXT = frozenset(
    {"text", "structure", "scene", "layout", "emphasis", "wording", "image", "table", "code", "verse", "note"}
)
_IDENTIFIERS = uuid.UUID("6f7c1f5e-2f0b-5b0c-9a53-0c7a1d0c7a10")

type Step = tuple[str, Callable[[Run], None]]
type Draft = Callable[[ConversionResult], None]

# The steps of each format, in the order in which they run: what can be viewed soonest comes first.
ESSENTIAL: tuple[Step, ...] = (
    ("base", author_patches.make_base),
    ("book", exports.make_book),
    ("web", outputs.make_web),
    ("sample", outputs.make_web_sample),
    ("cover", outputs.make_cover),
    ("cover", outputs.make_thumbnails),
    ("epub", outputs.make_epub),
    ("sample", outputs.make_epub_sample),
)
# What is among them only because it can be viewed early, by what to call its files.
_MAY_FAIL = {
    outputs.make_web_sample: "sample for the browser",
    outputs.make_thumbnails: "small pictures of the cover",
    outputs.make_epub_sample: "sample as EPUB",
}
OTHERS: tuple[Step, ...] = (
    ("own-cover", outputs.make_own_cover),
    ("pdf", outputs.make_pdfs),
    ("print-cover", print_covers.make_print_covers),
    ("proof", outputs.make_proof),
    ("preview", outputs.make_preview),
    ("pdf", outputs.make_own_pdf),
    ("epub", exports.add_printed_pages),
    ("kepub", exports.make_kepub),
    ("kindle", exports.make_kindle),
    ("text", exports.make_text),
    ("markdown", exports.make_markdown),
    ("docx", exports.make_docx),
)


def convert(request: ConversionRequest, report: Report, draft: Draft = lambda result: None) -> ConversionResult:
    """Make everything that the request asks for in its `out` folder, and report each step to `report`.

    Raises AuthorFixable for a source that cannot become a book, ConversionError where nothing at all could be made.
    """
    run = Run(request, report)
    run.tell(Stage.GATE, kilobytes=-(-request.source.stat().st_size // 1000))
    outputs.take_cover(run)
    read(run)
    run.tell(Stage.READ, None, **run.reading_facts())
    for wanted, step in _asked_for(ESSENTIAL, request):
        _make_essential(run, wanted, step)
    _make_others(run, draft)
    run.tell(Stage.CHECK)
    check(run)
    result = run.result()
    run.tell(Stage.DONE, artifacts=len(result.artifacts), findings=len(result.findings))
    return result


def _make_essential(run: Run, wanted: str, step: Callable[[Run], None]) -> None:
    """Make a part of the book; where it fails at chapters, these are reduced to their words first."""
    try:
        step(run)
    except (ConversionError, MemoryError, RecursionError, OSError):
        raise
    except Exception as error:
        traceback.print_exc()
        if plain_chapters.replace_unwritable(run):
            step(run)
        elif step in _MAY_FAIL:
            run.findings.append(not_made.file(_MAY_FAIL[step], wanted, not_made.cause_of(error)))
        else:
            raise


def _asked_for(steps: tuple[Step, ...], request: ConversionRequest) -> list[Step]:
    return [(wanted, step) for wanted, step in steps if wanted in request.formats]


def _make_others(run: Run, draft: Draft) -> None:
    """Make the parts that a book can do without. A failure is reported; it is raised only where nothing else was
    made."""
    steps = _asked_for(OTHERS, run.request)
    if run.artifacts and "pdf" in run.request.formats:
        check(run)
        result = run.result()
        draft(replace(result, findings=(*result.findings, *missing_files.all_of(run))))
    failures: list[Exception] = []
    for wanted, step in steps:
        try:
            step(run)
        except Exception as error:
            traceback.print_exc()
            run.findings += missing_files.of_step(run, wanted, error, is_own=step is outputs.make_own_pdf)
            failures.append(error)
    if failures and not run.artifacts:
        raise failures[0]


def read(run: Run) -> None:
    """Run gate and reader, apply the author's details over the manuscript's, the requested fixes, the author's
    patches, the checks, and the pages made from the record. Fixes come first, so that no machine alters what a person
    wrote; the made pages last, so that no check, word count or patch includes them."""
    request = run.request
    run.findings += _read_and_fix(run)
    author_patches.apply(run)
    run.analysis = checks.analyse(run.book)
    limits.refuse_over_limits(run.analysis)
    told = {finding.code for finding in run.findings}
    found = [f for f in checks.of_book(run.analysis) if f.code not in told and _concerns(run.book, f)]
    run.findings = [author_patches.with_blocks(finding, run.numbers) for finding in (*run.findings, *found)]
    if request.matter is not None:
        run.book = matter.add_matter(run.book, request.matter, lambda page: run.allow("matter.not-made", page))


def _read_and_fix(run: Run) -> list[Finding]:
    """Read the source into a Book with the author's details and fixes; return what was found on the way. A fix that
    fails may have changed a part of the Book, which is read again for the others."""
    request, codes = run.request, set(run.request.fixes)
    while True:
        source_format, reading = _reading(request)
        run.source_format, run.book = str(source_format), reading.book
        found = author_details.open_findings(reading.findings, request)
        found += author_details.complete(run.book, request, lambda: _identifier(request))
        if not codes or run.book.is_fixed:
            return found
        try:
            run.fixed = fixes.apply_fixes(run.book, codes)
        except fixes.FixFailed as failure:
            traceback.print_exc()
            run.note_failed_fix(failure.code)
            codes.discard(failure.code)
        else:
            return found


def _concerns(book: Book, finding: Finding) -> bool:
    """Return whether a finding applies: the typing and typography of drawn pages can no longer be corrected here."""
    return not book.is_fixed or finding.code.partition(".")[0] not in _OF_FLOWING_TEXT


def _reading(request: ConversionRequest) -> tuple[SourceFormat, ReaderResult]:
    """Return what a reader makes of the source; where a repair was requested, of what can be saved of it."""
    try:
        return read_source(request.source, request.name, keep_design=request.keep_design)
    except AuthorFixable as error:
        if not request.repair or error.code not in MENDABLE:
            raise
        refusal = error
    from .repair import rebuild  # seldom requested

    rebuilt = rebuild.rebuild(request.source, request.out / ".repaired", refusal)
    try:
        source_format, reading = read_source(rebuilt.path, request.name, keep_design=request.keep_design)
    except AuthorFixable as error:
        raise refusal if error.code in HOPELESS else error from None
    finally:
        rebuilt.path.unlink()
    reading.findings[:0] = rebuilt.findings
    return source_format, reading


def check(run: Run) -> None:
    """Compare the EPUB with what was read, unless it is the one that was checked last."""
    epub = next((file for file in run.artifacts if file.kind is ArtifactKind.EPUB), None)
    if epub is not None and epub.sha256 != run.checked:
        run.checked = epub.sha256
        try:
            run.fidelity = fidelity.of_epub(run.analysis, run.request.out / epub.path)
        except (MemoryError, RecursionError):
            raise
        except Exception:
            traceback.print_exc()
            run.fidelity = [checks.failed_checks(1)]


def _identifier(request: ConversionRequest) -> str:
    """Return an identifier for a book without one: always the same for the same file."""
    digest = hashlib.sha256(request.source.read_bytes()).hexdigest()
    return f"urn:uuid:{uuid.uuid5(_IDENTIFIERS, digest)}"
