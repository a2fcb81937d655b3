"""The only writers of people and audit entries. Data copies and account deletions have modules of their own."""

from accounts.services.audit import record_audit
from accounts.services.people import (
    become_author,
    change_guest_email,
    close_guest,
    make_guest,
    normal_email,
    renew_guest_links,
    update_profile,
)

__all__ = [
    "become_author",
    "change_guest_email",
    "close_guest",
    "make_guest",
    "normal_email",
    "record_audit",
    "renew_guest_links",
    "update_profile",
]
