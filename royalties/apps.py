"""Registers the app and its handlers of provider events."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class RoyaltiesConfig(AppConfig):
    name = "royalties"

    def ready(self) -> None:
        import_module("royalties.handlers")
