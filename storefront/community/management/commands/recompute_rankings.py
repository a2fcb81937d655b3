"""Recalculate the ranking now; the schedule does so every ten minutes."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from common import clock
from storefront.catalogue.services import ranking
from storefront.community.services import vote_counting


class Command(BaseCommand):
    help = "Ranks the books by the votes up to the end of yesterday (UTC), and plans the fresh shelf."

    def handle(self, **options: Any) -> None:
        ranking.plan_fresh(at=clock.now())
        made = vote_counting.rank(at=clock.now())
        self.stdout.write(f"version {made.pk}: {made.books.count()} books, votes until {made.day}")
