"""The page for a work's details and its cover."""

from __future__ import annotations

import dataclasses

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.requests import PersonRequest
from common import clock, limits
from common.body_limits import accepts_files
from common.errors import DomainError
from publishing import permissions, selectors
from publishing import services as publishing_services
from publishing.forms import CoverForm, DetailsForm
from publishing.models import Edition, Work
from publishing.record import blurb
from publishing.services import Details, covers
from publishing.views.loading import check_cover_upload, load_edition
from publishing.views.steps import next_step_url_name, page_context

# The form begins with these of the work; the series is looked up by its title.
_FIELDS = tuple(one.name for one in dataclasses.fields(Details) if one.name != "series")


@login_required
@never_cache
@accepts_files(lambda: settings.MAX_COVER_BYTES, check_cover_upload, action="cover")
def details(request: PersonRequest, public_id: str) -> HttpResponse:
    """Save title, language, description, subject, sample and so on, and the cover if a picture was chosen."""
    edition = load_edition(request, public_id, permissions.require_edit)
    if request.POST.get("act") == "preview":
        form = _details_form(edition, request.POST)
        return _page(request, edition, form, CoverForm(), preview=blurb.shown(str(form["description"].value() or "")))
    if request.method == "POST":
        return _save(request, edition, next_step_url_name("work-details", edition), takes_cover=bool(request.FILES))
    return _page(request, edition, _details_form(edition), CoverForm())


@login_required
@require_POST
@accepts_files(lambda: settings.MAX_COVER_BYTES, check_cover_upload, action="cover")
def cover(request: PersonRequest, public_id: str) -> HttpResponse:
    """Use the picture as the cover; the details typed on the same page are saved as well."""
    edition = load_edition(request, public_id, permissions.require_edit)
    return _save(request, edition, "work-details", takes_cover=True)


@login_required
@require_POST
def remove_cover(request: PersonRequest, public_id: str) -> HttpResponse:
    """Return to the manuscript's own cover or a drawn one; the details typed on the same page are saved as well."""
    edition = load_edition(request, public_id, permissions.require_edit)
    edition.work = publishing_services.remove_cover(actor=request.user, work=edition.work, at=clock.now())
    messages.success(
        request, _("Cover removed. The book now uses the manuscript’s own cover, or one drawn from the title.")
    )
    return _save(request, edition, "work-details", takes_cover=False)


def _save(request: PersonRequest, edition: Edition, page: str, *, takes_cover: bool) -> HttpResponse:
    """Save the page. If a part is invalid, show the page again with everything that was typed."""
    cover_form = CoverForm(request.POST, request.FILES)
    is_covered = _save_cover(request, edition, cover_form) if takes_cover else True
    form = _details_form(edition, request.POST if "title" in request.POST else None)
    is_saved = _save_details(request, edition, form) if form.is_bound else True
    if is_covered and is_saved:
        if takes_cover and cover_form.remarks:  # said where another picture can be chosen
            page = "work-details"
        return redirect(page, edition.work.public_id)
    return _page(request, edition, form, cover_form if not is_covered else CoverForm())


def _save_cover(request: PersonRequest, edition: Edition, form: CoverForm) -> bool:
    if not form.is_valid():
        return False
    limits.consume(request, "cover")
    upload = form.cleaned_data["cover"]
    try:
        edition.work = publishing_services.set_cover(
            actor=request.user, work=edition.work, content=upload, name=upload.name, at=clock.now()
        )
    except DomainError as error:
        form.add_error("cover", error.text)
        return False
    for remark in form.remarks:
        messages.warning(request, remark)
    if not form.remarks:
        messages.success(request, _("Cover saved. We are making the files with it."))
    return True


def _save_details(request: PersonRequest, edition: Edition, form: DetailsForm) -> bool:
    if not form.is_valid():
        return False
    publishing_services.update_details(
        actor=request.user, work=edition.work, details=Details(**form.cleaned_data), at=clock.now()
    )
    messages.success(request, _("Details saved."))
    return True


def _details_form(edition: Edition, data: QueryDict | None = None) -> DetailsForm:
    return DetailsForm(data, initial=_initial(edition.work))


def _initial(work: Work) -> dict[str, object]:
    return {name: getattr(work, name) for name in _FIELDS} | {"series": work.series.title if work.series else ""}


def _page(
    request: PersonRequest, edition: Edition, form: DetailsForm, cover_form: CoverForm, *, preview: str = ""
) -> HttpResponse:
    context = page_context(request.user, edition, "work-details") | {
        "form": form,
        "cover_form": cover_form,
        "preview": preview,
        "cover": selectors.cover_of(edition),
        "has_picture": bool(covers.browser_type(edition.work.cover_file)),
    }
    is_refused = not preview and bool(form.errors or cover_form.errors)
    return render(request, "publishing/details.html", context, status=422 if is_refused else 200)
