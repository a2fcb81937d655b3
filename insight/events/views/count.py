"""The beacon: pages come from a proxy's cache, so the server never sees a view and each page tells it."""

from __future__ import annotations

from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.requests import VisitorRequest
from common import clock
from common.limits import counted_as
from common.same_origin import ForeignRequest, is_same_origin
from insight.events import hooks
from insight.events.models import EventKind
from insight.events.services import recording
from publishing.models import Work
from storefront.catalogue.models import Listing

_BY_PAGES = {EventKind.VIEW.value, EventKind.SAMPLE.value}


@csrf_exempt  # cached pages carry no token; a request of another site is refused by its origin
@counted_as("count")
@never_cache
@require_POST
def count(request: VisitorRequest) -> HttpResponse:
    """Record that a page was seen, or what was searched for. Answers nothing, sets no cookie and begins no session.

    A session that there is already is read for one thing: what makers and staff see does not count.
    """
    if not is_same_origin(request):
        raise ForeignRequest
    kind = request.POST.get("kind", "")
    if record := hooks.recorder_of(kind):
        record(hooks.Seen(request, _visitor(request), clock.now()))
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    if kind not in _BY_PAGES:
        raise BadRequest("kind")
    work_id = Listing.objects.on_sale().filter(slug=request.POST.get("book", "")[:200]).values("work")
    work = Work.objects.filter(pk__in=work_id).first()
    if work is not None:  # it may have been taken off sale while the page stayed in a cache
        recording.record_visit(
            request=request,
            actor=_visitor(request),
            kind=EventKind(kind),
            work=work,
            via=request.POST.get("via", "")[:12],
            referrer=request.POST.get("from", "")[:500],
            at=clock.now(),
        )
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def _visitor(request: VisitorRequest) -> User | None:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    return request.user if isinstance(request.user, User) else None
