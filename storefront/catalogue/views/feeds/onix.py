"""The catalogue as ONIX 3.0: all of it, changes since a day, and single books."""

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
from accounts.page_cache import public_page
from common import clock
from common.limits import rate_limited_by_network
from storefront.catalogue import vat_rates
from storefront.catalogue.models import Listing
from storefront.catalogue.onix.message import message
from storefront.catalogue.onix.product import Custom
from storefront.catalogue.selectors import feeds

_TYPE = "application/onix+xml; charset=utf-8"


@require_safe
@rate_limited_by_network("feed")
@public_page()
def catalogue(request: HttpRequest) -> HttpResponseBase:
    """Stream the books on sale, ordered by their last change; `?since=` also includes withdrawn books.

    What does not fit into one message follows at the URL in its `Link` header and note.
    """
    asked = request.GET.get("since", "")
    since = _moment(asked)
    if asked and since is None:
        problem = _("“since” must be a date, such as 2026-11-26, or a date and time, such as 2026-11-26T12:00Z.")
        return HttpResponse(problem, status=400)
    found = feeds.changes(since=since, after=request.GET.get("after", "")[:40])
    following = ""
    if found.next_cursor:
        wanted = {"since": asked, "after": found.next_cursor} if asked else {"after": found.next_cursor}
        following = f"{settings.SITE_URL}{reverse('catalogue:onix')}?{urlencode(wanted)}"
    note = f"This message is one of several. Next message: {following}" if following else ""
    response = StreamingHttpResponse(_of_no_region(found.listings, note), content_type=_TYPE)
    if following:
        response["Link"] = f'<{following}>; rel="next"'
    return response


@require_safe
@rate_limited_by_network("feed")
@public_page()
def book(request: HttpRequest, slug: str) -> HttpResponse:
    """Return the message of one book."""
    listing = feeds.record(slug)
    if listing is None:
        raise Http404
    return HttpResponse(b"".join(_of_no_region(iter([listing]))), content_type=_TYPE)


def _of_no_region(listings: Iterator[Listing], note: str = "") -> Iterator[bytes]:
    """Yield the message in the default region: the same subject headings and URLs for everybody."""
    at = clock.now()
    custom = Custom(tax_is_added_in=vat_rates.countries_that_add(at=at.date()))
    with regions.active(regions.default()):
        yield from message(listings, sent_at=at, custom=custom, note=note)


def _moment(text: str) -> datetime | None:
    """Parse a date or time in ISO 8601, in UTC unless it says otherwise. Return None for anything else."""
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
    except OverflowError:  # outside the range of datetime
        return None
