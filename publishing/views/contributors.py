"""Credits, the royalty split, and consent to it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.requests import PersonRequest
from common import clock, limits
from common.errors import DomainError, NotFound
from publishing import permissions, selectors
from publishing import services as publishing_services
from publishing.forms import ContributorForm, ContributorNameForm, InviteForm, SplitForm
from publishing.models import Contributor, Edition, SplitAgreement
from publishing.record import people as people_services
from publishing.views.loading import load_edition
from publishing.views.steps import page_context


@login_required
@never_cache
def people(request: PersonRequest, public_id: str) -> HttpResponse:
    """Show the credits and the royalty split. Makers may see the page; only the owner may change it."""
    edition = load_edition(request, public_id, permissions.require_see)
    return _page(request, edition)


@login_required
@require_POST
def add(request: PersonRequest, public_id: str) -> HttpResponse:
    edition = load_edition(request, public_id, permissions.require_publish)
    form = ContributorForm(request.POST)
    if form.is_valid():
        if form.cleaned_data["email"]:  # each may send a mail to a stranger
            limits.consume(request, "credit")
        try:
            publishing_services.add_contributor(
                actor=request.user, work=edition.work, at=clock.now(), **form.cleaned_data
            )
        except DomainError as error:
            form.add_error(None, error.text)
        else:
            messages.success(request, _credited(form.cleaned_data))
            return redirect("work-people", public_id)
    return _page(request, edition, contributor_form=form)


@login_required
@never_cache
def contributor(request: PersonRequest, public_id: str, contributor_id: str) -> HttpResponse:
    """Change a credited name and what the record says of the person."""
    edition = load_edition(request, public_id, permissions.require_publish)
    person = _contributor(edition, contributor_id)
    is_own = person.user_id == request.user.pk
    form = ContributorNameForm(request.POST or None, initial=ContributorNameForm.initial_of(person), is_own=is_own)
    if request.method == "POST" and form.is_valid() and _save_person(request, person, form):
        messages.success(request, _("Credit saved."))
        return redirect("work-people", public_id)
    invite_form = InviteForm() if person.payee is None and not person.is_asked else None
    context = page_context(request.user, edition) | {"form": form, "person": person, "invite_form": invite_form}
    return render(request, "publishing/contributor.html", context, status=422 if form.errors else 200)


def _save_person(request: PersonRequest, person: Contributor, form: ContributorNameForm) -> bool:
    at = clock.now()
    try:
        people_services.describe_person(actor=request.user, contributor=person, person=form.person, at=at)
    except DomainError as error:
        form.add_error(None, error.text)
        return False
    publishing_services.rename_contributor(
        actor=request.user, contributor=person, name=form.cleaned_data["name"], at=at
    )
    if "is_on_page" in form.fields:
        publishing_services.set_credit_visibility(
            actor=request.user, contributor=person, is_on_page=form.cleaned_data["is_on_page"]
        )
    return True


@login_required
@require_POST
def move(request: PersonRequest, public_id: str, contributor_id: str) -> HttpResponse:
    """Move a name one place up or down."""
    edition = load_edition(request, public_id, permissions.require_publish)
    person = _contributor(edition, contributor_id)
    is_up = request.POST.get("to") == "up"
    people_services.move_person(actor=request.user, contributor=person, is_up=is_up, at=clock.now())
    return redirect("work-people", public_id)


@login_required
@require_POST
def remove(request: PersonRequest, public_id: str, contributor_id: str) -> HttpResponse:
    edition = load_edition(request, public_id, permissions.require_publish)
    person = _contributor(edition, contributor_id)
    publishing_services.remove_contributor(actor=request.user, contributor=person, at=clock.now())
    messages.success(request, _("%(name)s is no longer credited.") % {"name": person.name})
    return redirect("work-people", public_id)


@login_required
@require_POST
def propose(request: PersonRequest, public_id: str) -> HttpResponse:
    """Propose a new split."""
    edition = load_edition(request, public_id, permissions.require_publish)
    form = SplitForm(request.POST, work=edition.work, agreement=selectors.newest_agreement(edition.work))
    if form.is_valid():
        try:
            agreement = publishing_services.propose_split(
                actor=request.user, work=edition.work, shares=form.shares, at=clock.now()
            )
        except DomainError as error:
            form.add_error(None, error.text)
        else:
            messages.success(request, _proposed(agreement))
            return redirect("work-people", public_id)
    return _page(request, edition, split_form=form)


@login_required
@never_cache
def credit(request: PersonRequest, contributor_id: str) -> HttpResponse:
    """Accept or decline an offered credit; unlink an accepted one or change whether it is shown."""
    person = Contributor.objects.select_related("work__owner").filter(public_id=contributor_id).first()
    if person is None or not permissions.may_answer_credit(request.user, person):
        raise NotFound
    if request.method == "POST":
        answer = request.POST.get("answer")
        if answer == "yes":
            is_on_page = "is_on_page" in request.POST
            publishing_services.accept_credit(actor=request.user, contributor=person, is_on_page=is_on_page)
            messages.success(request, _accepted(is_on_page=is_on_page))
        elif answer in {"show", "hide"}:
            publishing_services.set_credit_visibility(
                actor=request.user, contributor=person, is_on_page=answer == "show"
            )
            messages.success(request, _("Change saved."))
            return redirect("credit", contributor_id)
        elif answer == "leave":
            publishing_services.unlink_credit(actor=request.user, contributor=person)
            messages.success(
                request, _("Your account is no longer linked. The name stays on the book, and shares stay as they are.")
            )
        else:
            publishing_services.decline_credit(actor=request.user, contributor=person)
            messages.success(request, _("You declined. Your account is not linked to the book."))
        return redirect("desk")
    is_own_name = person.name.casefold() == request.user.display_name.casefold()
    context = {"person": person, "work": person.work, "is_own_name": is_own_name}
    return render(request, "publishing/credit.html", context)


@login_required
@never_cache
def consent(request: PersonRequest, agreement_id: str) -> HttpResponse:
    """Show a proposal to someone who has a share in it, and accept or decline it."""
    agreement = SplitAgreement.objects.select_related("work__owner").filter(public_id=agreement_id).first()
    if agreement is None or not permissions.may_consent(request.user, agreement):
        raise NotFound
    if request.method == "POST":
        if request.POST.get("answer") == "yes":
            agreed = publishing_services.consent_to_split(actor=request.user, agreement=agreement, at=clock.now())
            messages.success(request, _agreed(agreed))
        else:
            publishing_services.decline_split(actor=request.user, agreement=agreement, at=clock.now())
            messages.success(request, _("You declined. The previous split stays in force."))
        return redirect("desk")
    shares = agreement.shares.select_related("contributor__user")
    own = shares.of(request.user)
    context = {
        "agreement": agreement,
        "shares": shares,
        "before": selectors.agreement_in_force(agreement.work),
        "is_waiting": own.filter(consented_at=None).exists(),
        "is_losing": not own.filter(share_bps__gt=0).exists(),
    }
    return render(request, "publishing/consent.html", context)


def _page(request: PersonRequest, edition: Edition, **forms: Any) -> HttpResponse:
    work = edition.work
    newest, in_force = selectors.newest_agreement(work), selectors.agreement_in_force(work)
    context: dict[str, Any] = page_context(request.user, edition) | {
        "contributors": work.contributors.select_related("user"),
        "newest": newest,
        "in_force": in_force,
        "shares": selectors.shares_at(in_force, clock.now()) if in_force is not None else [],
        "contributor_form": ContributorForm(),
        "split_form": SplitForm(work=work, agreement=newest),
        **forms,
    }
    has_errors = any(form.errors for form in forms.values())
    return render(request, "publishing/people.html", context, status=422 if has_errors else 200)


def _contributor(edition: Edition, public_id: str) -> Contributor:
    found = edition.work.contributors.select_related("work").filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def _credited(given: dict[str, str]) -> str:
    """Return the same message for every address, so that it does not reveal who has an account."""
    if not given["email"]:
        return _("%(name)s is now credited.") % {"name": given["name"]}
    return _("%(name)s is now credited. We will ask them by email whether the credit is theirs.") % {
        "name": given["name"]
    }


def _accepted(*, is_on_page: bool) -> str:
    if is_on_page:
        return _("Credit accepted. The book appears on your page once it is on sale.")
    return _("Credit accepted. The name does not link to your page.")


def _agreed(agreement: SplitAgreement) -> str:
    if agreement.is_consented:
        return _("You agreed, and so has everyone. Sales are split this way from now on.")
    return _("You agreed. The split applies to sales as soon as everyone has agreed.")


def _proposed(agreement: SplitAgreement) -> str:
    if agreement.is_consented:
        return _("The split is now in force.")
    return _("Split proposed. It takes effect once everyone in it agrees.")
