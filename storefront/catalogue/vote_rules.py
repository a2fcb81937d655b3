"""Constants for counting votes (`storefront.community.selectors.votes`), and the votes passed to the ranking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from storefront.catalogue.recompute_ranking import Book

MIN_PAID_MINOR = 99
VOTES_A_MONTH = 8
MIN_OTHER_AUTHORS = 3
MIN_ACCOUNT_AGE = timedelta(days=30)
VOTE_WINDOW = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Votes:
    """The public votes by the listing's primary key, and how many other authors a verified reader has paid for."""

    books: dict[int, Book]
    others_needed: int
