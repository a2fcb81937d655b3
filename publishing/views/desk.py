"""The author dashboard: the list of works, new works, and the main page of a work."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.requests import PersonRequest, VisitorRequest
from common import clock
from common.body_limits import accepts_files
from common.errors import DomainError
from common.limits import limited
from publishing import hooks, permissions, selectors
from publishing import services as publishing_services
from publishing.forms import BeginForm, ManuscriptForm, NewManuscriptForm, NewWorkForm
from publishing.house_defaults.selectors import defaults_of
from publishing.languages import language_name
from publishing.models import EditionState
from publishing.passages.selectors import matches
from publishing.record import thema_codes
from publishing.selectors import DeskWork
from publishing.views.loading import check_upload, load_edition
from publishing.views.steps import NextStep, next_step, page_context

_PAGE_LENGTH = 20
_ORDERS = {"newest": gettext_lazy("Newest first"), "title": gettext_lazy("By title")}
# The page and the label of each step of `DeskWork`, except for books on sale.
_STEPS = {
    "converting": ("work-proof", gettext_lazy("See progress")),
    "failed": ("work-proof", gettext_lazy("See what to do")),
    "publish": ("work", gettext_lazy("Finish and publish")),
    "update": ("work", gettext_lazy("Publish the new edition")),
    "withdrawn": ("work", gettext_lazy("Open")),
}


@login_required
@never_cache
def desk(request: PersonRequest) -> HttpResponse:
    """List the user's works, each with its state and next step."""
    query, order = request.GET.get("q", "").strip(), request.GET.get("order", "newest")
    is_archive = "archive" in request.GET
    works = selectors.desk_works(
        request.user, query=query, order=order if order in _ORDERS else "newest", is_archived=is_archive
    )
    page = Paginator(works, _PAGE_LENGTH).get_page(request.GET.get("page"))
    for row in page:
        publishing_services.fill_details_from_conversion(work=row, at=clock.now())
    may_create = permissions.may_create(request.user)
    context = {
        "page": page,
        "rows": [(row, _next_step(row)) for row in map(selectors.desk_work, page)],
        "query": query,
        "order": order,
        "orders": _ORDERS,
        "credits": selectors.credits_offered_to(request.user),
        "proposals": selectors.awaiting_consent_of(request.user),
        "is_archive": is_archive,
        "has_archive": is_archive or selectors.has_archive(request.user),
        "is_newcomer": not may_create and not query and not is_archive and not page.paginator.count,
        "panels": hooks.desk_panels(request) if page.number == 1 and not query and not is_archive else "",
    }
    return render(request, "publishing/desk.html", context)


def _next_step(row: DeskWork) -> NextStep:
    if row.step == "on-sale":
        return NextStep(_("View in the shop"), reverse("pages:book", args=[row.work.slug]))
    page, label = _STEPS[row.step]
    return NextStep(str(label), reverse(page, args=[row.work.public_id]))


@login_required
@never_cache
@limited("upload")
@accepts_files(lambda: settings.MAX_MANUSCRIPT_BYTES, check_upload, action="upload")
def create(request: PersonRequest) -> HttpResponse:
    """Create a work from an uploaded manuscript."""
    form = NewWorkForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["manuscript"]
        try:
            work = publishing_services.create_work(
                actor=request.user,
                content=upload,
                name=upload.name,
                form_token=form.sent_token(upload.name, upload.size),
                at=clock.now(),
            )
        except DomainError as error:
            form.add_error("manuscript", error.text)
        else:
            return redirect("work-proof", work.public_id)
    return _new_page(request, form, BeginForm(usual_language=defaults_of(request.user).language))


@login_required
@never_cache
@require_POST
@limited("upload")
def begin(request: PersonRequest) -> HttpResponse:
    """Create a work that is written here."""
    form = BeginForm(request.POST)
    if form.is_valid():
        try:
            title, language = form.cleaned_data["title"], form.cleaned_data["language"]
            work = publishing_services.begin_work(
                actor=request.user,
                title=title,
                language=language,
                form_token=form.sent_token(title, language),
                at=clock.now(),
            )
        except DomainError as error:
            form.add_error(None, error.text)
        else:
            return redirect("work-text-write", work.public_id)
    return _new_page(request, NewWorkForm(), form)


def _new_page(request: PersonRequest, form: ManuscriptForm, begin_form: BeginForm) -> HttpResponse:
    context = {
        "form": form,
        "begin_form": begin_form,
        "limit_bytes": settings.MAX_MANUSCRIPT_BYTES,
        "limit_mb": settings.MAX_MANUSCRIPT_BYTES // (1024 * 1024),
        "may_create": permissions.may_create(request.user),
    }
    return render(request, "publishing/new.html", context, status=422 if form.errors or begin_form.errors else 200)


@never_cache
def work(request: VisitorRequest, public_id: str) -> HttpResponse:
    """Show the main page of a work: its state, next step, editions, people and earnings."""
    edition = load_edition(request, public_id, permissions.require_see)
    published = selectors.published_of(edition.work)
    agreement = selectors.agreement_in_force(edition.work)
    context = page_context(request.user, edition)
    context |= {
        "next_step": next_step(edition) if edition.state == EditionState.DRAFT and context["may_edit"] else None,
        "published": published,
        "is_stale": published == edition and selectors.are_files_stale(edition),
        "language": language_name(edition.work.language) if edition.work.language else "",
        "subject_label": thema_codes.heading(edition.work.subject),
        "editions": selectors.editions_of(edition.work),
        "prices": edition.work.prices.order_by("currency"),
        "statement": selectors.statement_of(edition),
        "shares": selectors.shares_at(agreement, clock.now()) if agreement is not None else [],
        "cover": selectors.cover_of(edition),
        "has_passages_elsewhere": matches.is_in_any(edition.work),
        "shop_address": f"{settings.SITE_URL}/books/{edition.work.slug}/",
    }
    return render(request, "publishing/work.html", context)


@login_required
@never_cache
@limited("upload")
@accepts_files(lambda: settings.MAX_MANUSCRIPT_BYTES, check_upload, action="upload")
def manuscript(request: PersonRequest, public_id: str) -> HttpResponse:
    """Show the work's manuscripts, and accept a new one."""
    edition = load_edition(request, public_id, permissions.require_edit)
    form = NewManuscriptForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["manuscript"]
        try:
            publishing_services.upload_manuscript(
                actor=request.user,
                work=edition.work,
                content=upload,
                name=upload.name,
                notes=form.cleaned_data["notes"],
                at=clock.now(),
            )
        except DomainError as error:
            form.add_error("manuscript", error.text)
        else:
            messages.success(request, _("Manuscript uploaded. We are making its files."))
            return redirect("work-proof", edition.work.public_id)
    context = page_context(request.user, edition, "work-manuscript") | {
        "form": form,
        "manuscripts": edition.work.manuscripts.all(),
        "published": selectors.published_of(edition.work),
        "limit_bytes": settings.MAX_MANUSCRIPT_BYTES,
        "limit_mb": settings.MAX_MANUSCRIPT_BYTES // (1024 * 1024),
    }
    return render(request, "publishing/manuscript.html", context, status=200 if not form.errors else 422)
