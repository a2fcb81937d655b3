"""Browsers by name, for lists of sessions."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _
from ua_parser import parse

register = template.Library()


@register.filter
def browser(user_agent: str) -> str:
    """Return the name of a browser and its system, such as "Firefox 145 on Windows"; cut off if it is not known."""
    known = parse(user_agent)
    if known.user_agent is None:
        return user_agent[:60]
    name = " ".join(part for part in (known.user_agent.family, known.user_agent.major) if part)
    if known.os is None:
        return name
    return _("%(browser)s on %(system)s") % {"browser": name, "system": known.os.family}
