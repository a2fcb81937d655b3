"""A short money story from start to end, through the services that serve real readers and authors.

Two authors publish three works. Readers buy them alone, in a cart, with a coupon, as a gift and at a price of their
choice; some books are returned, two banks take payments back; the month is closed, the authors are paid. The chapters
are `money_buying`, `money_returning` and `money_paying`; `money_outcome` compares the result with what it should be.
"""

from __future__ import annotations

from collections.abc import Iterator

from common import clock, jobs
from common.periods import Month
from demo import money_buying, money_paying, money_returning
from demo.money_journal import Step
from demo.money_setup import Stage, publish
from demo.people import seed_logins
from demo.shop import Shop


class MoneyStory:
    """The story, run once in an empty database. After `tell` its stage can be inspected."""

    def __init__(self) -> None:
        self.stage: Stage

    def tell(self) -> Iterator[Step]:
        """Run it one step at a time. Everything happens in the month before last and the first week of the month after
        that.
        """
        seed_logins()
        with jobs.collect_messages() as messages:
            stage = self.stage = Stage(Shop(messages), Month.of(clock.real_now()).previous.previous)
            yield from publish(stage)
            yield from money_buying.tell(stage)
            yield from money_returning.give_back(stage)
            yield from money_returning.dispute(stage)
            yield from money_paying.close(stage)
            yield from money_returning.lose(stage)
            yield from money_paying.pay(stage)
