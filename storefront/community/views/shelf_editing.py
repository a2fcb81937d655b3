"""Pages on which owners edit their shelves: create, rename, add, give reasons, reorder, remove, restore, delete."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError, NotFound
from common.limits import limited
from publishing import selectors as publishing_selectors
from storefront.catalogue.models import Listing
from storefront.community import permissions
from storefront.community.forms import AddToShelfForm, ReasonForm, ShelfForm
from storefront.community.models import Shelf, Visibility
from storefront.community.selectors import cases as case_selectors
from storefront.community.selectors import shelves as shelf_selectors
from storefront.community.services import shelves as shelf_services

_FIRST, _LAST = 0, 1_000_000


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("shelf")
def mine(request: PersonRequest) -> HttpResponse:
    """List the person's shelves, with a form to create another."""
    form = ShelfForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = shelf_services.make_shelf(actor=request.user, at=clock.now(), **_values(form))
        except DomainError as problem:
            messages.warning(request, problem.text)
            return redirect("community:my-shelves")
        return redirect("community:shelf-edit", made.public_id)
    context = {"form": form, "shelves": shelf_selectors.shelves_of(request.user)}
    return render(request, "community/my_shelves.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("shelf")
def add(request: PersonRequest, slug: str) -> HttpResponse:
    """Add a book to one of the person's shelves, from its page."""
    listing = get_object_or_404(Listing.objects.on_sale().select_related("work"), slug=slug)
    shelves = list(shelf_selectors.shelves_of(request.user))
    initial = {"shelf": shelves[0].public_id} if shelves else {}
    form = AddToShelfForm(request.POST or None, shelves=shelves, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            shelf = _chosen(request, form)
            shelf_services.add_book(
                actor=request.user, shelf=shelf, work=listing.work, reason=form.cleaned_data["reason"], at=clock.now()
            )
        except NotFound:
            raise
        except DomainError as problem:
            messages.warning(request, problem.text)
            return redirect("community:shelf-add", slug)
        messages.success(request, _("The book has been added to the shelf."))
        return redirect("community:shelf-edit", shelf.public_id)
    context = {"form": form, "listing": listing}
    return render(request, "community/shelf_add.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: PersonRequest, shelf_id: str) -> HttpResponse:
    """Edit one of the person's shelves: its title and text, and its books in order."""
    shelf = _shelf(request, shelf_id)
    initial = {"title": shelf.title, "description": shelf.description, "visibility": shelf.visibility}
    form = ShelfForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        shelf_services.change_shelf(actor=request.user, shelf=shelf, **_values(form))
        messages.success(request, _("The shelf has been saved."))
        return redirect("community:shelf-edit", shelf_id)
    context = {
        "form": form,
        "shelf": shelf,
        "rows": shelf_selectors.rows_of(shelf),
        "removed": shelf_selectors.removed_from(shelf, request.GET.get("removed", "")),
        "hiding": case_selectors.hiding_decision(shelf) if shelf.is_hidden else None,
        "may_mark": permissions.may_mark_editors_shelf(request.user),
    }
    return render(request, "community/shelf_edit.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
@limited("shelf")
def books(request: PersonRequest, shelf_id: str) -> HttpResponse:
    """Move a book, save the reason for it, remove it, or restore it."""
    shelf, address = _shelf(request, shelf_id), reverse("community:shelf-edit", args=[shelf_id])
    work = publishing_selectors.work_by_public_id(request.POST.get("work", ""))
    row = shelf.books.filter(work=work).first()
    if row is None:
        raise NotFound
    act = request.POST.get("act", "")
    who: dict[str, Any] = {"actor": request.user, "shelf": shelf, "work": work}
    places = {"up": row.position - 1, "down": row.position + 1, "first": _FIRST, "last": _LAST}
    if act in places:
        shelf_services.move_book(place=places[act], **who)
    elif act == "reason":
        form = ReasonForm(request.POST)
        if form.is_valid():
            shelf_services.set_reason(reason=form.cleaned_data["reason"], **who)
        else:
            messages.warning(request, _("A reason can be up to 500 characters long."))
    elif act == "remove":
        shelf_services.remove_book(at=clock.now(), **who)
        return redirect(f"{address}?removed={work.public_id}")
    elif act == "put-back":
        shelf_services.put_back(**who)
    return redirect(f"{address}#{work.public_id}")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: PersonRequest, shelf_id: str) -> HttpResponse:
    """Show what is lost with the shelf, then delete it."""
    shelf = _shelf(request, shelf_id)
    if request.method == "POST":
        shelf_services.delete_shelf(actor=request.user, shelf=shelf)
        messages.success(request, _("The shelf has been deleted."))
        return redirect("community:my-shelves")
    rows = shelf_selectors.rows_of(shelf)
    context = {"shelf": shelf, "books": len(rows), "reasons": sum(1 for row in rows if row.reason)}
    return render(request, "community/shelf_delete.html", context)


@login_required
@require_POST
def editors(request: PersonRequest, shelf_id: str) -> HttpResponse:
    """Add a shelf to the editors' shelves, or remove it. For operators only."""
    if not permissions.may_mark_editors_shelf(request.user):
        raise NotFound
    shelf = get_object_or_404(Shelf, public_id=shelf_id)
    shelf_services.mark_editors(actor=request.user, shelf=shelf, is_editors=request.POST.get("act") == "mark")
    return redirect("community:shelf", shelf.address)


def _shelf(request: PersonRequest, shelf_id: str) -> Shelf:
    return shelf_selectors.shelf_of(user=request.user, shelf_id=shelf_id)


def _chosen(request: PersonRequest, form: AddToShelfForm) -> Shelf:
    """Return the chosen shelf, or create a new public one."""
    if title := form.cleaned_data["title"].strip():
        return shelf_services.make_shelf(
            actor=request.user, title=title, description="", visibility=Visibility.PUBLIC, at=clock.now()
        )
    return _shelf(request, form.cleaned_data["shelf"])


def _values(form: ShelfForm) -> dict[str, Any]:
    return {**form.cleaned_data, "visibility": Visibility(form.cleaned_data["visibility"])}
