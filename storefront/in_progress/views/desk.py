"""The desk page on which an author shows chapters in progress, brings them up to date, and ends it."""

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
from publishing.selectors import was_on_sale
from publishing.views.loading import load_edition
from publishing.views.steps import page_context
from storefront.in_progress import permissions, selectors
from storefront.in_progress.forms import ShowingForm, initial_of
from storefront.in_progress.services import showings


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def showing(request: PersonRequest, work_id: str) -> HttpResponse:
    """Show what everybody sees of the work, and change it."""
    edition = load_edition(request, work_id, permissions.require_show)
    found, text = selectors.showing_of(edition.work), selectors.newest_text(edition)
    form = ShowingForm(
        request.POST or None, chapters=text.chapters if text is not None else [], initial=initial_of(found)
    )
    if request.method == "POST" and form.is_valid():
        try:
            showings.show(actor=request.user, work=edition.work, told=form.told, at=clock.now())
        except (NotAllowed, NotFound):
            raise
        except DomainError as problem:
            form.add_error(None, problem.text)
        else:
            messages.success(request, _("Everybody can read these chapters now."))
            return redirect("in_progress:showing", work_id)
    context = page_context(request.user, edition) | {
        "form": form,
        "showing": found,
        "text": text,
        "shown": list(found.chapters.all()) if found is not None else [],
        "has_newer": found is not None and found.is_on and text is not None and text.file != found.file,
        "is_over": was_on_sale(edition.work),
    }
    return render(request, "in_progress/showing.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def newest(request: PersonRequest, work_id: str) -> HttpResponse:
    """Show the newest text of the chapters that are shown."""
    edition = load_edition(request, work_id, permissions.require_show)
    try:
        _showing, missing = showings.show_newest(actor=request.user, work=edition.work, at=clock.now())
    except (NotAllowed, NotFound):
        raise
    except DomainError as problem:
        messages.warning(request, problem.text)
    else:
        messages.success(request, _("Readers now see the newest text."))
        if missing:
            told = _("No longer in the text, so no longer shown: %(titles)s. Choose other chapters if you like.")
            messages.info(request, told % {"titles": ", ".join(missing)})
    return redirect("in_progress:showing", work_id)


@login_required
@require_POST
def stop(request: PersonRequest, work_id: str) -> HttpResponse:
    """Show nothing any more."""
    edition = load_edition(request, work_id, permissions.require_show)
    showings.stop(actor=request.user, work=edition.work)
    messages.success(request, _("Nobody else can read these chapters any more."))
    return redirect("in_progress:showing", work_id)
