"""Masks secrets in the log: in URLs, such as links in emails, downloads, invitations, and in headers of devices.

Anyone who has such a URL can use it, and logs are read, copied and kept by more people than that. URLs are masked in
every line, also inside other URLs (`?next=`), in tracebacks and in granian's access log.
"""

from __future__ import annotations

import logging
import re

# What comes before a secret in a path. A test goes through all URLs of the shop and checks that none is missing.
BEFORE_SECRETS = (
    "orders/open",
    "gifts",
    "download",
    "mails/stop",
    "mails/editions/stop",
    "newsletters/stop",
    "e-reader",
    "wishes",
    "reports",
    "claims/status",
    "claims/conduct",
    "advance-copies/invitation",
    "advance-copies/reminders",
    "advance-copies/never",
    "account/emails/stop",
    "account/keep",
    "staff/why",
    "invitations",
    "desk/collaborations",
    "desk/text-emails",
    "password/reset/key",
    "confirm-email",
)
_HIDDEN = "[hidden]"
# A slash may be percent-encoded, also twice.
_SLASH = r"(?:/|%(?:25)*2[Ff])"
_SECRET = re.compile(
    "((?:{before}){slash})(?:(?!{slash})[^\\s\"'<>?&#])+".format(
        before="|".join(name.replace("/", _SLASH) for name in BEFORE_SECRETS), slash=_SLASH
    )
)
# What devices sign in with: the header, and KOReader's for its sync, as an environment or a library writes them.
_CREDENTIALS = re.compile(
    r"""(authorization["']?\s*[:=,]\s*["']?(?:basic|bearer)\s+|x[-_]auth[-_]key["']?\s*[:=,]\s*["']?)[^\s"',]+""", re.I
)
_OF_ITS_OWN = frozenset(logging.makeLogRecord({}).__dict__)


def mask_secrets(text: str) -> str:
    """Return the text with the secrets in its URLs and in headers hidden."""
    return _CREDENTIALS.sub(rf"\1{_HIDDEN}", _SECRET.sub(rf"\1{_HIDDEN}", text))


class MaskSecrets(logging.Filter):
    """Masks a record's message and arguments, for all handlers. The fields of our own events are masked as a line."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.msg, dict):
            return True
        try:
            message = record.getMessage()
        except Exception:
            return True  # the handler reports what is wrong with the call; logging must not raise here
        if (safe := mask_secrets(message)) != message:
            record.msg, record.args = safe, ()
        for name, value in record.__dict__.items():
            if name not in _OF_ITS_OWN:
                text = str(value)
                if (safe := mask_secrets(text)) != text:  # such as a request, whose text contains its URL
                    record.__dict__[name] = safe
        return True
