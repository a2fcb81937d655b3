"""What the desk begins with, above the list of works."""

from __future__ import annotations

from django.template.loader import render_to_string

from accounts.requests import PersonRequest
from common import clock
from common.periods import Month
from insight.figures.charts import bar_chart
from insight.figures.selectors import funnel, home
from insight.figures.selectors.periods import Period
from insight.figures.services import looks
from insight.figures.steps import steps_of
from royalties.selectors import payout_flow
from storefront.pages import menu_hooks


def desk_home(request: PersonRequest) -> str:
    """Return what happened since the last visit and what to do next, as HTML; "" if the person has nothing here yet."""
    at = clock.now()
    has_works = home.has_works(request.user)
    if not has_works and not home.has_business(request.user):
        return ""
    since, period = looks.look(actor=request.user, at=at), Period.of("30", at)
    figures = funnel.of_owner(request.user, period)
    flows = payout_flow.payout_flows_of(request.user, at)
    context = {
        "since": since,
        "elsewhere": [] if has_works else menu_hooks.menu_for(request.user).links,
        "news": home.news_since(request.user, since),
        "todo": home.todo(request.user, flows),
        "payable": home.payable_of(flows),
        "clearing": home.clearing_of(flows),
        "claimed": home.claimed_of(flows),
        "month": funnel.earned_since(request.user, Month.of(at).start),
        "figures": figures,
        "period": period,
        "funnel": steps_of(figures, period),
        "sales_chart": bar_chart([(day.day, day.sales) for day in figures.days]),
    }
    return render_to_string("figures/_home.html", context, request)
