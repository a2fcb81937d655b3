"""`manage.py draw_social_pictures`: let the books of a shop that is older than its pictures of links have theirs."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from conversion.engine.covers import social_image as drawing
from storefront.services import social

_LINE = "Books without locks, by independent authors"


class Command(BaseCommand):
    help = "Lets every book without a picture for links to it wait for one; workers draw twenty a minute."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--shop", type=Path, metavar="FILE", help="draw the shop's own picture instead, as JPEG")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["shop"]:
            options["shop"].write_bytes(drawing.shop_picture(shop=settings.SITE_NAME, line=_LINE))
            return
        self.stdout.write(f"{social.want_all()} books wait for a picture")
