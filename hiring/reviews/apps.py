"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig


class HiringReviewsConfig(AppConfig):
    name = "hiring.reviews"
    label = "hiring_reviews"
