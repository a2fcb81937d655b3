"""Suggestions that are typed: the text stays, and each change is a suggestion, however often it is saved."""

from __future__ import annotations

import random
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from common import clock
from common.errors import NotAllowed, NotFound
from publishing.editing.errors import AlreadyDecided, BaseChanged, ChapterInvalid, SaveConflict
from publishing.editing.models import Correction, Decision, Origin, WorkText
from publishing.editing.selectors import chapters, suggestions
from publishing.editing.services import builds, cleanup, deciding, saving, suggesting
from tests.factories.accounts import make_reader
from tests.factories.collaboration import make_collaborator
from tests.factories.editing import finish, harbour, make_correction, make_text, patch_of
from tests.factories.publishing import make_edition

pytestmark = [pytest.mark.django_db, pytest.mark.both]

type Json = dict[str, Any]


@pytest.fixture
def text() -> WorkText:
    return make_text()


@pytest.fixture
def mia(text: WorkText) -> User:
    return make_collaborator(text.work, "proofreader").person


def fresh(text: WorkText) -> WorkText:
    return WorkText.objects.select_related("base", "work__owner").get(pk=text.pk)


def seen(text: WorkText, user: User) -> Json:
    """The first chapter as the person edits it."""
    found = fresh(text)
    return suggestions.chapter_for(user, found, chapters.chapter_lines(found)[0].id)


def words(document: Json) -> str:
    return " / ".join("".join(map(str, one.get("text", []))) for one in document["blocks"])


def with_words(document: Json, old: str, new: str) -> Json:
    changed = deepcopy(document)
    (block,) = [one for one in changed["blocks"] if old in "".join(map(str, one.get("text", [])))]
    block["text"] = ["".join(block["text"]).replace(old, new)]
    return changed


def suggest(text: WorkText, user: User, document: Json, *, reason: str = "", at: Any = None) -> saving.Saved:
    return suggesting.suggest_chapter(
        actor=user,
        work=text.work,
        chapter_id=document["chapter"],
        document=document,
        revision=document["revision"],
        at=at or clock.now(),
        reason=reason,
    )


def open_ones(user: User) -> list[Correction]:
    return list(Correction.objects.suggested().filter(author=user).order_by("patch", "pk"))


