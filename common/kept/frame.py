"""A page that is rendered once, with marks in the place of what differs, and put together from its pieces after."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping

# Letters and digits stay as they are, whatever a template escapes, and nobody can guess them.
_SECRET = secrets.token_hex(8)


def mark(name: str) -> str:
    """What stands in a rendered page for the value `name`, letters and digits."""
    return f"mark{_SECRET}{name}end"


class Frame:
    """The pieces between the marks for `names` in a rendered text, as they travel: in UTF-8."""

    def __init__(self, text: str, names: Iterable[str]) -> None:
        self._names = {mark(name): name for name in names}
        pieces = re.split(f"({'|'.join(self._names)})", text)
        self._pieces = [piece.encode() for piece in pieces[::2]]
        self._order = [self._names[found] for found in pieces[1::2]]

    def __len__(self) -> int:
        """Bytes between the marks."""
        return sum(map(len, self._pieces))

    def filled(self, values: Mapping[str, bytes]) -> bytes:
        """The text with the values, which are markup, in their places."""
        parts = [b""] * (len(self._pieces) + len(self._order))
        parts[::2] = self._pieces
        parts[1::2] = [values[name] for name in self._order]
        return b"".join(parts)
