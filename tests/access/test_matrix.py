"""Who reaches what: every address of ours, asked for by nine people (matrix.tsv).

A letter for each person: A reached (whatever the answer then is), L sent to the log-in, W asked first why, F refused,
N no such page. rights.tsv says the same by what is done rather than by address.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.access.scene import ACTORS, Scene, build, patterns
from tests.support.standing import Standing

pytestmark = pytest.mark.django_db

_TABLE = Path(__file__).parent / "matrix.tsv"
# Addresses of things that the scene has none of: nobody reaches an unknown one, and their own tests say who does.
_NOT_IN_THE_SCENE = {
    "hiring-reviews:answer-review",  # of a contract that has ended and was reviewed: tests/hiring/reviews
    "checkout:claim-orders",
    "collaboration:leave",  # collaborators alone, who have a table of their own
    "collaboration:publish",
    "collaboration:work",
    "community:moderation-stop",  # of something reported and open: tests/storefront/community/test_stops.py
    "contracts:fund-claim",  # tests/hiring/contracts/test_fund.py
    "earnings-provider",
    "finance-bank-settle",
    "finance-bring-back",
    "finance-correction",
    "finance-file",
    "finance-file-release",
    "finance-file-withdraw",
    "finance-hold",
    "finance-lift-hold",
    "finance-match-decide",
    "finance-payee-ask",  # tests/royalties/test_payee_details.py
    "finance-provider",
    "finance-rate-decide",
    "finance-release",
    "finance-remittance",
    "finance-reserve-lift",
    "finance-tax-form",
    "funding:answer",  # tests/hiring/funding/test_evidence.py, these three
    "funding:dispute",
    "funding:document",
    "funding:resend",  # tests/hiring/funding/test_views.py
    "office:answer",
    "office:decide",
    "office:dispute",
    "office:document",
    "office:warning",
    "pages:book-changes",  # of a second edition: tests/storefront/pages/test_book_changes.py
    "public-file",
    "catalogue:ranking-fresh",
    "catalogue:ranking-place",
    "community:review-vouch",
    "sandbox-onboard",
    "community:shelf-books",
    "library:wish-add",
    "library:wish-below",
}


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture(scope="module", autouse=True)
def standing_scene(standing: Standing) -> Scene:
    return standing(build)


@pytest.fixture
def scene(db: None, standing_scene: Scene) -> Scene:
    return deepcopy(standing_scene)


def rows() -> Iterator[tuple[str, str, dict[str, str]]]:
    with _TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            yield row["address"], row["method"], {actor: row[actor] for actor in ACTORS}


def letter(response: HttpResponse) -> str:
    if response.status_code == 302 and "/accounts/login/" in response["Location"]:
        return "L"
    if response.status_code == 302 and "/staff/why/" in response["Location"]:
        return "W"
    return {403: "F", 404: "N"}.get(response.status_code, "A")


def test_every_address_is_in_the_matrix() -> None:
    assert {name for name, _, _ in rows()} == set(patterns())


def test_somebody_reaches_each_address_that_the_scene_has() -> None:
    reached = {name for name, _, letters in rows() if {"A", "W"} & set(letters.values())}
    assert sorted(set(patterns()) - reached) == sorted(_NOT_IN_THE_SCENE)


def _is_asked(actor: str, expected: dict[str, str]) -> bool:
    """Of what everybody reaches, a visitor and one reader ask."""
    return actor in {"anon", "buyer"} or set(expected.values()) != {"A"}


@pytest.mark.parametrize("actor", ACTORS)
def test_everybody_reaches_what_the_matrix_says(scene: Scene, actor: str) -> None:
    parts, wrong = patterns(), []
    client = Client(raise_request_exception=False)
    if (person := scene.people[actor]) is not None:
        client.force_login(person)
    cookies = client.cookies.copy()
    for name, method, expected in rows():
        if not _is_asked(actor, expected):
            continue
        client.cookies = cookies.copy()
        address = reverse(name, kwargs=scene.arguments(name, parts[name]))
        before = transaction.savepoint_create()
        ask = client.get if method == "GET" else client.post
        response = ask(address, scene.data.get(name, {}), headers={"sec-fetch-site": "same-origin"})
        for close in response._resource_closers:  # not `close()`: it would end the test's transaction as well
            close()
        transaction.savepoint_rollback(before)
        if letter(response) != expected[actor] or response.status_code in {405, 500}:
            wrong.append(f"{method} {address}: {response.status_code}, not {expected[actor]}")
    assert not wrong, "\n".join(wrong)


def test_ids_in_addresses_are_no_primary_keys() -> None:
    """Numbers name only positions, and rows that staff alone may see."""
    numbered = {name for name, parts in patterns().items() if {"pk", "id"} & set(parts)}
    assert not numbered
