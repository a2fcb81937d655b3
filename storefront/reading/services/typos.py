"""Takes reports of slips from readers, and the author's decisions about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from common.errors import NotFound
from conversion.engine.api import edition_text
from publishing import hooks
from publishing import permissions as publishing_permissions
from publishing.editing.models import Correction, Decision
from publishing.editing.selectors.passages import Passage
from publishing.editing.services import deciding, proposals
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


@transaction.atomic
def report_typo(*, actor: User, edition: Edition, told: TypoInput, at: datetime) -> TypoReport:
    """Save what a reader of the book proposes, and suggest it at its place in the author's text. The same again is the
    report that there is.

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
    report, is_new = TypoReport.objects.get_or_create(
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
    if is_new:
        _suggest(report, at)
        hooks.notify_text_news(edition.work, at)
    return report


@transaction.atomic
def decide(*, actor: User, work: Work, report_id: str, state: TypoState, at: datetime) -> None:
    """Decide about a report and all that are equal to it; `DONE` makes it part of the text where its words are found,
    and `OPEN` takes it out again. Deciding again changes the decision.

    Raises NotFound, and CorrectionClashes where the words were corrected otherwise meanwhile.
    """
    publishing_permissions.require_edit(actor, work)
    equal = typos.equal_reports(work, report_id)
    if not equal:
        raise NotFound
    if state == TypoState.OPEN:
        _open_again(actor, work, equal, at)
    else:
        _decide_suggestions(actor, work, equal, state, at)
    decided_at = None if state == TypoState.OPEN else at
    TypoReport.objects.filter(work=work, pk__in=equal).update(state=state, decided_at=decided_at)


def _suggest(report: TypoReport, at: datetime, *, anew: bool = False) -> None:
    passage = Passage(report.prefix, report.exact, report.suffix, report.replacement)
    found = proposals.propose_words(work=report.work, passage=passage, at=at, anew=anew)
    report.suggestions.set(found)


def _suggested_by(reports: tuple[int, ...]) -> QuerySet[Correction]:
    links = TypoReport.suggestions.through.objects.filter(typoreport__in=reports)
    return Correction.objects.filter(pk__in=links.values("correction")).order_by("pk")


def _decide_suggestions(actor: User, work: Work, reports: tuple[int, ...], state: TypoState, at: datetime) -> None:
    """Accept or decline what the reports suggest. One without a suggestion is looked for once more: the text may have
    been read only after it was made."""
    for report in TypoReport.objects.filter(pk__in=reports, suggestions=None).select_related("work").order_by("pk"):
        _suggest(report, at)
    decide_one = deciding.accept if state == TypoState.DONE else deciding.decline
    for correction in _suggested_by(reports).filter(decision=Decision.SUGGESTED):
        decide_one(actor=actor, work=work, correction=correction, at=at)


def _open_again(actor: User, work: Work, reports: tuple[int, ...], at: datetime) -> None:
    """Take what the reports suggested out of the text, and suggest it anew."""
    for correction in _suggested_by(reports).filter(decision=Decision.ACCEPTED):
        deciding.revert(actor=actor, work=work, correction=correction, at=at)
    for report in TypoReport.objects.filter(pk__in=reports).select_related("work").order_by("pk"):
        _suggest(report, at, anew=True)


def forget_suggestions(user: User) -> None:
    """Delete what the person alone proposed and no author has accepted. Called before their reports are deleted."""
    links = TypoReport.suggestions.through.objects
    others = links.exclude(typoreport__user=user).values("correction")
    theirs = links.filter(typoreport__user=user).exclude(correction__in=others).values_list("correction", flat=True)
    proposals.delete_proposals(Correction.objects.filter(pk__in=list(theirs)))


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
