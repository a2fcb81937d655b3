"""A person's collections: their list, the books of one in order, and what a book's page does with them."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import PersonRequest
from common import clock
from common.errors import NotFound
from common.limits import limited
from storefront.shelf.errors import NameTaken, TooManyCollections
from storefront.shelf.forms import CollectionForm
from storefront.shelf.selectors.collections import collection_page, collections_of
from storefront.shelf.services import collections as services


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("shelf")
def collections(request: PersonRequest) -> HttpResponse:
    """List the collections, and create one."""
    form = CollectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create(actor=request.user, name=form.cleaned_data["name"], at=clock.now())
        except (NameTaken, TooManyCollections) as problem:
            form.add_error("name", problem.text)
        else:
            return redirect("library:collection", made.public_id)
    context = {"collections": collections_of(request.user), "form": form}
    return render(request, "shelf/collections.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("shelf")
def collection(request: PersonRequest, collection_id: str) -> HttpResponse:
    """Show a collection's books in order, and rename it."""
    page = collection_page(request.user, collection_id)
    form = CollectionForm(request.POST or None, initial={"name": page.collection.name})
    if request.method == "POST" and form.is_valid():
        try:
            services.rename(actor=request.user, collection_id=collection_id, name=form.cleaned_data["name"])
        except NameTaken as problem:
            form.add_error("name", problem.text)
        else:
            return redirect("library:collection", collection_id)
    return render(request, "shelf/collection.html", {"page": page, "form": form}, status=422 if form.errors else 200)


@login_required
@never_cache
@require_POST
@limited("shelf")
def delete(request: PersonRequest, collection_id: str) -> HttpResponse:
    """Delete a collection; its books stay in the library."""
    services.delete(actor=request.user, collection_id=collection_id)
    return redirect("library:collections")


@login_required
@never_cache
@require_POST
@limited("shelf")
def collected(request: PersonRequest, collection_id: str) -> HttpResponse:
    """Move a book within a collection, or take it out."""
    work_id = request.POST.get("work", "")[:40]
    if "before" in request.POST:
        before = request.POST["before"][:40]
        services.move_book(actor=request.user, collection_id=collection_id, work_id=work_id, before_id=before)
    elif request.POST.get("act") == "remove":
        services.remove_book(actor=request.user, collection_id=collection_id, work_id=work_id)
    else:
        raise NotFound
    return redirect(reverse("library:collection", args=[collection_id]) + f"#{work_id}")


@login_required
@never_cache
@require_POST
@limited("shelf")
def book(request: PersonRequest, work_id: str) -> HttpResponse:
    """Put a book into a collection, take it out, or put it into a new one."""
    collection_id = request.POST.get("collection", "")[:40]
    try:
        if collection_id and request.POST.get("act") == "remove":
            services.remove_book(actor=request.user, collection_id=collection_id, work_id=work_id)
        else:
            collection_id = collection_id or _created(request)
            services.add_book(actor=request.user, collection_id=collection_id, work_id=work_id, at=clock.now())
    except (NameTaken, TooManyCollections) as problem:
        messages.warning(request, problem.text)
    return redirect(reverse("library:book", args=[work_id]) + "#collections")


def _created(request: PersonRequest) -> str:
    """Return the collection that the form names anew. Raises NotFound for a form without a name."""
    form = CollectionForm(request.POST)
    if not form.is_valid():
        raise NotFound
    return services.create(actor=request.user, name=form.cleaned_data["name"], at=clock.now()).public_id
