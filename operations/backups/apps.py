"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig


class BackupsConfig(AppConfig):
    name = "operations.backups"
    label = "backups"
