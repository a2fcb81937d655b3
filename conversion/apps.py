"""Registers the app."""

from __future__ import annotations

from django.apps import AppConfig


class ConversionConfig(AppConfig):
    name = "conversion"
