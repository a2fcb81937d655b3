"""What a shop has to be told, and the secrets that it makes itself."""

from __future__ import annotations

import base64
import os
import re
import secrets
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from getpass import getpass
from urllib.parse import urlsplit

from common import env_file

_HOST = re.compile(r"(?=.{4,253}$)([a-z0-9-]{1,63}\.)+[a-z]{2,63}")


class Incomplete(Exception):
    """Answers are missing or wrong, and nobody can be asked. The text names all of them."""


@dataclass(frozen=True, slots=True)
class Question:
    """A setting that only the operator knows. Without `default` it has to be answered."""

    name: str
    text: str
    default: str | None = None
    is_secret: bool = False
    objection: Callable[[str], str] = lambda _: ""
    only_with: str = ""  # asked only where this other setting has a value


def _host(value: str) -> str:
    return "" if _HOST.fullmatch(value) else "a name such as books.example"


def _email(value: str) -> str:
    return "" if re.fullmatch(r"[^@\s]+@[^@\s]+", value) else "an email address"


def _page(value: str) -> str:
    return "" if urlsplit(value).scheme in {"http", "https"} else "the address of a page or an archive, https://…"


def _yes_or_no(value: str) -> str:
    return "" if value in {"yes", "no"} else "yes or no"


def _port(value: str) -> str:
    return "" if value.isdecimal() and 0 < int(value) < 65536 else "a number between 1 and 65535"


QUESTIONS = (
    Question("DOMAIN", "The shop's host name, which leads to this machine", objection=_host),
    Question("SELLER_NAME", "Who sells, as on receipts"),
    Question("SELLER_ADDRESS", "The seller's address, lines separated by |"),
    Question("SELLER_EMAIL", "The seller's email address", objection=_email),
    Question("SELLER_VAT_ID", "The seller's tax number, if there is one", ""),
    Question("SOURCE_URL", "Where readers get the source code of this shop, as the AGPL asks", objection=_page),
    Question("SMTP_HOST", "The mail server: people log in by a code that it sends"),
    Question("SMTP_PORT", "Its port", "587", objection=_port),
    Question("SMTP_TLS", "Does it speak STARTTLS (yes, no)", "yes", objection=_yes_or_no),
    Question("SMTP_USER", "The user at the mail server", ""),
    Question("SMTP_PASSWORD", "The user's password at the mail server", "", is_secret=True, only_with="SMTP_USER"),
    Question("STRIPE_SECRET_KEY", "Stripe's secret key; empty: payments are simulated", "", is_secret=True),
)
_STRIPE = tuple(
    Question(f"STRIPE_{kind}SECRET", f"Signing secret of the endpoint /payments/webhooks/{path}/", is_secret=True)
    for kind, path in (("WEBHOOK_", "platform"), ("CONNECT_WEBHOOK_", "connect"), ("THIN_WEBHOOK_", "thin"))
)


def answers(given: Mapping[str, str], known: Mapping[str, str], *, may_ask: bool) -> dict[str, str]:
    """Return an answer to each question: given now, known from the last time, or asked for. Raises Incomplete.

    What was left empty the last time is not asked again.
    """
    found: dict[str, str] = {}
    objections: list[str] = []
    for question in QUESTIONS:
        may_ask_this = may_ask and (not question.only_with or bool(found.get(question.only_with)))
        found |= _answered(question, given, known, objections, may_ask=may_ask_this)
    if found.get("STRIPE_SECRET_KEY"):
        for question in _STRIPE:
            found |= _answered(question, given, known, objections, may_ask=may_ask)
    if objections:
        raise Incomplete("\n".join(objections))
    return found


def _answered(
    question: Question, given: Mapping[str, str], known: Mapping[str, str], objections: list[str], *, may_ask: bool
) -> dict[str, str]:
    value = given.get(question.name, known.get(question.name))
    was_left_empty = "DOMAIN" in known and question.default is not None
    if value is None and may_ask and not was_left_empty:
        value = _ask(question)
    if value is None:
        value = question.default
    if value is None:
        objections.append(f"{question.name} is missing: {question.text}.")
        return {}
    if objection := _objection(question, value):
        objections.append(f"{question.name} has to be {objection}, not {value!r}.")
    return {question.name: value}


def _objection(question: Question, value: str) -> str:
    """Return what the value should be instead, or ""."""
    if not value:
        return "" if question.default == "" else "set"
    try:
        env_file.line(question.name, value)
    except env_file.BadLine:
        return "without quotes, backslashes and line breaks"
    return question.objection(value)


def _ask(question: Question) -> str | None:
    """Ask until the answer can be used. Return None for an empty answer: the default."""
    default = f" [{question.default}]" if question.default else ""
    while True:
        prompt = f"  {question.text}{default}: "
        value = (getpass(prompt) if question.is_secret else input(prompt)).strip()
        if not value and question.default is not None:
            return None
        objection = _objection(question, value)
        if not objection:
            return value
        sys.stdout.write(f"  This has to be {objection}.\n")


def settings_from(answered: Mapping[str, str], known: Mapping[str, str], made: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of `.env`: what is there already, the answers, and what this machine made.

    Secrets are made once: what was signed or encrypted under them could not be read with others.
    """
    domain = answered["DOMAIN"]
    found = {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "SITE_URL": f"https://{domain}",
        "ALLOWED_HOSTS": domain,
        "TRUSTED_PROXIES": "1",
        "MAIL_FROM": f"{answered['SELLER_NAME']} <{answered['SELLER_EMAIL']}>",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "VAULT_KEYS": base64.urlsafe_b64encode(os.urandom(32)).decode(),
        **made,
        **known,
        **{name: value for name, value in answered.items() if name != "DOMAIN"},
    }
    if found.get("STRIPE_SECRET_KEY"):
        found.pop("ALLOW_SANDBOX_PAYMENTS", None)
    else:
        found.setdefault("ALLOW_SANDBOX_PAYMENTS", "yes")
    return {name: value for name, value in found.items() if value}
