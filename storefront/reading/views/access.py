"""Which book a visitor opens, and where somebody who may not read it goes instead."""

from __future__ import annotations

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts import permissions as account_permissions
from accounts import regions
from accounts.models import User
from accounts.requests import VisitorRequest
from publishing import permissions as publishing_permissions
from publishing.models import Work
from publishing.views.staff_access import record_staff_access
from storefront.checkout import given_copies
from storefront.checkout.guests.views.current_readers import holders_of
from storefront.reading.selectors import books as reading_selectors
from storefront.reading.selectors.books import Reading


def full_book(request: VisitorRequest, slug: str, edition_id: str = "") -> tuple[Reading, User] | None:
    """Return the whole book and its reader, or the staff who may inspect it."""
    return own_book(request, slug, edition_id) or _inspected_book(request, slug, edition_id)


def own_book(request: VisitorRequest, slug: str, edition_id: str = "") -> tuple[Reading, User] | None:
    """Return the whole book and its reader: the person, or a guest whose link was opened in this browser."""
    for reader in holders_of(request):
        reading = reading_selectors.full_book(slug, reader, edition_id)
        if reading is not None:
            return reading, reader
    return None


def _inspected_book(request: VisitorRequest, slug: str, edition_id: str) -> tuple[Reading, User] | None:
    """Return the whole book for staff who may inspect it without having bought it, and record that they did."""
    user = request.user
    work = Work.objects.filter(slug=slug).first() if isinstance(user, User) and user.is_staff_member else None
    if work is None or not isinstance(user, User) or not publishing_permissions.may_inspect(user, work):
        return None
    reading = reading_selectors.whole_book(work, edition_id)
    if reading is None:
        return None
    record_staff_access(request, work)
    return reading, user


def sample_or_404(slug: str, edition_id: str = "") -> Reading:
    reading = reading_selectors.sample_book(slug, edition_id)
    if reading is None:
        raise Http404
    return reading


def elsewhere(request: VisitorRequest, slug: str) -> HttpResponse:
    """Send visitors to the log-in page, whose advance copy has ended to a page that says so, and people who did not buy
    the book to its sample, if there is one. Finance staff, who have no reason to read books, get a 404."""
    if account_permissions.is_finance(request.user):
        raise Http404
    if isinstance(request.user, User):
        work = Work.objects.filter(slug=slug).first()
        if work is not None and given_copies.was_given(request.user, work):
            return redirect("advance_copies:over", slug)
    if not request.user.is_authenticated:
        if not Work.objects.filter(slug=slug, listing__isnull=False).exists():
            raise Http404
        return redirect_to_login(request.get_full_path())
    sample_or_404(slug)
    return redirect(reader_url("sample", slug))


def reader_url(name: str, *args: str) -> str:
    """Return the URL of one of the reader's pages."""
    return regions.reader_path(reverse(f"reading:{name}", args=args))


def files_root(reading: Reading, root: str) -> str:
    """Return the URL of the edition's files. It names the edition, so that browsers never mix up cached editions."""
    return f"{root}files/{reading.edition.public_id}/"
