"""What is held for milestones of contracts, in the finance office."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.requests import PersonRequest
from common import clock
from common.paging import page_of_list
from royalties.selectors import milestones
from royalties.views.decorators import for_finance


@require_GET
@for_finance
def milestone_list(request: PersonRequest) -> HttpResponse:
    """List milestones with money that waits for a decision, a bank or a refund, the oldest first."""
    at = clock.now()
    context = {
        "page": page_of_list(request, list(milestones.waiting_for(at))),
        "held": milestones.held_by_currency(),
        "too_long": milestones.held_too_long(at),
        "at": at,
    }
    return render(request, "finance/milestones.html", context)
