"""Views of the audit log for staff, and of a person's own activity."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts import access_reasons, audit_export, permissions
from accounts import services as account_services
from accounts.audit_forms import AuditFilter
from accounts.models import AuditEntry
from accounts.requests import PersonRequest
from accounts.selectors import audit_chain, audit_log
from common.errors import HiddenPage, NotFound
from common.paging import page_of

_WRITERS = {
    "csv": (audit_export.as_csv, "text/csv; charset=utf-8"),
    "jsonl": (audit_export.as_json_lines, "application/x-ndjson"),
}


def for_readers(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Return 404 for everyone without a role."""

    @wraps(view)
    def checked(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not permissions.may_read_audit_log(request.user):
            raise HiddenPage
        return view(request, *args, **kwargs)

    return never_cache(checked)


@require_GET
@for_readers
def log(request: PersonRequest) -> HttpResponse:
    """Show the entries that the reader's role allows, newest first."""
    form, found = _searched(request)
    page = page_of(request, found)
    context = {
        "form": form,
        "page": page,
        "rows": audit_log.rows(page.rows),
        "head": audit_chain.head(),
        "query": request.GET.urlencode(),
        "is_everything": permissions.is_operator(request.user),
        "has_office": permissions.may_read_finance(request.user),
    }
    return render(request, "accounts/audit_log.html", context)


@require_GET
@for_readers
def entry(request: PersonRequest, number: int) -> HttpResponse:
    """Show one entry, and whether it is as it was chained."""
    found = audit_log.entry_of(audit_log.entries_for(request.user), number)
    if found is None:
        raise NotFound
    [row] = audit_log.rows([found])
    context = {"row": row, "has_office": permissions.may_read_finance(request.user)}
    return render(request, "accounts/audit_entry.html", context)


@require_GET
@for_readers
def export(request: PersonRequest, form: str) -> StreamingHttpResponse:
    """Stream the list as a file. The export itself is recorded."""
    search, found = _searched(request)
    facts: dict[str, str | int] = {"form": form, "filter": " ".join(search.used)}
    account_services.record_audit(actor=request.user, verb="audit_log.exported", subject=request.user, facts=facts)
    write, media_type = _WRITERS[form]
    headers = {"Content-Disposition": f'attachment; filename="audit-log.{form}"'}
    lines = write(found.iterator(chunk_size=2000))
    return StreamingHttpResponse(lines, content_type=media_type, headers=headers)


def _searched(request: PersonRequest) -> tuple[AuditFilter, QuerySet[AuditEntry]]:
    """Return the search form and the matching entries; none if a field is invalid, which the page says."""
    form = AuditFilter(request.GET)
    entries = audit_log.entries_for(request.user)
    if not form.is_valid():
        return form, entries.none()
    if form.cleaned_data["person"]:
        _note_search(request)
    return form, audit_log.found(entries, **form.cleaned_data)


def _note_search(request: PersonRequest) -> None:
    """Record a search for a person.

    What the log says about one person is as private as their account page, so operators give a reason and everyone is
    recorded. The search term is not recorded, because it may be an address.
    """
    viewer = request.user
    reason = access_reasons.reason_for(request, access_reasons.PEOPLE) if permissions.may_open_people(viewer) else ""
    facts: dict[str, str | int] = {"reason": reason} if reason else {}
    account_services.record_audit(actor=viewer, verb="audit_log.searched", subject=viewer, facts=facts)


@require_GET
@login_required
@never_cache
def activity(request: PersonRequest) -> HttpResponse:
    """Show what the person did, and what was done on their account."""
    page = page_of(request, audit_log.own(request.user))
    rows = audit_log.own_rows(page.rows, request.user)
    return render(request, "accounts/activity.html", {"page": page, "rows": rows})
