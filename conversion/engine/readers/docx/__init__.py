"""The reader for DOCX: an own walk over WordprocessingML, straight into the Book.

`read` opens the package, walks the body and the notes, and hands the flat row of blocks to `structure`.
Tracked changes are accepted, comments and running heads left out, generated contents lists dropped;
each of these is told by a finding.
"""

from __future__ import annotations

from ...book.model import ReaderResult
from ...errors import AuthorFixable
from ...findings.model import Severity, SourcePlace
from ...findings.registry import severity
from ...gate.admission import Manuscript
from ...gate.xml import Element
from ..assembly.draft import Draft
from ..assembly.paragraphs import FrontMatter
from ..assembly.sink import Sink
from ..assembly.structure import assemble
from .blocks import Blocks
from .document import Document, core_metadata
from .names import W
from .package import Package


def read(manuscript: Manuscript) -> ReaderResult:
    """The book in a DOCX. Raises AuthorFixable when a part it needs is missing or malformed."""
    draft = Draft()
    package = Package(manuscript.container())
    core_metadata(package, draft)
    document = Document(package, draft)
    body = document.body.root.find(W + "body")
    if body is None:
        raise AuthorFixable("source.part-missing", part="w:body")
    sink, front = Sink(), FrontMatter()
    blocks = Blocks(document, document.body, front)
    blocks.walk(body, sink)
    blocks.finish(sink)
    _read_notes(document)
    _tell_layout(document.body.root, sink, draft)
    for code, part in package.repairs:
        draft.count(code, severity(code), part, SourcePlace(part))
    front.apply(draft.metadata)
    if front.titles:
        sink.sizes.clear()
    return assemble(draft, sink)


def _read_notes(document: Document) -> None:
    """Notes in the order of their references; a note may refer to others, which then wait their turn."""
    walkers: dict[str, Blocks] = {}
    while document.waiting_notes:
        note_id, story, element = document.waiting_notes.popleft()
        walker = walkers.setdefault(story.part, Blocks(document, story))
        sink = Sink()
        walker.walk(element, sink)
        walker.finish(sink)
        document.draft.notes[note_id].blocks = sink.finish()


def _tell_layout(root: Element, sink: Sink, draft: Draft) -> None:
    if root.find(f".//{W}headerReference") is not None or root.find(f".//{W}footerReference") is not None:
        draft.count("source.running-heads-dropped", Severity.INFO)
    if sink.blank_lines > len(sink.blocks) // 4 + 8:
        draft.count("layout.blank-lines", Severity.INFO, by=sink.blank_lines)
