"""The catalogue as ONIX 3.0: all of it, what changed since a day, and one book."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import regions
from accounts.public import public_page
from common import clock
from common.limits import lightly_limited
from storefront.catalogue import tax
from storefront.catalogue.models import Listing
from storefront.catalogue.onix.message import message
from storefront.catalogue.onix.product import Custom
from storefront.catalogue.selectors import feeds

_TYPE = "application/onix+xml; charset=utf-8"


@require_safe
@lightly_limited("feed")
@public_page()
def catalogue(request: HttpRequest) -> HttpResponseBase:
    """A message of the books on sale in the order of their changes, streamed; `?since=` adds what was withdrawn.

    What does not fit into one message follows under the address that its `Link` header and note give.
    """
    asked = request.GET.get("since", "")
    since = _moment(asked)
    if asked and since is None:
        return HttpResponse(_("since is a date, 2026-11-26, or a moment, 2026-11-26T12:00Z."), status=400)
    found = feeds.changes(since=since, after=request.GET.get("after", "")[:40])
    following = ""
    if found.next_cursor:
        wanted = {"since": asked, "after": found.next_cursor} if asked else {"after": found.next_cursor}
        following = f"{settings.SITE_URL}{reverse('catalogue:onix')}?{urlencode(wanted)}"
    note = f"This message is one of several. The next: {following}" if following else ""
    response = StreamingHttpResponse(_of_no_region(found.listings, note), content_type=_TYPE)
    if following:
        response["Link"] = f'<{following}>; rel="next"'
    return response


@require_safe
@lightly_limited("feed")
@public_page()
def book(request: HttpRequest, slug: str) -> HttpResponse:
    """The message of one book."""
    listing = feeds.record(slug)
    if listing is None:
        raise Http404
    return HttpResponse(b"".join(_of_no_region(iter([listing]))), content_type=_TYPE)


def _of_no_region(listings: Iterator[Listing], note: str = "") -> Iterator[bytes]:
    """The same whoever asks: headings of subjects in the language of the code lists, addresses without a region."""
    at = clock.now()
    custom = Custom(tax_is_added_in=tax.countries_that_add(at=at.date()))
    with regions.active(regions.default()):
        yield from message(listings, sent_at=at, custom=custom, note=note)


def _moment(text: str) -> datetime | None:
    """A date or a moment in ISO 8601, UTC where it does not say; None for anything else."""
    try:
        moment = parse_datetime(text)
        day = None if moment else parse_date(text)
    except ValueError:
        return None
    if day is not None:
        moment = datetime.combine(day, time.min)
    if moment is None:
        return None
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError:  # before or after all moments there are
        return None
