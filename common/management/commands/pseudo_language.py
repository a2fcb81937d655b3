"""`manage.py pseudo_language`: make the language that shows what is not translated (docs/translating.md)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from common import pseudo_language


class Command(BaseCommand):
    """Write the pseudo-language's words, from those of the German file, which holds every message."""

    help = "Make a language of marked letters, read from right to left, to find what is not translated."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        source = settings.BASE_DIR / "locale" / "de" / "LC_MESSAGES" / "django.po"
        count = pseudo_language.write_words(source, settings.VAR_DIR / "pseudo")
        self.stdout.write(f"{count} messages written. Start with PSEUDO_LANGUAGE=yes and open /ar-us/.")
