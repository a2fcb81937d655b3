"""Pages on which providers write their offers: "My services"."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.requests import PersonRequest
from common import clock
from common.body_limits import accepts_files
from common.errors import DomainError, NotFound
from common.limits import limited
from hiring.offers import permissions, selectors
from hiring.offers.forms import OfferForm, PictureSampleForm, ProviderForm, TextSampleForm, WorkSampleForm, initial_of
from hiring.offers.models import Offer, OfferState, Provider
from hiring.offers.services import offers as offer_services
from hiring.offers.services import samples as sample_services

# Four forms are on one page.
_TEXT_IDS, _WORK_IDS, _PICTURE_IDS = "sample-%s", "book-%s", "picture-%s"


def _judge_picture(request: HttpRequest, offer_id: str) -> HttpResponseBase | None:
    """Decide before a picture is read whether its sender may add it. Raises NotFound."""
    if not isinstance(request.user, User):
        return redirect_to_login(request.get_full_path())
    permissions.require_owner(request.user, selectors.offer_by_public_id(offer_id))
    return None


@login_required
@never_cache
@require_safe
def mine(request: PersonRequest) -> HttpResponse:
    """List the person's services, each with what is missing."""
    rows = list(selectors.offers_of(request.user).prefetch_related("languages"))
    context = {
        "rows": [(one, selectors.missing(one)) for one in rows],
        "provider": Provider.objects.filter(user=request.user).first(),
        "may_take_part": permissions.may_take_part(request.user),
    }
    return render(request, "hiring/offers/mine.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("offer")
def provider(request: PersonRequest) -> HttpResponse:
    """Say whether one offers as a business, and whether one takes work."""
    permissions.require_take_part(request.user)
    known = Provider.objects.filter(user=request.user).first()
    form = ProviderForm(request.POST or None, initial=model_to_dict(known) if known is not None else None)
    if request.method == "POST" and form.is_valid():
        offer_services.save_provider(actor=request.user, told=form.told, at=clock.now())
        messages.success(request, _("Saved."))
        return redirect("offers:mine")
    return render(request, "hiring/offers/provider.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("offer")
def new(request: PersonRequest) -> HttpResponse:
    """Write an offer."""
    permissions.require_take_part(request.user)
    form = OfferForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = offer_services.create_offer(actor=request.user, told=form.told, at=clock.now())
        except DomainError as problem:
            form.add_error(None, problem.text)
        else:
            messages.success(request, _("Saved as a draft. Add samples, then make it public."))
            return redirect("offers:edit", made.public_id)
    return render(request, "hiring/offers/new.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("offer")
def edit(request: PersonRequest, offer_id: str) -> HttpResponse:
    """Change an offer."""
    offer = _own(request, offer_id)
    form = OfferForm(request.POST or None, initial=initial_of(offer))
    if request.method == "POST" and form.is_valid():
        try:
            offer_services.change_offer(actor=request.user, offer=offer, told=form.told, at=clock.now())
        except DomainError as problem:
            form.add_error(None, problem.text)
        else:
            messages.success(request, _("Saved."))
            return redirect("offers:edit", offer_id)
    return _page(request, offer, form=form)


@login_required
@require_POST
@limited("offer")
def act(request: PersonRequest, offer_id: str, action: str) -> HttpResponse:
    """Publish, pause or delete an offer."""
    offer = _own(request, offer_id)
    try:
        if action == "publish":
            offer_services.publish_offer(actor=request.user, offer=offer, at=clock.now())
            messages.success(request, _("Your service is public."))
        elif action == "pause":
            offer_services.pause_offer(actor=request.user, offer=offer)
            messages.success(request, _("Paused. Nobody is sent to you from now on; what you agreed to goes on."))
        elif action == "delete":
            offer_services.delete_offer(actor=request.user, offer=offer)
            messages.success(request, _("Deleted."))
            return redirect("offers:mine")
        else:
            raise NotFound
    except NotFound:
        raise
    except DomainError as problem:
        messages.warning(request, problem.text)
    return redirect("offers:edit", offer_id)


@login_required
@require_POST
@limited("offer")
def add_sample(request: PersonRequest, offer_id: str, kind: str) -> HttpResponse:
    """Add a passage of text, or a book that credits the provider."""
    offer = _own(request, offer_id)
    text = TextSampleForm(request.POST if kind == "text" else None, auto_id=_TEXT_IDS)
    work = WorkSampleForm(request.POST if kind == "work" else None, provider=request.user, auto_id=_WORK_IDS)
    form = {"text": text, "work": work}.get(kind)
    if form is None:
        raise NotFound
    if form.is_valid():
        add: Any = sample_services.add_text if kind == "text" else sample_services.add_work
        try:
            add(actor=request.user, offer=offer, at=clock.now(), **form.cleaned_data)
        except DomainError as problem:
            form.add_error(None, problem.text)
        else:
            messages.success(request, _("Sample added."))
            return redirect("offers:edit", offer_id)
    return _page(request, offer, text=text, work=work)


@login_required
@require_POST
@limited("offer")
@accepts_files(lambda: settings.MAX_COVER_BYTES, _judge_picture, action="cover")
def add_picture(request: PersonRequest, offer_id: str) -> HttpResponse:
    """Add a picture. It is shown once it has been redrawn."""
    offer = _own(request, offer_id)
    form = PictureSampleForm(request.POST, request.FILES, auto_id=_PICTURE_IDS)
    if form.is_valid():
        given = form.cleaned_data
        try:
            sample_services.add_picture(
                actor=request.user,
                offer=offer,
                title=given["title"],
                alt=given["alt"],
                genre=given["genre"],
                content=given["picture"],
                name=given["picture"].name,
                at=clock.now(),
            )
        except DomainError as problem:
            if problem.is_refusal:
                raise
            form.add_error("picture", problem.text)
        else:
            messages.success(request, _("Picture added. We are preparing its sizes, which takes a minute."))
            return redirect(reverse("offers:edit", args=[offer_id]) + "#samples")
    return _page(request, offer, picture=form)


@login_required
@require_POST
@limited("offer")
def remove_sample(request: PersonRequest, offer_id: str, sample_id: str) -> HttpResponse:
    """Remove a sample."""
    try:
        sample_services.remove(actor=request.user, offer=_own(request, offer_id), sample_id=sample_id)
    except NotFound:
        raise
    except DomainError as problem:
        messages.warning(request, problem.text)
    else:
        messages.success(request, _("Sample removed."))
    return redirect("offers:edit", offer_id)


def _own(request: PersonRequest, offer_id: str) -> Offer:
    offer = selectors.offer_by_public_id(offer_id)
    permissions.require_owner(request.user, offer)
    return offer


def _page(
    request: PersonRequest,
    offer: Offer,
    *,
    form: OfferForm | None = None,
    text: TextSampleForm | None = None,
    work: WorkSampleForm | None = None,
    picture: PictureSampleForm | None = None,
) -> HttpResponse:
    form = form or OfferForm(initial=initial_of(offer))
    text = text or TextSampleForm(auto_id=_TEXT_IDS)
    work = work or WorkSampleForm(provider=request.user, auto_id=_WORK_IDS)
    picture = picture or PictureSampleForm(auto_id=_PICTURE_IDS)
    context = {
        "form": form,
        "text_form": text,
        "work_form": work,
        "picture_form": picture,
        "offer": offer,
        "samples": selectors.own_samples(offer),
        "missing": selectors.missing(offer),
        "has_provider": Provider.objects.filter(user=offer.provider_id).exists(),
        "is_taken_down": offer.state == OfferState.TAKEN_DOWN,
    }
    has_errors = form.errors or text.errors or work.errors or picture.errors
    return render(request, "hiring/offers/edit.html", context, status=422 if has_errors else 200)
