"""The numbers behind trust: what standing allows, how much flags count, and how reviews are ordered.

Votes, flags and decisions are stored; everything here is calculated from them and can be recalculated at any time.
"""

from __future__ import annotations

from datetime import timedelta
from math import sqrt

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Points of standing from which a person may do more.
FLAG_AT = 3  # their flags count at once; other people's wait for a moderator
VOUCH_AT = 5
CURATE_AT = 12
CURATE_UNTIL = 8  # a curator keeps the role down to here, so that a single vote does not switch it back and forth

MAX_TYPO_POINTS = 2  # fewer than allow anything, because an author may accept whatever they like
PENALTY = 5  # for a review removed by a moderator
FOLD_AT = 3  # weight of open flags minus vouches; no single person has that much

# Article 20 of the Digital Services Act, Regulation (EU) 2022/2065: six months to complain.
APPEAL_PERIOD = timedelta(days=183)

_Z = 1.96  # of the normal distribution, for 95 %
_MILLION = 1_000_000


def flag_weight(points: int) -> int:
    """Return the weight of a flag or vouch by somebody with this standing: 0, 1, or 2 from `CURATE_AT`."""
    if points < FLAG_AT:
        return 0
    return 2 if points >= CURATE_AT else 1


def level(points: int, *, is_curator: bool) -> str | Promise:
    """Return the label by which others see a person's standing; "" for most people."""
    if is_curator:
        return _("Curator")
    return _("Trusted reader") if points >= FLAG_AT else ""


def stays_curator(points: int, *, is_curator: bool) -> bool:
    """Return whether the person is a curator from now on."""
    return points >= (CURATE_UNTIL if is_curator else CURATE_AT)


def helpful_score(helpful: int, against: int) -> int:
    """Return the lower bound of the share of people who find a review helpful, in millionths.

    Wilson's interval (E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", Journal of
    the American Statistical Association 22, 1927) over helpful votes and flags that count: ten of ten is more certain
    than one of one, and comes first.
    """
    people = helpful + against
    if not helpful:
        return 0
    spread = _Z * sqrt(helpful * against / people + _Z**2 / 4)
    return int(_MILLION * (helpful + _Z**2 / 2 - spread) / (people + _Z**2))
