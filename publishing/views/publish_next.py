"""Publishing the next edition of a work: what changed, as an edition or a correction, its notes, and when."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError
from common.templatetags.money import day
from publishing import permissions, selectors
from publishing import services as publishing_services
from publishing.forms import EDITION, REVISION, EditionForm
from publishing.models import Edition
from publishing.selectors import Comparison
from publishing.views.changes import changes_context
from publishing.views.job_page import job_context
from publishing.views.loading import load_work
from publishing.views.steps import page_context


def publish_next(request: PersonRequest, edition: Edition, before: Edition) -> HttpResponse:
    """Show what changed since the edition before, and publish or plan the draft as its author decides."""
    changed = changes_context(
        edition, Comparison("edition", before.job, before.label), only=request.GET.get("chapter", "")
    )
    form = _form(request, edition, before, changed)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["wants_mail"] and not form.is_revision and "is_previewed" not in request.POST:
            return _to_preview(request, edition, form)
        try:
            return _published(request, edition, form)
        except DomainError as error:
            refusal = error.text
    is_waiting = not edition.job.is_finished or (changed["is_comparing"] and "now" not in request.GET)
    context = (
        publish_context(request.user, edition)
        | changed
        | {
            "refusal": refusal,
            "form": form,
            "before": before,
            "plan": selectors.plan_of(edition.work),
            "is_next": True,
            "is_waiting": is_waiting and not form.is_bound,
        }
    )
    return render(request, "publishing/publish.html", context, status=409 if refusal else 422 if form.errors else 200)


def publish_context(user: User, edition: Edition) -> dict[str, Any]:
    """Return what the page says of the edition, whichever it is."""
    context = page_context(user, edition, "work-publish") | job_context(edition)
    remarks = selectors.open_remarks(edition)
    return context | {
        "headline": _headline(edition, remarks.noticed, context["sentence"], is_ready=context["is_ready"]),
        "prices": edition.work.prices.order_by("currency"),
        "published": selectors.published_of(edition.work),
        "blockers": selectors.blockers_of(edition),
        "statement": selectors.statement_of(edition),
        "remarks": remarks,
    }


@login_required
@require_POST
def cancel_plan(request: PersonRequest, public_id: str) -> HttpResponse:
    """Keep the draft from going on sale by itself."""
    work = load_work(request, public_id, permissions.require_publish)
    publishing_services.cancel_plan(actor=request.user, work=work)
    messages.success(request, _("The edition no longer goes on sale by itself."))
    return redirect("work-publish", public_id)


def _form(request: PersonRequest, edition: Edition, before: Edition, changed: dict[str, Any]) -> EditionForm:
    plan = selectors.plan_of(edition.work)
    is_revision = plan.is_revision if plan is not None else not changed["is_edition"]
    return EditionForm(
        request.POST or None,
        initial={
            "kind": REVISION if is_revision else EDITION,
            "notes": edition.notes or changed["drafted"],
            "wants_mail": edition.wants_mail or "mail" in request.GET,
            "day": plan.due_at.date() if plan is not None else None,
        },
        edition_label=edition.label,
        revision_label=f"{before.number}.{before.revision + 1}",
    )


def _to_preview(request: PersonRequest, edition: Edition, form: EditionForm) -> HttpResponse:
    """Keep the notes, and show the email before it can be sent."""
    publishing_services.set_notes(actor=request.user, edition=edition, notes=form.cleaned_data["notes"])
    chosen = form.cleaned_data["day"]
    query = f"?day={chosen.isoformat()}" if chosen else ""
    return redirect(reverse("library:edition-mail", args=[edition.work.public_id]) + query)


def _published(request: PersonRequest, edition: Edition, form: EditionForm) -> HttpResponse:
    published = publishing_services.publish_as(
        actor=request.user,
        work=edition.work,
        publication=publishing_services.Publication(
            is_revision=form.is_revision,
            notes=form.cleaned_data["notes"],
            wants_mail=form.cleaned_data["wants_mail"],
            due_at=form.due_at,
        ),
        at=clock.now(),
    )
    if form.due_at is not None:
        words = _("The edition goes on sale on %(day)s.") % {"day": day(form.due_at)}
    else:
        words = _("Edition %(number)s is in the shop.") % {"number": published.label}
    messages.success(request, words)
    return redirect("work", edition.work.public_id)


def _headline(edition: Edition, noticed: int, sentence: str, *, is_ready: bool) -> str:
    """Say how close the edition is to the shop. `sentence` describes its conversion."""
    if is_ready and noticed:
        words = ngettext(
            "You can publish, but readers will notice %(count)s thing.",
            "You can publish, but readers will notice %(count)s things.",
            noticed,
        )
        return words % {"count": noticed}
    if is_ready:
        return _("Everything is ready.")
    if not edition.job.is_finished:
        return f"{sentence} {_('You can publish as soon as the files are ready.')}"
    return _("A few things are still missing.")