class TestSuggestChapter:
    def test_the_text_stays_and_whoever_typed_sees_what_they_typed(self, text: WorkText, mia: User) -> None:
        saved = suggest(text, mia, with_words(seen(text, mia), "keeper", "warden"))
        assert saved.suggested == 1
        assert saved.document is not None
        assert "warden" in words(saved.document)
        assert "warden" in words(seen(text, mia))
        assert "keeper" in words(seen(text, text.work.owner))
        assert fresh(text).digest == ""
        (made,) = open_ones(mia)
        assert (made.origin, made.counts_from, fresh(text).revision) == (Origin.SUGGESTION, None, text.revision)

    def test_each_change_is_decided_on_by_itself(self, text: WorkText, mia: User) -> None:
        changed = with_words(with_words(seen(text, mia), "keeper", "warden"), "cans", "jugs")
        suggest(text, mia, changed)
        first, second = open_ones(mia)
        deciding.accept(actor=text.work.owner, work=text.work, correction=first, at=clock.now())
        deciding.decline(actor=text.work.owner, work=text.work, correction=second, at=clock.now())
        assert ("warden" in words(seen(text, text.work.owner))) != ("jugs" in words(seen(text, text.work.owner)))
        assert words(seen(text, mia)) == words(seen(text, text.work.owner))

    def test_typing_on_replaces_the_suggestion_and_keeps_the_others_and_the_reason(
        self, text: WorkText, mia: User
    ) -> None:
        document = with_words(with_words(seen(text, mia), "keeper", "ward"), "cans", "jugs")
        suggest(text, mia, document, reason="He keeps nothing.")
        before = {one.patch.identity for one in open_ones(mia)}
        suggest(text, mia, with_words(seen(text, mia), "ward slept", "warden slept"))
        after = open_ones(mia)
        assert len(after) == 2
        assert len(before & {one.patch.identity for one in after}) == 1, "the other one is the same row"
        assert {one.patch.reason for one in after} == {"He keeps nothing."}
        assert words(seen(text, mia)).count("warden") == 1

    def test_nothing_typed_writes_nothing(self, text: WorkText, mia: User) -> None:
        suggest(text, mia, with_words(seen(text, mia), "keeper", "warden"))
        before = list(Correction.objects.values_list("pk", "decision"))
        assert suggest(text, mia, seen(text, mia)).suggested == 0
        assert list(Correction.objects.values_list("pk", "decision")) == before

    def test_taking_back_what_was_typed_takes_the_suggestion_back(self, text: WorkText, mia: User) -> None:
        suggest(text, mia, with_words(seen(text, mia), "keeper", "warden"))
        suggest(text, mia, with_words(seen(text, mia), "warden", "keeper"))
        assert open_ones(mia) == []
        assert words(seen(text, mia)) == words(seen(text, text.work.owner))

    def test_paragraphs_are_put_in_written_on_divided_and_removed(self, text: WorkText, mia: User) -> None:
        document = seen(text, mia)
        new = {"id": "new-1", "kind": "paragraph", "attributes": {}, "text": ["The sea"]}
        document["blocks"].insert(2, new)
        saved = suggest(text, mia, document)
        assert saved.document is not None
        written = with_words(saved.document, "The sea", "The sea was calm.")
        removed = written["blocks"].pop()
        saved = suggest(text, mia, written)
        assert saved.document is not None
        assert "The sea was calm." in words(saved.document)
        assert "".join(removed["text"]) not in words(saved.document)
        assert [one.op for one in sorted(open_ones(mia), key=lambda one: one.op)] == ["insert", "remove"]
        for one in open_ones(mia):
            deciding.accept(actor=text.work.owner, work=text.work, correction=one, at=clock.now())
        assert words(seen(text, text.work.owner)) == words(saved.document)

    def test_over_a_correction_it_replaces_it_when_accepted(self, text: WorkText, mia: User) -> None:
        before = make_correction(text, patch_of(text, "keeper", "warden"))
        suggest(text, mia, with_words(seen(text, mia), "warden", "guardian"))
        (made,) = open_ones(mia)
        assert made.revises == before
        assert words(seen(text, text.work.owner)).count("warden") == 1
        deciding.accept(actor=text.work.owner, work=text.work, correction=made, at=clock.now())
        before.refresh_from_db()
        assert before.decision == Decision.REVISED
        assert "guardian" in words(seen(text, text.work.owner))

    def test_a_suggestion_over_a_correction_is_taken_back_to_the_correction(self, text: WorkText, mia: User) -> None:
        make_correction(text, patch_of(text, "keeper", "warden"))
        suggest(text, mia, with_words(seen(text, mia), "warden", "guardian"))
        suggest(text, mia, with_words(seen(text, mia), "guardian", "warden"))
        assert open_ones(mia) == []
        assert "warden" in words(seen(text, mia))

    def test_putting_back_what_was_corrected_is_refused_with_what_to_do(self, text: WorkText, mia: User) -> None:
        make_correction(text, patch_of(text, "keeper", "warden"))
        with pytest.raises(ChapterInvalid) as refused:
            suggest(text, mia, with_words(seen(text, mia), "warden", "keeper"))
        assert "ask for it in a comment" in refused.value.text
        assert refused.value.block
        assert open_ones(mia) == []

    def test_what_the_author_corrects_meanwhile_stays(self, text: WorkText, mia: User) -> None:
        document = seen(text, mia)
        make_correction(text, patch_of(text, "harbour", "haven"))
        suggest(text, mia, with_words(document, "keeper", "warden"))
        assert "haven" in words(seen(text, mia))
        assert "warden" in words(seen(text, mia))
        (made,) = open_ones(mia)
        assert "harbour" not in str(made.patch.edit)

    def test_the_same_words_corrected_meanwhile_are_a_conflict(self, text: WorkText, mia: User) -> None:
        document = seen(text, mia)
        make_correction(text, patch_of(text, "keeper", "guard"))
        with pytest.raises(SaveConflict) as found:
            suggest(text, mia, with_words(document, "keeper", "warden"))
        assert "guard" in words(found.value.document)
        assert open_ones(mia) == []

    def test_accepted_while_somebody_types_on_it_is_in_the_text_once(self, text: WorkText, mia: User) -> None:
        saved = suggest(text, mia, with_words(seen(text, mia), "keeper", "warden"))
        (made,) = open_ones(mia)
        deciding.accept(actor=text.work.owner, work=text.work, correction=made, at=clock.now())
        assert saved.document is not None
        suggest(text, mia, with_words(saved.document, "cans", "jugs"))
        (other,) = open_ones(mia)
        assert "jugs" in str(other.patch.edit)
        assert words(seen(text, mia)).count("warden") == 1

    def test_declined_while_somebody_types_on_it_is_not_suggested_again(self, text: WorkText, mia: User) -> None:
        saved = suggest(text, mia, with_words(seen(text, mia), "keeper", "warden"))
        (made,) = open_ones(mia)
        deciding.decline(actor=text.work.owner, work=text.work, correction=made, at=clock.now())
        assert saved.document is not None
        suggest(text, mia, with_words(saved.document, "cans", "jugs"))
        (other,) = open_ones(mia)
        assert "jugs" in str(other.patch.edit)
        assert "keeper" in words(seen(text, mia))

    def test_two_windows_of_one_person_lose_nothing(self, text: WorkText, mia: User) -> None:
        one = other = seen(text, mia)
        suggest(text, mia, with_words(one, "keeper", "warden"))
        suggest(text, mia, with_words(other, "cans", "jugs"))
        assert "warden" in words(seen(text, mia))
        assert "jugs" in words(seen(text, mia))
        assert len(open_ones(mia)) == 2

    def test_where_a_later_correction_says_otherwise_it_is_shown(self, text: WorkText, mia: User) -> None:
        suggest(text, mia, with_words(seen(text, mia), "keeper", "warden"))
        make_correction(text, patch_of(text, "the keeper slept", "the guard slept"))
        assert "guard" in words(seen(text, mia))
        (stays,) = open_ones(mia)
        suggest(text, mia, with_words(seen(text, mia), "cans", "jugs"))
        stays.refresh_from_db()
        assert stays.decision == Decision.SUGGESTED, "it waits for a decision, as before"

    def test_others_suggestions_are_not_in_it(self, text: WorkText, mia: User) -> None:
        ben = make_collaborator(text.work, "proofreader").person
        suggest(text, mia, with_words(seen(text, mia), "keeper", "warden"))
        assert "keeper" in words(seen(text, ben))
        suggest(text, ben, with_words(seen(text, ben), "keeper", "guard"))
        assert [len(open_ones(one)) for one in (mia, ben)] == [1, 1]

    def test_what_others_suggested_cannot_be_named_as_ones_own(self, text: WorkText, mia: User) -> None:
        ben = make_collaborator(text.work, "proofreader").person
        suggest(text, ben, with_words(seen(text, ben), "keeper", "guard"))
        (made,) = open_ones(ben)
        document = seen(text, mia) | {"own": [str(made.public_id)]}
        suggest(text, mia, document)
        made.refresh_from_db()
        assert made.decision == Decision.SUGGESTED
        assert open_ones(mia) == []

    @pytest.mark.parametrize("own", ["x", {}, [1], ["x"] * 2001])
    def test_malformed_names_are_refused(self, text: WorkText, mia: User, own: Any) -> None:
        with pytest.raises(ChapterInvalid):
            suggest(text, mia, seen(text, mia) | {"own": own})

    def test_a_chapter_of_the_manuscript_before_is_refused(self, text: WorkText, mia: User) -> None:
        document = seen(text, mia)
        edition = make_edition(work=text.work, number=2)
        finish(edition.job, harbour("A new paragraph."))
        builds.adopt_base(job_id=edition.job_id, at=clock.now())
        with pytest.raises(BaseChanged):
            suggest(text, mia, with_words(document, "keeper", "warden"))

    @pytest.mark.parametrize(("role", "error"), [("early_reader", NotAllowed), ("", NotFound)])
    def test_is_not_for_who_only_reads(self, text: WorkText, role: str, error: type[Exception]) -> None:
        person = make_collaborator(text.work, role).person if role else make_reader()
        document = seen(text, text.work.owner)
        with pytest.raises(error):
            suggest(text, person, with_words(document, "keeper", "warden"))
        assert not Correction.objects.exists()

    @pytest.mark.parametrize("seed", range(6))
    def test_whatever_is_typed_is_what_is_shown_and_what_acceptance_gives(
        self, text: WorkText, mia: User, seed: int
    ) -> None:
        chance = random.Random(seed)
        shown = seen(text, mia)
        for _save in range(6):
            for _edit in range(chance.randint(1, 3)):
                block = chance.choice([one for one in shown["blocks"] if one.get("text")])
                found = "".join(block["text"]).split(" ")
                at = chance.randrange(len(found))
                found[at : at + chance.randint(0, 2)] = [chance.choice(["oil", "rope", "tide, and"])]
                block["text"] = [" ".join(found)]
            saved = suggest(text, mia, shown)
            assert saved.document is not None
            assert words(saved.document) == words(shown) == words(seen(text, mia))
            shown = saved.document
        for one in chance.sample(open_ones(mia), len(open_ones(mia))):
            deciding.accept(actor=text.work.owner, work=text.work, correction=one, at=clock.now())
        assert words(seen(text, text.work.owner)) == words(shown)


