"""The contributor's fee plan: the plans on offer, what each would have cost, and the choice for next month."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import PersonRequest
from common import clock
from common.periods import Month
from royalties.forms import PlanForm
from royalties.selectors import plans as plan_selectors
from royalties.services import plans
from royalties.views.decorators import for_contributors


@require_GET
@for_contributors
def plan(request: PersonRequest) -> HttpResponse:
    """Compare all plans. `?currency=` shows the fees in another currency."""
    asked = request.GET.get("currency", "")
    currency = asked if asked in settings.CURRENCIES else settings.DEFAULT_CURRENCY
    at = clock.now()
    context = {
        "page": plan_selectors.plan_page(user=request.user, currency=currency, at=at),
        "currency": currency,
        "currencies": settings.CURRENCIES,
        "starts_at": Month.of(at).end,
    }
    return render(request, "royalties/plan.html", context)


@require_POST
@for_contributors
def choose(request: PersonRequest) -> HttpResponse:
    form = PlanForm(request.POST)
    if form.is_valid():
        plans.choose_plan(
            actor=request.user,
            code=form.cleaned_data["plan"],
            currency=form.cleaned_data["currency"],
            at=clock.database_now(),
        )
        messages.success(request, _("You have chosen your plan. It starts next month."))
    return redirect("earnings-plan")
