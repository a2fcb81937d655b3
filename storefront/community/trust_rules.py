"""The numbers of trust, as data: what standing opens, how flags weigh, and how reviews are ordered.

Votes, flags and decisions are facts; everything here is reckoned from them and can be reckoned again.
"""

from __future__ import annotations

from datetime import timedelta
from math import sqrt

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Points of standing from which on a person may do more.
FLAG_AT = 3  # their flags count at once; those of others wait for a moderator
VOUCH_AT = 5
CURATE_AT = 12
CURATE_UNTIL = 8  # a curator stays one down to here, so that one vote does not switch the role back and forth

PENALTY = 5  # for a review taken off by a moderator
FOLD_AT = 3  # weight of open flags less vouches; no single person has as much

# Article 20 of the Digital Services Act, Regulation (EU) 2022/2065: six months to complain.
APPEAL_PERIOD = timedelta(days=183)

_Z = 1.96  # of the normal distribution, for 95 %
_MILLION = 1_000_000


def flag_weight(points: int) -> int:
    """How much a flag or vouch of somebody with this standing weighs: 0, 1, or 2 from where people may curate."""
    if points < FLAG_AT:
        return 0
    return 2 if points >= CURATE_AT else 1


def level(points: int, *, is_curator: bool) -> str | Promise:
    """What others see of a person's standing; "" for most."""
    if is_curator:
        return _("Curator")
    return _("Trusted reader") if points >= FLAG_AT else ""


def stays_curator(points: int, *, is_curator: bool) -> bool:
    """Whether the person is a curator from now on."""
    return points >= (CURATE_UNTIL if is_curator else CURATE_AT)


def helpful_score(helpful: int, against: int) -> int:
    """The lower bound of the share of people who find a review helpful, in millionths.

    Wilson's interval (E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", Journal of
    the American Statistical Association 22, 1927) over helpful votes and flags that count: ten of ten is more certain
    than one of one, and comes first.
    """
    people = helpful + against
    if not helpful:
        return 0
    spread = _Z * sqrt(helpful * against / people + _Z**2 / 4)
    return int(_MILLION * (helpful + _Z**2 / 2 - spread) / (people + _Z**2))
