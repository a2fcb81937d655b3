"""Who counts how: paid copies and reviews, added up by book and day without naming anybody.

What a *vote* is, and when it is *proved*:

- One for each account and book: a copy that cost at least 99 minor units, was not given back, and is not by the
  account itself. A gift counts for its giver.
- One for each account and credited name in a calendar month (UTC), the first; and eight for each account in a month,
  the first. A pen name that its owner keeps off their page is a name of its own; the others of an account are one.
- It is proved when its account paid for its first book 30 days ago or more, and has paid for books by three other
  authors whom a payment provider or bank has verified. In a shop with fewer verified authors who sell: by all others.
  Books under a pen name prove nothing, and one more author is asked for where they are voted for: their owner may be
  one of the three. So neither the votes nor the word proved tell whose name it is.
- A review is counted, as proved or not, with the copy it came with.

Everything looks back a year, and no further than to the end of the day before: nobody can tell from a list at what
moment somebody bought.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from storefront.catalogue.recompute_ranking import Book

LEAST_PAID_MINOR = 99
VOTES_A_MONTH = 8
OTHER_AUTHORS = 3
STANDING = timedelta(days=30)
LOOKING_BACK = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Votes:
    """The public votes by the listing's primary key, and how many other authors a proved reader has paid for."""

    books: dict[int, Book]
    others_needed: int
