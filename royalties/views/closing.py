"""Closing a month in the finance office: one page for both people, with everything they have to check."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError, NotAllowed
from common.periods import Month
from royalties import permissions
from royalties.forms import CloseForm
from royalties.labels import month_name
from royalties.models import ClosePreparation
from royalties.selectors import clearing_accounts, reconciliation
from royalties.selectors import closing as selectors
from royalties.services import close_preparation, month_close
from royalties.views.checklist import checks_of_month
from royalties.views.decorators import for_finance
from royalties.views.finance import checked_rules


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody can do now: the URL of the form and the label of its button."""

    href: str
    label: str


@require_GET
@for_finance
def month(request: PersonRequest) -> HttpResponse:
    """Show the next month to close: the state of each check, who prepared it, and what the second person checks."""
    period, at = month_close.next_to_close(), clock.now()
    context: dict[str, object] = {"period": period}
    if period is not None:
        evidence, preparation = selectors.evidence(period, at=at), selectors.prepared(period)
        is_outdated = preparation is not None and preparation.fingerprint != evidence.fingerprint
        context |= {
            "is_over": at >= period.end,
            "evidence": evidence,
            "preparation": preparation,
            "is_outdated": is_outdated,
            "checks": checks_of_month(
                evidence,
                checked_rules(anew=False)["violations"],
                reconciliation.standing(at),
                clearing_accounts.raised(at),
            ),
            "step": _next_step(period, None if is_outdated else preparation, request.user),
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


def _next_step(period: Month, preparation: ClosePreparation | None, user: User) -> Step | None:
    """Return the step this person can take: prepare the close, or close what another person prepared; or None."""
    words = {"period": month_name(period)}
    if preparation is None:
        return Step(reverse("finance-prepare"), _("Prepare the close of %(period)s") % words)
    if preparation.prepared_by_id == user.pk:
        return None
    return Step(reverse("finance-close"), _("Close %(period)s") % words)


def _may_close(request: PersonRequest) -> None:
    if not permissions.may_close_periods(request.user):
        raise NotAllowed
