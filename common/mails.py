"""Sending a mail as text and as a page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, send_mail
from django.template.loader import render_to_string

from common.characters import one_line


def send(name: str, subject: str, to: str, context: dict[str, Any], *, headers: dict[str, str] | None = None) -> None:
    """Send the mail whose templates have that name, in the language and formats that are active.

    The subject is made one line: with a break in it, from a name or a title, no mail can be made. Whoever was erased
    has no address, and gets none.
    """
    if not _is_address(to):
        return
    context = {**context, "SITE_URL": settings.SITE_URL, "SITE_NAME": settings.SITE_NAME}
    text = render_to_string(f"emails/{name}.txt", context)
    mail = EmailMultiAlternatives(one_line(subject), text, to=[to], headers=headers)
    mail.attach_alternative(render_to_string(f"emails/{name}.html", context), "text/html")
    mail.send()


def send_text(subject: str, text: str, to: str) -> None:
    """Send a mail that is text alone; none to whoever was erased."""
    if _is_address(to):
        send_mail(one_line(subject), text, None, [to])


def _is_address(to: str) -> bool:
    return "@" in to
