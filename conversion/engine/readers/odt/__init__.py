"""The reader for ODT: the same shape of walk as for DOCX, over OpenDocument."""

from __future__ import annotations

from ...book.model import ReaderResult
from ...errors import AuthorFixable
from ...gate.admission import Manuscript
from ..assembly.draft import Draft
from ..assembly.paragraphs import FrontMatter
from ..assembly.sink import Sink
from ..assembly.structure import assemble
from .document import Document
from .names import OFFICE
from .walk import Walker


def read(manuscript: Manuscript) -> ReaderResult:
    """The book in an ODT. Raises AuthorFixable when a part it needs is missing or malformed."""
    draft = Draft()
    document = Document(manuscript.container(), draft)
    body = document.content.find(f"{OFFICE}body/{OFFICE}text")
    if body is None:
        raise AuthorFixable("source.part-missing", part="office:text")
    sink, front = Sink(), FrontMatter()
    walker = Walker(document, front)
    walker.walk(body, sink)
    walker.finish(sink)
    notes = Walker(document)
    while document.waiting_notes:
        note_id, element = document.waiting_notes.popleft()
        inner = Sink()
        notes.walk(element, inner)
        notes.finish(inner)
        draft.notes[note_id].blocks = inner.finish()
    front.apply(draft.metadata)
    if front.titles:
        sink.sizes.clear()
    return assemble(draft, sink)
