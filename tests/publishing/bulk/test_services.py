"""Bulk edits from beginning to undo: what is tried, changed, refused, overtaken and restored."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import AuditEntry
from common import clock
from common.errors import NotFound
from publishing import services as publishing_services
from publishing.bulk import fields
from publishing.bulk.errors import NothingChosen, NothingToChange, StepNotPossible, TooManyChosen, UndoTooLate
from publishing.bulk.models import Aim, BulkEdit, BulkState
from publishing.bulk.services import cleanup, editing, stepping
from publishing.models import Work
from publishing.territories import Territory
from tests.factories.accounts import make_author
from tests.factories.promotions import plan
from tests.factories.publishing import make_contributor, make_edition, make_published_edition, make_work
from tests.publishing.bulk.conftest import states, through

pytestmark = pytest.mark.django_db

EVERYTHING = (
    Aim("imprint", "set", ("Harbour",)),
    Aim("series", "number", ("Tides",), 1),
    Aim("warnings", "add", ("war", "death")),
    Aim("is_adult", "yes_or_no", number=1),
    Aim("reading_age", "set", ("18",)),
    Aim("subjects", "main", ("FFJ",)),
    Aim("subjects", "add", ("1DDU",)),
    Aim("keywords", "add", ("found family",)),
    Aim("licence", "set", ("public-domain", "A book of 1890")),
    Aim("rights_line", "set", ("© 2026 Ada",)),
    Aim("territory", "set", ("only", "AT", "DE")),
    Aim("ai_use", "some", ("assisted", "", "generated", "")),
    Aim("people", "add", ("trl Una Known",)),
    Aim("price.USD", "price_percent", ("ladder",), -2000),
)


def fresh(work: Work) -> Work:
    return Work.objects.get(pk=work.pk)


class TestCheck:
    def test_shows_before_and_after_and_keeps_everything(self, checked, draft, on_sale) -> None:
        audited = AuditEntry.objects.count()
        edit = checked([draft, on_sale], *EVERYTHING)
        assert (edit.state, states(edit)) == (BulkState.READY, ["ready", "ready"]), list(
            edit.rows.values_list("reason", flat=True)
        )
        row = edit.rows.get(work=on_sale)
        assert (row.is_on_sale, row.before["imprint"], row.after["imprint"]) == (True, [], ["Harbour"])
        assert row.after["series"] == ["Tides", "2"]
        assert (row.before["price.USD"], row.after["price.USD"]) == (["499"], ["399"])
        assert "keep the old details" in row.notes[-1]
        now = fresh(on_sale)
        assert (now.imprint, now.series, now.keywords, now.prices.get().list_price_minor) == ("", None, [], 499)
        assert AuditEntry.objects.count() == audited

    def test_says_why_a_work_cannot_be_changed(self, checked, draft, owner) -> None:
        other = make_edition(work=make_work(owner=owner, prices={})).work
        untitled = make_edition(work=make_work(owner=owner, subject="")).work
        edit = checked([draft, other], Aim("price.USD", "price_percent", (), -9900))
        assert states(edit) == ["refused", "refused"]
        assert "not sold in USD" in edit.rows.get(work=other).reason
        edit = checked([untitled], Aim("imprint", "set", ("Harbour",)))
        assert "Subject" in edit.rows.get().reason

    def test_the_form_and_the_services_of_the_pages_decide(self, checked, draft) -> None:
        for aims, words in [
            ((Aim("keywords", "add", ("draft",)),), "in the title"),
            ((Aim("licence", "set", ("cc-by-4.0",)), Aim("is_mining_reserved", "yes_or_no", number=1)), "all rights"),
            ((Aim("is_adult", "yes_or_no", number=1), Aim("reading_age", "set", ("9",))), "below 18"),
            ((Aim("subjects", "main", ("FFJ",)), Aim("subjects", "add", ("ZZ",))), "not a subject"),
            ((Aim("territory", "set", ("only",)),), ""),
            ((Aim("price.USD", "price_set", (), 100_001),), "between 0"),
            ((Aim("price.USD", "price_set", (), 1),), ""),
        ]:
            edit = checked([draft], *aims)
            assert states(edit) == ["refused"], aims
            assert words in edit.rows.get().reason

    def test_says_that_nothing_changes(self, checked, draft) -> None:
        assert states(checked([draft], Aim("imprint", "set"))) == ["same"]

    def test_tells_of_a_promotion_that_runs(self, checked, on_sale) -> None:
        plan(on_sale, begins_at=clock.now(), ends_at=clock.now() + timedelta(days=2))
        edit = checked([on_sale], Aim("price.USD", "price_set", (), 599))
        assert "A promotion in USD runs until" in edit.rows.get().notes[0]

    def test_asks_again_with_other_aims(self, checked, owner, draft) -> None:
        edit = checked([draft], Aim("imprint", "set", ("Harbour",)))
        edit = through(editing.check(actor=owner, edit=edit, aims=[Aim("reading_age", "set", ("9",))], at=clock.now()))
        assert edit.rows.get().after == {"reading_age": ["9"]}


class TestWhoMay:
    def test_others_works_are_not_taken(self, owner, stranger, draft) -> None:
        with pytest.raises(NothingChosen):
            editing.begin(actor=stranger, works=[draft], at=clock.now())
        theirs = make_edition(work=make_work(owner=stranger)).work
        edit = editing.begin(actor=owner, works=[theirs, draft], at=clock.now())
        assert [row.work for row in edit.rows.all()] == [draft]

    def test_a_co_author_changes_details_and_no_prices(self, checked, draft) -> None:
        person = make_author()
        make_contributor(draft, user=person, role="edt")
        assert states(checked([draft], Aim("imprint", "set", ("Harbour",)), actor=person)) == ["ready"]
        edit = checked([draft], Aim("price.USD", "price_set", (), 599), actor=person)
        assert (states(edit), edit.rows.get().reason) == (
            ["refused"],
            "Your account does not have permission to do this.",
        )

    def test_an_illustrator_changes_nothing(self, checked, draft) -> None:
        person = make_author()
        make_contributor(draft, user=person, role="ill")
        assert states(checked([draft], Aim("imprint", "set", ("Harbour",)), actor=person)) == ["refused"]

    def test_who_left_meanwhile_changes_nothing(self, checked, draft) -> None:
        person = make_author()
        credit = make_contributor(draft, user=person, role="edt")
        edit = checked([draft], Aim("imprint", "set", ("Harbour",)), actor=person)
        credit.delete()
        edit = through(editing.apply(actor=person, edit=edit, with_on_sale=True, at=clock.now()))
        assert (states(edit), fresh(draft).imprint) == (["refused"], "")

    @pytest.mark.parametrize("step", ["check", "apply", "undo"])
    def test_a_strangers_edit_does_not_exist(self, step, checked, stranger, draft) -> None:
        edit = checked([draft], Aim("imprint", "set", ("Harbour",)))
        more = {"check": {"aims": EVERYTHING}, "apply": {"with_on_sale": True}, "undo": {}}[step]
        with pytest.raises(NotFound):
            getattr(editing, step)(actor=stranger, edit=edit, at=clock.now(), **more)


class TestApply:
    def test_changes_everything_and_undoes_it(self, applied, owner, draft, on_sale) -> None:
        before = {name: fields.read(on_sale, name) for name in {aim.field for aim in EVERYTHING}}
        edit = applied([draft, on_sale], *EVERYTHING)
        assert (edit.state, states(edit)) == (BulkState.APPLIED, ["changed", "changed"])
        now = fresh(on_sale)
        assert (now.imprint, now.series.title, now.series_number, now.warnings) == (
            "Harbour",
            "Tides",
            2,
            ["war", "death"],
        )
        assert (now.is_adult, now.reading_age, now.subject, now.more_subjects) == (True, 18, "FFJ", ["1DDU"])
        assert (now.keywords, now.licence, now.rights_line) == (["found family"], "public-domain", "© 2026 Ada")
        assert (now.territory, now.prices.get().list_price_minor) == (Territory("only", ("AT", "DE")), 399)
        assert now.contributors.filter(name="Una Known", role="trl", user=None).exists()
        stated = now.editions.get().rights_statement
        assert (stated.ai_text, stated.ai_images, stated.ai_cover) == ("assisted", "none", "generated")
        verbs = set(AuditEntry.objects.values_list("verb", flat=True))
        assert {"bulk_edit.applied", "record.changed", "price.changed", "territory.changed", "rights.stated"} <= verbs

        edit = through(editing.undo(actor=owner, edit=edit, at=clock.now()))
        assert (edit.state, states(edit)) == (BulkState.UNDONE, ["undone", "undone"])
        assert {name: fields.read(fresh(on_sale), name) for name in before} == before

    def test_leaves_books_on_sale_without_a_yes(self, applied, draft, on_sale) -> None:
        edit = applied([draft, on_sale], Aim("imprint", "set", ("Harbour",)), with_on_sale=False)
        assert states(edit) == ["changed", "left_out"]
        assert (fresh(draft).imprint, fresh(on_sale).imprint) == ("Harbour", "")

    def test_leaves_what_somebody_changed_meanwhile(self, checked, owner, draft, on_sale) -> None:
        edit = checked([draft, on_sale], Aim("imprint", "set", ("Harbour",)))
        Work.objects.filter(pk=draft.pk).update(imprint="Quay")
        edit = through(editing.apply(actor=owner, edit=edit, with_on_sale=True, at=clock.now()))
        assert states(edit) == ["overtaken", "changed"]
        assert "Imprint" in edit.rows.get(work=draft).reason
        assert fresh(draft).imprint == "Quay"

    def test_goes_on_after_a_failure(self, checked, owner, draft, on_sale, monkeypatch) -> None:
        edit = checked([draft, on_sale], Aim("imprint", "set", ("Harbour",)))
        update = publishing_services.update_details

        def broken(*, work: Work, **more: object) -> Work:
            if work == draft:
                raise RuntimeError("disk")
            return update(work=work, **more)

        monkeypatch.setattr(publishing_services, "update_details", broken)
        edit = through(editing.apply(actor=owner, edit=edit, with_on_sale=True, at=clock.now()))
        assert states(edit) == ["refused", "changed"]
        assert "on our side" in edit.rows.get(work=draft).reason

    def test_waits_for_conversions_to_end(self, checked, owner, draft, settings) -> None:
        edit = checked([draft], Aim("rights_line", "set", ("© 2026 Ada",)))
        settings.MAX_OPEN_JOBS = 0
        edit = editing.apply(actor=owner, edit=edit, with_on_sale=True, at=clock.now())
        stepping.go_on(edit_id=edit.pk)
        edit.refresh_from_db()
        assert (edit.state, states(edit)) == (BulkState.APPLYING, ["ready"])
        settings.MAX_OPEN_JOBS = 5
        assert states(through(edit)) == ["changed"]

    def test_one_whose_rows_are_all_refused_is_not_applied(self, checked, owner, on_sale) -> None:
        edit = checked([on_sale], Aim("imprint", "set", ("Harbour",)))
        with pytest.raises(NothingToChange):
            editing.apply(actor=owner, edit=edit, with_on_sale=False, at=clock.now())

    def test_a_step_is_taken_once(self, applied, owner, draft) -> None:
        edit = applied([draft], Aim("imprint", "set", ("Harbour",)))
        stepping.go_on(edit_id=edit.pk)
        with pytest.raises(StepNotPossible):
            editing.apply(actor=owner, edit=edit, with_on_sale=True, at=clock.now())
        with pytest.raises(StepNotPossible):
            editing.check(actor=owner, edit=edit, aims=EVERYTHING, at=clock.now())

    def test_many_works_take_several_tasks(self, checked, owner, monkeypatch) -> None:
        monkeypatch.setattr(stepping, "_ROWS_A_TASK", 2)
        works = [make_published_edition(owner=owner, title=f"Part {number}").work for number in range(5)]
        edit = checked(works, Aim("series", "number", ("Tides",), 1))
        edit = through(editing.apply(actor=owner, edit=edit, with_on_sale=True, at=clock.now()))
        assert [fresh(work).series_number for work in works] == [1, 2, 3, 4, 5]


class TestUndo:
    def test_leaves_what_was_changed_again_and_says_so(self, applied, owner, draft) -> None:
        edit = applied([draft], Aim("imprint", "set", ("Harbour",)), Aim("reading_age", "set", ("9",)))
        Work.objects.filter(pk=draft.pk).update(imprint="Quay")
        edit = through(editing.undo(actor=owner, edit=edit, at=clock.now()))
        assert (states(edit), fresh(draft).imprint, fresh(draft).reading_age) == (["undone"], "Quay", None)
        assert edit.rows.get().reason == "Left as it is, because it was changed again: Imprint."

    def test_says_what_the_services_refuse(self, applied, owner, draft) -> None:
        edit = applied([draft], Aim("is_adult", "yes_or_no", number=1))
        Work.objects.filter(pk=draft.pk).update(adult_by="case")
        edit = through(editing.undo(actor=owner, edit=edit, at=clock.now()))
        assert states(edit) == ["not_undone"]
        assert "another decision" in edit.rows.get().reason

    def test_ends_after_a_day(self, applied, owner, draft) -> None:
        edit = applied([draft], Aim("imprint", "set", ("Harbour",)))
        with pytest.raises(UndoTooLate):
            editing.undo(actor=owner, edit=edit, at=edit.ended_at + timedelta(hours=24))
        editing.undo(actor=owner, edit=edit, at=edit.ended_at + timedelta(hours=23))
        with pytest.raises(StepNotPossible):
            editing.undo(actor=owner, edit=edit, at=edit.ended_at)


class TestLimits:
    def test_of_works(self, owner, draft, monkeypatch) -> None:
        with pytest.raises(NothingChosen):
            editing.begin(actor=owner, works=[], at=clock.now())
        monkeypatch.setattr(editing, "MAX_WORKS", 0)
        with pytest.raises(TooManyChosen):
            editing.begin(actor=owner, works=[draft], at=clock.now())

    def test_nothing_to_change(self, owner, draft) -> None:
        edit = editing.begin(actor=owner, works=[draft], at=clock.now())
        with pytest.raises(NothingToChange):
            editing.check(actor=owner, edit=edit, aims=[], at=clock.now())

    def test_too_many_conversions_do_not_spoil_the_table(self, checked, draft, settings, monkeypatch) -> None:
        settings.MAX_OPEN_JOBS = 0
        assert states(checked([draft], Aim("rights_line", "set", ("© 2026 Ada",)))) == ["ready"]


def test_stuck_ones_are_enqueued_again(owner, draft, monkeypatch) -> None:
    sent = []
    edit = editing.begin(actor=owner, works=[draft], at=clock.now())
    editing.check(actor=owner, edit=edit, aims=EVERYTHING, at=clock.now())
    monkeypatch.setattr("common.jobs.enqueue", lambda name, **ids: sent.append((name, ids)))
    stepping.retry_stuck()
    assert sent == []
    BulkEdit.objects.update(moved_at=clock.now() - timedelta(minutes=1))
    stepping.retry_stuck()
    assert sent == [("bulk.go_on", {"edit_id": edit.pk})]


def test_old_ones_are_deleted(applied, draft) -> None:
    edit = applied([draft], Aim("imprint", "set", ("Harbour",)))
    cleanup.delete_old(edit.created_at + timedelta(days=29))
    assert BulkEdit.objects.exists()
    cleanup.delete_old(edit.created_at + timedelta(days=30))
    assert not BulkEdit.objects.exists()
    assert fresh(draft).imprint == "Harbour"
