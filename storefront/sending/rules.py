"""Which addresses books are sent to, and what each takes.

Only services that deliver to an e-reader's owner, and the account's own address: else anybody could have the shop send
large emails to strangers.
"""

from __future__ import annotations

from conversion.engine.api import ArtifactKind

KINDLE_DOMAINS = frozenset({"kindle.com", "free.kindle.com"})
_DOMAINS = KINDLE_DOMAINS | {"pbsync.com"}

MAX_DEVICES = 10
MAX_WRONG_CODES = 5
# Attachments grow by a third, and many mail servers take 25 to 30 MB.
MAX_ATTACHED_BYTES = 20 * 1024 * 1024
DELIVERIES_SHOWN = 30


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower()


def is_kindle(address: str) -> bool:
    return domain_of(address) in KINDLE_DOMAINS


def is_known_service(address: str) -> bool:
    return domain_of(address) in _DOMAINS


def kinds_for(address: str) -> tuple[ArtifactKind, ...]:
    """Return the kinds of files that the address takes, the best first."""
    return (ArtifactKind.KINDLE, ArtifactKind.EPUB) if is_kindle(address) else (ArtifactKind.EPUB,)
