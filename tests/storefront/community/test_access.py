"""Who gets which answer at every address around reviews and shelves, through the real addresses."""

from __future__ import annotations

from copy import deepcopy

import pytest
from django.urls import URLPattern, reverse

from storefront.community import urls
from storefront.community.models import CaseOutcome, FlagRule, Fold, ReportRule, Visibility
from storefront.community.services import moderation, replies, report_emails, reports, review_flags, shelves
from storefront.community.services.reports import ReportInput
from tests.conftest import NOON
from tests.factories.accounts import make_author, make_finance, make_moderator, make_operator, make_reader
from tests.factories.passages import make_match
from tests.factories.publishing import make_contributor, make_published_edition, make_work
from tests.factories.trust import make_entitlement, make_review, make_standing

pytestmark = pytest.mark.django_db

PEOPLE = (
    *("anon", "reader", "buyer", "writer", "owner", "co_author", "illustrator", "other_author"),
    *("keeper", "moderator", "finance", "operator"),
)

# What each address answers to each of PEOPLE: A it does its work, D 403, H 404 (hidden), L the log-in page.
ALL = "AAAAAAAAAAAA"
PERSONS = "LAAAAAAAAAAA"
ANSWERS = {
    "review": "LDAADDDDDDDD",
    "reviews": ALL,
    "review-page": ALL,
    "review-helpful": "LAADDDDAAAAA",
    "review-flag": "LAADAAAAAAAA",
    "review-vouch": "LDDDDDDDADDD",
    "review-reply": "LDDDADDDDDDD",  # the owner has replied already
    "review-reply-flag": "LAAADAAAAAAA",
    "standing": PERSONS,
    "standing-how": ALL,
    "standing-script": ALL,
    "standing-inputs": ALL,
    "review-case": "LHHAHHHHHHHH",
    "moderation-cases": "HHHHHHHHHAHA",
    "moderation-case": "HHHHHHHHHAHA",
    "moderation-passages": "HHHHHHHHHAHA",
    "moderation-passage": "HHHHHHHHHAHA",
    "moderation-stop": "HHHHHHHHHDHD",  # a case about a review: only what was reported is stopped
    "shelves": ALL,
    "shelf": ALL,
    "shelf-feed": ALL,
    "my-shelves": PERSONS,
    "shelf-add": PERSONS,
    "shelf-edit": "LHHHHHHHAHHH",
    "shelf-books": "LHHHHHHHAHHH",
    "shelf-delete": "LHHHHHHHAHHH",
    "shelf-editors": "LHHHHHHHHHHA",
    "book-report": "AAAADDDAAAAA",
    "shelf-report": "AAAAAAAADAAA",
    "report-sent": ALL,
    "report": ALL,  # whoever has the link
    "my-reports": PERSONS,
    "transparency": ALL,
    "transparency-json": ALL,
    "statements-of-reasons": ALL,
    "rules": ALL,
    "decisions": ALL,
}
POSTS = {
    *("review-helpful", "review-flag", "review-vouch", "review-reply", "review-reply-flag"),
    *("shelf-books", "shelf-editors", "moderation-stop"),
}
HERE = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}


def make_scene():
    """A folded review with an open case, another one that was taken off, a shelf, and everybody who might come by."""
    edition = make_published_edition(slug="the-lamp", owner=make_author())
    co_author, illustrator = make_author(), make_author()
    make_contributor(edition.work, user=co_author, role="aut")
    make_contributor(edition.work, user=illustrator, role="ill")
    make_work(owner=(other := make_author()))
    make_entitlement(buyer := make_reader(), edition)
    review = make_review(edition=edition)
    for _ in range(3):
        review_flags.flag_review(actor=make_standing(3), review=review, rule=FlagRule.SPAM, note="", at=NOON)
    replies.write_reply(actor=edition.work.owner, review=review, body="Thank you.", at=NOON)
    gone = make_review(user=review.user)
    review_flags.flag_review(actor=make_reader(), review=gone, rule=FlagRule.ABUSE, note="", at=NOON)
    decided = moderation.decide(
        actor=make_moderator(),
        case=gone.cases.get(),
        outcome=CaseOutcome.HIDE,
        rule=FlagRule.ABUSE,
        reason="The second line.",
        seen=gone.version,
        at=NOON,
    )
    keeper = make_standing(12, is_curator=True)
    shelf = shelves.make_shelf(actor=keeper, title="Lights", description="", visibility=Visibility.PUBLIC, at=NOON)
    shelves.add_book(actor=keeper, shelf=shelf, work=edition.work, reason="It glows.", at=NOON)
    people = {
        "anon": None,
        "reader": make_reader(),
        "buyer": buyer,
        "writer": review.user,
        "owner": edition.work.owner,
        "co_author": co_author,
        "illustrator": illustrator,
        "other_author": other,
        "keeper": keeper,
        "moderator": make_moderator(),
        "finance": make_finance(),
        "operator": make_operator(),
    }
    told = ReportInput(ReportRule.HATE, "Page one.", name="Q", email="q@example.org")
    reported = reports.report_shelf(actor=None, shelf=shelf, told=told, at=NOON)
    parts = {
        "token": report_emails.report_link(reported).rstrip("/").rpartition("/")[2],
        "slug": "the-lamp",
        "review_id": review.public_id,
        "case_id": decided.public_id,
        "shelf_id": shelf.public_id,
        "shelf_slug": shelf.slug,
        "gone": gone.public_id,
        "match_id": make_match().public_id,
        "work": edition.work.public_id,
    }
    return people, parts


