"""Where a reader reports a typo, and sees what became of those they reported."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.requests import VisitorRequest
from common import clock
from common.errors import DomainError
from common.limits import limited
from storefront.catalogue.selectors.edition_texts import BookText, text_of
from storefront.reading.forms import TypoForm
from storefront.reading.selectors import typos
from storefront.reading.selectors.books import Reading
from storefront.reading.selectors.typos import Passage
from storefront.reading.services import typos as typo_services
from storefront.reading.services.typos import TypoInput
from storefront.reading.views.access import elsewhere, own_book, reader_url

_MAX_CHOICES = 20


@never_cache
@limited("typo")
@require_http_methods(["GET", "HEAD", "POST"])
def typo(request: VisitorRequest, slug: str) -> HttpResponse:
    """Report a typo, from this page or from the reader's script, which asks for JSON."""
    is_script = request.headers.get("Accept") == "application/json"
    found = own_book(request, slug, request.POST.get("edition", ""))
    if found is None:
        if is_script or request.method == "POST":
            raise Http404
        return elsewhere(request, slug)
    reading, reader = found
    if reading.work.is_personal:  # it has no author here
        raise Http404
    form = _form(request, reading)
    is_sent = False
    if request.method == "POST" and form.is_valid():
        passages = _passages(form, reading)
        if len(passages) > 1:
            form = _form(request, reading, passages)
        elif passages:
            is_sent = _send(form, reading, reader, passages[0])
    if is_script:
        errors = {name: [str(error) for error in several] for name, several in form.errors.items()}
        return JsonResponse({"errors": errors}, status=200 if is_sent else 422)
    if is_sent:
        messages.success(request, _("Thank you. The author sees your proposal at its place in the book."))
        return redirect(reader_url("typo", slug))
    context = {"form": form, "reading": reading, "book": reading.book, "own": typos.own_findings(reader, reading.work)}
    return render(request, "reading/typo.html", context, status=422 if form.errors else 200)


def _form(request: VisitorRequest, reading: Reading, passages: Sequence[Passage] = ()) -> TypoForm:
    chapters = [(one.id, one.title) for one in reading.book.chapters]
    initial = {"edition": reading.edition.public_id, "chapter": request.GET.get("chapter", "")}
    return TypoForm(request.POST or None, chapters=chapters, passages=passages, initial=initial)


def _passages(form: TypoForm, reading: Reading) -> list[Passage]:
    """Return the passage that was chosen, or those with the words. If there is none, add to the form's errors."""
    text = text_of(reading.edition)
    if form.chosen is not None and text.has(*form.chosen[:2]):
        return [typos.passage_at(text, *form.chosen)]
    index = reading.book.index_of(form.cleaned_data["chapter"])
    found = typos.passages(text, _blocks(text, reading, index), form.cleaned_data["words"])
    if not found:
        form.add_error("words", _("We did not find these words in this chapter. Copy them exactly as they are."))
    if len(found) > _MAX_CHOICES:
        form.add_error("words", _("These words are there many times. Add a word or two that stand around them."))
        return []
    return found


def _blocks(text: BookText, reading: Reading, index: int | None) -> range | list[int]:
    """Return the numbers of a chapter's blocks. In a book of pages, look in all of them."""
    if reading.book.is_pages:
        return range(len(text.blocks))
    return [number for number, part in enumerate(text.parts) if part == index]


def _send(form: TypoForm, reading: Reading, reader: User, passage: Passage) -> bool:
    """Report what a valid form says about the passage; otherwise add to its errors."""
    told = TypoInput(
        block=passage.block,
        start=passage.start,
        end=passage.end,
        words=form.cleaned_data["words"],
        replacement=form.cleaned_data["replacement"],
        remark=form.cleaned_data["remark"],
    )
    try:
        typo_services.report_typo(actor=reader, edition=reading.edition, told=told, at=clock.now())
    except DomainError as error:
        form.add_error("words", error.text)
        return False
    return True
