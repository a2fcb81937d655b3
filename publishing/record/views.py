"""The page for what shops and libraries ask of a book."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError
from publishing import permissions, selectors
from publishing.models import Edition
from publishing.record import services, thema_codes
from publishing.record.errors import (
    IsbnTaken,
    KeywordInTitle,
    KeywordNamesAuthor,
    KeywordTooLong,
    MainSubjectIsQualifier,
    MiningNotReservable,
    SourceMissing,
    SubjectUnknown,
    TooManyKeywords,
    TooManySubjects,
)
from publishing.record.forms import RecordForm
from publishing.views.loading import load_edition
from publishing.views.steps import page_context

# The field that each error belongs to.
_FIELDS: dict[type[DomainError], str] = {
    **dict.fromkeys((KeywordInTitle, KeywordNamesAuthor, KeywordTooLong, TooManyKeywords), "keywords"),
    **dict.fromkeys((MainSubjectIsQualifier, SubjectUnknown, TooManySubjects), "find"),
    MiningNotReservable: "is_mining_reserved",
    SourceMissing: "public_domain_source",
}


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: PersonRequest, public_id: str) -> HttpResponse:
    """Show and save the record. `act=find` searches for subjects and keeps what was typed without saving it."""
    edition = load_edition(request, public_id, permissions.require_publish)
    initial = RecordForm.initial_of(edition.work)
    if request.method != "POST":
        return _page(request, edition, RecordForm(initial=initial))
    if request.POST.get("act") == "find":
        typed = {name: request.POST.get(name, "") for name in RecordForm.base_fields} | {
            "subjects": RecordForm.chosen(request.POST.getlist("subjects"), request.POST.get("main", "")),
        }
        return _page(request, edition, RecordForm(initial=typed, current=initial), found=request.POST.get("find", ""))
    form = RecordForm(request.POST, initial=initial)
    if form.is_valid() and _save(request, edition, form):
        return redirect("work-record", public_id)
    return _page(request, edition, form)


def _save(request: PersonRequest, edition: Edition, form: RecordForm) -> bool:
    try:
        services.update_record(actor=request.user, work=edition.work, record=form.record, at=clock.now())
    except IsbnTaken as error:
        form.add_error(f"isbn_{error.facts['format']}", error.text)
    except DomainError as error:
        form.add_error(_FIELDS.get(type(error)), error.text)
    else:
        messages.success(request, _("Record saved."))
        return True
    return False


def _page(request: PersonRequest, edition: Edition, form: RecordForm, *, found: str | None = None) -> HttpResponse:
    chosen = [str(code) for code in form["subjects"].value() or [] if thema_codes.is_known(str(code))]
    chosen = RecordForm.chosen(chosen, str(form["main"].value() or ""))
    hits = [one for one in thema_codes.search(found[:60]) if one.code not in chosen] if found else []
    context = page_context(request.user, edition) | {
        "form": form,
        "chosen": [thema_codes.subject(code) for code in chosen],
        "hits": hits,
        "asked": (found or "").strip(),
        "is_unsaved": found is not None,
        "files_wait": selectors.published_of(edition.work) is not None and selectors.are_files_stale(edition),
    }
    return render(request, "publishing/record.html", context, status=422 if form.errors else 200)
