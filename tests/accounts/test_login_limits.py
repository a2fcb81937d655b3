"""Wrong passwords: who tries them waits, and whose account it is does not."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from tests.support.entrance import (
    PASSWORD,
    ask_for_reset,
    is_logged_in,
    log_in,
    person,
    reauthenticate,
    set_anew,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]

OWNER = "owner@example.org"
HOME, ABROAD, STRANGER = "192.0.2.1", "192.0.2.99", "203.0.113.7"
NEW = "quite another passphrase"


@pytest.fixture(autouse=True)
def _owner() -> None:
    person(OWNER)


def at(place: str) -> Client:
    return Client(REMOTE_ADDR=place)


def guess(place: str, times: int) -> int:
    """The status of the last answer."""
    return [log_in(at(place), OWNER, f"wrong {nth}").status_code for nth in range(times)][-1]


def guess_from_everywhere(monkeypatch: pytest.MonkeyPatch, places: int) -> None:
    """Five from each place, as often as the limits let one."""
    for nth in range(places):
        assert guess(f"198.51.100.{nth}", 5) == 200
    moment = time.time() + 600
    monkeypatch.setattr(time, "time", lambda: moment)


def test_a_stranger_locks_nobody_else_out() -> None:
    refused = guess(STRANGER, 6)
    log_in(home := at(HOME), OWNER)
    assert is_logged_in(home)
    assert refused == 429


def test_a_refusal_says_so_and_how_long() -> None:
    guess(STRANGER, 5)
    refused = log_in(at(STRANGER), OWNER)
    assert refused.status_code == 429
    assert refused["Retry-After"] == "300"
    page = refused.content.decode()
    assert "Wait at least 5 minutes" in page
    assert 'href="/accounts/password/reset/"' in page


def test_one_place_tries_twenty_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = time.time()
    answers = []
    for nth in range(8):
        monkeypatch.setattr(time, "time", lambda now=moment + 400 * nth: now)
        answers.append(guess(STRANGER, 5))
    assert answers == [200] * 4 + [429] * 4


def test_neighbours_of_an_ipv6_network_count_as_one() -> None:
    assert guess("2001:db8::1", 5) == 200
    assert guess("2001:db8::2", 1) == 429
    assert guess("2001:db8:0:1::1", 1) == 200


class TestFromManyPlaces:
    @pytest.fixture(autouse=True)
    def _many(self, monkeypatch: pytest.MonkeyPatch) -> None:
        log_in(at(HOME), OWNER)
        guess_from_everywhere(monkeypatch, 20)

    def test_is_slowed(self) -> None:
        assert guess("198.51.100.200", 1) == 429
        assert log_in(at(ABROAD), OWNER).status_code == 429

    def test_does_not_keep_the_owner_from_where_they_have_been(self) -> None:
        log_in(home := at(HOME), OWNER)
        assert is_logged_in(home)
        assert reauthenticate(home).status_code == 302

    def test_is_got_around_by_a_new_password(self) -> None:
        abroad = at(ABROAD)
        set_anew(abroad, ask_for_reset(abroad, OWNER), NEW)
        log_in(abroad, OWNER, NEW)
        assert is_logged_in(abroad)


def test_a_new_password_ends_the_wait_here() -> None:
    assert guess(HOME, 6) == 429
    home = at(HOME)
    set_anew(home, ask_for_reset(home, OWNER), NEW)
    log_in(home, OWNER, NEW)
    assert is_logged_in(home)


def test_wrong_codes_of_a_thief_do_not_outlast_the_password() -> None:
    from accounts.models import User

    owner = User.objects.get(email=OWNER)
    TOTP.activate(owner, generate_totp_secret())
    thief = at(STRANGER)
    log_in(thief, OWNER)
    answers = [thief.post("/accounts/2fa/authenticate/", {"code": "000000"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert answers[-1]["Retry-After"] == "300"
    home = at(HOME)
    set_anew(home, ask_for_reset(home, OWNER), NEW)
    log_in(home, OWNER, NEW)
    assert home.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200


def test_the_password_that_is_asked_again_is_limited_too() -> None:
    home = at(HOME)
    log_in(home, OWNER)
    answers = [reauthenticate(home, "wrong").status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]
    assert reauthenticate(home, PASSWORD).status_code == 429
