"""The page for what is required once before a book is sold: rights, AI use, author terms, confirmed email address."""

from __future__ import annotations

from dataclasses import fields

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError
from publishing import author_terms, permissions, selectors
from publishing import services as publishing_services
from publishing.models import Edition, EditionState
from publishing.rights_form import RightsForm
from publishing.services import Statement
from publishing.views.loading import load_edition
from publishing.views.steps import page_context

_ASKED = tuple(field.name for field in fields(Statement))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rights(request: PersonRequest, public_id: str) -> HttpResponse:
    """Show and save the edition's statement; a new edition starts with that of the previous one."""
    edition = load_edition(request, public_id, permissions.require_publish)
    known, has_accepted = selectors.statement_of(edition), selectors.has_accepted_terms(request.user)
    initial = {name: getattr(known, name) for name in _ASKED} if known is not None else {}
    form = RightsForm(request.POST or None, initial=initial, asks_terms=not has_accepted)
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, edition, form)
        except DomainError as problem:
            form.add_error(None, problem.text)
        else:
            messages.success(request, _("Rights and AI use saved."))
            return redirect("work-publish" if edition.state == EditionState.DRAFT else "work", public_id)
    context = page_context(request.user, edition) | {
        "form": form,
        "known": known,
        "is_earlier": known is not None and known.edition_id != edition.pk,
        "is_confirmed": selectors.has_confirmed_address(request.user),
        "terms_version": author_terms.CURRENT,
        "changes": selectors.ai_use_changes(edition.work),
    }
    return render(request, "publishing/rights.html", context, status=422 if form.errors else 200)


@require_safe
def terms(request: HttpRequest, version: str = author_terms.CURRENT) -> HttpResponse:
    """Show the current or an earlier version of the author terms to anyone."""
    if version not in author_terms.VERSIONS:
        raise Http404
    context = {"version": version, "current": author_terms.CURRENT, "versions": author_terms.VERSIONS[::-1]}
    return render(request, f"publishing/terms/{version}.html", context)


def _save(request: PersonRequest, edition: Edition, form: RightsForm) -> None:
    at = clock.now()
    if form.asks_terms:
        version = form.cleaned_data["terms_version"]
        publishing_services.accept_terms(actor=request.user, version=version, at=at)
    statement = Statement(**{name: form.cleaned_data[name] for name in _ASKED})
    publishing_services.state_rights(actor=request.user, edition=edition, statement=statement, at=at)
