"""What a sale and the latest sales would earn with another price or plan for one work."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError
from royalties.forms import WhatIfForm
from royalties.selectors import earnings, plans
from royalties.services import what_if as services
from royalties.views.decorators import for_contributors


@require_GET
@for_contributors
def what_if(request: PersonRequest) -> HttpResponse:
    """Show the form and its answer. It is sent by GET, so that every question has a URL; htmx gets only the answer.

    Defaults come from the work as it is: its price, its author's plan, and the tax rate of most of its readers.
    """
    works, at = earnings.works_priced_by(request.user), clock.now()
    offered = plans.offered()
    if not works or not offered:
        return render(request, "royalties/what_if.html", {"form": None})
    given = request.GET.dict()
    work = next((work for work in works if work.public_id == given.get("work")), works[0])
    currency = given.get("currency", settings.DEFAULT_CURRENCY)
    lately = plans.sold_lately(work, currency, at)
    usual = services.usual_price(work, currency) if currency in settings.CURRENCIES else None
    assumed = {
        "work": work.public_id,
        "currency": currency,
        "price": str(usual.decimal) if usual else "5",
        "plan": (plans.plan_of(request.user, at) or offered[0]).code,
        "tax": str(lately[0].tax_rate_bps if lately else 0),
    }
    rates = [sold.tax_rate_bps for sold in lately]
    asked_rate = given.get("tax", "")
    if asked_rate not in {"0", *(str(rate) for rate in rates)}:
        given.pop("tax", None)
    form = WhatIfForm({**assumed, **given, "work": work.public_id}, works=works, plans=offered, rates=rates)
    is_fragment = "HX-Request" in request.headers
    context: dict[str, object] = {
        "form": form,
        "usual": usual,
        "days": plans.LOOKED_BACK.days,
        "is_fragment": is_fragment,
    }
    if form.is_valid():
        chosen = next(plan for plan in offered if plan.code == form.cleaned_data["plan"])
        try:
            context["answer"] = services.what_if(
                price=form.asked, plan=chosen, tax_rate_bps=form.cleaned_data["tax"], lately=lately, at=at
            )
        except DomainError as error:
            context["error"] = error.text
    return render(request, "royalties/_what_if.html" if is_fragment else "royalties/what_if.html", context)
