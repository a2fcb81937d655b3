"""App configuration: starts what the environment asks for, before the first request or task."""

from __future__ import annotations

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class TelemetryConfig(AppConfig):
    name = "operations.telemetry"
    label = "telemetry"

    def ready(self) -> None:
        if settings.SENTRY_DSN:
            _start_error_reports()
        if settings.OTEL_EXPORTER_OTLP_ENDPOINT:
            _start_traces()


def _start_error_reports() -> None:
    try:
        from operations.telemetry import error_reports
    except ImportError:
        raise ImproperlyConfigured("SENTRY_DSN needs the extra “sentry”: uv sync --extra sentry") from None
    error_reports.start(settings.SENTRY_DSN)


def _start_traces() -> None:
    try:
        from operations.telemetry import traces
    except ImportError:
        text = "OTEL_EXPORTER_OTLP_ENDPOINT needs the extra “tracing”: uv sync --extra tracing"
        raise ImproperlyConfigured(text) from None
    traces.start(settings.OTEL_EXPORTER_OTLP_ENDPOINT)
