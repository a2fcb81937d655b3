"""Where a visitor lives, as far as they told us: it decides the tax, and what can be sold to them."""

from __future__ import annotations

from accounts import regions
from accounts.models import User
from accounts.region_forms import CountryForm
from accounts.requests import VisitorRequest

_SESSION_KEY = "country"


def country_of(request: VisitorRequest, person: User | None) -> str:
    """Return the country chosen now, earlier, in the profile or by the page's region; "" if none is known."""
    told = request.POST.get("country") or request.GET.get("country")
    if told and CountryForm({"country": told}).is_valid():
        request.session[_SESSION_KEY] = told
        return told
    known: str = request.session.get(_SESSION_KEY, "")
    return known or (person.country if person is not None else "") or regions.current().country
