"""What the prose engine says of a piece it leaves to the other engine."""

from __future__ import annotations


class Unsettable(Exception):
    """The piece holds something this engine does not set: a table, a formula, a character no packaged face has."""
