"""Where a person's things are, what they tell of themselves, and the corner of every page."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import permissions
from accounts import services as account_services
from accounts.forms import ProfileForm
from accounts.models import Deletion
from accounts.requests import PersonRequest, VisitorRequest
from accounts.services import sign_ups


@login_required
@never_cache
def account(request: PersonRequest) -> HttpResponse:
    """Where a person's things are: library, desk, earnings, finance, security."""
    context = {
        "deletion": Deletion.objects.waiting().filter(user=request.user).first(),
        "lacks_second_factor": permissions.lacks_second_factor(request.user),
        "is_moderator": permissions.is_moderator(request.user),
        "is_operator": permissions.is_operator(request.user),
        "may_find_people": permissions.may_find_people(request.user),
        "may_see_roles": permissions.may_see_roles(request.user),
        "may_read_finance": permissions.may_read_finance(request.user),
    }
    return render(request, "accounts/account.html", context)


@login_required
@never_cache
def profile(request: PersonRequest) -> HttpResponse:
    """Name, country and a few words about oneself."""
    user = request.user
    initial = {
        "display_name": user.display_name,
        "country": user.country,
        "language": user.language or settings.LANGUAGE_CODE,
        "bio": user.bio,
    }
    form = ProfileForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        account_services.update_profile(actor=user, **form.cleaned_data)
        messages.success(request, _("Your profile is saved."))
        return redirect("profile")
    return render(request, "accounts/profile.html", {"form": form})


@login_required
@require_POST
def start_publishing(request: PersonRequest) -> HttpResponse:
    """One click from reader to author."""
    account_services.become_author(actor=request.user)
    return redirect("desk")


@require_POST
def sign_up_again(request: VisitorRequest) -> HttpResponse:
    """The address was mistyped: back to the form, where everything but address and password is still there."""
    following = sign_ups.start_again(request)
    query = f"?{urlencode({REDIRECT_FIELD_NAME: following})}" if following else ""
    return redirect(reverse("account_signup") + query)
