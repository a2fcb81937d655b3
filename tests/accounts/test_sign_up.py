"""Signing up: nobody is let in before the code, and nobody learns who has an account."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher  # the suite's quick one
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from accounts.services import sign_ups
from storefront.checkout import permissions
from tests.factories.guests import buy_as_guest
from tests.factories.publishing import make_published_edition
from tests.support.entrance import (
    PASSWORD,
    code_for,
    enter_code,
    is_logged_in,
    log_in,
    mails_to,
    person,
    reauthenticate,
    sign_up,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]

ANN = "ann@example.org"
_NOT_THE_PAGES = re.compile(r'csrfmiddlewaretoken" value="\w+"|ann@example.org|new@example.org')


def page_text(response: Any) -> str:
    return _NOT_THE_PAGES.sub("", response.content.decode())


class TestTheCode:
    def test_is_needed_before_anything(self, client: Client) -> None:
        assert sign_up(client, ANN)["Location"] == "/accounts/confirm-email/"
        for path in ("/account/", "/library/", "/desk/", "/accounts/email/", "/accounts/password/change/"):
            assert client.get(path)["Location"].startswith("/accounts/login/")
        assert enter_code(client, code_for(ANN)).status_code == 302
        assert is_logged_in(client)
        assert EmailAddress.objects.get(email=ANN).verified

    def test_may_be_typed_in_small_letters_and_without_the_dash(self, client: Client) -> None:
        sign_up(client, ANN)
        enter_code(client, f" {code_for(ANN).replace('-', '').lower()} ")
        assert is_logged_in(client)

    def test_of_somebody_else_opens_nothing(self, client: Client) -> None:
        sign_up(client, ANN)
        other = Client()
        sign_up(other, "ben@example.org")
        enter_code(other, code_for(ANN))
        assert not is_logged_in(other)

    def test_that_is_wrong_five_times_is_over(self, client: Client) -> None:
        sign_up(client, ANN)
        for _ in range(4):
            assert "This code is wrong" in enter_code(client, "BBBB-BBBB").content.decode()
        answer = client.post("/accounts/confirm-email/", {"code": "BBBB-BBBB"}, follow=True)
        assert "Too many wrong attempts" in answer.content.decode()
        enter_code(client, code_for(ANN))
        assert not is_logged_in(client)

    def test_that_grew_old_is_over(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        sign_up(client, ANN)
        later = time.time() + 16 * 60
        monkeypatch.setattr(time, "time", lambda: later)
        assert enter_code(client, code_for(ANN))["Location"].startswith("/accounts/login/")
        assert not is_logged_in(client)

    def test_is_mailed_anew_three_times(self, client: Client) -> None:
        sign_up(client, ANN)
        first = code_for(ANN)
        for _ in range(3):
            cache.clear()
            client.post("/accounts/confirm-email/", {"action": "resend"})
        assert len(mails_to(ANN)) == 4
        assert "Send a new code" not in client.get("/accounts/confirm-email/").content.decode()
        enter_code(client, first)
        assert not is_logged_in(client)
        enter_code(client, code_for(ANN))
        assert is_logged_in(client)

    def test_goes_to_one_address_ten_times_an_hour(self, monkeypatch: pytest.MonkeyPatch) -> None:
        moment = time.time()
        for nth in range(12):
            monkeypatch.setattr(time, "time", lambda now=moment + 11 * nth: now)
            sign_up(Client(), ANN)
        assert len(mails_to(ANN)) == 10

    def test_in_german(self, client: Client) -> None:
        client.post("/de-de/accounts/signup/", {"display_name": "Ann", "email": ANN, "password1": PASSWORD})
        (sent,) = mail.outbox
        assert sent.subject == "E-Mail-Adresse bestätigen"
        assert "Geben Sie diesen Code" in str(sent.body)
        page = client.get("/de-de/accounts/confirm-email/").content.decode()
        assert "Bestätigen Sie Ihre Adresse" in page
        assert "Code aus der E-Mail" in page
        assert "Gutscheincode" not in page

    def test_brings_what_was_bought_as_a_guest(self, client: Client) -> None:
        book = make_published_edition()
        buy_as_guest(book, email=ANN)
        sign_up(client, ANN)
        assert not permissions.may_read(User.objects.get(email=ANN), book.work)
        enter_code(client, code_for(ANN))
        assert permissions.may_read(User.objects.get(email=ANN), book.work)

    def test_in_the_middle_of_buying_keeps_cart_and_way(self, client: Client) -> None:
        book = make_published_edition(slug="the-lamp")
        form = {"edition": book.public_id, "currency": "USD"}
        client.post("/cart/add/", form, headers={"sec-fetch-site": "same-origin"})
        sign_up(client, ANN, next="/checkout/")
        assert enter_code(client, code_for(ANN))["Location"] == "/checkout/"
        assert client.get("/checkout/").status_code == 200
        assert book.work.title in client.get("/cart/").content.decode()


class TestAWrongAddress:
    def test_leads_back_to_the_form_with_what_was_typed(self, client: Client) -> None:
        sign_up(client, "amn@example.org", name="Ann Thorne", wants_to_publish="on", next="/checkout/")
        page = client.post("/account/sign-up-again/", follow=True)
        assert page.request["PATH_INFO"] == "/accounts/signup/"
        html = page.content.decode()
        assert 'value="Ann Thorne"' in html
        assert re.search(r'name="wants_to_publish"[^>]*checked', html)
        assert 'name="next" value="/checkout/"' in html
        assert "amn@example.org" not in html
        assert not User.objects.filter(email="amn@example.org").exists()
        sign_up(client, ANN, next="/checkout/")
        assert enter_code(client, code_for(ANN))["Location"] == "/checkout/"

    def test_drops_no_account_of_somebody_else(self, client: Client) -> None:
        person(ANN)
        sign_up(client, ANN)
        client.post("/account/sign-up-again/")
        assert User.objects.filter(email=ANN).exists()

    def test_drops_no_account_that_is_in_use(self, client: Client) -> None:
        sign_up(client, ANN)
        enter_code(client, code_for(ANN))
        client.post("/account/sign-up-again/")
        assert is_logged_in(client)


class TestWhoHasAnAccount:
    def test_is_not_told(self, client: Client) -> None:
        person(ANN)
        known, unknown = Client(), Client()
        answers = [sign_up(known, ANN), sign_up(unknown, "new@example.org")]
        assert [(one.status_code, one["Location"]) for one in answers] == [(302, "/accounts/confirm-email/")] * 2
        for path in ("/accounts/confirm-email/", "/accounts/signup/", "/accounts/login/"):
            pages = [one.get(path, follow=True) for one in (known, unknown)]
            assert page_text(pages[0]) == page_text(pages[1])
        wrong = [enter_code(one, "BBBB-BBBB") for one in (known, unknown)]
        assert page_text(wrong[0]) == page_text(wrong[1])
        cache.clear()
        resent = [one.post("/accounts/confirm-email/", {"action": "resend"}, follow=True) for one in (known, unknown)]
        assert page_text(resent[0]) == page_text(resent[1])
        again = [one.post("/account/sign-up-again/", follow=True) for one in (known, unknown)]
        assert page_text(again[0]) == page_text(again[1])

    def test_takes_one_password_hash_either_way(self, monkeypatch: pytest.MonkeyPatch) -> None:
        person(ANN)
        hashed: list[str] = []
        real = MD5PasswordHasher.encode

        def encode(self: MD5PasswordHasher, password: str, salt: str) -> str:
            hashed.append(password)
            return real(self, password, salt)

        monkeypatch.setattr(MD5PasswordHasher, "encode", encode)
        sign_up(Client(), ANN)
        assert len(hashed) == 1
        sign_up(Client(), "new@example.org")
        assert len(hashed) == 2

    def test_is_mailed_to_the_owner(self, client: Client) -> None:
        person(ANN, language="de")
        sign_up(client, ANN)
        (sent,) = mail.outbox
        assert (sent.to, sent.subject) == ([ANN], "Sie haben bereits ein Konto")

    def test_by_a_second_address_is_mailed_in_the_owners_language(self, client: Client) -> None:
        owner = person("first@example.org", language="de")
        EmailAddress.objects.create(user=owner, email=ANN, verified=True)
        sign_up(client, ANN)
        assert [one.subject for one in mail.outbox] == ["Sie haben bereits ein Konto"]

    def test_is_not_told_where_addresses_are_added(self, client: Client) -> None:
        person(ANN)
        answers = []
        for number, added in enumerate((ANN, "new@example.org")):
            cache.clear()
            one, mine = Client(), f"me{number}@example.org"
            person(mine)
            log_in(one, mine)
            reauthenticate(one)
            answer = one.post("/accounts/email/", {"email": added, "action_add": ""}, follow=True)
            own = User.objects.get(email=mine).public_id
            answers.append((answer.redirect_chain, page_text(answer).replace(own, "usr_own")))
        assert answers[0] == answers[1]


class TestAnAccountThatWasNeverConfirmed:
    def test_meets_the_code_when_it_logs_in(self, client: Client) -> None:
        person(ANN, is_confirmed=False)
        assert log_in(client, ANN, next="/library/")["Location"] == "/accounts/confirm-email/"
        assert not is_logged_in(client)
        assert enter_code(client, code_for(ANN))["Location"] == "/library/"
        assert is_logged_in(client)

    def test_adds_no_second_address(self, client: Client) -> None:
        """A session from before verification was asked for."""
        client.force_login(person(ANN, is_confirmed=False))
        reauthenticate(client)
        for page in (
            client.get("/accounts/email/"),
            client.post("/accounts/email/", {"email": "second@example.org", "action_add": ""}),
        ):
            assert 'name="action_add"' not in page.content.decode()
            assert "Confirm ann@example.org before you add another" in page.content.decode()
        assert mail.outbox == []

    def test_goes_after_a_week_if_nobody_was_let_in(self, client: Client) -> None:
        sign_up(client, ANN)
        joined = User.objects.get(email=ANN).joined_at
        sign_ups.forget_unconfirmed(joined + timedelta(days=6))
        assert User.objects.filter(email=ANN).exists()
        person("used@example.org", is_confirmed=False, last_login=joined)
        assert EmailAddress.objects.filter(user__email=ANN).exists()
        person("confirmed@example.org")
        sign_ups.forget_unconfirmed(joined + timedelta(days=8))
        assert {user.email for user in User.objects.all()} == {"used@example.org", "confirmed@example.org"}

    def test_is_confirmed_from_its_page(self, client: Client) -> None:
        client.force_login(person(ANN, is_confirmed=False))
        client.post("/accounts/email/", {"email": ANN, "action_send": ""})
        enter_code(client, code_for(ANN))
        assert EmailAddress.objects.get(email=ANN).verified
