"""Whether a reader is counted: the setting, which the end of a book asks for once."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import PersonRequest
from common import clock
from common.limits import limited
from insight.completion.selectors import consents
from insight.completion.services import consents as consent_services


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("mark")
def setting(request: PersonRequest) -> HttpResponse:
    """Show the setting and change it. A script at the end of a book is told by an empty answer."""
    if request.method != "POST":
        return render(request, "completion/setting.html", {"agrees": consents.agrees(request.user)})
    agrees = request.POST.get("agrees") == "yes"
    consent_services.decide(reader=request.user, agrees=agrees, at=clock.now())
    if request.headers.get("Sec-Fetch-Dest") == "empty":
        return HttpResponse(status=204)
    messages.success(request, _("You are counted from now on.") if agrees else _("You are not counted."))
    return redirect("completion:setting")


@login_required
@never_cache
@require_POST
@limited("mark")
def asked(request: PersonRequest) -> HttpResponse:
    """Note that the end of a book has asked, so that it does not ask again."""
    consent_services.note_asked(request.user)
    return HttpResponse(status=204)
