"""Keeps secrets that stand in addresses out of the log: links in mails, downloads, invitations.

Whoever has such an address may use it, and logs are read, copied and kept by more people than that. Addresses are
masked in every line, also within others (`?next=`), in tracebacks and in the log of requests that granian writes.
"""

from __future__ import annotations

import logging
import re

# What stands before a secret. A test walks all addresses of the shop and misses none that has one.
_BEFORE_SECRETS = (
    "orders/open",
    "gifts",
    "download",
    "mails/stop",
    "account/keep",
    "staff/why",
    "invitations",
    "password/reset/key",
    "confirm-email",
)
_HIDDEN = "[hidden]"
# A slash may be percent-encoded, also twice.
_SLASH = r"(?:/|%(?:25)*2[Ff])"
_SECRET = re.compile(
    "((?:{before}){slash})(?:(?!{slash})[^\\s\"'<>?&#])+".format(
        before="|".join(name.replace("/", _SLASH) for name in _BEFORE_SECRETS), slash=_SLASH
    )
)
_OF_ITS_OWN = frozenset(logging.makeLogRecord({}).__dict__)


def masked(text: str) -> str:
    """The text with the secrets in its addresses hidden."""
    return _SECRET.sub(rf"\1{_HIDDEN}", text)


class MaskSecrets(logging.Filter):
    """Masks a record's message and what was given with it, for whatever handler writes that."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            message = record.getMessage()
        except Exception:
            return True  # the handler says what is wrong with the call; who logs is never interrupted by that
        if (safe := masked(message)) != message:
            record.msg, record.args = safe, ()
        for name, value in record.__dict__.items():
            if name not in _OF_ITS_OWN:
                text = str(value)
                if (safe := masked(text)) != text:  # a request, say, whose text is its address
                    record.__dict__[name] = safe
        return True


class MaskingFormatter(logging.Formatter):
    """Masks the whole line: a traceback may name an address."""

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))
