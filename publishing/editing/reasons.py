"""Why the engine does not take a change of the text, and what to do instead: by the codes of `engine/editing`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# What an editor of ours never sends. A page that was open during an update of this site might.
_BROKEN = _(
    "We could not read this change, so nothing was saved. Copy what you have just typed, reload the page and enter it "
    "again."
)
_TOO_MUCH = _(
    "This is too much for one save. Divide the paragraph or the chapter, or make the change in smaller steps."
)
_NOT_HERE = _(
    "A formula, note or picture in this paragraph comes from another place in the book. Put it back there, or make "
    "this change in the manuscript."
)

_REASONS: dict[str, StrOrPromise] = {
    # blocks
    "nothing-to-hang-on": _(
        "There was nothing here in the manuscript, so nothing can be put in here. Write it before or after this part."
    ),
    "object-moved": _NOT_HERE,
    "unknown-object": _NOT_HERE,
    "unknown-note": _("Notes cannot be added here yet. Add the note in the manuscript and upload it again."),
    "unknown-picture": _("This picture is not in the book. Upload it with “Replace the picture”."),
    "no-picture": _("This picture is not in the chapter any more. Reload the page."),
    "not-new-figure": _("This picture cannot be copied. Move it with “Move up” and “Move down”, or undo that."),
    "not-new-line": _("A line of verse can only stand in a verse. Choose “Verse” first, then write the line."),
    "not-new-stanza": _("A stanza can only stand in a verse. Choose “Verse” first, then write the lines."),
    "header-rows": _("The table has fewer rows than header rows. Lower the number of header rows first."),
    "empty": _("A table needs a cell and a list of definitions a term. Remove it as a whole instead."),
    "too-much": _TOO_MUCH,
    "not-a-patch": _BROKEN,
    # suggestions
    "puts-back": _(
        "This puts back words that were corrected before, which a suggestion cannot do. Undo your change, and ask for "
        "it in a comment on these words."
    ),
    # chapters
    "no-title": _("A chapter needs a title. Enter one, or merge the chapter into the one before it."),
    "chapter-attributes": _("Of a chapter that you have begun here, only the title can be changed."),
    "divided-chapter": _(
        "This chapter was begun here, inside a chapter of the manuscript, and stays behind that one. Move the chapter "
        "it was part of; or merge the two, and move the text."
    ),
    "first-chapter": _("There is no chapter before this one to merge it into."),
    "left-out-chapter": _("One of the two chapters is left out of the book. Put it back first, then merge them."),
    "not-next": _(
        "Only chapters that follow each other in the manuscript can be merged. Move this one back behind the chapter "
        "that it follows there, then merge them."
    ),
    "not-at-this-block": _(
        "A chapter cannot begin here. Begin it with the next paragraph or heading that stands by itself, then move the "
        "text between the two chapters."
    ),
    "last-chapter": _("A book needs at least one chapter. Put another one back before you leave this one out."),
    "order": _("The chapters cannot be put into this order. Reload the page and try again."),
    # what comes in
    "too-deep": _("Quotations and lists are nested too deeply here. Take some out of the ones around them."),
    "too-long": _("This paragraph is too long. Divide it in two."),
    "too-many-blocks": _("This chapter has too many paragraphs. Begin a new chapter in the middle of it."),
    "mark": _(
        "This formatting cannot be combined, such as a link within a link. Remove it and format the words again."
    ),
    "attributes": _(
        "A detail of this paragraph has a value that is not allowed. Check its language and other details."
    ),
    "alt": _("This description is too long or has signs that are not allowed. Shorten it to one or two sentences."),
    "wrong-place": _("This cannot stand here. Move it out of the table, list or verse that it is in."),
    "revision.unknown": _BROKEN,
    "own": _BROKEN,
}


def reason(code: str) -> str:
    """Return the sentence for a code; for one that only a broken request gets, a sentence that says so."""
    return str(_REASONS.get(code, _BROKEN))
