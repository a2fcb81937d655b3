"""Registers the app."""

from __future__ import annotations

from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "common"

    def ready(self) -> None:
        from common import checks, sqlite_permissions  # noqa: F401 - register themselves
        from common.form_errors import use_our_words

        use_our_words()
