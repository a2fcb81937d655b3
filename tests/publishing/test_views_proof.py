"""The pages of the proof: the sheet, one page, remarks with fixes and decisions, changes, the choice of a design."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conversion.engine.api import Change, PageArea
from conversion.engine.findings.model import SourcePlace
from conversion.engine.typography.designs import DESIGNS
from conversion.models import ConversionJob, JobState
from publishing import services
from publishing.models import FindingOverride, TextComparison
from publishing.services import comparisons
from tests.factories.accounts import make_author
from tests.factories.conversion import (
    PICTURE,
    RESULT,
    make_artifact,
    make_done_job,
    make_finding,
    make_job,
    preview_zip,
    proof_zip,
    web_zip,
)
from tests.factories.publishing import (
    make_contributor,
    make_edition,
    make_manuscript,
    make_published_edition,
    make_work,
)

pytestmark = pytest.mark.django_db

CUT = "page.text-cut"


@pytest.fixture
def edition(owner):
    """A draft with proof sheets for two targets."""
    edition = make_edition(work=make_work(owner=owner))
    for target in ("phone", "print"):
        make_artifact(edition.job, kind="proof", target=target, content=proof_zip(target))
    return edition


def address(name, edition, *more) -> str:
    return reverse(name, args=[edition.work.public_id, *more])


def main_of(page: str) -> str:
    """Without head and foot, which name the page's address."""
    return page[page.index("<main") : page.index("</main>")]


def page_of(client, path, **query) -> str:
    return client.get(path, query).content.decode()


class TestSheet:
    def test_shows_pages_by_chapter_with_boxes_and_a_word_for_each(self, as_owner, edition):
        page = page_of(as_owner, address("work-sheet", edition))
        assert page.index("The Harbour") < page.index("The Lamp") < page.index("The Letter")
        assert 'viewBox="0 0 900 1600"' in page
        assert '<rect class="fault fault-info" x="692" y="292" width="136" height="106" rx="6" />' in page
        assert "1 remark" in page
        assert "For your information" in page, "the frame is explained in words"
        assert "Rain fell on &lt;the&gt; water." in page

    def test_an_address_holds_target_and_filter(self, as_owner, edition):
        path = address("work-sheet", edition)
        assert "?target=print&amp;only=remarks" in page_of(as_owner, path, target="phone", only="remarks")
        only = page_of(as_owner, path, target="print", only="remarks")
        assert address("work-sheet-page", edition, "print", 2) in only
        assert address("work-sheet-page", edition, "print", 3) not in only
        papyrus, phone = (main_of(page_of(as_owner, path, target=target)) for target in ("papyrus", "phone"))
        assert papyrus == phone

    def test_says_when_there_are_none(self, as_owner, owner):
        old = make_edition(work=make_work(owner=owner))
        assert "Make them again to see the pages" in page_of(as_owner, address("work-sheet", old))

    def test_asks_the_database_as_often_for_many_pages_as_for_few(self, as_owner, owner):
        counts = []
        for chapters in (("One",), ("One",), tuple(f"Chapter {n}" for n in range(20))):
            edition = make_edition(work=make_work(owner=owner))
            make_artifact(edition.job, kind="proof", target="phone", content=proof_zip(chapters=chapters))
            with CaptureQueriesContext(connection) as asked:
                as_owner.get(address("work-sheet", edition))
            counts.append(len(asked))
        assert counts[1] == counts[2]


class TestSheetPage:
    def test_lists_what_is_boxed(self, as_owner, edition):
        page = page_of(as_owner, address("work-sheet-page", edition, "phone", 2))
        assert "3 lines in a row end in a hyphen." in page
        assert "high- / low- / ebb-" in page
        assert f'rel="prev" href="{address("work-sheet-page", edition, "phone", 1)}"' in page
        assert f'rel="next" href="{address("work-sheet-page", edition, "phone", 3)}"' in page

    def test_has_no_neighbour_beyond_the_ends(self, as_owner, edition):
        assert 'rel="prev"' not in page_of(as_owner, address("work-sheet-page", edition, "phone", 1))
        assert 'rel="next"' not in page_of(as_owner, address("work-sheet-page", edition, "phone", 4))

    def test_an_opening_stands_beside_that_of_the_edition_before(self, as_owner, owner):
        first = make_published_edition(owner=owner, announce=False)
        second = make_edition(work=first.work)
        for one, chapters in ((first, ("The Lamp", "The Harbour")), (second, ("The Harbour", "New"))):
            make_artifact(one.job, kind="proof", target="phone", content=proof_zip(chapters=chapters))
        page = page_of(as_owner, address("work-sheet-page", second, "phone", 2))
        assert "Edition 1, page 3" in page
        assert "Edition 2, page 2" in page
        assert "Edition 1" not in page_of(as_owner, address("work-sheet-page", second, "phone", 3)), "a new chapter"

    @pytest.mark.parametrize(("target", "number"), [("phone", 99), ("papyrus", 1)])
    def test_what_was_not_drawn_does_not_exist(self, as_owner, edition, target, number):
        assert as_owner.get(address("work-sheet-page", edition, target, number)).status_code == 404


