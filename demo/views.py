"""The view of the demonstration's clock, which can be moved forward so that a refund window ends while you watch."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.requests import PersonRequest
from common import clock, jobs
from common.templatetags.money import day
from demo.forms import ClockForm

# What the schedule would do within a minute.
_BY_THE_CLOCK = ("royalties.clear_due", "claims.run_clocks", "contracts.run_clocks", "requests.run_clocks")


@login_required
@never_cache
def clock_page(request: PersonRequest) -> HttpResponse:
    """Show the shop's date and move it forward."""
    form = ClockForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        moment = clock.advance(timedelta(days=form.cleaned_data["days"]))
        for task in _BY_THE_CLOCK:
            jobs.enqueue(task)
        messages.success(request, _("It is now %(date)s in this shop.") % {"date": day(moment)})
        return redirect("demo-clock")
    return render(request, "demo/clock.html", {"form": form, "now": clock.now(), "real_now": clock.real_now()})
