"""A line in the log for each request, and an id that all of its lines share."""

from __future__ import annotations

from typing import Any

import structlog
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django_structlog import signals
from django_structlog.middlewares import RequestMiddleware

from common.bucket_errors import is_bucket_away
from common.database_errors import is_database_away


class RequestLogMiddleware(RequestMiddleware):
    """Logs a request when it ends, and gives its id to every line in between and to the visitor (`X-Request-ID`).

    The path alone is logged: a query may have the words that somebody searches for.
    """

    @classmethod
    def format_request(cls, request: HttpRequest) -> str:
        return f"{request.method} {request.path}"

    def handle_response(self, request: HttpRequest, response: HttpResponse) -> None:
        response.headers["X-Request-ID"] = current_request_id()
        super().handle_response(request, response)


@receiver(signals.bind_extra_request_failed_metadata)
def name_answer(exception: Exception, log_kwargs: dict[str, Any], **kwargs: Any) -> None:
    """Log the status that the visitor gets (`common.views.server_error`): 500 means a fault of ours."""
    if is_database_away(exception) or is_bucket_away(exception):
        log_kwargs["code"] = 503


def current_request_id() -> str:
    """Return the id of the request that is being answered; "" outside of one."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))
