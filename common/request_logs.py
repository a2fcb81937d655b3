"""A line in the log for each request, and an id that all of its lines share."""

from __future__ import annotations

import structlog
from django.http import HttpRequest, HttpResponse
from django_structlog.middlewares import RequestMiddleware


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


def current_request_id() -> str:
    """Return the id of the request that is being answered; "" outside of one."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))
