"""Automatic fixes on the pages: offered with the remarks, listed place by place with the corrections."""

from __future__ import annotations

import pytest
from django.urls import reverse

from conversion.models import JobState
from publishing.editing.models import Correction, Decision, Origin, WorkText
from publishing.editing.selectors import fixes
from publishing.models import Work
from tests.factories.accounts import make_author
from tests.factories.collaboration import make_collaborator
from tests.factories.conversion import make_finding
from tests.factories.editing import make_correction, make_text, make_untidy_text, patch_of, untidy
from tests.factories.publishing import make_contributor, make_edition, make_work

pytestmark = pytest.mark.django_db

SPACES, COMMAS = "text.double-spaces", "text.space-before-punctuation"


@pytest.fixture
def text(owner) -> WorkText:
    edition = make_edition(work=make_work(owner=owner))
    for code in (SPACES, COMMAS, "metadata.rights-missing"):
        make_finding(edition.job, code=code, facts={"count": 3})
    return make_untidy_text(edition=edition)


def address(text: WorkText, name: str, *parts: str) -> str:
    return reverse(name, args=[text.work.public_id, *parts])


def remarks(client, text: WorkText) -> str:
    return client.get(address(text, "work-remarks")).content.decode()


def corrections(client, text: WorkText, **query: str) -> str:
    return client.get(address(text, "work-corrections"), query).content.decode()


class TestRemarks:
    def test_offer_what_would_change_something(self, as_owner, text):
        page = remarks(as_owner, text)
        assert "Fix what we can: 2 kinds of remarks" in page
        assert page.count("Fix this<") == 2

    def test_all_in_one_run(self, as_owner, text):
        offered = fixes.place_fixes(text.work).proposed
        page = as_owner.post(address(text, "work-fixes"), {"all": "1"}, follow=True).content.decode()
        assert Correction.objects.count() == offered[SPACES] + offered[COMMAS]
        assert f"{Correction.objects.count()} places fixed" in page
        assert "the files are being made" in page
        assert "Fix this<" not in page
        assert f'id="remark-{SPACES}"' not in page, "it stands above, with its places"
        assert f"?fix={SPACES}" in page

    def test_the_page_looks_by_itself_until_they_are_made(self, as_owner, text):
        again = 'hx-trigger="every 3s"'
        assert again not in remarks(as_owner, text)
        assert again in as_owner.post(address(text, "work-fixes"), {"all": "1"}, follow=True).content.decode()

    def test_those_ticked(self, as_owner, text):
        as_owner.post(address(text, "work-fixes"), {"code": [COMMAS]})
        assert {one.code for one in Correction.objects.all()} == {COMMAS}

    def test_nothing_ticked_changes_nothing(self, as_owner, text):
        page = as_owner.post(address(text, "work-fixes"), follow=True).content.decode()
        assert "Nothing is selected." in page
        assert not Correction.objects.exists()

    def test_one_of_them_that_nothing_can_fix_refuses_all(self, as_owner, text):
        data = {"code": [SPACES, "metadata.rights-missing"]}
        assert as_owner.post(address(text, "work-fixes"), data).status_code == 409
        assert not Correction.objects.exists()

    def test_a_kind_twice_says_that_nothing_is_left(self, as_owner, text):
        path = address(text, "work-fix", SPACES)
        as_owner.post(path)
        count = Correction.objects.count()
        assert "nothing left to fix automatically" in as_owner.post(path, follow=True).content.decode()
        assert Correction.objects.count() == count

    def test_undone_places_are_not_offered(self, as_owner, text):
        path = address(text, "work-fix", SPACES)
        as_owner.post(path)
        page = as_owner.post(path, {"undo": "1"}, follow=True).content.decode()
        assert "Fix undone." in page
        assert not Correction.objects.accepted().exists()
        assert f'action="{path}"' not in page
        assert f'id="remark-{SPACES}"' in page, "the remark stays true"

    def test_undoing_what_is_not_fixed_is_refused(self, as_owner, text):
        assert as_owner.post(address(text, "work-fix", SPACES), {"undo": "1"}).status_code == 409

    def test_a_text_that_was_read_before_is_read_again(self, as_owner, owner):
        edition = make_edition(work=make_work(owner=owner))
        make_finding(edition.job, code=SPACES, facts={"count": 3})
        text = make_text(edition=edition)
        assert "Fix this<" in remarks(as_owner, text)
        page = as_owner.post(address(text, "work-fix", SPACES), follow=True).content.decode()
        assert "still looking for the places" in page
        assert WorkText.objects.get(pk=text.pk).base_job is not None

    def test_nothing_is_offered_while_the_manuscript_is_being_read(self, as_owner, owner):
        edition = make_edition(work=make_work(owner=owner))
        make_finding(edition.job, code=SPACES, facts={"count": 3})
        edition.checked_job = edition.job
        edition.save()
        type(edition.job).objects.update(state=JobState.QUEUED)
        page = as_owner.get(reverse("work-remarks", args=[edition.work.public_id])).content.decode()
        assert f'id="remark-{SPACES}"' in page
        assert "Fix this<" not in page

    def test_not_to_those_who_may_only_look(self, client, text):
        make_contributor(text.work, user=(illustrator := make_author()), role="ill")
        client.force_login(illustrator)
        assert "Fix this<" not in remarks(client, text)
        assert client.post(address(text, "work-fix", SPACES)).status_code == 403
        assert not Correction.objects.exists()


