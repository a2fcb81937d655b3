"""The contact form."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.requests import PersonRequest, VisitorRequest
from common import clock, limits
from helpdesk import selectors, services
from helpdesk.forms import ContactForm
from hiring.conversations.services import seen
from storefront.checkout.guests.views.current_readers import holders_of


@never_cache
@require_http_methods(["GET", "POST"])
def contact(request: VisitorRequest) -> HttpResponse:
    """Show the contact form; `?order=` attaches one of the visitor's own orders."""
    person = request.user if isinstance(request.user, User) else None
    holders = holders_of(request)
    form = ContactForm(
        request.POST or None,
        orders=selectors.orders_to_attach(holders),
        asks_email=person is None,
        initial={"order": request.GET.get("order", ""), "email": holders[0].mail_to if holders else ""}
        | ({"topic": "order"} if "order" in request.GET else {}),
    )
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, person, status=422 if form.errors else 200)
    if form.is_spam:  # same page as for others, so that the sender learns nothing
        return redirect("contact-sent")
    limits.consume(request, "contact")
    services.send_request(
        writer=person,
        email=person.email if person is not None else form.cleaned_data["email"],
        topic=form.cleaned_data["topic"],
        order=form.chosen_order,
        named_order=form.cleaned_data.get("named_order", ""),
        body=form.cleaned_data["body"],
        at=clock.now(),
    )
    return redirect("contact-sent")


@never_cache
@require_safe
def sent(request: VisitorRequest) -> HttpResponse:
    """Show what happens with a request that was sent."""
    return render(request, "helpdesk/contact_sent.html")


@login_required
@never_cache
@require_safe
def own(request: PersonRequest, public_id: str) -> HttpResponse:
    """Show what the person asked, and our answer."""
    asked = selectors.own_request(request.user, public_id)
    seen.note_seen(user=request.user, thing=asked.public_id, at=clock.now())
    return render(request, "helpdesk/own_request.html", {"asked": asked})


def _page(request: VisitorRequest, form: ContactForm, person: User | None, *, status: int) -> HttpResponse:
    return render(request, "helpdesk/contact.html", {"form": form, "person": person}, status=status)
