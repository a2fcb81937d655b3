"""The page of a person's own books: what they take up, and the form that adds one."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.requests import PersonRequest
from common import clock
from common.body_limits import accepts_files, declared_bytes
from common.errors import DomainError
from common.limits import limited
from storefront.own_books import permissions
from storefront.own_books.forms import UploadForm
from storefront.own_books.selectors import pages
from storefront.own_books.services import uploads


def check_upload(request: HttpRequest) -> HttpResponseBase | None:
    """Check before a large file is read whether its sender may add it. Raises DomainError."""
    if not isinstance(request.user, User):
        return redirect_to_login(request.get_full_path())
    permissions.require_may_add(request.user)
    uploads.require_space(request.user, min(declared_bytes(request), settings.MAX_MANUSCRIPT_BYTES))
    return None


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("own_book")
@accepts_files(lambda: settings.MAX_MANUSCRIPT_BYTES, check_upload, action="own_book")
def books(request: PersonRequest) -> HttpResponse:
    """Show the person's own books, and add one."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            book = uploads.add(actor=request.user, content=upload, name=upload.name, at=clock.now())
        except DomainError as error:
            form.add_error("file", error.text)
        else:
            return redirect("own_books:own-book", book.work.public_id)
    context = {"page": pages.page_of(request.user), "form": form}
    return render(request, "own_books/books.html", context, status=422 if form.errors else 200)
