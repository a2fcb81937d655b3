"""`manage.py draw_shop_picture FILE`: the picture that stands beside links to the shop itself."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from conversion.engine.covers import social_image as drawing

_LINE = "Books without locks, by independent authors"


class Command(BaseCommand):
    help = "Draws the picture of links to the shop, with SITE_NAME, as JPEG. static/social.jpg was made so."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="where to write it")

    def handle(self, *args: Any, **options: Any) -> None:
        options["file"].write_bytes(drawing.shop_picture(shop=settings.SITE_NAME, line=_LINE))
