"""Stamps of a hybrid logical clock: `<milliseconds>-<counter>-<device>`, compared as strings (docs/reading.md)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MAX_AHEAD_MS = 60_000
_MINUTE_MS = 60_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STAMP = re.compile(r"([0-9]{13})-([0-9a-f]{4})-([A-Za-z0-9_-]{1,64})")
_BEFORE_DEVICE = len("1764500000000-0000-")


def device_of(stamp: str) -> str:
    """Return the device that made the stamp."""
    return stamp[_BEFORE_DEVICE:]


def make(at: datetime, device: str, counter: int = 0) -> str:
    """Return a stamp of that moment, for changes that the server itself makes."""
    return f"{to_ms(at):013}-{counter:04x}-{device}"


def to_ms(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def from_ms(milliseconds: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=milliseconds)


@dataclass(frozen=True, slots=True)
class DeviceClock:
    """Corrects times and stamps of one device, whose clock may be ahead.

    A clock that is ahead is set back by whole minutes: a message that is sent again, some moments later, gets the same
    stamps and changes nothing. It is set back a little too far, rather than not enough: what the device writes once it
    has corrected its clock must be later than what it sent before, or its newest words would count as old ones. Slow
    clocks are left alone, since their stamps follow those of others that they know.
    """

    device: str
    latest_ms: int
    shift_ms: int

    @classmethod
    def of(cls, device: str, *, device_ms: int, server_ms: int) -> DeviceClock:
        ahead = device_ms - server_ms
        shift = (ahead // _MINUTE_MS + 2) * _MINUTE_MS if ahead > MAX_AHEAD_MS else 0
        return cls(device, server_ms + MAX_AHEAD_MS, shift)

    def moment(self, milliseconds: int) -> datetime:
        """Return a time that the device told. Raises ValueError for one before 1970."""
        if milliseconds < 0:
            raise ValueError(milliseconds)
        return from_ms(max(min(milliseconds - self.shift_ms, self.latest_ms), 0))

    def stamp(self, told: str) -> str:
        """Return a stamp that the device sent, its own or another's. Raises ValueError if it is none."""
        found = _STAMP.fullmatch(told)
        if found is None:
            raise ValueError(told)
        told_ms, counter, device = found.groups()
        shift = self.shift_ms if device == self.device else 0
        return f"{max(min(int(told_ms) - shift, self.latest_ms), 0):013}-{counter}-{device}"
