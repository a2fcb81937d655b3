"""Staff views: roles, the reason for opening other people's data, and people as each kind of staff may see them.

For everyone else these pages return 404.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Page, Paginator
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access_reasons, permissions, selectors
from accounts import services as account_services
from accounts.models import Deletion, Role, RoleGrant, User
from accounts.permissions import Visitor
from accounts.requests import PersonRequest
from accounts.services import data_copies, deletions, roles
from accounts.staff_forms import GrantForm, PeopleFilter, WhyForm
from accounts.staff_sessions import recent_login_to_change
from common import clock
from common.errors import DomainError, HiddenPage, NotAllowed, NotFound

_PAGE_LENGTH = 25

type View = Callable[..., HttpResponseBase]


def for_staff(may: Callable[[Visitor], bool]) -> Callable[[View], View]:
    """Return 404 for everyone else. Changes need a recent log-in."""

    def decorate(view: View) -> View:
        guarded = recent_login_to_change(view)

        @wraps(view)
        def checked(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not may(request.user):
                raise HiddenPage
            return guarded(request, *args, **kwargs)

        return never_cache(checked)

    return decorate


# ---------------------------------------------------------------- roles


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff(permissions.may_see_roles)
def role_list(request: PersonRequest) -> HttpResponse:
    """Show who holds which role, what waits for a second person, and a form for operators."""
    may_grant = permissions.is_operator(request.user)
    form = GrantForm(request.POST or None, initial={"email": request.GET.get("email", "")})
    if request.method == "POST" and not may_grant:
        raise NotAllowed
    if request.method == "POST" and form.is_valid():
        try:
            made = roles.grant(
                actor=request.user, person=form.person, role=Role(form.cleaned_data["role"]), at=clock.now()
            )
        except DomainError as problem:
            form.add_error(None, problem.text)
        else:
            messages.success(request, _given(made))
            return redirect("staff-roles")
    context = {
        "people": [(person, _roles_of(person)) for person in selectors.staff()],
        "waiting": [
            (
                grant,
                permissions.may_confirm_role(request.user, grant),
                permissions.may_decline_role(request.user, grant),
            )
            for grant in selectors.waiting_grants()
        ],
        "form": form if may_grant else None,
    }
    return render(request, "accounts/staff/roles.html", context, status=422 if form.errors else 200)


@require_POST
@for_staff(permissions.may_see_roles)
def decide_role(request: PersonRequest, grant_id: str) -> HttpResponse:
    """Confirm or decline a proposed role. The person who proposed it may withdraw it."""
    found = RoleGrant.objects.select_related("person").filter(public_id=grant_id).first()
    if found is None:
        raise NotFound
    decision = request.POST.get("decision")
    if decision not in {"confirm", "decline"}:
        raise BadRequest("decision")
    if decision == "confirm":
        roles.confirm(actor=request.user, grant=found, at=clock.now())
        messages.success(request, _("%(name)s now has this role.") % {"name": found.person})
    else:
        roles.decline(actor=request.user, grant=found, at=clock.now())
        messages.success(request, _("%(name)s was not given this role.") % {"name": found.person})
    return redirect("staff-roles")


@require_POST
@for_staff(permissions.may_see_roles)
def take_role(request: PersonRequest, public_id: str, role: str) -> HttpResponse:
    """Remove a role at once: from the next request on, the person is a reader."""
    if role not in Role.values:
        raise NotFound
    person = _person(public_id)
    roles.remove_role(actor=request.user, person=person, role=Role(role), at=clock.now())
    messages.success(request, _("%(name)s no longer has this role.") % {"name": person})
    return redirect("staff-roles")


def _given(grant: RoleGrant) -> str:
    if grant.confirmed_at is None:
        return _("The role is proposed. A second person has to confirm it.")
    return _("%(name)s now has this role.") % {"name": grant.person}


def _roles_of(person: User) -> list[tuple[Role, bool]]:
    """Return the person's roles, and whether the page can remove each: operators are removed by the command."""
    return [(role, role != Role.OPERATOR) for role in Role if getattr(person, role.flag)]


