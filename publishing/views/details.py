"""What a work says of itself, and its cover."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError
from publishing import permissions, selectors
from publishing import services as publishing_services
from publishing.forms import CoverForm, DetailsForm
from publishing.models import Edition, Work
from publishing.services import Details, covers
from publishing.views.access import load_edition, load_work
from publishing.views.flow import after, page_context

_FIELDS = (
    "title",
    "subtitle",
    "description",
    "language",
    "subject",
    "series_number",
    "warnings",
    "is_adult",
    "sample_bps",
    "imprint",
)


@login_required
@never_cache
def details(request: PersonRequest, public_id: str) -> HttpResponse:
    """Title, language, description, shelf, sample."""
    edition = load_edition(request.user, public_id, permissions.require_edit)
    form = DetailsForm(request.POST or None, initial=_initial(edition.work))
    if request.method == "POST" and form.is_valid():
        publishing_services.update_details(
            actor=request.user, work=edition.work, details=Details(**form.cleaned_data), at=clock.now()
        )
        messages.success(request, _("The details are saved."))
        return redirect(after("work-details", edition), public_id)
    return _page(request, edition, form, CoverForm())


@login_required
@require_POST
def cover(request: PersonRequest, public_id: str) -> HttpResponse:
    """Upload a cover."""
    edition = load_edition(request.user, public_id, permissions.require_edit)
    form = CoverForm(request.POST, request.FILES)
    if form.is_valid():
        upload = form.cleaned_data["cover"]
        try:
            publishing_services.set_cover(
                actor=request.user, work=edition.work, content=upload, name=upload.name, at=clock.now()
            )
        except DomainError as error:
            form.add_error("cover", error.text)
        else:
            for remark in form.remarks:
                messages.warning(request, remark)
            if not form.remarks:
                messages.success(request, _("The cover is saved. The files are being made with it."))
            return redirect("work-details", public_id)
    return _page(request, edition, DetailsForm(initial=_initial(edition.work)), form)


@login_required
@require_POST
def remove_cover(request: PersonRequest, public_id: str) -> HttpResponse:
    """Go back to the manuscript's own cover or a drawn one."""
    work = load_work(request.user, public_id, permissions.require_edit)
    publishing_services.remove_cover(actor=request.user, work=work, at=clock.now())
    messages.success(request, _("Your cover is taken away; one is drawn from the title."))
    return redirect("work-details", public_id)


def _initial(work: Work) -> dict[str, object]:
    return {name: getattr(work, name) for name in _FIELDS} | {"series": work.series.title if work.series else ""}


def _page(request: PersonRequest, edition: Edition, form: DetailsForm, cover_form: CoverForm) -> HttpResponse:
    context = page_context(request.user, edition, "work-details") | {
        "form": form,
        "cover_form": cover_form,
        "cover": selectors.cover_of(edition),
        "has_picture": bool(covers.browser_type(edition.work.cover_file)),
    }
    return render(request, "publishing/details.html", context, status=422 if form.errors or cover_form.errors else 200)