class TestPicture:
    def of(self, edition, name="pages/0002.png", archive=None) -> str:
        archive = archive or edition.job.artifacts.get(kind="proof", target="phone")
        return address("work-picture", edition, archive.public_id, name)

    def test_is_kept_by_its_reader_alone_and_may_do_nothing(self, as_owner, edition):
        response = as_owner.get(self.of(edition))
        assert response.content == PICTURE
        assert response["Content-Type"] == "image/png"
        assert response["Cache-Control"].startswith("private")
        assert "sandbox" in response["Content-Security-Policy"]

    def test_is_not_there_for_others_nor_through_their_works(self, client, edition, stranger):
        mine = make_edition(work=make_work(owner=stranger))
        client.force_login(stranger)
        assert client.get(self.of(edition)).status_code == 404
        archive = edition.job.artifacts.get(kind="proof", target="phone")
        assert client.get(self.of(mine, archive=archive)).status_code == 404

    @pytest.mark.parametrize("name", ["index.json", "pages/0099.png", "../x.png"])
    def test_gives_nothing_but_pictures(self, as_owner, edition, name):
        assert as_owner.get(self.of(edition, name)).status_code == 404

    def test_gives_no_other_archive(self, as_owner, edition):
        web = edition.job.artifacts.get(kind="web")
        assert as_owner.get(self.of(edition, "assets/dot.png", archive=web)).status_code == 404


class TestRemarks:
    def test_groups_by_weight_with_advice_once_and_leads_to_the_page(self, as_owner, edition):
        area = PageArea("phone", 2, width=9, height=9)
        make_finding(edition.job, code="text.double-spaces", facts={"count": 3}, chapter="")
        for label in range(6):
            make_finding(
                edition.job, code="note.missing", severity="problem", quote="he <said>", facts={"label": label}
            )
        make_finding(edition.job, code="page.hyphens", severity="info", facts={"lines": 3, "page": "1"}, area=area)
        page = page_of(as_owner, address("work-remarks", edition))
        assert page.index("Readers will notice") < page.index("Worth fixing") < page.index("For your information")
        assert page.count("Write the note or delete the mark.") == 1
        assert "2 more places" in page
        assert "he &lt;said&gt;" in page
        assert f'href="{address("work-sheet-page", edition, "phone", 2)}">Page 1, Phone</a>' in page

    def test_groups_by_chapter_in_the_order_of_the_book(self, as_owner, edition):
        for chapter in ("The Letter", "", "The Harbour"):
            make_finding(edition.job, code="link.empty", chapter=chapter)
        page = page_of(as_owner, address("work-remarks", edition), by="chapter")
        assert page.index("The whole book") < page.index(">The Harbour<") < page.index(">The Letter<")

    def test_says_that_there_are_none(self, as_owner, edition):
        assert "No remarks" in page_of(as_owner, address("work-remarks", edition))

    def test_what_the_details_have_answered_is_left_out(self, as_owner, edition):
        for code in ("metadata.description-missing", "metadata.subjects-missing"):
            make_finding(edition.job, code=code)
        path, details = address("work-remarks", edition), address("work-details", edition)
        edition.work.description = edition.work.subject = ""
        edition.work.save()
        page = page_of(as_owner, path)
        assert "The book has no description." in page
        assert f'href="{details}">Go to the details' in page
        edition.work.description, edition.work.subject = "A lamp goes out.", "fiction"
        edition.work.save()
        assert "No remarks" in page_of(as_owner, path)

    def test_asks_the_database_as_often_for_many_as_for_few(self, as_owner, owner):
        counts = []
        for count in (1, 1, 40):
            edition = make_edition(work=make_work(owner=owner))
            for number in range(count):
                make_finding(edition.job, code=CUT, severity="blocker", facts={"page": str(number)})
            with CaptureQueriesContext(connection) as asked:
                as_owner.get(address("work-remarks", edition))
            counts.append(len(asked))
        assert counts[1] == counts[2]


