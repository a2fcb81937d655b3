"""The sentences for findings and failures in the reader's language. `messages` has them in English, for the engine."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.translation import gettext

from common.numerals import localized
from conversion import messages
from conversion.messages import Message

_IN_BRACKETS = re.compile(r"\s*\([^()]*\)")


def explain(code: str, facts: Mapping[str, str | int]) -> Message:
    """Return the sentences as `messages.explain` does, in the active language."""
    return messages.explain(code, facts, translate=gettext, number=localized)


def kind_title(code: str) -> str:
    """Return the title of a kind of finding, without the number of places, which its titles have in brackets."""
    return _IN_BRACKETS.sub("", explain(code, {}).title)
