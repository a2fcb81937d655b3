"""Where a visitor lives, as far as they told: it decides on tax, and on what is sold to them."""

from __future__ import annotations

from accounts import regions
from accounts.models import User
from accounts.place_forms import CountryForm
from accounts.requests import VisitorRequest

_SESSION_KEY = "country"


def country_of(request: VisitorRequest, person: User | None) -> str:
    """As they chose it now, at an earlier visit, in their profile or by the page's region; "" when they did not."""
    told = request.POST.get("country") or request.GET.get("country")
    if told and CountryForm({"country": told}).is_valid():
        request.session[_SESSION_KEY] = told
        return told
    known: str = request.session.get(_SESSION_KEY, "")
    return known or (person.country if person is not None else "") or regions.current().country