class TestFix:
    """Fixes that are used as a whole. The others are corrections: tests/publishing/editing/test_views_fixes.py."""

    code = "layout.line-breaks"

    def test_is_offered_used_shown_and_undone(self, as_owner, edition):
        make_finding(edition.job, code=self.code, facts={"count": 3})
        path = address("work-fix", edition, self.code)
        assert path in page_of(as_owner, address("work-remarks", edition))
        as_owner.post(path)
        edition.refresh_from_db()
        assert edition.work.fixes == [self.code]
        assert "being fixed" in page_of(as_owner, address("work-remarks", edition))
        edition.job.state = JobState.DONE
        change = Change(self.code, "The Harbour", "a  <b>", "a <b>", SourcePlace())
        edition.job.result = replace(RESULT, changed={self.code: 3}, changes=(change,))
        edition.job.save()
        page = page_of(as_owner, address("work-remarks", edition))
        assert "3 places fixed" in page
        assert "<del>a  &lt;b&gt;</del>" in page
        as_owner.post(path, {"undo": "1"})
        edition.work.refresh_from_db()
        assert edition.work.fixes == []

    def test_is_not_offered_to_those_who_may_only_look(self, client, edition):
        make_finding(edition.job, code=self.code, facts={"count": 3})
        make_contributor(edition.work, user=(illustrator := make_author()), role="ill")
        client.force_login(illustrator)
        assert "Fix this" not in page_of(client, address("work-remarks", edition))

    def test_the_other_remarks_stay_in_sight_while_it_runs(self, as_owner, edition):
        make_finding(edition.job, code=self.code, facts={"count": 3})
        make_finding(edition.job, code="text.placeholder", severity="problem", facts={"text": "TODO", "count": 1})
        as_owner.post(address("work-fix", edition, self.code))
        page = page_of(as_owner, address("work-remarks", edition))
        assert "rechecking these remarks" in page
        assert page.count(">being rechecked<") == 1, "the one that is being fixed stands above"
        assert 'id="remark-text.placeholder"' in page
        assert 'id="remark-text.placeholder"' in page_of(as_owner, address("work-remarks", edition))

    def test_remarks_on_another_manuscript_do_not_stay(self, as_owner, edition, noon):
        make_finding(edition.job, code="text.placeholder", severity="problem", facts={"text": "TODO", "count": 1})
        new = SimpleUploadedFile("new.md", b"# New")
        as_owner.post(address("work-manuscript", edition), {"manuscript": new})
        assert "text.placeholder" not in page_of(as_owner, address("work-remarks", edition))

    def test_needs_a_post(self, as_owner, edition):
        assert as_owner.get(address("work-fix", edition, self.code)).status_code == 405


class TestFixes:
    """Several kinds at once, in one run."""

    codes = ("layout.line-breaks", "layout.list-typed")

    @pytest.fixture(autouse=True)
    def _findings(self, edition):
        for code in (*self.codes, "metadata.rights-missing"):
            make_finding(edition.job, code=code, facts={"count": 3})

    def fixes_of(self, edition) -> tuple[list[str], int]:
        edition.refresh_from_db()
        return edition.work.fixes, ConversionJob.objects.count()

    def test_all_that_can_be_fixed(self, as_owner, edition):
        before = ConversionJob.objects.count()
        assert "Fix what we can: 2 kinds of remarks" in page_of(as_owner, address("work-remarks", edition))
        as_owner.post(address("work-fixes", edition), {"all": "1"})
        assert self.fixes_of(edition) == (list(self.codes), before + 1)

    def test_those_ticked(self, as_owner, edition):
        before = ConversionJob.objects.count()
        as_owner.post(address("work-fixes", edition), {"code": [self.codes[1]]})
        assert self.fixes_of(edition) == ([self.codes[1]], before + 1)

    def test_nothing_ticked_starts_nothing(self, as_owner, edition):
        before = ConversionJob.objects.count()
        page = as_owner.post(address("work-fixes", edition), follow=True).content.decode()
        assert "Nothing is selected." in page
        assert self.fixes_of(edition) == ([], before)

    def test_what_cannot_be_fixed_is_refused(self, as_owner, edition):
        data = {"code": [self.codes[0], "metadata.rights-missing"]}
        assert as_owner.post(address("work-fixes", edition), data).status_code == 409
        assert self.fixes_of(edition)[0] == []


