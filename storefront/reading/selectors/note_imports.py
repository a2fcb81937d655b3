"""A file of notes that is imported, as its page shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from common.errors import NotFound
from storefront.reading.models import FileNote, ImportState, NoteImport, Verdict

_MAX_LISTED = 100
_MAX_SHOWN = 160  # characters


@dataclass(frozen=True, slots=True)
class ListedNote:
    """A note that the page names by its words."""

    title: str
    words: str


@dataclass(frozen=True, slots=True)
class ImportPage:
    """`rows` say what becomes of how many notes; `unplaced` and `left_out` name those that are to be told, `more` how
    many others there are of these."""

    row: NoteImport
    rows: list[tuple[str, int]]
    adds: int
    unplaced: list[ListedNote]
    left_out: list[ListedNote]
    unknown_books: list[str]
    more: int

    @property
    def is_checking(self) -> bool:
        return self.row.state == ImportState.CHECKING

    @property
    def is_done(self) -> bool:
        return self.row.state == ImportState.DONE

    @property
    def add_words(self) -> str:
        return ngettext("Add %(count)d note", "Add %(count)d notes", self.adds) % {"count": self.adds}


def import_of(holders: Sequence[User], import_id: str) -> NoteImport:
    """Return an import of a person or guest. Raises NotFound."""
    row = NoteImport.objects.filter(user__in=holders, public_id=import_id).select_related("user").first()
    if row is None:
        raise NotFound
    return row


def import_page(row: NoteImport) -> ImportPage:
    counts = Counter(note.verdict for note in row.notes)
    unplaced = [note for note in row.notes if note.verdict == Verdict.UNPLACED]
    left_out = [note for note in row.notes if note.verdict in {Verdict.NOTHING, Verdict.REFUSED}]
    titles = {note.title or _("No title") for note in row.notes if note.verdict == Verdict.NO_BOOK}
    return ImportPage(
        row=row,
        rows=list(_rows(counts, is_done=row.state == ImportState.DONE)),
        adds=counts[Verdict.ADDED] + counts[Verdict.UNPLACED],
        unplaced=_listed(unplaced),
        left_out=_listed(left_out),
        unknown_books=sorted(titles)[:_MAX_LISTED],
        more=max(len(unplaced) - _MAX_LISTED, 0) + max(len(left_out) - _MAX_LISTED, 0),
    )


def _rows(counts: Counter[Verdict], *, is_done: bool) -> Iterable[tuple[str, int]]:
    """Yield what becomes of the notes, with their number."""
    words = {
        Verdict.ADDED: _("Added at their places") if is_done else _("New, and their places are known"),
        Verdict.UNPLACED: _("Added without a place") if is_done else _("New, but their words are not in the book"),
        Verdict.PRESENT: _("You have them already"),
        Verdict.NO_BOOK: _("Of books that are not in your library"),
        Verdict.NOTHING: _("Without words and without a place"),
        Verdict.REFUSED: _("More than you can keep here"),
    }
    yield from ((text, counts[verdict]) for verdict, text in words.items() if counts[verdict])


def _listed(notes: Iterable[FileNote]) -> list[ListedNote]:
    return [_listed_note(note) for note in list(notes)[:_MAX_LISTED]]


def _listed_note(note: FileNote) -> ListedNote:
    words = " ".join((note.exact or note.body or note.chapter).split())
    return ListedNote(note.title, f"{words[:_MAX_SHOWN]}…" if len(words) > _MAX_SHOWN else words)
