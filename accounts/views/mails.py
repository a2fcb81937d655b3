"""The emails that a person may choose, on one page; and stopping one kind by a link."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts import mail_choices as registry
from accounts.requests import PersonRequest, VisitorRequest
from accounts.services import mail_choices
from common import clock


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: PersonRequest) -> HttpResponse:
    """Show every choice, and save those that changed."""
    if request.method == "POST":
        if "stop_all" in request.POST:
            mail_choices.stop_all(actor=request.user, at=clock.now())
            messages.success(request, _("You get only what we have to tell you."))
        else:
            mail_choices.choose(actor=request.user, options=request.POST.dict(), at=clock.now())
            messages.success(request, _("Your choice has been saved."))
        return redirect("mail-choices")
    return render(request, "accounts/mails.html", {"choices": registry.choices_of(request.user)})


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: VisitorRequest, token: str) -> HttpResponse:
    """Stop a kind of email: a page with one button, which email programs also post to (RFC 8058). On the page it can be
    taken back.

    The link's signature is the authorization; another site could do no more with the link than its holder.
    """
    user, kind = mail_choices.parse_token(token)
    state = ""
    if request.method == "POST":
        state = "again" if "again" in request.POST else "done"
        mail_choices.set_kind(user=user, kind=kind, is_stopped=state == "done", at=clock.now())
    elif not mail_choices.is_wanted(user, kind.code):
        state = "done"
    return render(request, "accounts/mail_stop.html", {"kind": kind, "state": state})