@pytest.fixture(scope="module", autouse=True)
def standing_scene(standing):
    return standing(make_scene)


@pytest.fixture
def scene(db, standing_scene):
    return deepcopy(standing_scene)


def pattern_of(name: str) -> URLPattern:
    return next(one for one in urls.urlpatterns if one.name == name)


def address(name: str, parts: dict[str, str]) -> str:
    if name in {"shelf", "shelf-feed", "shelf-report"}:
        return reverse(f"community:{name}", args=[parts["shelf_slug"]])
    return reverse(f"community:{name}", kwargs={key: parts[key] for key in pattern_of(name).pattern.converters})


def answer(client, name, parts, who) -> str:
    client.logout()
    if who is not None:
        client.force_login(who)
    if name in POSTS:
        # Nothing is given, so that whoever may is told what is missing, and nothing changes for those after.
        data = {"act": "undo"} if name == "review-helpful" else {"work": parts["work"]}
        response = client.post(address(name, parts), data, headers=HERE)
    else:
        response = client.get(address(name, parts))
    if response.status_code == 302 and response["Location"].startswith("/accounts/login/"):
        return "L"
    return {403: "D", 404: "H"}.get(response.status_code, "A")


def test_every_address_has_a_row():
    elsewhere = {"thing-report"}  # what apps above let members report: tests/hiring
    assert {one.name for one in urls.urlpatterns} - elsewhere == set(ANSWERS)


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_answers(name, scene, client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    people, parts = scene
    assert "".join(answer(client, name, parts, people[who]) for who in PEOPLE) == ANSWERS[name]


@pytest.mark.parametrize("name", sorted(name for name in ANSWERS if "<" in str(pattern_of(name).pattern)))
def test_unknown_ids_are_not_there(name, scene, client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    people, parts = scene
    unknown = dict.fromkeys(parts, "nothing-here") | {"work": parts["work"]}
    assert answer(client, name, unknown, people["operator"]) == "H"
    assert answer(client, name, unknown, people["moderator"]) == "H"


@pytest.mark.parametrize("name", ["review-page", "review-helpful", "review-flag", "review-vouch", "review-reply"])
def test_a_review_taken_off_is_there_for_its_writer_and_moderators_only(name, scene, client):
    people, parts = scene
    parts = {**parts, "review_id": parts["gone"]}
    got = {who for who in PEOPLE if answer(client, name, parts, people[who]) not in "HL"}
    assert got == {"writer", "moderator", "operator"}


def test_staff_without_a_second_factor_do_not_reach_the_queue(scene, client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    people, parts = scene
    client.force_login(people["moderator"])
    response = client.get(address("moderation-cases", parts))
    assert response.status_code == 404
    assert "/accounts/2fa/" in response.content.decode()


def test_a_role_taken_away_counts_at_the_next_request(scene, client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    people, parts = scene
    moderator = people["moderator"]
    client.force_login(moderator)
    assert client.get(address("moderation-cases", parts)).status_code == 200
    moderator.is_moderator = False
    moderator.save()
    assert client.get(address("moderation-cases", parts)).status_code == 404


@pytest.mark.parametrize("headers", [{}, {"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}])
def test_a_vote_has_to_come_from_one_of_our_pages(scene, client, headers):
    people, parts = scene
    client.force_login(people["reader"])
    assert client.post(address("review-helpful", parts), headers=headers).status_code == 403


def test_a_moderator_with_a_part_in_it_may_look_and_not_decide(scene, client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    _people, _parts = scene
    review = make_review(edition=make_published_edition(owner=make_author(is_moderator=True)))
    review_flags.flag_review(actor=make_reader(), review=review, rule=FlagRule.SPAM, note="", at=NOON)
    path = reverse("community:moderation-case", args=[review.cases.get().public_id])
    client.force_login(review.work.owner)
    assert client.get(path).status_code == 200
    given = {"outcome": "hide", "rule": "spam", "reason": "I do not like it."}
    assert client.post(path, given).status_code == 403
    review.refresh_from_db()
    assert review.fold == Fold.NONE


def test_extra_fields_change_nothing(scene, client):
    people, _parts = scene
    client.force_login(people["reader"])
    client.post(
        reverse("community:my-shelves"), {"title": "Mine", "visibility": "public", "is_editors": "1", "owner": "1"}
    )
    shelf = people["reader"].shelves.get()
    assert not shelf.is_editors
