"""Errors of changing a text. Each says what to do, and nothing that was typed is lost."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, NotFound
from publishing.editing import reasons


class NoText(NotFound):
    """The work has no text that can be corrected, or not yet."""

    code = "editing.no_text"
    message = _("The text of this book cannot be edited yet. Open its text page and prepare the text first.")


class TextOutdated(NoText):
    """The base was stored in a form that this version cannot read."""

    code = "editing.text_outdated"
    message = _(
        "We have to read the manuscript once more before its text can be edited. Open the list of chapters: this takes "
        "only seconds, and your corrections are kept."
    )


class ChapterGone(NotFound):
    code = "editing.chapter_gone"
    message = _("This chapter is not in the book any more. Go back to the list of chapters.")


class BlockGone(NotFound):
    code = "editing.block_gone"
    message = _("This paragraph is not in the chapter any more. Go back to the chapter.")


class PictureGone(NotFound):
    code = "editing.picture_gone"
    message = _("This picture is not in the book any more. Copy what you have typed if you still need it.")


class DescriptionInvalid(DomainError):
    code = "editing.description_invalid"
    message = _("This description is too long or has signs that are not allowed. Shorten it to one or two sentences.")


class DescriptionChanged(DomainError):
    """Somebody described the picture since the page was opened. `seen` is the mark of how it is described now."""

    code = "editing.description_changed"
    message = _("Somebody has meanwhile changed this to: {now}. Save again to put what you typed in its place.")

    def __init__(self, *, now: str, seen: str) -> None:
        self.seen = seen
        super().__init__(now=now)


class BaseChanged(DomainError):
    """The manuscript was read anew since the chapter was opened."""

    code = "editing.base_changed"
    message = _(
        "A new version of the manuscript has been read while you were editing. Copy what you have just typed, reload "
        "the page and enter it again. Everything you saved before is kept."
    )


class SaveConflict(DomainError):
    """Somebody changed the same words since the chapter was opened."""

    code = "conflict"
    message = _("The same words were changed elsewhere while you had this chapter open. Nothing is lost: compare both.")

    def __init__(self, *, revision: int, document: dict[str, Any], conflicts: list[dict[str, Any]]) -> None:
        self.revision, self.document, self.conflicts = revision, document, conflicts
        super().__init__()


class ChapterInvalid(DomainError):
    """The document that was sent is not a chapter of this text, or no corrections make it of its manuscript. `rule` is
    the engine's code, which has a sentence in `reasons`."""

    code = "editing.chapter_invalid"
    status = 422

    def __init__(self, *, rule: str, block: str = "") -> None:
        self.block = block
        super().__init__(rule=rule)

    @property
    def text(self) -> str:
        return reasons.reason(str(self.facts["rule"]))


class TextInvalid(DomainError):
    """What was typed into a form of one block does not fit it."""

    code = "editing.text_invalid"
    message = _(
        "A note, formula or picture in double brackets stands twice or is not one of this text. Put each of them where "
        "it belongs once, or remove it."
    )
    status = 422


class NoSuchCell(DomainError):
    code = "editing.no_such_cell"
    message = _("The table has no such cell. Count rows from the top and columns from the start of the line.")
    status = 422


class TableHasSpans(DomainError):
    code = "editing.table_spans"
    message = _(
        "This table has cells that reach over several rows or columns, so rows and columns can only be changed in the "
        "manuscript. The words in its cells can be changed here."
    )
    status = 422


class WordsNotFound(DomainError):
    code = "editing.words_not_found"
    message = _("These words are not in the paragraph. Copy them from the text above, as they stand there.")
    status = 422


class AlreadyDecided(DomainError):
    code = "editing.already_decided"
    message = _("Somebody has already decided on this correction. Reload the page to see how.")


class CorrectionClashes(DomainError):
    code = "editing.clashes"
    message = _(
        "These words have been corrected in another way meanwhile. Open the chapter and change them there, or undo the "
        "other correction first."
    )


class NothingToResolve(DomainError):
    code = "editing.nothing_to_resolve"
    message = _("This correction fits the text again, so there is nothing to resolve.")


class NoGuess(DomainError):
    code = "editing.no_guess"
    message = _(
        "There is no place in the text where this correction would fit. Make the change in the chapter itself, then "
        "drop this one."
    )


class ChapterOrderImpossible(DomainError):
    """A chapter cannot be moved, merged, divided, left out or renamed so. `rule` is the engine's code."""

    code = "editing.order_impossible"
    status = 422

    def __init__(self, *, rule: str = "order") -> None:
        super().__init__(rule=rule)

    @property
    def text(self) -> str:
        return reasons.reason(str(self.facts["rule"]))


class FixesNotReady(DomainError):
    code = "editing.fixes_not_ready"
    message = _(
        "We are still looking for the places that this fix would change. Try again in a few seconds: nothing has been "
        "changed yet."
    )


class NothingToFix(DomainError):
    code = "editing.nothing_to_fix"
    message = _(
        "There is nothing left to fix automatically: the places are fixed already, or you have undone the fix there. "
        "Correct the others in the text itself."
    )


class NotWrittenHere(DomainError):
    code = "editing.not_written_here"
    message = _("This book has a manuscript that was uploaded. Add the chapter there and upload it again.")


class TextBeingMade(DomainError):
    code = "editing.being_made"
    message = _("Your last changes are still being made. Try again in a moment: nothing you wrote is lost.")


class CorrectionsOpen(DomainError):
    code = "editing.corrections_open"
    message = _("Some corrections still wait for a decision. Decide on them first, under Corrections, then try again.")
