"""Password validators: refuse passwords that are quick to guess, also for someone who knows the person or the shop, and
passwords known from leaks.
"""

from __future__ import annotations

import re
from hashlib import sha1
from urllib.parse import urlsplit

import requests
import structlog
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

from accounts.models import User

logger = structlog.stdlib.get_logger(__name__)

_MIN_SCORE = 3  # of 4: "safely unguessable", more than 10^8 guesses
_LOOKED_AT = 24  # only this many characters are checked: some symbols make zxcvbn very slow on long passwords
_WORD = re.compile(r"[^\W_]{4,}")
_TIMEOUT_S = 2.0


class GuessableValidator:
    """Refuses what zxcvbn guesses quickly, with and without the words connected with the account."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        words = _words_around(user)
        around = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))), re.IGNORECASE)
        rest = around.sub("", password)[:_LOOKED_AT]
        if not rest or zxcvbn(rest, user_inputs=words, max_length=_LOOKED_AT)["score"] < _MIN_SCORE:
            raise ValidationError(
                _(
                    "This password is easy to guess. Choose a few words that have nothing to do with each other, with "
                    "you or with the shop."
                ),
                code="password_guessable",
            )

    def get_help_text(self) -> str:
        return _("Three or four unrelated words make a good password that is easy to remember.")


class BreachedValidator:
    """Refuses passwords known from leaks, if the shop has set a service to ask about them (BREACHED_PASSWORDS_URL).

    The service receives the first five digits of a SHA-1 digest, which thousands of passwords share, and answers with
    all digests that begin this way (k-anonymity). The answer is padded, so its length reveals nothing either. If the
    service cannot be reached, no password is refused.
    """

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        digest = sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
        if digest[5:] in _breached(digest[:5]):
            raise ValidationError(
                _("This password has appeared in a data leak, so attackers will try it. Choose another one."),
                code="password_breached",
            )

    def get_help_text(self) -> str:
        return _("Do not use a password that has appeared in a data leak anywhere.")


def _breached(prefix: str) -> set[str]:
    """Return the rest of each known digest with this prefix. Entries with a count of 0 are padding."""
    address = f"{settings.BREACHED_PASSWORDS_URL.rstrip('/')}/{prefix}"
    headers = {"Add-Padding": "true", "User-Agent": settings.SITE_NAME}
    try:
        answer = requests.get(address, headers=headers, timeout=_TIMEOUT_S)
        answer.raise_for_status()
    except requests.RequestException as problem:
        logger.warning("passwords.service_unavailable", problem=type(problem).__name__)
        return set()
    rows = (line.partition(":") for line in answer.text.splitlines())
    return {rest.strip().upper() for rest, _colon, count in rows if count.strip() != "0"}


def _words_around(user: AbstractBaseUser | None) -> list[str]:
    """Return the words of the shop, its address, and what is known of the person."""
    texts = [settings.SITE_NAME, urlsplit(settings.SITE_URL).hostname or ""]
    if isinstance(user, User):
        texts += [user.email, user.display_name]
    return [*dict.fromkeys(word for text in texts for word in _WORD.findall(text.lower()))]
