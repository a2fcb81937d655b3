"""Takes reports of slips from readers, and the author's decisions about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from common.errors import NotFound
from conversion.engine.api import edition_text
from publishing import permissions as publishing_permissions
from publishing.models import Edition, Work
from storefront.catalogue.selectors import web_book_archive
from storefront.catalogue.selectors.edition_texts import BookText, text_of
from storefront.checkout import permissions
from storefront.reading.errors import NothingToCorrect, TooManyWords, WordsNotThere
from storefront.reading.models import TypoReport, TypoState
from storefront.reading.selectors import typos


@dataclass(frozen=True, slots=True)
class TypoInput:
    """A passage of one block and what it should be. `words` are what the reader saw there."""

    block: int
    start: int
    end: int
    words: str
    replacement: str
    remark: str = ""


def report_typo(*, actor: User, edition: Edition, told: TypoInput, at: datetime) -> TypoReport:
    """Save what a reader of the book proposes. The same again is the report that there is.

    Raises NotFound, WordsNotThere, TooManyWords, NothingToCorrect.
    """
    if not permissions.may_read(actor, edition.work):
        raise NotFound
    text = text_of(edition)
    block = text.blocks[told.block] if text.has(told.block, told.start) and text.has(told.block, told.end) else ""
    selected = block[told.start : told.end]
    exact, replacement = selected.strip(), edition_text.normalised(told.replacement)
    start = told.start + len(selected) - len(selected.lstrip())
    end = start + len(exact)
    if not exact or edition_text.fold(exact) != edition_text.fold(edition_text.normalised(told.words)):
        raise WordsNotThere
    if len(exact) > TypoReport.MAX_WORDS:
        raise TooManyWords(limit=TypoReport.MAX_WORDS)
    if replacement == exact:
        raise NothingToCorrect
    prefix, suffix = text.around((told.block, start), (told.block, end))
    report, _ = TypoReport.objects.get_or_create(
        user=actor,
        edition=edition,
        block=told.block,
        start=start,
        end=end,
        replacement=replacement,
        defaults={
            "work": edition.work,
            "exact": exact,
            "prefix": prefix,
            "suffix": suffix,
            "chapter": _chapter_title(text, told.block),
            "remark": told.remark,
            "made_at": at,
        },
    )
    return report


@transaction.atomic
def decide(*, actor: User, work: Work, report_id: str, state: TypoState, at: datetime) -> None:
    """Decide about a report and all that are equal to it. Deciding again changes the decision. Raises NotFound."""
    publishing_permissions.require_edit(actor, work)
    equal = typos.equal_reports(work, report_id)
    if not equal:
        raise NotFound
    decided_at = None if state == TypoState.OPEN else at
    TypoReport.objects.filter(work=work, pk__in=equal).update(state=state, decided_at=decided_at)


def merge_guest_typos(guest: User, person: User) -> None:
    """Move a guest's reports to the person who claimed the purchases; one that the person has made, too, goes."""
    for report in TypoReport.objects.filter(user=guest):
        same = TypoReport.objects.filter(
            user=person,
            edition=report.edition_id,
            block=report.block,
            start=report.start,
            end=report.end,
            replacement=report.replacement,
        )
        if same.exists():
            report.delete()
        else:
            report.user = person
            report.save(update_fields=["user"])


def _chapter_title(text: BookText, block: int) -> str:
    """Return the title of the chapter with this block; "" in a book of pages, whose parts are pages."""
    book = web_book_archive.web_book(text.file)
    part = text.parts[block]
    return book.chapters[part].title[:300] if not book.is_pages and part < len(book.chapters) else ""
