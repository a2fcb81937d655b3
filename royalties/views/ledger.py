"""The public part of the ledger, open without a log-in: daily root hashes and the script that proves a statement."""

from __future__ import annotations

from pathlib import Path

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts import services as account_services
from accounts.requests import PersonRequest
from common.errors import NotFound
from common.paging import page_of
from royalties import verify_statement
from royalties.models import DailyRoot, Statement
from royalties.selectors import protection_fund, published_roots
from royalties.services import statement_proofs
from royalties.views.decorators import for_contributors, for_finance, hidden_from_strangers

_SCRIPT = Path(verify_statement.__file__)
# Anyone may keep copies; a new root hash is published once a day.
_PUBLIC = {"Cache-Control": "public, max-age=300", "Access-Control-Allow-Origin": "*"}


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Show how to check a statement, and the root hashes, newest first."""
    context = {
        "page": page_of(request, DailyRoot.objects.order_by("-number")),
        "fund": protection_fund.balances(),
        "fund_months": protection_fund.public_months(),
    }
    return render(request, "royalties/ledger.html", context)


@require_GET
def roots(request: HttpRequest) -> HttpResponse:
    return HttpResponse(published_roots.roots_json(), content_type="application/json", headers=_PUBLIC)


@require_GET
def script(request: HttpRequest) -> HttpResponse:
    headers = {**_PUBLIC, "Content-Disposition": 'attachment; filename="verify_statement.py"'}
    return HttpResponse(_SCRIPT.read_bytes(), content_type="text/x-python; charset=utf-8", headers=headers)


@require_GET
@hidden_from_strangers
@for_contributors
def own_statement(request: PersonRequest, public_id: str) -> HttpResponse:
    """Return a contributor's own statement as a proof file."""
    return _file(_found(Statement.objects.filter(public_id=public_id, user=request.user)))


@require_GET
@for_finance
def any_statement(request: PersonRequest, public_id: str) -> HttpResponse:
    """Return anybody's statement as a proof file. The export is noted in the audit log."""
    found = _found(Statement.objects.filter(public_id=public_id))
    response = _file(found)
    account_services.record_audit(actor=request.user, verb="statement.exported", subject=found)
    return response


def _found(statements: QuerySet[Statement]) -> Statement:
    statement = statements.select_related("closed_period", "user").first()
    if statement is None:
        raise NotFound
    return statement


def _file(statement: Statement) -> HttpResponse:
    content = statement_proofs.file_of(statement)
    name = f"{statement.file_stem}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type="application/json", headers=headers)
