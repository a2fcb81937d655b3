"""The sandbox check of `manage.py check --deploy`."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Warning, register

from conversion import sandbox_status

_HINT = "See “Conversions” in docs/operations.md. Ask as the user, and in the container, that runs the worker."


@register(deploy=True)
def walls_stand(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that a worker here can set up the whole sandbox for manuscripts, with a user of its own."""
    try:
        lack = sandbox_status.missing_protections()
    except ValueError as error:
        return [Error(f"CONVERSION_CHILD_USER: {error}.", hint=_HINT, id="conversion.E002")]
    found: list[CheckMessage] = []
    if lack.walls:
        kind, number = (Error, "E001") if settings.CONVERSION_REQUIRE_SANDBOX else (Warning, "W001")
        what = "Nothing can be converted" if settings.CONVERSION_REQUIRE_SANDBOX else "Manuscripts are not walled in"
        text = f"{what} here: missing {', '.join(lack.walls)}. {lack.needs}"
        found.append(kind(text, hint=_HINT, id=f"conversion.{number}"))
    if lack.own_user and os.geteuid() == 0:
        text = f"Manuscripts are converted as root: {lack.own_user}."
        hint = "Run the worker as an ordinary user, or let root change users. " + _HINT
        found.append(Warning(text, hint=hint, id="conversion.W002"))
    elif lack.own_user:
        text = f"Manuscripts are converted as the worker's user: {lack.own_user}."
        found.append(Info(text, id="conversion.I001"))
    return found
