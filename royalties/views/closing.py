"""Closing a month in the finance office: one page for both people, with everything they have to check."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError, NotAllowed
from common.periods import Month
from royalties import permissions
from royalties.forms import CloseForm
from royalties.selectors import clearing_accounts, reconciliation
from royalties.selectors import closing as selectors
from royalties.services import close_preparation, month_close
from royalties.views.decorators import for_finance
from royalties.views.finance import checked_rules


@require_GET
@for_finance
def month(request: PersonRequest) -> HttpResponse:
    """Show the next month to close: the state of each check, who prepared it, and what the second person checks."""
    period, at = month_close.next_to_close(), clock.now()
    context: dict[str, object] = {"period": period}
    if period is not None:
        evidence, preparation = selectors.evidence(period, at=at), selectors.prepared(period)
        context |= {
            "is_over": at >= period.end,
            "evidence": evidence,
            "preparation": preparation,
            "is_outdated": preparation is not None and preparation.fingerprint != evidence.fingerprint,
            "is_mine": preparation is not None and preparation.prepared_by_id == request.user.pk,
            "checked": checked_rules(anew=False),
            "standing": reconciliation.standing(at),
            "raised": clearing_accounts.raised(at),
            "may_close": permissions.may_close_periods(request.user),
        }
    return render(request, "finance/close.html", context)


@require_POST
@for_finance
def prepare(request: PersonRequest) -> HttpResponse:
    """Record that the first person has checked everything."""
    _may_close(request)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return redirect("finance-month")
    try:
        made = close_preparation.prepare_close(
            actor=request.user, period=Month.parse(form.cleaned_data["period"]), at=clock.database_now()
        )
    except NotAllowed:
        raise
    except DomainError as problem:
        messages.error(request, problem.text)
    else:
        messages.success(request, _("%(month)s is prepared. Another person has to close it.") % {"month": made})
    return redirect("finance-month")


@require_POST
@for_finance
def close(request: PersonRequest) -> HttpResponse:
    """Close the month as the second person: check again, create the statements, lock the month."""
    _may_close(request)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return redirect("finance-month")
    try:
        closed = month_close.close_period(
            actor=request.user, period=Month.parse(form.cleaned_data["period"]), at=clock.database_now()
        )
    except NotAllowed:
        raise
    except DomainError as problem:
        messages.error(request, problem.text)
        return redirect("finance-month")
    count = closed.statements.count()
    text = ngettext(
        "%(month)s is closed, with %(count)d statement.", "%(month)s is closed, with %(count)d statements.", count
    )
    messages.success(request, text % {"month": closed, "count": count})
    return redirect("finance")


def _may_close(request: PersonRequest) -> None:
    if not permissions.may_close_periods(request.user):
        raise NotAllowed
