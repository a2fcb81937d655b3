"""Who gets which answer at every address of the desk, through the real addresses."""

from __future__ import annotations

from copy import deepcopy

import pytest
from django.urls import URLPattern, reverse

from accounts.models import User
from conversion.models import Artifact
from publishing import author_terms, urls
from publishing.models import Series
from tests.factories.accounts import (
    make_author,
    make_finance,
    make_moderator,
    make_operator,
    make_reader,
)
from tests.factories.conversion import make_artifact, proof_zip
from tests.factories.publishing import make_contributor, make_edition, make_split, make_work
from tests.support.standing import Standing

pytestmark = pytest.mark.django_db

PEOPLE = ("anon", "reader", "owner", "co_author", "illustrator", "other_author", "moderator", "finance", "operator")

# What each address answers to each of PEOPLE: A it does its work, D 403, H 404 (hidden), L the log-in page, W the
# page that asks why.
LOOK_PRIVATE = "HHAAAHHHW"  # status, proof, preview: to strangers it does not exist, logged in or not
LOOK = "LHAAAHHHW"
EDIT = "LHAADHDHD"
OWN = "LHADDHDHD"
ANSWERS = {
    "work": LOOK_PRIVATE,
    "work-manuscript": EDIT,
    "work-manuscript-file": LOOK_PRIVATE,
    "work-proof": LOOK_PRIVATE,
    "work-proof-status": LOOK_PRIVATE,
    "work-sheet": LOOK_PRIVATE,
    "work-sheet-page": LOOK_PRIVATE,
    "work-picture": LOOK_PRIVATE,
    "work-remarks": LOOK_PRIVATE,
    "work-override": OWN,
    "work-changes": LOOK_PRIVATE,
    "work-design": EDIT,
    "work-design-preview": EDIT,
    "work-matter": EDIT,
    "work-design-status": EDIT,
    "work-rebuild": EDIT,
    "work-cancel": EDIT,
    "work-preview": LOOK_PRIVATE,
    "work-preview-file": LOOK_PRIVATE,
    "work-preview-chapter": LOOK_PRIVATE,
    "work-artifact": LOOK,
    "work-details": EDIT,
    "work-cover": EDIT,
    "work-cover-picture": "LHHHHHHHW",  # without a cover of their own; with one: test_views_flow
    "work-cover-remove": EDIT,
    "work-cover-page": EDIT,
    "work-cover-drawn": EDIT,
    "work-cover-upload": EDIT,
    "work-cover-status": EDIT,
    "work-cover-back": EDIT,
    "work-cover-print": EDIT,
    "work-price": OWN,
    "work-address": OWN,
    "work-delete": OWN,
    "work-archive": OWN,
    "house-defaults": "LDAAAADDD",
    "work-take-defaults": OWN,
    "work-contributor-invite": OWN,
    "work-rights": OWN,
    "work-release": OWN,
    "work-watermark": OWN,
    "work-record": OWN,
    "work-territory": OWN,
    "work-people": LOOK,
    "work-people-add": OWN,
    "work-split": OWN,
    "work-contributor": OWN,
    "work-contributor-move": OWN,
    "work-contributor-remove": OWN,
    "work-publish": OWN,
    "work-plan-cancel": OWN,
    "work-editions": LOOK,
    "edition-withdraw": OWN,
    "edition-publish": OWN,
    "desk-series": "LHAHHHHHH",
    "desk": "LAAAAAAAA",
    "work-create": "LAAAAAAAA",
    "work-begin": "LAAAAAAAA",
    "author-terms": "AAAAAAAAA",
    "author-terms-version": "AAAAAAAAA",
    "invitation": "AAAAAAAAA",
    # The credit, and a share of the proposal, are the illustrator's alone.
    "credit": "LHHHAHHHH",
    "split-consent": "LHHHAHHHH",
}
POSTS = {
    "work-take-defaults",
    "work-override",
    "work-design-preview",
    "work-rebuild",
    "work-begin",
    "work-cancel",
    "work-cover",
    "work-cover-remove",
    "work-cover-upload",
    "work-cover-back",
    "work-cover-print",
    "work-people-add",
    "work-contributor-invite",
    "work-split",
    "work-contributor-move",
    "work-contributor-remove",
    "edition-publish",
    "work-plan-cancel",
}


type Scene = tuple[dict[str, User | None], dict[str, object]]


@pytest.fixture(scope="module", autouse=True)
def standing_scene(standing: Standing) -> Scene:
    return standing(build)


@pytest.fixture
def scene(db: None, standing_scene: Scene) -> Scene:
    return deepcopy(standing_scene)


def build() -> Scene:
    """A draft of an author, with everybody who might come by."""
    owner = make_author()
    edition = make_edition(work=make_work(owner=owner))
    co_author, illustrator = make_author(), make_author()
    make_contributor(edition.work, user=co_author, role="edt")
    person = make_contributor(edition.work, user=illustrator, role="ill")
    agreement = make_split(edition.work, {person: 10_000}, consented=False)
    make_artifact(edition.job, kind="proof", target="phone", content=proof_zip())
    make_work(owner=(other := make_author()))
    people = {
        "anon": None,
        "reader": make_reader(),
        "owner": owner,
        "co_author": co_author,
        "illustrator": illustrator,
        "other_author": other,
        "moderator": make_moderator(),
        "finance": make_finance(),
        "operator": make_operator(),
    }
    parts = {
        "public_id": edition.work.public_id,
        "manuscript_id": edition.manuscript.public_id,
        "chapter_id": "c1",
        "name": "assets/dot.png",
        "artifact_id": edition.job.artifacts.get(kind="epub").public_id,
        "target": "phone",
        "number": 2,
        "code": "page.text-cut",
        "contributor_id": person.public_id,
        "edition_id": edition.public_id,
        "agreement_id": agreement.public_id,
        "version": author_terms.CURRENT,
        "token": "unknown",
        "series_id": Series.objects.create(owner=owner, slug="tides", title="Tides").public_id,
    }
    return people, parts


def address(name: str, parts: dict[str, str]) -> str:
    if name == "work-picture":
        archive = Artifact.objects.get(kind="proof")
        parts = {**parts, "artifact_id": archive.public_id, "name": "pages/0002.png"}
    pattern = next(pattern for pattern in urls.urlpatterns if pattern.name == name)
    wanted = pattern.pattern.converters
    return reverse(name, kwargs={key: parts[key] for key in wanted})


def test_every_address_has_a_row():
    names = {pattern.name for pattern in urls.urlpatterns if isinstance(pattern, URLPattern)}
    assert names == set(ANSWERS)


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_answers(name, scene, client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    people, parts = scene
    got = ""
    for who in PEOPLE:
        client.logout()
        if people[who] is not None:
            client.force_login(people[who])
        if name in POSTS:
            # Nothing is sent, so that whoever may is told what is missing and nothing changes for those after.
            response = client.post(address(name, parts), {"nothing": "1"})
        else:
            response = client.get(address(name, parts))
        got += _letter(response)
        if response.streaming:
            list(response.streaming_content)  # which closes the file
    assert got == ANSWERS[name], name


def _letter(response) -> str:
    if response.status_code == 302 and response["Location"].startswith("/accounts/login/"):
        return "L"
    if response.status_code == 302 and response["Location"].startswith("/staff/why/"):
        return "W"
    return {403: "D", 404: "H"}.get(response.status_code, "A")
