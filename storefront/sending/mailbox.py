"""The mailbox that refusals arrive in, named by RETURNS_MAILBOX: `imaps://user:password@host/INBOX` or `maildir:/path`.

Emails that were read are deleted, so that none is handled twice and addresses of strangers do not pile up; the mailbox
is for the shop's own sender address.
"""

from __future__ import annotations

import imaplib
import mailbox
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from urllib.parse import unquote, urlsplit

import structlog

logger = structlog.stdlib.get_logger(__name__)

_TIMEOUT_S = 20
_BATCH = 100


def read(address: str, handle: Callable[[EmailMessage], None]) -> int:
    """Hand the emails in the mailbox over, at most a hundred, and delete each; return how many there were.

    One that cannot be handled is logged and left where it is. Raises OSError if the mailbox cannot be reached, and
    ValueError for an address of another kind.
    """
    kind = urlsplit(address).scheme
    if kind == "maildir":
        return _read_maildir(unquote(urlsplit(address).path), handle)
    if kind in {"imap", "imaps"}:
        try:
            return _read_imap(address, handle)
        except imaplib.IMAP4.error as error:
            raise OSError(f"The mailbox refused: {error}") from error
    raise ValueError("RETURNS_MAILBOX has to begin with imaps:, imap: or maildir:")


def _read_maildir(folder: str, handle: Callable[[EmailMessage], None]) -> int:
    box = mailbox.Maildir(folder, create=False)
    keys = sorted(box.keys())[:_BATCH]
    for key in keys:
        if _handled(box.get_bytes(key), handle):
            box.discard(key)
    return len(keys)


def _read_imap(address: str, handle: Callable[[EmailMessage], None]) -> int:
    parts = urlsplit(address)
    is_safe, host = parts.scheme == "imaps", parts.hostname or "localhost"
    with (
        imaplib.IMAP4_SSL(host, parts.port or 993, timeout=_TIMEOUT_S)
        if is_safe
        else imaplib.IMAP4(host, parts.port or 143, timeout=_TIMEOUT_S)
    ) as server:
        server.login(unquote(parts.username or ""), unquote(parts.password or ""))
        server.select(unquote(parts.path.strip("/")) or "INBOX")
        found = server.uid("SEARCH", "UNDELETED")[1][0] or b""
        numbers = found.decode("ascii").split()[:_BATCH]
        for number in numbers:
            answer = server.uid("FETCH", number, "(BODY.PEEK[])")[1]
            content = next((part[1] for part in answer if isinstance(part, tuple)), b"")
            if _handled(content, handle):
                server.uid("STORE", number, "+FLAGS", r"(\Deleted)")
        server.expunge()
        return len(numbers)


def _handled(content: bytes, handle: Callable[[EmailMessage], None]) -> bool:
    try:
        handle(message_from_bytes(content, policy=default))
    except Exception:  # strangers write these: one that we cannot read must not stop the others
        logger.exception("sending.mail_not_read")
        return False
    return True
