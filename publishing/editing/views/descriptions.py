"""The page of all pictures of a text, with a form for the description of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.requests import VisitorRequest
from common import clock
from common.errors import DomainError, NotFound
from common.limits import limited
from publishing import permissions
from publishing.editing.description_forms import DescriptionForm
from publishing.editing.errors import DescriptionChanged, TextOutdated
from publishing.editing.selectors.descriptions import ShownPicture, pictures_for
from publishing.editing.services import builds
from publishing.editing.services import descriptions as description_services
from publishing.editing.services.descriptions import Described
from publishing.editing.views.contexts import load_text_page, text_context
from publishing.models import Edition
from publishing.views.tabs import Tab

_PAGE_LENGTH = 20
_WAITING_S = 3  # how soon the browser looks again for pages that are being drawn
_MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Row:
    """A picture with its form, None for those who may not write one, and what was refused of it. `picture` is None when
    it is gone."""

    place: str
    picture: ShownPicture | None
    form: DescriptionForm | None
    refusal: str = ""


@never_cache
@limited("text")
@require_http_methods(["GET", "HEAD", "POST"])
def descriptions(request: VisitorRequest, public_id: str) -> HttpResponse:
    """List the pictures, all or `?show=missing`, and save the descriptions of one page of them at once."""
    edition = load_text_page(request, public_id)
    if request.method != "POST":
        return _page(request, edition, {})
    permissions.require_suggest(request.user, edition.work)
    if not isinstance(request.user, User):  # the permission check lets nobody else pass
        raise NotFound
    places = list(dict.fromkeys(request.POST.getlist("place")))[:_PAGE_LENGTH]
    forms = {place: DescriptionForm(place, request.POST) for place in places}
    wanted = [form.wanted for form in forms.values() if form.is_valid()]
    done = description_services.describe_pictures(actor=request.user, edition=edition, wanted=wanted, at=clock.now())
    _tell(request, done)
    failed = {place: form for place, form in forms.items() if form.errors or place in done.refused}
    if failed:
        return _page(request, edition, failed, done.refused)
    if not done.saved and not done.suggested:
        messages.info(request, _("Nothing was changed."))
    return redirect(f"{reverse('work-descriptions', args=[public_id])}{_query(request)}")


def _tell(request: VisitorRequest, done: Described) -> None:
    if done.saved:
        said = ngettext("%(count)s description saved.", "%(count)s descriptions saved.", done.saved)
        more = _("We are making the files again. You can undo each on the page of corrections.")
        messages.success(request, f"{said % {'count': done.saved}} {more}")
    if done.suggested:
        said = ngettext("%(count)s description suggested.", "%(count)s descriptions suggested.", done.suggested)
        messages.success(request, f"{said % {'count': done.suggested}} {_('The author sees them and decides.')}")


def _page(
    request: VisitorRequest,
    edition: Edition,
    failed: Mapping[str, DescriptionForm],
    refused: Mapping[str, DomainError] | None = None,
) -> HttpResponse:
    """Show a page of pictures; `failed` are forms as they were sent, which stay even if the filter leaves them out."""
    context = text_context(request, edition)
    pictures = _pictures(request, edition)
    only_missing = request.GET.get("show") == _MISSING
    shown = [one for one in pictures or () if not only_missing or not one.is_described]
    page = Paginator(shown, _PAGE_LENGTH).get_page(request.GET.get("page"))
    context |= {
        "is_waiting": pictures is None,
        "rows": _rows(pictures or (), page, failed, refused or {}, may_write=_may_write(context, pictures or ())),
        "only_missing": only_missing,
        "count": len(pictures or ()),
        "described": sum(one.is_described for one in pictures or ()),
        "are_pages": any(one.is_page for one in pictures or ()),
        "may_write": _may_write(context, pictures or ()),
        "tabs": _tabs(edition, only_missing=only_missing),
        "newer": _query(request, page.previous_page_number()) if page.has_previous() else "",
        "older": _query(request, page.next_page_number()) if page.has_next() else "",
    }
    response = render(request, "publishing/editing/descriptions.html", context, status=422 if failed else 200)
    if pictures is None and not edition.job.is_finished:
        response["Refresh"] = str(_WAITING_S)
    return response


def _pictures(request: VisitorRequest, edition: Edition) -> Sequence[ShownPicture] | None:
    """Return the pictures; None where the text is not read yet, or has to be read again."""
    try:
        return pictures_for(request.user, edition)
    except TextOutdated:
        builds.renew_base(work=edition.work, at=clock.now())
        return None


def _may_write(context: Mapping[str, object], pictures: Sequence[ShownPicture]) -> bool:
    """Whether the person may describe these: drawn pages have no suggestions."""
    return bool(context["may_edit_text"]) or (bool(context["may_suggest"]) and not any(one.is_page for one in pictures))


def _rows(
    pictures: Sequence[ShownPicture],
    page: Page[ShownPicture],
    failed: Mapping[str, DescriptionForm],
    refused: Mapping[str, DomainError],
    *,
    may_write: bool,
) -> list[Row]:
    known = {one.place: one for one in pictures}
    again = [
        Row(place, known.get(place), _with_new_mark(form, refused.get(place)), _text(refused.get(place)))
        for place, form in failed.items()
    ]
    others = [one for one in page.object_list if one.place not in failed]
    return again + [Row(one.place, one, DescriptionForm.of(one) if may_write else None) for one in others]


def _with_new_mark(form: DescriptionForm, error: DomainError | None) -> DescriptionForm:
    """Return a form that overwrites what somebody else has written, once its reader has seen that."""
    if isinstance(error, DescriptionChanged):
        form.data = {**form.data.dict(), form.add_prefix("seen"): error.seen}  # type: ignore[attr-defined]
    return form


def _text(error: DomainError | None) -> str:
    return error.text if error is not None else ""


def _tabs(edition: Edition, *, only_missing: bool) -> list[Tab]:
    href = reverse("work-descriptions", args=[edition.work.public_id])
    return [
        Tab(_("All pictures"), href, not only_missing),
        Tab(_("Missing only"), f"{href}?{urlencode({'show': _MISSING})}", only_missing),
    ]


def _query(request: VisitorRequest, page: int | None = None) -> str:
    """Return the query of the page that is shown, or of another page with the same filter."""
    asked = {"show": _MISSING} if request.GET.get("show") == _MISSING else {}
    number = str(page) if page is not None else request.GET.get("page", "")
    return f"?{urlencode(asked | ({'page': number} if number.isdecimal() else {}))}".rstrip("?")
