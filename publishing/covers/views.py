"""The page where authors choose a cover, upload a picture, and set the size and paper of the printed book."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from zlib import crc32

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import PersonRequest
from common import clock, limits
from common.body_limits import accepts_files
from common.errors import DomainError, NotFound
from conversion.engine.api import PICTURED
from conversion.engine.covers.legibility import GOOD_PERCENT
from conversion.engine.covers.named import PALETTE_OF
from conversion.models import JobState
from publishing import permissions
from publishing import selectors as publishing_selectors
from publishing.covers import selectors, services, words
from publishing.covers.forms import OWN, ChoiceForm, PrintForm, UploadForm
from publishing.models import Edition, Work
from publishing.services import covers
from publishing.services.covers import inspect_picture_remarks
from publishing.views.loading import check_cover_upload, load_edition
from publishing.views.steps import page_context

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_PAGE = "publishing/covers/page.html"
_CACHED_S = 600  # in the author's browser; the address names everything that is drawn


@dataclass(frozen=True, slots=True)
class DesignCard:
    """One of the designs. `src` is a small picture of it, "" where it needs a picture that is not there."""

    name: str
    label: StrOrPromise
    src: str
    needs_picture: bool


@dataclass(frozen=True, slots=True)
class Swatch:
    """One of the palettes, with the colours that stand for it."""

    name: str
    label: StrOrPromise
    colours: tuple[str, str, str, str]


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: PersonRequest, public_id: str) -> HttpResponse:
    """Show the designs and save the choice. `act=preview` shows what was chosen without saving it."""
    edition = load_edition(request, public_id, permissions.require_edit)
    initial = ChoiceForm.initial_of(edition.work.cover_choice)
    if request.method != "POST":
        return _page(request, edition, ChoiceForm(initial=initial))
    form = ChoiceForm(request.POST, initial=initial)
    if request.POST.get("act") == "preview" or not form.is_valid():
        return _page(request, edition, form)
    try:
        services.choose_cover(actor=request.user, work=edition.work, choice=form.choice, at=clock.now())
    except DomainError as error:
        form.add_error("design", error.text)
        return _page(request, edition, form)
    messages.success(request, _saved_words(edition))
    return redirect("work-cover-page", public_id)


@login_required
@require_GET
@limits.rate_limited_by_network("cover_preview")
def drawn(request: PersonRequest, public_id: str) -> HttpResponse:
    """Send a small picture of the cover as the address names it; without a query, as it was chosen."""
    edition = load_edition(request, public_id, permissions.require_edit)
    form = ChoiceForm(request.GET or ChoiceForm.initial_of(edition.work.cover_choice))
    if not form.is_valid():
        raise NotFound
    width = selectors.CARD_WIDTH_PX if "card" in request.GET else selectors.PREVIEW_WIDTH_PX
    choice = form.choice
    content = (
        selectors.present(edition, width=width) if choice is None else selectors.drawn(edition, choice, width=width)
    )
    response = HttpResponse(content, content_type="image/jpeg")
    response["Cache-Control"] = f"private, max-age={_CACHED_S}"
    return response


@login_required
@require_POST
@accepts_files(lambda: settings.MAX_COVER_BYTES, check_cover_upload, action="cover")
def upload(request: PersonRequest, public_id: str) -> HttpResponse:
    """Take a finished cover (`use=cover`), or a picture for a design. What is wrong is said at once, in words."""
    edition = load_edition(request, public_id, permissions.require_edit)
    form, is_finished = UploadForm(request.POST, request.FILES), request.POST.get("use") == "cover"
    if not form.is_valid():
        return _page(request, edition, upload_form=form)
    if not limits.was_counted(request, "cover"):
        limits.consume(request, "cover")
    picture, save = form.cleaned_data["picture"], services.upload_cover if is_finished else services.upload_picture
    try:
        remarks = inspect_picture_remarks(picture, is_cover=is_finished)
        save(actor=request.user, work=edition.work, content=picture, name=picture.name, at=clock.now())
    except DomainError as error:
        form.add_error("picture", error.text)
        return _page(request, edition, upload_form=form)
    for remark in remarks:
        messages.warning(request, remark)
    saved = _("Cover uploaded.") if is_finished else _("Picture uploaded. Choose a design with a picture to use it.")
    messages.success(request, saved)
    return redirect("work-cover-page", public_id)


@login_required
@never_cache
@require_GET
def status(request: PersonRequest, public_id: str) -> HttpResponse:
    """Return what was measured of the uploaded picture; 204 while it is being redrawn."""
    edition = load_edition(request, public_id, permissions.require_edit)
    if (job := edition.work.redrawing_job) is not None and not job.is_finished:
        return HttpResponse(status=204)
    return render(request, f"{_PAGE}#measured", {"work": edition.work} | _measured(edition.work))


@login_required
@require_POST
def take_back(request: PersonRequest, public_id: str) -> HttpResponse:
    """Return to the cover before this one."""
    edition = load_edition(request, public_id, permissions.require_edit)
    services.take_back(actor=request.user, work=edition.work, at=clock.now())
    messages.success(request, _("The cover before this one is back."))
    return redirect("work-cover-page", public_id)


@login_required
@require_POST
def printing(request: PersonRequest, public_id: str) -> HttpResponse:
    """Save the size and paper of the printed book."""
    edition = load_edition(request, public_id, permissions.require_edit)
    form = PrintForm(request.POST)
    if not form.is_valid():
        return _page(request, edition, print_form=form)
    services.set_print(actor=request.user, work=edition.work, at=clock.now(), **form.cleaned_data)
    messages.success(request, _("Size and paper saved."))
    return redirect(f"{reverse('work-cover-page', args=[public_id])}#print")


def _saved_words(edition: Edition) -> str:
    if edition.state == "draft":
        return _("Cover saved. We are making the files with it.")
    return _("Cover saved. Your next edition will have it.")


def _page(
    request: PersonRequest,
    edition: Edition,
    form: ChoiceForm | None = None,
    *,
    upload_form: UploadForm | None = None,
    print_form: PrintForm | None = None,
) -> HttpResponse:
    work = edition.work
    form = form or ChoiceForm(initial=ChoiceForm.initial_of(work.cover_choice))
    is_refused = any(one is not None and one.errors for one in (form, upload_form, print_form))
    context = page_context(request.user, edition) | _measured(work)
    query = _query(form, edition)
    context |= {
        "form": form,
        "upload_form": upload_form or UploadForm(),
        "print_form": print_form or PrintForm(initial={"trim": work.trim, "paper": work.paper}),
        "is_unsaved": form.is_bound and not form.errors,
        "cards": [_card(work, query, name) for name in words.DESIGNS],
        "own_card": _uploaded(edition) or _address(work, query | {"design": OWN, "card": "1"}),
        "swatches": [_swatch(name) for name in words.PALETTES],
        "preview": (query["design"] == OWN and _uploaded(edition)) or _address(work, query),
        "drawn_address": reverse("work-cover-drawn", args=[work.public_id]),
        "chosen_design": query["design"],
        "chosen_palette": query["palette"],
        "series_line": publishing_selectors.series_line(work),
        "former": work.former_covers.first(),
        "printed": selectors.printed_book(edition),
        "files_wait": edition.state != "draft" and publishing_selectors.are_files_stale(edition),
    }
    return render(request, _PAGE, context, status=422 if is_refused else 200)


def _measured(work: Work) -> dict[str, Any]:
    """Return what is known about the uploaded cover or picture once the engine has redrawn it."""
    job = selectors.redrawn(work, work.cover_file) or selectors.redrawn(work, work.picture_file)
    is_cover = job is not None and job.cover_file == work.cover_file
    done = job if job is not None and job.state == JobState.DONE else None
    percent = selectors.measured_contrast(done) if done is not None else None
    return {
        "is_redrawing": job is not None and not job.is_finished,
        "has_failed": job is not None and job.state == JobState.FAILED,
        "upload_name": (work.cover_name if is_cover else work.picture_name) if job is not None else "",
        "percent": percent if is_cover else None,
        "good_percent": GOOD_PERCENT,
        "is_faint": is_cover and percent is not None and percent < GOOD_PERCENT,
        "is_picture_ready": done is not None and not is_cover,
    }


def _uploaded(edition: Edition) -> str:
    """Return the address of the uploaded cover itself, while the engine has not redrawn it; or ""."""
    work = edition.work
    if not covers.browser_type(work.cover_file) or selectors.presented(edition) is not None:
        return ""
    return reverse("work-cover-picture", args=[work.public_id])


def _query(form: ChoiceForm, edition: Edition) -> dict[str, str]:
    """Return the form's values for the address of a preview, with what else the picture depends on."""
    query = {name: str(form[name].value() or "") for name in ("design", "palette", "lettering", "focus_x", "focus_y")}
    known = {"design": words.DESIGNS, "palette": words.PALETTES, "lettering": words.LETTERINGS}
    fallback = ChoiceForm.initial_of(None)
    for name, names in known.items():
        if query[name] not in names:
            query[name] = str(fallback[name])
    if form["series"].value():
        query["series"] = "on"
    return query | {"v": _version(edition)}


def _version(edition: Edition) -> str:
    """Return what a preview depends on besides the choice, so that browsers may cache it."""
    work, job = edition.work, edition.job
    words = (work.title, work.subtitle, publishing_selectors.series_line(work))
    drawn_from = (*words, work.redrawing_job_id, work.cover_file, job.pk, job.state)
    return f"{crc32(repr(drawn_from).encode()):08x}"


def _address(work: Work, query: dict[str, str]) -> str:
    return f"{reverse('work-cover-drawn', args=[work.public_id])}?{urlencode(query)}"


def _card(work: Work, query: dict[str, str], name: str) -> DesignCard:
    needs_picture = name in PICTURED and not work.picture_file
    src = _address(work, query | {"design": name, "card": "1"})
    return DesignCard(name, words.DESIGNS[name], src, needs_picture)


def _swatch(name: str) -> Swatch:
    palette = PALETTE_OF[name]
    return Swatch(name, words.PALETTES[name], (palette.ground, palette.shapes[1], palette.accent, palette.ink))