class TestOverride:
    def test_a_reason_opens_the_gate_and_is_shown(self, as_owner, edition):
        make_finding(edition.job, code=CUT, severity="blocker")
        publish = address("work-publish", edition)
        assert "A few things are still missing." in page_of(as_owner, publish)
        as_owner.post(address("work-override", edition, CUT), {"reason": "A specimen of a <long> line."})
        assert "A specimen of a &lt;long&gt; line." in page_of(as_owner, address("work-remarks", edition))
        page = page_of(as_owner, publish)
        assert "Publish now" in page
        assert "A specimen of a &lt;long&gt; line." in page
        as_owner.post(address("work-override", edition, CUT), {"undo": "1"})
        assert "A few things are still missing." in page_of(as_owner, publish)

    def test_a_short_reason_is_refused_and_stays_typed(self, as_owner, edition):
        make_finding(edition.job, code=CUT, severity="blocker")
        response = as_owner.post(address("work-override", edition, CUT), {"reason": "fine"})
        assert response.status_code == 422
        assert ">fine</textarea>" in response.content.decode()
        assert not FindingOverride.objects.exists()

    def test_hard_errors_offer_no_decision(self, as_owner, edition):
        make_finding(edition.job, code="epub.words-lost", severity="blocker", facts={"words": 3, "paragraphs": 1})
        page = page_of(as_owner, address("work-remarks", edition))
        assert "You cannot approve it as it is" in page
        assert "This is correct as it is" not in page
        response = as_owner.post(
            address("work-override", edition, "epub.words-lost"), {"reason": "I do not mind this."}
        )
        assert response.status_code == 409

    def test_is_the_owners_alone(self, client, edition):
        make_finding(edition.job, code=CUT, severity="blocker")
        make_contributor(edition.work, user=(editor := make_author()), role="edt")
        client.force_login(editor)
        assert "This is correct as it is" not in page_of(client, address("work-remarks", edition))
        assert client.post(address("work-override", edition, CUT), {"reason": "x" * 40}).status_code == 403


def compare_all():
    """Do what a worker would."""
    for row in TextComparison.objects.all():
        comparisons.compare(comparison_id=row.pk)


class TestChanges:
    def test_says_that_the_first_upload_has_none(self, as_owner, edition):
        assert "This is the first upload" in page_of(as_owner, address("work-changes", edition))

    def second_of(self, owner):
        first = make_published_edition(owner=owner, announce=False)
        second = make_edition(work=first.work)
        second.job.artifacts.get(kind="web").delete()
        body = "<h1>The Harbour</h1><p>Snow fell on the &lt;water&gt;.</p>"
        make_artifact(second.job, kind="web", content=web_zip(c1=body))
        return second

    def test_shows_words_that_came_and_went_and_suggests_notes(self, as_owner, owner):
        second = self.second_of(owner)
        page = page_of(as_owner, address("work-changes", second))
        assert "Comparing the texts" in page
        compare_all()
        page = page_of(as_owner, address("work-changes", second))
        assert "What changed since edition 1" in page
        assert "<ins>Snow</ins>" in page
        assert "<del>Rain</del>" in page
        assert "&lt;water&gt;" in page
        assert "Changed: “The Harbour” (+1, −1 words)." in page

    def test_a_draft_is_compared_with_the_upload_before_it(self, as_owner, owner, noon, sent):
        edition = make_edition(work=make_work(owner=owner))
        before = edition.job
        again = make_manuscript(edition.work)
        edition = services.prepare_edition(actor=owner, manuscript=again, at=noon)
        assert edition.job_before == before
        assert "Nothing to compare yet" in page_of(as_owner, address("work-changes", edition))
        edition.job = make_done_job(requested_by=owner)
        edition.save()
        edition.job.artifacts.get(kind="web").delete()
        make_artifact(edition.job, kind="web", content=web_zip(c1="<h1>The Harbour</h1><p>Snow fell.</p>"))
        page_of(as_owner, address("work-changes", edition))
        compare_all()
        page = page_of(as_owner, address("work-changes", edition))
        assert "What changed since your previous upload" in page
        assert "<ins>Snow fell.</ins>" in page
        assert "Notes for readers" not in page, "nobody has read the upload before"

    def test_either_may_be_chosen_where_there_are_both(self, as_owner, owner):
        second = self.second_of(owner)
        second.job_before = second.job
        second.save()
        path = address("work-changes", second)
        page_of(as_owner, path)
        page_of(as_owner, path, **{"with": "edition"})
        compare_all()
        assert "No words changed." in page_of(as_owner, path)
        assert "What changed since edition 1" in page_of(as_owner, path, **{"with": "edition"})
        archive = make_artifact(make_done_job(requested_by=owner), kind="proof", target="phone", content=proof_zip())
        picture = address("work-picture", second, archive.public_id, "pages/0002.png")
        assert as_owner.get(picture).status_code == 404
        second.job_before = archive.job
        second.save()
        assert as_owner.get(picture).status_code == 200

    def test_keeps_the_notes(self, as_owner, owner):
        second = self.second_of(owner)
        as_owner.post(address("work-changes", second), {"notes": "Now it snows."})
        second.refresh_from_db()
        assert second.notes == "Now it snows."
        compare_all()
        assert "Now it snows.</textarea>" in page_of(as_owner, address("work-changes", second))

    def test_whoever_may_only_look_saves_nothing(self, client, owner):
        second = self.second_of(owner)
        make_contributor(second.work, user=(illustrator := make_author()), role="ill")
        client.force_login(illustrator)
        assert client.post(address("work-changes", second), {"notes": "Mine."}).status_code == 403
        client.logout()
        assert client.post(address("work-changes", second), {"notes": "Mine."}).status_code == 404
        second.refresh_from_db()
        assert second.notes == ""


