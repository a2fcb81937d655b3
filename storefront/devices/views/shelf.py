"""A person's own books for devices and apps, and their files, behind an app password."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.page_cache import public_page
from common import clock
from common.client_ip import client_address
from common.errors import NotFound
from common.limits import rate_limited_by_network
from common.paging import PAGE_LENGTH, page_of_list
from storefront.devices.models import Scope
from storefront.devices.opds import authentication as opds_authentication
from storefront.devices.opds.feed import JPEG, Feed, Kind
from storefront.devices.selectors import details as detail_selectors
from storefront.devices.selectors import shelf as shelf_selectors
from storefront.devices.services import shelf_versions
from storefront.devices.views.answers import answer, feed_id, here, in_region_of_address, ways
from storefront.devices.views.basic_auth import document, with_app_password
from storefront.devices.views.entries import owned
from storefront.library.services import downloads
from storefront.library.views.files import private_file
from storefront.own_books.selectors.pages import works_with_cover
from storefront.own_books.services.covers import jpeg_cover

_COVER_LASTS_S = 24 * 3600


@require_safe
@rate_limited_by_network("list")
@in_region_of_address
@with_app_password(Scope.CATALOGUE)
def shelf(request: HttpRequest, owner: User, version: str) -> HttpResponseBase:
    """Return one page of the owner's books. KOReader keeps it by its Last-Modified, which every purchase moves."""
    books = shelf_selectors.shelf_of(owner)
    changed_at = shelf_versions.version_of(user=owner, digest=shelf_selectors.digest_of(books), at=clock.now())
    page = page_of_list(request, books)
    known = detail_selectors.details_of_works([book.work_id for book in page.rows])
    covers = works_with_cover(owner)
    feed = Feed(
        id=feed_id(f"shelf:{owner.public_id}"),
        title=_("Your books"),
        href=here(request),
        updated=changed_at,
        kind=Kind.ACQUISITION,
        ways=ways(version),
        publications=tuple(
            owned(book, known.get(book.work_id), has_own_cover=book.work_id in covers) for book in page.rows
        ),
        next_href=settings.SITE_URL + page.older if page.older else "",
        total=len(books),
        page_size=PAGE_LENGTH,
    )
    response = answer(feed, version)
    etag, moment = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"', int(changed_at.timestamp())
    response["ETag"], response["Last-Modified"] = etag, http_date(moment)
    patch_cache_control(response, private=True, no_cache=True)
    return get_conditional_response(request, etag, moment, response) or response


@require_safe
@rate_limited_by_network("list")
@with_app_password(Scope.CATALOGUE)
def file(
    request: HttpRequest, owner: User, /, *, work_id: str, artifact_id: str, slug: str, suffix: str
) -> HttpResponseBase:
    """Return a file that the owner may download. The slug is for programs that name files after their addresses.

    A HEAD, by which KOReader asks for the name, is no download.
    """
    found = downloads.named_file(actor=owner, work_id=work_id, artifact_id=artifact_id)
    if downloads.suffix_of(found.artifact.kind) != suffix:
        raise NotFound
    if request.method != "HEAD":
        address = client_address(request)
        downloads.note_opened(actor=owner, work_id=work_id, file=found, address=address)
    return private_file(request, found.artifact, found.name, copy=found.copy, may_redirect=False)


@require_safe
@rate_limited_by_network("list")
@with_app_password(Scope.CATALOGUE)
def own_cover(request: HttpRequest, owner: User, /, *, work_id: str) -> HttpResponse:
    """Return the cover of a book that the owner brought. Those of the shop's books are public files, this is not."""
    response = HttpResponse(jpeg_cover(owner=owner, work_id=work_id), content_type=JPEG)
    patch_cache_control(response, private=True, max_age=_COVER_LASTS_S)
    return response


@require_safe
@in_region_of_address
@public_page()
def authentication(request: HttpRequest) -> HttpResponse:
    """Return the document that says how to sign in."""
    return HttpResponse(document(), content_type=opds_authentication.TYPE)