class TestCorrections:
    @pytest.fixture(autouse=True)
    def _fixed(self, as_owner, text):
        as_owner.post(address(text, "work-fixes"), {"all": "1"})
        text.refresh_from_db()

    def test_a_fix_is_one_row_beside_what_was_made_by_hand(self, as_owner, text):
        make_correction(text, patch_of(text, "keeper", "warden", book=untidy()))
        page = corrections(as_owner, text)
        assert page.count('class="text-fix"') == 2
        assert page.count('class="text-correction"') == 1
        assert "warden" in page

    def test_its_places_have_before_and_after_and_an_undo_each(self, as_owner, text):
        count = Correction.objects.filter(code=SPACES).count()
        page = corrections(as_owner, text, fix=SPACES)
        assert page.count('class="text-correction"') == page.count("<span>Undo<") == count
        assert page.count("<del>") == count

    def test_undoing_one_comes_back_to_its_list(self, as_owner, text):
        one = Correction.objects.filter(code=SPACES)[0]
        response = as_owner.post(address(text, "work-correction", one.public_id, "undo"), {"fix": SPACES})
        assert response["Location"] == f"{address(text, 'work-corrections')}?fix={SPACES}"
        one.refresh_from_db()
        assert one.decision == Decision.REVERTED
        page = corrections(as_owner, text, state="undone", fix=SPACES)
        assert page.count('class="text-correction"') == page.count("<span>Restore<") == 1

    def test_what_was_restored_is_not_among_the_undone(self, as_owner, text):
        one = Correction.objects.filter(code=SPACES)[0]
        for action in ("undo", "restore"):
            as_owner.post(address(text, "work-correction", one.public_id, action))
        assert 'class="text-fix"' not in corrections(as_owner, text, state="undone")

    def test_all_of_a_kind_are_undone(self, as_owner, text):
        data = {"undo": "1", "corrections": "1"}
        response = as_owner.post(address(text, "work-fix", SPACES), data)
        assert response["Location"] == address(text, "work-corrections")
        assert {one.code for one in Correction.objects.accepted()} == {COMMAS}

    @pytest.mark.parametrize("fix", ["no.such-code", "<script>", "metadata.rights-missing"])
    def test_an_unknown_fix_is_ignored(self, as_owner, text, fix):
        page = corrections(as_owner, text, fix=fix)
        assert page.count('class="text-fix"') == 2
        assert "<script>alert" not in page

    def test_an_invited_editor_may_undo_them_and_a_proofreader_may_not(self, client, text):
        for role, status in (("editor", 302), ("proofreader", 403)):
            Correction.objects.update(decision=Decision.ACCEPTED, counts_until=None)
            person = make_author()
            make_collaborator(text.work, user=person, role=role)
            client.force_login(person)
            data = {"undo": "1", "corrections": "1"}
            assert client.post(address(text, "work-fix", SPACES), data).status_code == status
            assert ("Undo everywhere" in corrections(client, text)) == (role == "editor")

    def test_origins_are_those_of_fixes(self, text):
        assert {one.origin for one in Correction.objects.all()} == {Origin.FIX}
        assert Work.objects.get(pk=text.work.pk).fixes == []