# ---------------------------------------------------------------- why


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def why(request: PersonRequest, key: str) -> HttpResponse:
    """Ask an operator once an hour why they open this, then continue there."""
    if not permissions.is_operator(request.user):
        raise HiddenPage
    form = WhyForm(request.POST or None)
    onward = request.POST.get("next") or request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(onward, allowed_hosts=None):
        onward = ""
    if request.method == "POST" and form.is_valid():
        access_reasons.give_reason(request, key, form.cleaned_data["reason"])
        return HttpResponseRedirect(onward or reverse("account"))
    context = {"form": form, "next": onward, "is_people": key == access_reasons.PEOPLE}
    return render(request, "accounts/staff/why.html", context, status=422 if form.errors else 200)


# ---------------------------------------------------------------- people


@require_safe
@for_staff(permissions.may_find_people)
def people_list(request: PersonRequest) -> HttpResponse:
    """List people by name, and by address for finance and operators. Who saw whom is recorded."""
    viewer = request.user
    sees_address = permissions.may_read_finance(viewer)
    reason = access_reasons.reason_for(request, access_reasons.PEOPLE) if permissions.may_open_people(viewer) else ""
    form = PeopleFilter(request.GET)
    text = form.cleaned_data["text"].strip() if form.is_valid() else ""
    page = Paginator(selectors.people(text, by_address=sees_address), _PAGE_LENGTH).get_page(request.GET.get("page"))
    account_services.record_audit(
        actor=viewer, verb="people.listed", subject=viewer, facts=_seen(page, reason, "finance" if sees_address else "")
    )
    context = {
        "form": form,
        "text": text,
        "page": page,
        "sees_address": sees_address,
        "may_open": permissions.may_open_people(viewer),
    }
    return render(request, "accounts/staff/people.html", context)


def _seen(page: Page[User], reason: str, scope: str) -> dict[str, str | int]:
    """Return identifiers only: the search term may be someone's address."""
    people = " ".join(str(person.public_id) for person in page)
    return {"people": people, "reason": reason or (f"{scope} list" if scope else "moderation list")}


@require_safe
@for_staff(permissions.may_open_people)
def person(request: PersonRequest, public_id: str) -> HttpResponse:
    """Show operators what the account says about one person."""
    reason = access_reasons.reason_for(request, access_reasons.PEOPLE)
    found = _person(public_id)
    account_services.record_audit(actor=request.user, verb="person.read", subject=found, facts={"reason": reason})
    return _person_page(request, found, WhyForm())


@require_POST
@for_staff(permissions.may_open_people)
def copy_for(request: PersonRequest, public_id: str) -> HttpResponse:
    """Request a data copy at the person's request. It goes to them alone."""
    found, form = _person(public_id), WhyForm(request.POST)
    if not form.is_valid():
        return _person_page(request, found, form, status=422)
    data_copies.request_copy(actor=found, at=clock.now(), by=request.user, reason=form.cleaned_data["reason"])
    messages.success(
        request, _("We are preparing the copy. The person will get an email and can download it from their account.")
    )
    return redirect("staff-person", public_id)


@require_POST
@for_staff(permissions.may_open_people)
def delete_for(request: PersonRequest, public_id: str) -> HttpResponse:
    """Request the deletion at the person's request. They get the email with the link that cancels it."""
    found, form = _person(public_id), WhyForm(request.POST)
    if not form.is_valid():
        return _person_page(request, found, form, status=422)
    deletions.request_deletion(
        actor=found, keeps_words=False, at=clock.now(), by=request.user, reason=form.cleaned_data["reason"]
    )
    messages.warning(request, _("The account will be deleted. We have emailed the person the date."))
    return redirect("staff-person", public_id)


def _person(public_id: str) -> User:
    found = User.objects.filter(public_id=public_id, is_guest=False).first()
    if found is None:
        raise NotFound
    return found


def _person_page(request: PersonRequest, found: User, form: WhyForm, status: int = 200) -> HttpResponse:
    context = {
        "person": found,
        "addresses": selectors.addresses(found),
        "roles": [str(role.label) for role, _may in _roles_of(found)]
        or [_("Author") if found.is_author else _("Reader")],
        "deletion": Deletion.objects.waiting().filter(user=found).first(),
        "form": form,
    }
    return render(request, "accounts/staff/person.html", context, status=status)
