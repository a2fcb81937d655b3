"""Signing up and logging in through the pages, as a person with a mailbox does."""

from __future__ import annotations

import re
from typing import Any

from django.core import mail
from django.test import Client

from accounts.models import User
from tests.factories.accounts import make_reader
from tests.factories.guests import confirm

PASSWORD = "a long enough passphrase"
_CODE = re.compile(r"^[B-Z]{4}-[B-Z]{4}$", re.MULTILINE)
_LINK = re.compile(r"http://\S+/accounts/password/reset/key/\S+")


def person(email: str, *, is_confirmed: bool = True, **facts: Any) -> User:
    """Somebody with a password."""
    user = make_reader(email=email, **facts)
    user.set_password(PASSWORD)
    user.save()
    if is_confirmed:
        confirm(user)
    return user


def sign_up(client: Client, email: str, *, name: str = "Somebody New", **fields: str) -> Any:
    form = {"display_name": name, "email": email, "password1": PASSWORD, **fields}
    return client.post("/accounts/signup/", form)


def mails_to(email: str) -> list[str]:
    return [str(message.body) for message in mail.outbox if message.to == [email]]


def code_for(email: str) -> str:
    """The code of the latest mail to this address."""
    found = [_CODE.search(body) for body in mails_to(email)]
    return [code[0] for code in found if code][-1]


def enter_code(client: Client, code: str) -> Any:
    return client.post("/accounts/confirm-email/", {"code": code})


def log_in(client: Client, email: str, password: str = PASSWORD, **fields: str) -> Any:
    return client.post("/accounts/login/", {"login": email, "password": password, **fields})


def reauthenticate(client: Client, password: str = PASSWORD) -> Any:
    return client.post("/accounts/reauthenticate/", {"password": password})


def is_logged_in(client: Client) -> bool:
    return bool(client.get("/account/").status_code == 200)


def ask_for_reset(client: Client, email: str) -> str:
    """The link that is mailed for a new password, or "" when none is."""
    before = len(mail.outbox)
    client.post("/accounts/password/reset/", {"email": email})
    found = [_LINK.search(str(message.body)) for message in mail.outbox[before:] if message.to == [email]]
    return next((link[0] for link in found if link), "")


def set_anew(client: Client, link: str, password: str) -> Any:
    """Follow the link, and type a new password."""
    form = client.get(link, follow=True)
    return client.post(form.redirect_chain[-1][0], {"password1": password, "password2": password}, follow=True)
