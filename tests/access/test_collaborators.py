"""Collaborators reach the text of their work, and for the rest exactly what any reader reaches.

collaborators.tsv has what they reach besides; every other address of matrix.tsv that is closed to a reader who has
bought nothing is closed to them. So an address that is new is refused to them until somebody writes it there.
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

from common import clock
from publishing.collaboration.models import Collaborator
from publishing.models import Work
from tests.access import test_matrix
from tests.access.scene import COLLABORATORS, Scene, build, patterns
from tests.access.test_matrix import letter
from tests.factories.collaboration import make_collaborator
from tests.factories.publishing import make_edition, make_work
from tests.support.standing import Standing

pytestmark = pytest.mark.django_db

_TABLE = Path(__file__).parent / "collaborators.tsv"


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
            yield row["address"], row["method"], {role: row[role] for role in COLLABORATORS}


def expected(role: str) -> dict[tuple[str, str], str]:
    """What the role reaches, by address and method, without what any reader reaches."""
    every = ((name, method, letters["reader"]) for name, method, letters in test_matrix.rows())
    refused = {(name, method): letter for name, method, letter in every if letter != "A"}
    return refused | {(name, method): letters[role] for name, method, letters in rows()}


def ask(client: Client, scene: Scene, name: str, method: str, /, **parts: str) -> HttpResponse:
    """Ask, and undo what it changed."""
    address = reverse(name, kwargs=scene.arguments(name, patterns()[name]) | parts)
    before = transaction.savepoint_create()
    send = client.get if method == "GET" else client.post
    response = send(address, scene.data.get(name, {}), headers={"sec-fetch-site": "same-origin"})
    for close in response._resource_closers:  # not `close()`: it would end the test's transaction as well
        close()
    transaction.savepoint_rollback(before)
    return response


def test_every_row_is_of_an_address_that_there_is() -> None:
    known = {(name, method) for name, method, _ in test_matrix.rows()}
    assert {(name, method) for name, method, _ in rows()} <= known


@pytest.mark.parametrize("role", COLLABORATORS)
def test_everybody_reaches_what_the_table_says(scene: Scene, role: str) -> None:
    client, wrong = Client(raise_request_exception=False), []
    client.force_login(scene.collaborators[role])
    cookies = client.cookies.copy()
    for (name, method), wanted in expected(role).items():
        client.cookies = cookies.copy()
        response = ask(client, scene, name, method)
        if letter(response) != wanted or response.status_code in {405, 500}:
            wrong.append(f"{method} {name}: {response.status_code}, not {wanted}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", COLLABORATORS)
def test_nobody_reaches_another_work_of_the_same_owner(scene: Scene, role: str) -> None:
    """Each address of the text with another work in it: a book on sale, and a draft."""
    owner = scene.people["author"]
    assert owner is not None
    others = [*Work.objects.filter(owner=owner).exclude(public_id=scene.values["work:public_id"])]
    others.append(make_edition(work=make_work(owner=owner)).work)
    assert len(others) > 1
    client = Client(raise_request_exception=False)
    client.force_login(scene.collaborators[role])
    asked = {(name, method) for name, method, _ in rows() if "public_id" in patterns()[name]}
    assert len(asked) > 4
    for work in others:
        assert {letter(ask(client, scene, name, method, public_id=work.public_id)) for name, method in asked} == {"N"}


@pytest.mark.parametrize("role", COLLABORATORS)
def test_a_role_that_ended_counts_at_the_next_request(scene: Scene, role: str) -> None:
    person = scene.collaborators[role]
    client = Client(raise_request_exception=False)
    client.force_login(person)
    assert letter(ask(client, scene, "work-preview", "GET")) == "A"
    Collaborator.objects.filter(user=person).update(ended_at=clock.now(), ending="ended")
    assert {letter(ask(client, scene, name, method)) for name, method, _ in rows()} == {"N"}


def test_the_owner_ends_nobody_of_another_work(scene: Scene) -> None:
    owner = scene.people["author"]
    assert owner is not None
    theirs = make_collaborator(make_work())
    mine = make_work(owner=owner)
    make_edition(work=mine)
    client = Client(raise_request_exception=False)
    client.force_login(owner)
    for name in ("change", "again", "end"):
        for work in (mine, theirs.work):
            parts = {"public_id": work.public_id, "collaborator_id": theirs.public_id}
            assert letter(ask(client, scene, f"collaboration:{name}", "POST", **parts)) == "N"
    theirs.refresh_from_db()
    assert theirs.is_active


def test_a_picture_of_the_text_is_shown_to_collaborators_alone(scene: Scene) -> None:
    """The scene's chapters have one picture, whose name the matrix does not know."""
    parts = {"name": "assets/dot.png"}
    for person, wanted in ((scene.collaborators["early_reader"], "A"), (scene.people["reader"], "N")):
        client = Client(raise_request_exception=False)
        client.force_login(person)
        assert letter(ask(client, scene, "work-preview-file", "GET", **parts)) == wanted
