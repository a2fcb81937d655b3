"""The publish page of a work that was on sale: what changed, what the author chooses, and the email seen first."""

from __future__ import annotations

import pytest
from django.urls import reverse

from common import clock
from publishing.models import EditionState, PlannedRelease, Price, TextComparison
from publishing.services import comparisons
from tests.factories.conversion import make_artifact, web_zip
from tests.factories.publishing import make_edition, make_published_edition, make_work

pytestmark = pytest.mark.django_db
BODY = "<h1>The Harbour</h1><p>Snow fell on the water.</p>"


@pytest.fixture
def draft(owner):
    draft = make_edition(work=make_published_edition(owner=owner).work)
    draft.job.artifacts.get(kind="web").delete()
    make_artifact(draft.job, kind="web", content=web_zip(c1=BODY))
    return draft


def address(draft, name="work-publish"):
    return reverse(name, args=[draft.work.public_id])


def compare_all():
    for row in TextComparison.objects.all():
        comparisons.compare(comparison_id=row.pk)


def post(client, draft, **data):
    return client.post(address(draft), {"kind": "edition", "notes": "Snow.", **data})


class TestPage:
    def test_waits_for_the_comparison_or_not(self, as_owner, draft):
        page = as_owner.get(address(draft)).content.decode()
        assert 'hx-trigger="every 2s"' in page
        assert 'name="kind"' not in page
        page = as_owner.get(address(draft), {"now": "1"}).content.decode()
        assert 'name="kind"' in page

    def test_shows_what_changed_and_drafts_the_notes(self, as_owner, draft):
        as_owner.get(address(draft))
        compare_all()
        page = as_owner.get(address(draft)).content.decode()
        assert "What changed since edition 1" in page
        assert "<del>Rain</del>" in page
        assert "Changed: “The Harbour”" in page
        assert 'value="edition"' in page
        assert "1.1: a correction" in page

    def test_proposes_a_correction_where_little_changed(self, as_owner, draft):
        draft.job.artifacts.get(kind="web").delete()
        body = "<h1>The Harbour</h1><p>Rain fell on the water!</p>"
        make_artifact(draft.job, kind="web", content=web_zip(c1=body))
        as_owner.get(address(draft))
        compare_all()
        page = as_owner.get(address(draft)).content.decode()
        assert "We suggest a correction" in page
        assert 'value="revision" required id="id_kind_1" checked' in page
        assert "Corrected in “The Harbour”: 1 place." in page

    def test_a_first_edition_has_one_button(self, as_owner, owner):
        page = as_owner.get(address(make_edition(work=make_work(owner=owner)))).content.decode()
        assert "Publish now" in page
        assert 'name="kind"' not in page


class TestPost:
    @pytest.mark.parametrize(("kind", "label"), [("edition", "2"), ("revision", "1.1")])
    def test_publishes_as_chosen(self, as_owner, draft, kind, label):
        assert post(as_owner, draft, kind=kind).status_code == 302
        draft.refresh_from_db()
        assert (draft.label, draft.notes, draft.state) == (label, "Snow.", EditionState.PUBLISHED)

    @pytest.mark.parametrize("kind", ["", "both"])
    def test_refuses_an_unknown_kind_and_keeps_the_notes(self, as_owner, draft, kind):
        response = post(as_owner, draft, kind=kind, notes="Typed <long>.")
        assert response.status_code == 422
        assert "Typed &lt;long&gt;." in response.content.decode()
        draft.refresh_from_db()
        assert draft.state == EditionState.DRAFT

    def test_says_what_is_missing_and_keeps_what_was_typed(self, as_owner, draft):
        Price.objects.all().delete()
        response = post(as_owner, draft, kind="revision", notes="Typed.")
        assert response.status_code == 409
        page = response.content.decode()
        assert "No price yet" in page
        assert "Typed." in page

    def test_plans_for_a_day_and_takes_it_back(self, as_owner, draft):
        post(as_owner, draft, day="2027-03-03")
        plan = PlannedRelease.objects.get(edition=draft)
        assert (plan.due_at.isoformat(), plan.is_revision) == ("2027-03-03T00:00:00+00:00", False)
        assert "goes on sale on" in as_owner.get(address(draft)).content.decode()
        assert as_owner.post(address(draft, "work-plan-cancel")).status_code == 302
        assert not PlannedRelease.objects.exists()
        assert as_owner.post(address(draft, "work-plan-cancel")).status_code == 409

    @pytest.mark.parametrize("day", ["2020-01-01", "soon"])
    def test_refuses_a_day_that_is_none(self, as_owner, draft, day):
        assert post(as_owner, draft, day=day).status_code in {409, 422}
        assert not PlannedRelease.objects.exists()

    def test_the_email_is_seen_first(self, as_owner, draft):
        response = post(as_owner, draft, wants_mail="on", day="2027-03-03")
        assert response.url == f"/desk/edition-mail/{draft.work.public_id}/?day=2027-03-03"
        draft.refresh_from_db()
        assert (draft.state, draft.notes) == (EditionState.DRAFT, "Snow.")
        page = as_owner.get(response.url).content.decode()
        assert "New edition: “The Lighthouse”" in page
        assert "Snow." in page
        assert 'name="is_previewed"' in page
        assert 'value="2027-03-03"' in page
        assert post(as_owner, draft, wants_mail="on", is_previewed="1").status_code == 302
        draft.refresh_from_db()
        assert (draft.state, draft.wants_mail) == (EditionState.PUBLISHED, True)

    def test_a_correction_needs_no_preview(self, as_owner, draft):
        post(as_owner, draft, kind="revision", wants_mail="on")
        draft.refresh_from_db()
        assert (draft.label, draft.wants_mail) == ("1.1", False)

    def test_a_withdrawn_edition_is_followed_by_the_next(self, as_owner, draft):
        draft.work.editions.filter(number=1).update(state=EditionState.WITHDRAWN)
        post(as_owner, draft, kind="revision")
        draft.refresh_from_db()
        assert draft.label == "1.1"
        assert draft.published_at.date() == clock.now().date()
