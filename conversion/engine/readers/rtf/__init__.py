"""The reader for RTF: a walk of our own over its tokens, straight into the Book, after RTF's specification 1.9.1.

The body is read token by token; fonts, styles, lists, codes of fields and pictures as small trees. What the reader
leaves out (running heads, comments, deleted and hidden text) is told by a finding. Any bytes are read without failing:
a file that ends too early keeps what it has, with a finding.
"""

from __future__ import annotations

from ...book.model import ReaderResult
from ...errors import AuthorFixable
from ...findings.model import Severity
from ...gate.admission import Manuscript
from ..assembly.draft import Draft
from ..assembly.paragraphs import FrontMatter
from ..assembly.structure import assemble
from .document import Document
from .insertions import Reader


def read(manuscript: Manuscript) -> ReaderResult:
    """The book in an RTF. Raises AuthorFixable when there is no file."""
    if manuscript.path is None:
        raise AuthorFixable("source.empty")
    draft = Draft()
    document = Document(manuscript.path.read_bytes(), draft)
    front = FrontMatter()
    reader = Reader(document, front)
    reader.read()
    sink = reader.story.sink
    front.apply(draft.metadata)
    if front.titles:
        sink.sizes.clear()
    if sink.blank_lines > len(sink.blocks) // 4 + 8:
        draft.count("layout.blank-lines", Severity.INFO, by=sink.blank_lines)
    return assemble(draft, sink)
