"""Stories of the demonstration's past: each goes on at moments that it names itself, and all of them in order."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import count

from common import clock

type Story = Iterator[datetime]  # yields the moment at which it goes on


class Stories:
    """Plays stories moment by moment. A story that names a moment after the end is left there: it goes on by itself."""

    def __init__(self, stories: Iterable[Story] = ()) -> None:
        self._numbers = count()
        self._waiting: list[tuple[datetime, int, Story]] = []
        for story in stories:
            self._wait(story)

    def play_until(self, moment: datetime) -> None:
        """Play everything that happens before the moment."""
        while self._waiting and self._waiting[0][0] < moment:
            at, _number, story = heapq.heappop(self._waiting)
            with clock.frozen(at):
                self._wait(story)

    def _wait(self, story: Story) -> None:
        """Play the story up to its next moment."""
        at = next(story, None)
        if at is not None:
            heapq.heappush(self._waiting, (at, next(self._numbers), story))
