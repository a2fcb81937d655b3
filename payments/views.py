"""The webhook endpoints: verify, store once, answer 200. The work happens in tasks."""

from __future__ import annotations

import structlog
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from common.limits import unlimited
from common.middleware import raw_body
from payments import services as payment_services
from payments.errors import EventRejected

logger = structlog.stdlib.get_logger(__name__)

# The provider's largest events are a few tens of kilobytes.
_LARGEST_BYTES = 256 * 1024


@raw_body
@unlimited
@csrf_exempt
@require_POST
def webhook(request: HttpRequest, endpoint: str) -> HttpResponse:
    """Receive an event at one of the three endpoints: platform, connect, thin. The signature is the only
    authentication."""
    try:
        payment_services.receive_event(
            endpoint=endpoint, body=_body(request), signature=request.headers.get("Stripe-Signature", "")
        )
    except EventRejected as rejected:
        logger.warning("webhook.rejected", endpoint=endpoint, reason=rejected.reason)
        return HttpResponse(status=rejected.status)
    except DatabaseError:
        # Not stored, so not acknowledged: the provider sends it again.
        logger.exception("webhook.not_stored", endpoint=endpoint)
        return HttpResponse(status=503)
    return HttpResponse(status=200)


def _body(request: HttpRequest) -> bytes:
    """Return the raw body; refuse it unread if its declared length is too long."""
    too_long = EventRejected("too long", status=413)
    try:
        if int(request.headers.get("Content-Length") or 0) > _LARGEST_BYTES:
            raise too_long
        body = request.body
    except (ValueError, RequestDataTooBig):
        raise too_long from None
    if len(body) > _LARGEST_BYTES:
        raise too_long
    return body
