"""Refused log-ins and rights, and changes to how somebody logs in, are entries of the audit log; nobody fills it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import connection
from django.test import Client

from accounts.models import AuditEntry, Refusal, User
from accounts.selectors import audit_chain
from accounts.services import audit, refused_attempts
from common import clock
from tests.conftest import NOON
from tests.factories.accounts import make_finance, make_moderator, make_operator, make_reader
from tests.royalties.database import run_together

pytestmark = [pytest.mark.both, pytest.mark.django_db]

PASSWORD = "a long enough passphrase"
LATER = NOON + timedelta(minutes=1)
_HOME = "203.0.113.7"


def person(**overrides: object) -> User:
    user = make_reader(**overrides)
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def log_in(email: str, password: str, place: str = _HOME) -> Client:
    client = Client(REMOTE_ADDR=place)
    client.post("/accounts/login/", {"login": email, "password": password})
    return client


def entered() -> list[AuditEntry]:
    refused_attempts.enter_counted(at=LATER)
    return list(AuditEntry.objects.order_by("pk"))


class TestLogins:
    def test_a_wrong_password_is_entered_with_its_place_and_number(self) -> None:
        user = person()
        for _ in range(3):
            log_in(user.email.upper(), "not the passphrase")
        assert not AuditEntry.objects.exists()  # while its minute lasts
        [entry] = entered()
        assert (entry.verb, entry.actor, entry.about) == ("login.wrong_password", None, user)
        assert entry.facts == {"place": _HOME, "times": 3}
        assert entry.subject_id == user.public_id

    def test_by_another_address_of_the_account(self) -> None:
        user = person()
        EmailAddress.objects.create(user=user, email="second@example.org", verified=True)
        log_in("second@example.org", "not the passphrase")
        assert entered()[0].about == user

    def test_an_address_that_nobody_has_is_not_kept(self) -> None:
        log_in("Nobody@Example.org", "not the passphrase")
        log_in("nobody@example.org", "not the passphrase")
        [entry] = entered()
        assert entry.verb == "login.unknown_address"
        assert entry.facts["times"] == 2
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM accounts_auditentry")
            assert "nobody" not in str(cursor.fetchall()).lower()

    def test_an_account_that_nobody_was_let_in_to_can_still_be_deleted(self) -> None:
        user = make_reader()
        EmailAddress.objects.create(user=user, email=user.email, verified=False, primary=True)
        log_in(user.email, "not the passphrase")
        assert entered()[0].verb == "login.unknown_address"
        user.delete()

    def test_a_lock_is_entered(self) -> None:
        user = person()
        for _ in range(12):
            log_in(user.email, "not the passphrase")
        verbs = {entry.verb: entry.facts["times"] for entry in entered()}
        assert verbs.keys() == {"login.wrong_password", "login.locked"}
        assert sum(verbs.values()) == 12

    def test_a_wrong_code_is_entered(self) -> None:
        user = person()
        TOTP.activate(user, generate_totp_secret())
        client = log_in(user.email, PASSWORD)
        client.post("/accounts/2fa/authenticate/", {"code": "000000"})
        entries = [entry for entry in entered() if entry.verb == "login.wrong_code"]
        assert [entry.about for entry in entries] == [user]

    def test_a_wrong_code_too_many_is_entered_as_a_lock(self) -> None:
        user = person()
        TOTP.activate(user, generate_totp_secret())
        client = log_in(user.email, PASSWORD)
        for _ in range(12):
            client.post("/accounts/2fa/authenticate/", {"code": "000000"})
        verbs = {entry.verb: entry.facts["times"] for entry in entered() if entry.about == user}
        assert verbs.keys() == {"login.wrong_code", "login.locked"}
        assert sum(verbs.values()) == 12

    @pytest.mark.parametrize("role", ["is_finance", "is_moderator", "is_operator"])
    def test_staff_are_entered_as_they_come_and_go(self, role) -> None:
        user = person(**{role: True})
        client = log_in(user.email, PASSWORD)
        client.post("/accounts/logout/")
        entries = AuditEntry.objects.filter(verb__startswith="session.").order_by("pk")
        assert [(entry.verb, entry.actor) for entry in entries] == [("session.began", user), ("session.ended", user)]
        assert entries[0].facts == {"place": _HOME}

    def test_readers_are_not(self) -> None:
        log_in(person().email, PASSWORD).post("/accounts/logout/")
        assert not AuditEntry.objects.filter(verb__startswith="session.").exists()


class TestMeter:
    def test_one_row_a_minute_however_often(self) -> None:
        user = person()
        for _ in range(500):
            refused_attempts.note_login(verb="login.wrong_password", email=user.email, place=_HOME)
        assert [row.times for row in Refusal.objects.all()] == [500]

    def test_many_places_fill_nothing(self) -> None:
        for number in range(200):
            place = f"203.0.113.{number}"
            refused_attempts.note_login(verb="login.wrong_password", email=f"a{number}@example.org", place=place)
        assert Refusal.objects.count() == refused_attempts.MAX_ROWS_A_MINUTE + 1
        entries = entered()
        assert sum(entry.facts["times"] for entry in entries) == 200
        assert {"times": 200 - refused_attempts.MAX_ROWS_A_MINUTE} in [entry.facts for entry in entries]

    def test_among_many_those_on_staff_keep_whose_account_it_is(self) -> None:
        staff = person(is_operator=True)
        for number in range(50):
            refused_attempts.note_login(verb="login.wrong_password", email=f"a{number}@example.org", place=_HOME)
        for number in range(50):
            refused_attempts.note_login(verb="login.wrong_password", email=staff.email, place=f"203.0.113.{number}")
        assert [entry.facts for entry in entered() if entry.about == staff] == [{"times": 50}]

    def test_among_many_those_on_staff_who_are_refused_are_named(self) -> None:
        staff = person(is_moderator=True)
        for number in range(50):
            refused_attempts.note_login(verb="login.wrong_password", email=f"a{number}@example.org", place=_HOME)
        for number in range(3):
            facts = {"page": f"page-{number}"}
            refused_attempts.note(
                refused_attempts.RefusedAttempt("permission.refused", place=_HOME, actor=staff, facts=facts)
            )
        assert [(entry.actor, entry.facts) for entry in entered() if entry.verb == "permission.refused"] == [
            (staff, {"times": 3})
        ]

    def test_the_minute_that_lasts_is_left(self) -> None:
        refused_attempts.note_login(verb="login.wrong_password", email="a@example.org", place=_HOME)
        assert refused_attempts.enter_counted(at=NOON + timedelta(seconds=59)) == 0
        assert refused_attempts.enter_counted(at=LATER) == 1
        assert refused_attempts.enter_counted(at=LATER) == 0

    @pytest.mark.race
    def test_tries_at_once_are_all_counted(self, racing_db) -> None:
        user = person()

        def tries() -> None:
            for _ in range(10):
                refused_attempts.note_login(verb="login.wrong_password", email=user.email, place=_HOME)

        run_together(
            *[tries] * 4,
            lambda: refused_attempts.enter_counted(at=LATER),
            lambda: refused_attempts.enter_counted(at=LATER),
        )
        assert sum(entry.facts["times"] for entry in entered()) == 40


class TestPermissions:
    def refused(self, user: User, address: str, **data: str) -> list[AuditEntry]:
        client = Client(REMOTE_ADDR=_HOME)
        client.force_login(user)
        (client.post if data else client.get)(address, data)
        return [entry for entry in entered() if entry.verb == "permission.refused"]

    @pytest.mark.parametrize("address", ["/finance/", "/finance/requests/", "/finance/orders/", "/moderation/reviews/"])
    def test_a_page_of_staff_that_a_reader_asks_for(self, address) -> None:
        user = make_reader()
        [entry] = self.refused(user, address)
        assert (entry.actor, entry.subject_id) == (user, user.public_id)
        assert entry.facts["code"] == "not_found"
        assert entry.facts["place"] == _HOME

    def test_one_that_other_staff_ask_for(self, settings) -> None:
        settings.STAFF_SECOND_FACTOR_REQUIRED = False
        assert self.refused(make_moderator(), "/finance/")[0].facts["page"] == "finance"

    def test_a_page_that_is_not_there_is_no_refusal(self, settings) -> None:
        settings.STAFF_SECOND_FACTOR_REQUIRED = False
        assert self.refused(make_finance(), "/finance/sales/none/") == []
        assert self.refused(make_reader(), "/books/none/") == []

    def test_money_that_a_second_person_decides(self, settings) -> None:
        settings.STAFF_SECOND_FACTOR_REQUIRED = False
        [entry] = self.refused(make_operator(), "/finance/payouts/propose/", currency="USD", rail="stripe")
        assert entry.facts["code"] == "not_allowed"


class TestChanges:
    def client(self, user: User) -> Client:
        client = Client(REMOTE_ADDR=_HOME)
        client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
        return client

    def verbs(self) -> list[str]:
        return [entry.verb for entry in entered()]

    def test_of_the_password(self) -> None:
        user = person()
        new = "another long passphrase"
        self.client(user).post(
            "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new}
        )
        entry = AuditEntry.objects.get(verb="password.changed")
        assert (entry.actor, entry.about, entry.facts) == (user, user, {"place": _HOME})

    def test_of_the_second_factor(self) -> None:
        user = person()
        TOTP.activate(user, generate_totp_secret())
        RecoveryCodes.activate(user)
        from allauth.account import signals
        from allauth.mfa import signals as mfa_signals

        authenticator = user.authenticator_set.first()
        for signal in (
            mfa_signals.authenticator_added,
            mfa_signals.authenticator_removed,
            mfa_signals.authenticator_reset,
        ):
            signal.send(sender=type(authenticator), request=None, user=user, authenticator=authenticator)
        signals.password_reset.send(sender=User, request=None, user=user)
        assert self.verbs() == ["factor.added", "factor.removed", "factor.codes_renewed", "password.reset"]


class TestRetention:
    def test_after_half_a_year_only_that_it_happened_is_left(self) -> None:
        log_in(person().email, "not the passphrase")
        refused_attempts.enter_counted(at=LATER)
        audit.chain_committed()
        with clock.frozen(NOON + timedelta(days=181)):
            assert audit.erase_old_facts(at=clock.now()) == 1
            assert audit_chain.broken(at=clock.now()) == []
        assert AuditEntry.objects.get().facts == {}

    def test_what_is_being_counted_goes_with_the_person(self) -> None:
        user = person()
        log_in(user.email, "not the passphrase")
        refused_attempts.forget(user)
        assert not Refusal.objects.exists()
