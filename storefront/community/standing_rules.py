"""The numbers behind trust: what standing allows, how much flags count, and how reviews are ordered. What adds up to
standing is in recompute_standing.py.

Votes, flags and decisions are stored; everything here is calculated from them and can be recalculated at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import sqrt

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from storefront.community.recompute_standing import RULES


class Right(StrEnum):
    """What standing allows. `RIGHTS` says from how many points."""

    FLAG = "flag"
    VOUCH = "vouch"
    CURATE = "curate"


@dataclass(frozen=True, slots=True)
class RightRule:
    """A row of the table that permissions, the page of one's standing and the published script read."""

    right: Right
    points: int
    since: date  # when the rule came into force
    words: str | Promise
    kept_until: int  # whoever has it keeps it down to here, so that a single vote does not switch it back and forth


RIGHTS = (
    RightRule(
        Right.FLAG,
        points=3,
        since=date(2026, 11, 26),
        words=_("flag reviews with immediate effect; other flags wait for a moderator"),
        kept_until=3,
    ),
    RightRule(Right.VOUCH, points=5, since=date(2026, 11, 26), words=_("vouch for collapsed reviews"), kept_until=5),
    RightRule(
        Right.CURATE,
        points=12,
        since=date(2026, 11, 26),
        words=_("be a curator: your public shelves can appear on the front page and on books’ pages"),
        kept_until=8,
    ),
)
FLAG_AT, VOUCH_AT, CURATE_AT = (rule.points for rule in RIGHTS)
CURATE_UNTIL = RIGHTS[-1].kept_until

MAX_TYPO_POINTS, PENALTY = RULES.max_typo_points, RULES.penalty
YEAR = timedelta(days=365)  # what happened counts less with each (recompute_standing.py)
FOLD_AT = 3  # weight of open flags minus vouches; no single person has that much

# Article 20 of the Digital Services Act, Regulation (EU) 2022/2065: six months to complain.
APPEAL_PERIOD = timedelta(days=183)

_Z = 1.96  # of the normal distribution, for 95 %
_MILLION = 1_000_000


def flag_weight(points: int) -> int:
    """Return the weight of a flag or vouch by somebody with this standing: 0, 1, or 2 from `CURATE_AT`."""
    return has(Right.FLAG, points) + has(Right.CURATE, points)


def has(right: Right, points: int) -> bool:
    """Return whether this standing is enough for the right."""
    return any(rule.right == right and points >= rule.points for rule in RIGHTS)


def level(points: int, *, is_curator: bool) -> str | Promise:
    """Return the label by which others see a person's standing; "" for most people."""
    if is_curator:
        return _("Curator")
    return _("Trusted reader") if has(Right.FLAG, points) else ""


def rights_of(points: int, *, is_curator: bool) -> list[Right]:
    """Return the rights of somebody with this standing."""
    return [rule.right for rule in RIGHTS if (is_curator if rule.right == Right.CURATE else has(rule.right, points))]


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
