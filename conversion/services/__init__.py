"""The only writers of conversion jobs, their artifacts and findings."""

from conversion.services.attempts import run_conversion, run_next
from conversion.services.emails import mail_failure
from conversion.services.jobs import (
    Claim,
    cancel_conversion,
    claim,
    claim_next,
    fail,
    heartbeat,
    release,
    request_conversion,
    retry,
    retry_stuck,
)
from conversion.services.later_files import cancel_later_files, retry_later_files
from conversion.services.results import finish, record_progress

__all__ = [
    "Claim",
    "cancel_conversion",
    "cancel_later_files",
    "claim",
    "claim_next",
    "fail",
    "finish",
    "heartbeat",
    "mail_failure",
    "record_progress",
    "release",
    "request_conversion",
    "retry",
    "retry_later_files",
    "retry_stuck",
    "run_conversion",
    "run_next",
]
