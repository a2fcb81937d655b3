"""The reading year, and the goal for it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from common import clock
from common.limits import limited
from storefront.shelf.forms import GoalForm
from storefront.shelf.selectors.year import reading_year
from storefront.shelf.services import goals

_FIRST = 1900


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("mark")
def year(request: PersonRequest) -> HttpResponse:
    """Show the days read and the books finished in a year, and set a goal for it."""
    today = clock.now().date()
    given = request.GET.get("year", "")
    shown = int(given) if given.isdecimal() and len(given) == 4 and _FIRST <= int(given) <= today.year else today.year
    page = reading_year(request.user, shown, today=today)
    goal = page.goal
    form = GoalForm(request.POST or None, initial={"books": goal.books, "days": goal.days} if goal else {})
    if request.method == "POST" and form.is_valid():
        goals.set_goal(actor=request.user, year=shown, **form.cleaned_data)
        return redirect(reverse("library:year") + (f"?year={shown}" if shown != today.year else ""))
    context = {"page": page, "form": form, "is_now": shown == today.year}
    return render(request, "shelf/year.html", context, status=422 if form.errors else 200)
