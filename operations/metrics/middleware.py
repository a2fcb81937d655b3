"""Counts requests and their queries."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from prometheus_client import Counter, Histogram

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_QUERIES = (0, 5, 10, 20, 50, 100, 500)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

REQUESTS = Counter("octavo_requests", "Requests answered.", ["view", "method", "status"])
DURATION = Histogram("octavo_request_seconds", "Time until a request was answered.", ["view"], buckets=_SECONDS)
QUERIES = Histogram("octavo_request_queries", "Database queries of a request.", ["view"], buckets=_QUERIES)


class MetricsMiddleware:
    """Counts each request under its view's name: there are as many as the shop has views, whatever is asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        count = _QueryCount()
        began = perf_counter()
        with connection.execute_wrapper(count):
            response = self.get_response(request)
        view = _view_name(request)
        method = request.method if request.method in _METHODS else "other"
        REQUESTS.labels(view, method, response.status_code).inc()
        DURATION.labels(view).observe(perf_counter() - began)
        QUERIES.labels(view).observe(count.queries)
        return response


class _QueryCount:
    """Counts the queries that pass through it."""

    def __init__(self) -> None:
        self.queries = 0

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        self.queries += 1
        return execute(sql, params, many, context)


def _view_name(request: HttpRequest) -> str:
    """Return the view's name; "none" where no view was reached, such as for an unknown address."""
    match = request.resolver_match
    return (match.view_name or "unnamed") if match else "none"
