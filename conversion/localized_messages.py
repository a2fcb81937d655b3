"""The sentences for findings and failures in the reader's language. `messages` has them in English, for the engine."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext

from common.numerals import localized
from conversion import messages
from conversion.messages import Message


def explain(code: str, facts: Mapping[str, str | int]) -> Message:
    """Return the sentences as `messages.explain` does, in the active language."""
    return messages.explain(code, facts, translate=gettext, number=localized)
