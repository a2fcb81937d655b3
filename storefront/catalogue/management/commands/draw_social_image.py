"""`manage.py draw_social_image FILE`: draw the social image of the shop itself."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from conversion.engine.covers import social_image as drawing

_LINE = "DRM-free books by independent authors"


class Command(BaseCommand):
    help = "Draw the social image of the shop, with SITE_NAME, as JPEG. This is how static/social.jpg was made."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the file to write")

    def handle(self, *args: Any, **options: Any) -> None:
        options["file"].write_bytes(drawing.shop_picture(shop=settings.SITE_NAME, line=_LINE))
