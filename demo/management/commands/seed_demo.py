"""`manage.py seed_demo`: log-ins, sample books and months of plausible sales. Safe to repeat."""

from __future__ import annotations

from argparse import ArgumentParser
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common import clock
from demo.books import BookNotConverted, seed_books
from demo.console import Console
from demo.content.loader import load
from demo.history import seed_history
from demo.people import seed_logins
from storefront.library.services import recommendations


class Command(BaseCommand):
    help = "Fills an empty shop with sample data. Needs a running worker to convert the books."
    stealth_options = ("console",)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--content", choices=["all", "books", "people"], default="all", help="how much to seed")

    def handle(self, *args: Any, **options: Any) -> None:
        console = options.get("console") or Console()
        seed_logins()
        if options["content"] == "people":
            return
        console.begin("Converting sample books")
        catalogue = load()
        try:
            seed_books(catalogue, tell=partial(console.progress, "Books published"))
        except BookNotConverted as error:
            raise CommandError(str(error)) from None
        if options["content"] == "all":
            console.begin("Simulating three months of sales")
            seed_history(catalogue, tell=console.step)
            # In a running shop, this is scheduled at night.
            recommendations.recommend(at=clock.now())
