"""What may be published of people's searches: the rules, as pure functions.

1. A number of people is published from five on, rounded to the nearest five. So the difference of two published numbers
   says nothing surer than "from one to nine", never "one", and never surely fewer than five.
2. A part of a published number is 0 if it is of fewer than five people, and the whole if fewer than five are left.
3. Weeks are fixed and do not overlap, and a week is published once.
4. What is not published is in no sum either: every total is the sum of numbers that are shown beside it.
5. Words that the catalogue does not have may be a name or an address: they are published from twenty people on.
"""

from __future__ import annotations

FEWEST = 5
FEWEST_UNKNOWN_WORDS = 20
STEP = 5
# Whoever finds fewer than five books or offers found little.
LITTLE = 5


def is_shown(people: int) -> bool:
    """Return whether a number of people may be published."""
    return people >= FEWEST


def rounded(count: int) -> int:
    """Return the number to the nearest five."""
    return (count + STEP // 2) // STEP * STEP


def part(count: int, *, of: int, people: int, others: int) -> int:
    """Return how much of a published number `of` has a property.

    `people` are those whom the part is of, `others` those of the rest; somebody may be in both.
    """
    if people < FEWEST:
        return 0
    return rounded(of) if others < FEWEST else rounded(count)
