"""Odd values in every address, query and form of the project: whatever the answer is, it is no failure of ours.

An ordinary run tries some at each address, as somebody who may do everything; the nightly part tries all.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest
from django import forms
from django.apps import apps
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.access.scene import Address, Scene, addresses, build

pytestmark = pytest.mark.django_db

ODD = {
    "nul": "%00",
    "half a pair": "%ED%A0%80",
    "no host": "//[",
    "beyond 64 bits": "9" * 30,
    "beyond int()": "9" * 4400,
    "a moment before all": "0001-01-01T00:00:00.000000%2B1400_1",
}
# Django makes half a pair a sign of its own in queries and forms.
IN_QUERIES = [odd for name, odd in ODD.items() if name != "half a pair"]
ROOT = Path(__file__).resolve().parents[2]
_ASKED = re.compile(r"(?:GET|POST)(?:\.get\(|\.getlist\(|\[)[\"'](\w+)[\"']")
_HOLE = "98765432123456789"
_OF_ALLAUTH = {"uidb36": "1", "key": "abc", "pk": 1, "code_id": 1}
_PEOPLE = ("nobody", "everything")


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def scene() -> Scene:
    scene = build()
    author = scene.people["author"]
    author.is_finance = author.is_moderator = author.is_operator = True
    author.save()
    scene.people |= {"nobody": None, "everything": author}
    return scene


def ordinary(scene: Scene, address: Address) -> dict[str, object]:
    """Parts that lead as far into the view as the scene goes."""
    known = [part for part in address.parts if part not in _OF_ALLAUTH]
    return {
        **scene.arguments(address.name, known),
        **{part: _OF_ALLAUTH[part] for part in address.parts if part not in known},
    }


def odd_addresses(scene: Scene, address: Address, odds: list[str]) -> Iterator[str]:
    """The address with each of its parts odd in these ways."""
    found = ordinary(scene, address)
    for part in address.parts:
        try:
            filled = reverse(address.name, kwargs={**found, part: _HOLE})
        except NoReverseMatch:  # one word of a few
            continue
        yield from (filled.replace(_HOLE, odd) for odd in odds)


def asked_by(address: Address) -> list[str]:
    """The names that the view's module looks for in a query or a form."""
    module = sys.modules.get(inspect.unwrap(address.pattern.callback).__module__)
    return sorted({*_ASKED.findall(inspect.getsource(module) if module else "")})


def _modules_of_views() -> Iterator[Path]:
    """Those of the apps and of their parts: a folder, or one file."""
    for app in {app.module.__name__.partition(".")[0] for app in apps.get_app_configs()}:
        if (ROOT / app).is_dir():
            yield from (ROOT / app).glob("**/views/**/*.py")
            yield from (ROOT / app).glob("**/views.py")


@lru_cache
def all_names() -> list[str]:
    """Whatever any view asks for, and the fields of all forms."""
    found = {name for path in _modules_of_views() for name in _ASKED.findall(path.read_text())}
    left: list[type] = [forms.BaseForm]
    while left:
        one = left.pop()
        left += one.__subclasses__()
        found |= set(getattr(one, "base_fields", {}))
    return sorted(found | {"next"})  # log-in's


class Asking:
    """Asks as one person, undoes what it changed, and gathers what was answered with a failure."""

    def __init__(self, person) -> None:
        self.client = Client(raise_request_exception=False)
        if person is not None:
            self.client.force_login(person)
        self.cookies, self.failed = self.client.cookies.copy(), []

    def get(self, address: str) -> bool:
        """Whether the view has looked at it: it takes the method, and the person."""
        response = self._ask(
            "GET", address, lambda: self.client.get(address, headers={"sec-fetch-site": "same-origin"})
        )
        return response.status_code != 405 and "/accounts/login/" not in response.get("Location", "")

    def post(self, address: str, body: str) -> None:
        kind = "application/x-www-form-urlencoded"
        headers = {"sec-fetch-site": "same-origin"}
        self._ask("POST", address, lambda: self.client.post(address, body, content_type=kind, headers=headers))

    def _ask(self, method: str, address: str, ask) -> HttpResponse:
        self.client.cookies = self.cookies.copy()
        before = transaction.savepoint_create()
        response = ask()
        for close in response._resource_closers:  # not `close()`: it would end the test's transaction as well
            close()
        transaction.savepoint_rollback(before)
        if response.status_code >= 500:
            self.failed.append(f"{response.status_code} {method} {address[:200]}")
        return response


def test_every_address_of_the_matrix_is_walked() -> None:
    assert len(addresses()) > 250


def taken(number: int, odds: list[str], share: int) -> list[str]:
    """Some of the odd values for the address with this number, others for the next: each is tried all over the shop."""
    return [odds[(number + step) % len(odds)] for step in range(min(share, len(odds)))]


def walk(scene: Scene, person: str, odds: list[str], share: int) -> None:
    asking = Asking(scene.people[person])
    for number, address in enumerate(addresses()):
        for odd in taken(number, odds, share):
            ask_in_query_and_form(asking, address, ordinary(scene, address), odd)
    assert not asking.failed, "\n".join(asking.failed)


def ask_in_query_and_form(asking: Asking, address: Address, parts: dict[str, object], odd: str) -> None:
    everything = "&".join(f"{name}={odd}" for name in all_names())
    path, asked = reverse(address.name, kwargs=parts), asked_by(address)
    if asking.get(f"{path}?{everything}"):
        for name in asked:  # each alone as well: the first odd one may hide the others
            asking.get(f"{path}?{name}={odd}")
    asking.post(path, "&".join([everything, *(f"{name}={odd}" for name in asked)]))


def walk_parts(scene: Scene, person: str, share: int) -> None:
    asking = Asking(scene.people[person])
    for number, address in enumerate(addresses()):
        for odd in odd_addresses(scene, address, taken(number, list(ODD.values()), share)):
            asking.get(odd)
            asking.post(odd, "")
    assert not asking.failed, "\n".join(asking.failed)


def test_some_odd_parts_of_each_address(scene: Scene) -> None:
    walk_parts(scene, "everything", 2)


def test_some_odd_queries_and_forms_at_each_address(scene: Scene) -> None:
    walk(scene, "everything", IN_QUERIES, 1)


@pytest.mark.nightly
@pytest.mark.parametrize("person", _PEOPLE)
def test_no_odd_part_of_an_address_fails(scene: Scene, person: str) -> None:
    walk_parts(scene, person, len(ODD))


@pytest.mark.nightly
@pytest.mark.both  # each database thinks of numbers in its own way
@pytest.mark.parametrize("person", _PEOPLE)
def test_no_odd_query_or_form_fails(scene: Scene, person: str) -> None:
    walk(scene, person, IN_QUERIES, len(IN_QUERIES))
