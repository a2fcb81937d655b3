"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "hiring.requests"
    label = "hiring_requests"
