"""Views of the account page, the profile, and the steps around signing up and publishing."""

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

from accounts import account_links, permissions
from accounts import services as account_services
from accounts.forms import ProfileForm
from accounts.models import Deletion
from accounts.requests import PersonRequest, VisitorRequest
from accounts.services import sign_ups


@login_required
@never_cache
def account(request: PersonRequest) -> HttpResponse:
    """Show links to everything of the person's: library, dashboard, earnings, finance, security."""
    context = {
        "deletion": Deletion.objects.waiting().filter(user=request.user).first(),
        "lacks_second_factor": permissions.lacks_second_factor(request.user),
        "is_moderator": permissions.is_moderator(request.user),
        "is_operator": permissions.is_operator(request.user),
        "may_find_people": permissions.may_find_people(request.user),
        "may_see_roles": permissions.may_see_roles(request.user),
        "shared_links": account_links.links_of(request.user),
        "may_read_finance": permissions.may_read_finance(request.user),
    }
    return render(request, "accounts/account.html", context)


@login_required
@never_cache
def profile(request: PersonRequest) -> HttpResponse:
    """Edit name, country and the text about oneself."""
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
    """Turn a reader into an author with one click."""
    account_services.become_author(actor=request.user)
    return redirect("desk")


@require_POST
def sign_up_again(request: VisitorRequest) -> HttpResponse:
    """Return to the sign-up form after a mistyped address. Everything but address and password is still filled in."""
    following = sign_ups.start_again(request)
    query = f"?{urlencode({REDIRECT_FIELD_NAME: following})}" if following else ""
    return redirect(reverse("account_signup") + query)
