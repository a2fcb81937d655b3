"""The author's pages: the newsletter, its issues, and sending one."""

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
from common.errors import DomainError, NotAllowed, NotFound
from common.limits import limited
from storefront.newsletters import permissions, selectors
from storefront.newsletters.forms import IssueForm, NewsletterForm, initial_of
from storefront.newsletters.models import Issue
from storefront.newsletters.services import emails
from storefront.newsletters.services import issues as issue_services


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def newsletter(request: PersonRequest) -> HttpResponse:
    """Show the newsletter with its issues, and save what it is about."""
    permissions.require_author(request.user)
    page = selectors.desk_page(request.user, at=clock.now())
    found = page.newsletter
    initial = {"about": found.about, "is_open": found.is_open} if found is not None else {"is_open": True}
    form = NewsletterForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            issue_services.save_newsletter(actor=request.user, **form.cleaned_data, at=clock.now())
        except NotAllowed:
            raise
        except DomainError as problem:
            form.add_error(None, problem.text)
        else:
            messages.success(request, _("Your newsletter has been saved."))
            return redirect("newsletters:newsletter")
    context = {"page": page, "form": form}
    return render(request, "newsletters/desk.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("newsletter")
def new(request: PersonRequest) -> HttpResponse:
    """Write a new issue."""
    permissions.require_author(request.user)
    return _edit(request, None)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("newsletter")
def issue(request: PersonRequest, issue_id: str) -> HttpResponse:
    """Change a draft, or show an issue that was sent."""
    found = _own(request, issue_id)
    if found.is_draft:
        return _edit(request, found)
    if request.method == "POST":
        messages.warning(request, _("This issue has been sent, so it cannot be changed any more. Write a new one."))
    return render(request, "newsletters/sent.html", {"issue": found, "email": emails.context_of(found, request.user)})


def _edit(request: PersonRequest, found: Issue | None) -> HttpResponse:
    works = selectors.books_of(request.user)
    form = IssueForm(request.POST or None, works=works, initial=initial_of(found) if found is not None else None)
    if request.method == "POST" and form.is_valid():
        try:
            saved = issue_services.save_issue(actor=request.user, issue=found, told=form.told, at=clock.now())
        except (NotAllowed, NotFound):
            raise
        except DomainError as problem:
            form.add_error(None, problem.text)
        else:
            messages.success(request, _("Saved. Nobody gets it before you send it."))
            return redirect("newsletters:issue", saved.public_id)
    context = {
        "form": form,
        "issue": found,
        "email": emails.context_of(found, request.user) if found is not None else None,
        "subscribers": selectors.wanted_by(request.user.pk),
        "next_at": selectors.next_issue_at(request.user.pk, at=clock.now()),
    }
    return render(request, "newsletters/issue.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def send(request: PersonRequest, issue_id: str) -> HttpResponse:
    """Send an issue to everybody who subscribed."""
    found = _own(request, issue_id)
    try:
        issue_services.send_issue(actor=request.user, issue=found, at=clock.now())
    except (NotAllowed, NotFound):
        raise
    except DomainError as problem:
        messages.warning(request, problem.text)
        return redirect("newsletters:issue", issue_id)
    messages.success(request, _("Your issue is on its way."))
    return redirect("newsletters:newsletter")


@login_required
@require_POST
@limited("newsletter")
def preview(request: PersonRequest, issue_id: str) -> HttpResponse:
    """Email an issue to its author alone."""
    emails.send_sample(author=request.user, issue=_own(request, issue_id))
    messages.success(request, _("Sent to %(email)s alone.") % {"email": request.user.email})
    return redirect("newsletters:issue", issue_id)


@login_required
@require_POST
def delete(request: PersonRequest, issue_id: str) -> HttpResponse:
    """Delete a draft."""
    try:
        issue_services.delete_issue(actor=request.user, issue=_own(request, issue_id))
    except (NotAllowed, NotFound):
        raise
    except DomainError as problem:
        messages.warning(request, problem.text)
    else:
        messages.success(request, _("The draft has been deleted."))
    return redirect("newsletters:newsletter")


def _own(request: PersonRequest, issue_id: str) -> Issue:
    found = selectors.issue_by_public_id(issue_id)
    permissions.require_own(request.user, found)
    return found