class TestDesign:
    def with_preview(self, edition, state=JobState.DONE):
        job = make_job(state=state, source_file=edition.manuscript.file)
        make_artifact(job, kind="preview", content=preview_zip(*DESIGNS))
        edition.work.preview_job = job
        edition.work.save()
        return job

    def test_offers_a_look_at_ones_own_pages(self, as_owner, edition, sent):
        page = page_of(as_owner, address("work-design", edition))
        assert address("work-design-preview", edition) in page
        as_owner.post(address("work-design-preview", edition))
        assert len(sent) == 1
        assert "every 1s" in page_of(as_owner, address("work-design", edition))

    def test_shows_the_opening_in_each_design_for_the_target(self, as_owner, edition):
        job = self.with_preview(edition)
        page = page_of(as_owner, address("work-design", edition), target="phone")
        for name in DESIGNS:
            archive = job.artifacts.get(kind="preview")
            assert address("work-picture", edition, archive.public_id, f"{name}/phone-1.png") in page
        assert page.count('type="radio" name="design"') == len(DESIGNS)
        picture = as_owner.get(address("work-picture", edition, archive.public_id, "classic/phone-1.png"))
        assert picture.content == PICTURE

    def test_the_waiting_part_answers_when_there_is_something_new(self, as_owner, edition):
        job = self.with_preview(edition, state=JobState.RUNNING)
        path = address("work-design-status", edition)
        assert as_owner.get(path).status_code == 204
        job.state = JobState.DONE
        job.save()
        answer = as_owner.get(path)
        assert b"classic/print-1.png" in answer.content
        assert b"<html" not in answer.content

    def test_keeps_the_choice(self, as_owner, edition, sent):
        response = as_owner.post(address("work-design", edition), {"design": "classic", "embed_fonts": "on"})
        assert response.status_code == 302
        edition.work.refresh_from_db()
        assert (edition.work.design, edition.work.embed_fonts, edition.work.keep_design) == ("classic", True, False)

    def test_refuses_what_is_no_design(self, as_owner, edition):
        assert as_owner.post(address("work-design", edition), {"design": "baroque"}).status_code == 422

    def test_an_own_design_is_offered_where_a_source_can_have_one(self, as_owner, owner, edition):
        assert "Keep my own design" not in page_of(as_owner, address("work-design", edition))
        work = make_work(owner=owner)
        epub = make_edition(work=work, job=make_done_job(requested_by=owner, result={"source_format": "epub"}))
        assert "Keep my own design" in page_of(as_owner, address("work-design", epub))

    def test_a_failed_preview_is_not_asked_for_by_itself(self, as_owner, edition):
        self.with_preview(edition, state=JobState.FAILED)
        page = page_of(as_owner, address("work-design", edition))
        assert "could not lay out your first pages" in page
        assert "data-at-once" not in page
