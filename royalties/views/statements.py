"""What the statement pages of contributors and of finance share: content, the entries behind a figure, and files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import NotFound
from common.money import Money
from common.paging import page_of
from payments import selectors as payment_selectors
from royalties import exports
from royalties.labels import month_name, signed
from royalties.models import JournalEntry, MovementKind, Statement, StatementLine
from royalties.selectors import provider_objects as provider_selectors
from royalties.selectors import statements

_FILES = {
    "pdf": (exports.statement_pdf, "application/pdf"),
    "csv": (exports.statement_csv, "text/csv; charset=utf-8"),
    "xlsx": (exports.statement_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@dataclass(frozen=True, slots=True)
class Pages:
    """The URL names of the pages and files that a statement links to."""

    file: str
    proof: str
    movement: str
    figure: str
    line: str
    entry: str


OWN_PAGES = Pages(
    file="earnings-statement-file",
    proof="earnings-statement-json",
    movement="earnings-statement-movement",
    figure="earnings-statement-figure",
    line="earnings-statement-line",
    entry="earnings-entry",
)
FINANCE_PAGES = Pages(
    file="finance-statement-file",
    proof="finance-statement-json",
    movement="finance-statement-movement",
    figure="finance-statement-figure",
    line="finance-statement-line",
    entry="finance-entry",
)


def content(statement: Statement, pages: Pages) -> dict[str, Any]:
    """Return the context of a statement's page."""
    return {
        "statement": statement,
        "pages": pages,
        "content": statements.content_of(statement),
        "releases": statements.releases_ahead(statement),
        "closed": statement.closed_period,
    }


def movement(request: HttpRequest, statement: Statement, kind: str) -> dict[str, Any]:
    """Return the context with the entries of one movement. Raises NotFound."""
    found = statement.movements.filter(kind=kind).first()
    if found is None:
        raise NotFound
    rows = statements.entries_of_movement(statement, MovementKind(kind))
    text = _("%(period)s: %(amount)s. It consists of these entries.")
    words = {"period": month_name(statement.period), "amount": signed(found.amount_minor, statement.currency)}
    return _opened(request, statement, found.get_kind_display(), rows, text % words)


def figure(request: HttpRequest, statement: Statement, name: str) -> dict[str, Any]:
    """Return the context with the entries behind a balance or total. Raises NotFound."""
    label = statements.label_of(name)
    if label is None:
        raise NotFound
    text = _("The entries behind this figure, up to %(period)s, newest first.") % {
        "period": month_name(statement.period)
    }
    return _opened(request, statement, label, statements.entries_of_figure(statement, name), text)


def line(request: HttpRequest, statement: Statement, position: int) -> dict[str, Any]:
    """Return the context with the sales and returns that one line counts. Raises NotFound."""
    found = StatementLine.objects.filter(statement=statement, position=position).select_related("statement").first()
    if found is None:
        raise NotFound
    text = _("%(period)s: %(sold)s sold, %(returned)s returned, royalty %(royalty)s. It consists of these entries.")
    words = {
        "period": month_name(statement.period),
        "sold": found.sold,
        "returned": found.returned,
        "royalty": signed(found.royalty_minor, statement.currency),
    }
    return _opened(request, statement, found.title, statements.entries_of_line(found), text % words)


def file(statement: Statement, form: str) -> HttpResponse:
    """Return the statement as a PDF, CSV or XLSX file. Raises NotFound for any other format."""
    if form not in _FILES:
        raise NotFound
    make, content_type = _FILES[form]
    name = f"{statement.file_stem}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(make(statement), content_type=content_type, headers=headers)


def provider(entry: JournalEntry, user: User | None = None) -> dict[str, Any]:
    """Return the provider's objects that an entry books, or the nearest entry that has one, as context."""
    objects = provider_selectors.objects_of(entry)
    return {
        "objects": objects,
        "nearest": None if objects else provider_selectors.nearest_with_object(entry, user),
    }


def provider_object(request: HttpRequest, object_id: str, *, base: str) -> HttpResponse:
    """Show one object of the simulated provider, read-only, in the layout `base`; with `?format=json`, as JSON.

    Raises NotFound, also when the provider is a real one.
    """
    found = payment_selectors.sandbox_object(object_id) if settings.PAYMENTS_SANDBOX else None
    if found is None:
        raise NotFound
    if request.GET.get("format") == "json":
        return JsonResponse(found, json_dumps_params={"indent": 2})
    currency = str(found["currency"] or "").upper()
    context = {
        "base": base,
        "found": found,
        "amount": Money(int(found["amount"]), currency) if found["amount"] is not None and currency else None,
        "created": datetime.fromtimestamp(int(found["created"]), UTC) if found["created"] else None,
    }
    return render(request, "royalties/provider_object.html", context)


def _opened(request: HttpRequest, statement: Statement, title: str, rows: Any, summary: str) -> dict[str, Any]:
    page = page_of(request, JournalEntry.objects.filter(pk__in=rows.order_by().values("pk")).order_by("-pk"))
    return {"statement": statement, "title": title, "summary": summary, "page": page, "entries": page.rows}
