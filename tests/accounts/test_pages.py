"""Log-in and security pages in the shop's own dress: every one answers, and none carries inline code."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from tests.factories.accounts import make_reader

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough passphrase"
OPEN = [
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/x-y/",
    "/accounts/password/reset/key/done/",
    "/accounts/inactive/",
    "/outbox/",
    "/no/such/page/",
]
OWN = [
    "/account/",
    "/account/profile/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/sessions/",
    "/accounts/reauthenticate/",
    "/accounts/logout/",
]
SECOND_FACTOR = [
    "/accounts/2fa/",
    "/accounts/2fa/totp/deactivate/",
    "/accounts/2fa/recovery-codes/",
    "/accounts/2fa/recovery-codes/generate/",
    "/accounts/2fa/reauthenticate/",
]


@pytest.fixture(autouse=True)
def _no_earlier_tries() -> None:
    cache.clear()


def make_person() -> User:
    person = make_reader(email="person@example.org")
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def log_in(client: Client, *, confirm: bool = True) -> None:
    """Log in and, unless a second factor comes between, confirm that it is oneself."""
    assert client.post("/accounts/login/", {"login": "person@example.org", "password": PASSWORD}).status_code == 302
    if confirm:
        assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302


def _twice(password: str) -> dict[str, str]:
    return {"password1": password, "password2": password}


def assert_dressed(response: HttpResponse, status: int = 200) -> None:
    text = response.content.decode()
    assert response.status_code == status
    assert text.count("<h1") == 1
    assert 'class="site-main' in text
    assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", text)
    inline = [
        body
        for facts, body in re.findall(r"<script([^>]*)>(.*?)</script>", text, re.DOTALL)
        if "src=" not in facts and 'type="application/json"' not in facts  # data, which runs nowhere
    ]
    assert inline == [settings.CRITICAL_CSS.script]  # which the policy knows by its hash


@pytest.mark.parametrize("path", OPEN)
def test_open_pages(client: Client, path: str) -> None:
    assert_dressed(client.get(path), 404 if path.startswith("/no/") else 200)


@pytest.mark.parametrize("path", OWN)
def test_own_pages(client: Client, path: str) -> None:
    make_person()
    log_in(client)
    assert_dressed(client.get(path))


@pytest.mark.parametrize("path", SECOND_FACTOR)
def test_pages_of_the_second_factor(client: Client, path: str) -> None:
    person = make_person()
    log_in(client)
    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)
    assert_dressed(client.get(path))


def test_the_page_of_the_code(client: Client) -> None:
    form = {"display_name": "New", "email": "new@example.org", "password1": PASSWORD}
    assert_dressed(client.post("/accounts/signup/", form, follow=True))


def test_logging_in_asks_for_the_second_factor(client: Client) -> None:
    TOTP.activate(make_person(), generate_totp_secret())
    log_in(client, confirm=False)
    assert_dressed(client.get("/accounts/2fa/authenticate/"))


def test_a_forgotten_password_is_set_anew(client: Client, django_capture_on_commit_callbacks: Any) -> None:
    make_person()
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/password/reset/", {"email": "person@example.org"})
    found = re.search(r"http://\S+/accounts/password/reset/key/\S+", str(mail.outbox[0].body))
    assert found
    form = client.get(found[0], follow=True)
    assert_dressed(form)
    done = client.post(form.redirect_chain[-1][0], _twice("another long passphrase"), follow=True)
    assert_dressed(done)
    assert User.objects.get().check_password("another long passphrase")


def test_too_many_tries_are_told_so(client: Client) -> None:
    make_person()
    tries = [client.post("/accounts/login/", {"login": "person@example.org", "password": "wrong"}) for _ in range(40)]
    refused = next(one for one in tries if one.status_code == 429)
    assert_dressed(refused, 429)
