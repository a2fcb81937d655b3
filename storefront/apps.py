"""Registers the app."""

from __future__ import annotations

from django.apps import AppConfig


class StorefrontConfig(AppConfig):
    name = "storefront"

    def ready(self) -> None:
        from storefront import handlers  # noqa: F401 - registers what the shop does on payment events
