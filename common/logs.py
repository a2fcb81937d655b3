"""The log: one line for each event, as JSON or as text.

A line has the time, the machine, the process, the event's name, its fields, and the request or task that it belongs to
(django-structlog binds their ids). Other libraries' lines look the same. Secrets in URLs are masked in the whole line.
"""

from __future__ import annotations

import logging
import os
import platform
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

from common.log_masks import mask_secrets

_HOST = platform.node()


def configure(*, as_json: bool, level: str) -> dict[str, Any]:
    """Set structlog up for this process and return Django's `LOGGING`."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"secrets": {"()": "common.log_masks.MaskSecrets"}},
        "formatters": {"line": {"()": "common.logs.LineFormatter", "as_json": as_json}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["secrets"]}},
        "loggers": {
            # A task that failed has a line of its own.
            "celery.app.trace": {"level": "CRITICAL"},
            # A line for each message sent and received: dozens a minute of which none says anything.
            "celery.beat": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            # granian replaces its handlers but keeps its filters.
            "granian.access": {"filters": ["secrets"]},
            # Each document would have a line for every step of its making.
            "weasyprint": {"level": "WARNING"},
            "fontTools": {"level": "WARNING"},
            # The request's own line says the same: an error with its traceback, a host that is not ours.
            "django.request": {"level": "CRITICAL"},
            "django.security.DisallowedHost": {"level": "CRITICAL"},
        },
        "root": {"handlers": ["console"], "level": level},
    }


class LineFormatter(structlog.stdlib.ProcessorFormatter):
    """Writes one line for a record, with the secrets in its URLs masked, also in tracebacks."""

    def __init__(self, *, as_json: bool) -> None:
        renderer: Processor
        if as_json:
            renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
        else:
            renderer = structlog.dev.ConsoleRenderer(
                colors=False,
                pad_event_to=0,
                sort_keys=False,
                exception_formatter=structlog.dev.plain_traceback,  # no values of variables: they are personal
            )
        place = (_add_place, structlog.processors.format_exc_info) if as_json else ()
        super().__init__(
            foreign_pre_chain=[*_shared(), structlog.stdlib.ExtraAdder(), _drop_request],
            processors=[*place, structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )

    def format(self, record: logging.LogRecord) -> str:
        return mask_secrets(super().format(record))


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _drop_request(logger: Any, method: str, event: EventDict) -> EventDict:
    """Drop the request that Django adds to its records: its text contains the query."""
    event.pop("request", None)
    return event


def _add_place(logger: Any, method: str, event: EventDict) -> EventDict:
    event["host"], event["pid"] = _HOST, os.getpid()
    return event
