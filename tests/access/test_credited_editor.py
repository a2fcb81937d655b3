"""An editor whom a work credits reaches what its co-author reaches, in each page of the work and of everything else.

Both may change the text and the details, and see figures; prices, publishing, rights, people and letters to readers are
the owner's. Where an editor is answered otherwise, it stands here.
"""

from __future__ import annotations

from copy import deepcopy

import pytest
from django.test import Client

from publishing.models import ContributorRole, Work
from tests.access import test_matrix
from tests.access.scene import Scene, build
from tests.access.test_collaborators import ask
from tests.access.test_matrix import letter
from tests.factories.accounts import make_author
from tests.factories.publishing import make_contributor
from tests.support.standing import Standing

pytestmark = pytest.mark.django_db

# Pages of one work that must be asked for, so that a new family of pages is not forgotten here.
_FAMILIES = {
    "record": "work-record",
    "prices": "work-price",
    "promotions": "catalogue:promotions",
    "suggested prices": "catalogue:price-suggestions",
    "covers": "work-cover",
    "figures": "figures:work",
    "links": "figures:make-link",
    "comments": "comments:threads",
    "corrections": "work-corrections",
    "text": "work-text",
    "people": "collaboration:people",
    "credits": "work-people",
    "publishing": "work-publish",
    "territories": "work-territory",
    "watermark": "work-watermark",
    "coupons": "checkout:author-coupons",
    "typos": "reading:work-typos",
    "newsletters": "newsletters:issue",
    "chapters in progress": "in_progress:showing",
    "advance copies": "advance_copies:desk",
}
_OWNER_ONLY = (
    *("record", "prices", "promotions", "suggested prices", "links", "people", "publishing", "territories"),
    "watermark",
)
_OTHERWISE = {
    ("credit", "GET"): "N",  # the co-author's own credit
    ("credit", "POST"): "N",
    ("split-consent", "GET"): "N",  # the editor has no share of the royalty
    ("split-consent", "POST"): "N",
    ("earnings-sale", "GET"): "N",
    ("earnings-entry", "GET"): "N",
}


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


def _with_editor() -> Scene:
    scene = build()
    editor = make_author(display_name="Eve")
    for work in Work.objects.filter(contributors__user=scene.people["coauthor"]):
        make_contributor(work, user=editor, role=ContributorRole.EDITOR)
    scene.people["editor"] = editor
    return scene


@pytest.fixture(scope="module", autouse=True)
def standing_scene(standing: Standing) -> Scene:
    return standing(_with_editor)


@pytest.fixture
def scene(db: None, standing_scene: Scene) -> Scene:
    return deepcopy(standing_scene)


def test_every_family_of_pages_is_asked_for_and_the_owners_are_refused() -> None:
    answers = {(name, method): letters for name, method, letters in test_matrix.rows()}
    by_name = {name for name, _method in answers}
    assert set(_FAMILIES.values()) <= by_name
    for family in _OWNER_ONLY:
        found = [letters for (name, _), letters in answers.items() if name == _FAMILIES[family]]
        assert {letters["coauthor"] for letters in found} == {"F"}, family
        assert {letters["author"] for letters in found} == {"A"}, family


def test_an_editor_reaches_what_a_co_author_reaches(scene: Scene) -> None:
    editor, wrong = scene.people["editor"], []
    assert editor is not None
    client = Client(raise_request_exception=False)
    client.force_login(editor)
    cookies = client.cookies.copy()
    for name, method, letters in test_matrix.rows():
        if letters["reader"] == letters["coauthor"] == "A":  # any reader reaches it
            continue
        client.cookies = cookies.copy()
        wanted = _OTHERWISE.get((name, method), letters["coauthor"])
        response = ask(client, scene, name, method)
        if letter(response) != wanted or response.status_code in {405, 500}:
            wrong.append(f"{method} {name}: {response.status_code}, not {wanted}")
    assert not wrong, "\n".join(wrong)