class TestExplain:
    def test_the_reason_stands_with_the_suggestion(self, text: WorkText, mia: User) -> None:
        suggest(text, mia, with_words(seen(text, mia), "keeper", "warden"))
        (made,) = open_ones(mia)
        suggesting.explain(actor=mia, work=text.work, correction=made, reason="He keeps\nnothing.", at=clock.now())
        (now,) = open_ones(mia)
        assert now.patch.reason == "He keeps nothing."
        assert "warden" in words(seen(text, mia))

    def test_only_whoever_suggested_it_says_why(self, text: WorkText, mia: User) -> None:
        suggest(text, mia, with_words(seen(text, mia), "keeper", "warden"))
        (made,) = open_ones(mia)
        ben = make_collaborator(text.work, "proofreader").person
        for actor in (ben, text.work.owner):
            with pytest.raises(NotAllowed):
                suggesting.explain(actor=actor, work=text.work, correction=made, reason="No", at=clock.now())

    def test_a_decided_one_has_no_reason_any_more(self, text: WorkText, mia: User) -> None:
        suggest(text, mia, with_words(seen(text, mia), "keeper", "warden"))
        (made,) = open_ones(mia)
        deciding.accept(actor=text.work.owner, work=text.work, correction=made, at=clock.now())
        with pytest.raises(AlreadyDecided):
            suggesting.explain(actor=mia, work=text.work, correction=made, reason="No", at=clock.now())


class TestCleanup:
    def test_deletes_what_was_typed_over_a_week_ago(self, text: WorkText, mia: User) -> None:
        at = clock.now()
        suggest(text, mia, with_words(seen(text, mia), "keeper", "ward"), at=at)
        suggest(text, mia, with_words(seen(text, mia), "ward slept", "warden slept"), at=at)
        cleanup.delete_replaced_suggestions(at + timedelta(days=6))
        assert Correction.objects.count() == 2
        cleanup.delete_replaced_suggestions(at + timedelta(days=8))
        assert [one.decision for one in Correction.objects.all()] == [Decision.SUGGESTED]
