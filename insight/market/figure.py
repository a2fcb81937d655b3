"""What a figure is: how it is counted, and when it is not right. The list of them is `registry`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from insight.market.alarms import Rule
from insight.market.periods import Cadence, Span
from insight.market.values import Unit, Value

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Group(models.TextChoices):
    """The sections of the page."""

    CELLS = "cells", _("Supply and demand")
    FIRST = "first", _("New books and providers")
    AGAIN = "again", _("Coming back")
    MONEY_BACK = "money_back", _("Money back")
    SPREAD = "spread", _("Who earns")
    RINGS = "rings", _("Rings")
    COSTS = "costs", _("What we take, and what it costs")
    LEAKAGE = "leakage", _("Deals past the platform")
    DECISIONS = "decisions", _("Our own work")


class Owner(models.TextChoices):
    """Who does something about an alarm."""

    OPERATORS = "operators", _("Operators")
    MODERATORS = "moderators", _("Moderators")
    FINANCE = "finance", _("Finance")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure.

    `again` says how many ended periods each night counts again, because later events still change them. It is 0 for
    figures of what is on sale now: nobody can count that for an earlier period.
    """

    code: str
    group: Group
    name: StrOrPromise
    definition: StrOrPromise
    source: str  # the tables it is counted from
    count: Callable[[Span], list[Value]]
    unit: Unit
    window: StrOrPromise
    target: StrOrPromise
    alarm: Rule
    owner: Owner
    cadence: Cadence = Cadence.WEEK
    again: int = 2


# Windows and targets that several figures share.
AS_BEFORE = _("as in the periods before")
NOT_LESS = _("no less than in the periods before")
NOT_MORE = _("no more than in the periods before")
NOW = _("when the period ends")
QUARTER = _("the last 13 weeks")
