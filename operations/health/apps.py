"""App configuration: gives `manage.py health` its place."""

from __future__ import annotations

from django.apps import AppConfig


class HealthConfig(AppConfig):
    name = "operations.health"
    label = "health"
