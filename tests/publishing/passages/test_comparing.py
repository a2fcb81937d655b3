"""Tests of what is found when a text is compared with the others, and of who is told."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command

from accounts.models import User
from common import clock
from conversion.engine.api import passages as engine
from conversion.models import JobState
from publishing import hooks
from publishing.models import Edition, EditionState
from publishing.passages.errors import NotTheirText
from publishing.passages.models import Answer, Match, PassagePrint, PrintedText
from publishing.passages.selectors import matches, prints
from publishing.passages.services import answers, comparing, texts
from publishing.record.licences import Licence
from tests.conversion.passages.texts import as_text, changed, drawn_words
from tests.factories.accounts import make_author
from tests.factories.passages import make_match, make_text, make_text_job
from tests.factories.publishing import make_contributor

pytestmark = [pytest.mark.django_db, pytest.mark.both]

SHARED = drawn_words(4000, 11)
OWN = drawn_words(3000, 12)
COPY = [*OWN[:1500], *SHARED[500:1500], *OWN[1500:]]


def days_ago(days: int) -> datetime:
    return clock.now() - timedelta(days=days)


def old_author() -> User:
    author = make_author()
    author.joined_at = days_ago(400)
    author.save(update_fields=["joined_at"])
    return author


def found() -> list[tuple[Edition, Edition, int]]:
    return [(row.text.edition, row.other.edition, row.words) for row in Match.objects.order_by("pk")]


class TestFinding:
    def test_a_copied_passage_is_found_to_the_word(self) -> None:
        first, second = make_text(SHARED, at=days_ago(2)), make_text(COPY)
        ((later, earlier, words),) = found()
        assert (later, earlier) == (second, first)
        assert 1000 <= words < 1010, "a neighbour may be the same word by chance"
        match = Match.objects.get()
        (passage,) = match.passages
        assert (passage.here.chapter, passage.there.chapter) == ("The Harbour", "The Harbour")
        assert passage.words == words
        assert passage.here.end - passage.here.start == words
        assert SHARED[600] in passage.here.segments[0].text
        assert all(segment.is_same for segment in passage.here.segments)
        assert match.text.words == 4000
        assert match.share_bps == -(-words * 10_000 // 4000)

    def test_two_own_texts_share_nothing(self) -> None:
        make_text(SHARED)
        make_text(OWN)
        assert found() == []

    @pytest.mark.parametrize("share", [0.05, 0.2, 0.3])
    def test_a_whole_book_with_changed_words_is_found(self, share: float) -> None:
        book = drawn_words(40_000, 13)
        make_text(book, at=days_ago(2))
        make_text(changed(book, share))
        assert [words / 40_000 > (1 - share) ** 9 for _later, _earlier, words in found()] == [True]

    def test_disguised_letters_and_doubles_are_found(self) -> None:
        make_text(SHARED, at=days_ago(2))
        disguise = str.maketrans({"a": "а", "e": "е", "o": "о\u200b", "i": "і\u00ad"})
        hidden = [word.translate(disguise) for word in SHARED[:1500]]
        make_text([*hidden, *OWN, *hidden])
        ((_later, _earlier, words),) = found()
        assert words >= 3000

    def test_a_second_run_changes_nothing(self) -> None:
        make_text(SHARED, at=days_ago(2))
        edition = make_text(COPY)
        before = (list(Match.objects.values()), sorted(PassagePrint.objects.values_list("text", "hash", "since")))
        assert comparing.compare_edition(edition_id=edition.pk, at=clock.now())
        assert (
            list(Match.objects.values()),
            sorted(PassagePrint.objects.values_list("text", "hash", "since")),
        ) == before

    def test_a_run_that_was_killed_is_made_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        make_text(SHARED, at=days_ago(2))
        edition = make_text(COPY, compares=False)

        def killed(*_args: object, **_kwargs: object) -> None:
            raise SystemExit

        with monkeypatch.context() as patch, pytest.raises(SystemExit):
            patch.setattr(engine, "compare", killed)
            comparing.compare_edition(edition_id=edition.pk, at=clock.now())
        assert PrintedText.objects.get(edition=edition).version == 0
        assert list(prints.editions_to_print()) == [edition]
        call_command("print_passages")
        assert len(found()) == 1
        assert list(prints.editions_to_print()) == []

    def test_a_text_that_no_longer_has_the_passage_loses_the_match(self) -> None:
        make_text(SHARED, at=days_ago(2))
        edition = make_text(COPY, is_on_sale=False)
        edition.job = make_text_job(OWN, edition.work.owner)
        edition.save(update_fields=["job"])
        comparing.compare_edition(edition_id=edition.pk, at=clock.now())
        assert found() == []
        assert {*edition.printed_text.prints.values_list("hash", flat=True)} == engine.prints_of(
            engine.fold_words(as_text(OWN))
        )

    def test_a_text_without_files_is_given_up_after_three_attempts(self) -> None:
        edition = make_text(COPY, compares=False)
        edition.job.artifacts.all().delete()
        for _ in range(prints.MAX_ATTEMPTS):
            assert list(prints.editions_to_print()) == [edition]
            assert not comparing.compare_edition(edition_id=edition.pk, at=clock.now())
        assert list(prints.editions_to_print()) == []

    def test_nothing_is_done_while_files_are_made(self) -> None:
        edition = make_text(COPY, compares=False)
        edition.job.state = JobState.RUNNING
        edition.job.save()
        assert not comparing.compare_edition(edition_id=edition.pk, at=clock.now())
        assert not comparing.compare_edition(edition_id=10**6, at=clock.now())


class TestWhoWasFirst:
    def test_a_new_edition_of_the_first_author_stays_first(self) -> None:
        first = make_text(SHARED, at=days_ago(9))
        second = make_text(COPY, at=days_ago(5))
        Edition.objects.filter(pk=first.pk).update(state=EditionState.SUPERSEDED)
        newer = make_text([*SHARED, *drawn_words(500, 14)], work=first.work)
        assert [(later, earlier) for later, earlier, _words in found()] == [(second, newer)]
        assert not PrintedText.objects.filter(edition=first).exists()

    def test_the_edition_on_sale_keeps_its_prints_while_a_new_one_is_prepared(self) -> None:
        make_text(SHARED, at=days_ago(9))
        copied = make_text(COPY, at=days_ago(5))
        make_text(OWN, work=copied.work, is_on_sale=False)
        assert [later for later, _earlier, _words in found()] == [copied]

    def test_publishing_forgets_the_edition_before(self) -> None:
        old = make_text(SHARED)
        new = make_text(SHARED, work=old.work, is_on_sale=False)
        Edition.objects.filter(pk=old.pk).update(state=EditionState.SUPERSEDED)
        new.state, new.published_at = EditionState.PUBLISHED, clock.now()
        new.save()
        hooks.notify_listed(new)
        assert [text.edition for text in PrintedText.objects.all()] == [new]


class TestNoFinding:
    def test_same_account(self) -> None:
        first = make_text(SHARED)
        make_text(COPY, owner=first.work.owner)
        assert found() == []

    def test_shared_contributor_even_a_hired_one(self) -> None:
        first = make_text(SHARED)
        second = make_text(COPY, compares=False)
        make_contributor(second.work, user=first.work.owner, name="Hired", is_hired=True)
        comparing.compare_edition(edition_id=second.pk, at=clock.now())
        assert found() == []

    def test_permitted_by_an_agreement(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("publishing.passages.hooks._finders", [lambda work, other: True])
        make_text(SHARED)
        make_text(COPY)
        assert found() == []

    @pytest.mark.parametrize("licence", [Licence.PUBLIC_DOMAIN, Licence.CC0, Licence.CC_BY, Licence.CC_BY_SA])
    def test_words_of_a_text_that_anybody_may_publish(self, licence: Licence) -> None:
        make_text(SHARED, licence=licence)
        make_text(COPY)
        assert found() == []

    @pytest.mark.parametrize("licence", [Licence.RESERVED, Licence.CC_BY_NC, Licence.CC_BY_ND])
    def test_a_licence_that_forbids_selling_or_changing_is_not_free(self, licence: Licence) -> None:
        make_text(SHARED, licence=licence)
        make_text(COPY)
        assert len(found()) == 1

    def test_calling_the_copy_free_does_not_help(self) -> None:
        make_text(SHARED, at=days_ago(5))
        make_text(COPY, licence=Licence.PUBLIC_DOMAIN)
        assert len(found()) == 1


class TestFreeFirst:
    def annotated(self, seed: int, **given: object) -> Edition:
        return make_text([*SHARED, *drawn_words(1500, seed)], **given)

    def test_reference_texts_are_taken_away(self) -> None:
        texts.add_reference(title="A classic", source="https://example.org", content=as_text(SHARED), at=clock.now())
        self.annotated(21)
        self.annotated(22)
        assert found() == []

    def test_own_notes_copied_with_the_classic_are_found(self) -> None:
        texts.add_reference(title="A classic", source="https://example.org", content=as_text(SHARED), at=clock.now())
        notes = drawn_words(900, 23)
        make_text([*SHARED, *notes], at=days_ago(1))
        make_text([*SHARED, *notes, *OWN])
        ((_later, _earlier, words),) = found()
        assert 900 <= words < 910

    def test_the_first_edition_of_a_classic_is_taken_away(self) -> None:
        self.annotated(24, owner=old_author(), at=days_ago(100), licence=Licence.PUBLIC_DOMAIN)
        self.annotated(25, at=days_ago(10))
        self.annotated(26)
        assert found() == []

    @pytest.mark.parametrize("account", ["new", "old"])
    def test_a_copy_that_is_called_free_launders_nothing(self, account: str) -> None:
        first = make_text(SHARED, at=days_ago(200))
        owner = old_author() if account == "old" else make_author()
        make_text(SHARED, owner=owner, at=days_ago(100), licence=Licence.CC0)
        third = make_text(COPY)
        assert (third, first) in [(later, earlier) for later, earlier, _words in found()]

    def test_a_new_account_cannot_free_a_text_from_elsewhere(self) -> None:
        make_text(SHARED, at=days_ago(40), licence=Licence.PUBLIC_DOMAIN)
        real = make_text(SHARED, at=days_ago(30))
        third = make_text(COPY)
        assert (third, real) in [(later, earlier) for later, earlier, _words in found()]

    def test_many_accounts_make_only_short_stretches_common(self) -> None:
        starts = [at for at in range(0, 4000, 60) if engine.prints_of(SHARED[at : at + 60])][:4]

        def with_phrases(seed: int) -> list[str]:
            own = drawn_words(1000, seed)
            return [*own, *(word for at in starts for word in (*SHARED[at : at + 60], *own[at % 700 :][:100]))]

        for number in range(5):
            make_text(with_phrases(30 + number))
        assert Match.objects.exists(), "five accounts are not many"
        sixth = make_text(with_phrases(35))
        assert not Match.objects.filter(text__edition=sixth).exists()
        for number in range(6):
            make_text([*drawn_words(1500, 40 + number), *SHARED[:1200]])
        assert Match.objects.filter(text__edition=make_text([*SHARED[:1200], *OWN])).count() >= 6


class TestReferences:
    def test_the_command_adds_each_text_once(self, tmp_path: Path) -> None:
        path = tmp_path / "classic.txt"
        path.write_text(as_text(SHARED), "utf-8")
        for _ in range(2):
            call_command("add_reference_text", str(path), source="https://example.org", title="A classic")
        text = PrintedText.objects.get(edition=None)
        assert (text.title, text.source, text.words) == ("A classic", "https://example.org", 4000)
        assert prints.body_of(text).words == engine.fold_words(as_text(SHARED))

    def test_a_text_of_a_few_words_is_refused(self) -> None:
        with pytest.raises(texts.TooFewWords):
            texts.add_reference(title="Motto", source="x", content="To be or not to be", at=clock.now())


class TestWhoMayKnow:
    def test_a_match_with_a_draft_is_told_to_nobody_else(self) -> None:
        draft = make_text(SHARED, is_on_sale=False, at=days_ago(3))
        copied = make_text(COPY, is_on_sale=True)
        assert [row.other.edition for row in Match.objects.all()] == [draft]
        assert list(matches.in_work(copied.work)) == []
        assert len(matches.elsewhere(draft.work)) == 1, "whoever had it first learns of the book on sale"
        assert list(matches.awaiting_answer()) == []

    def test_the_first_author_learns_of_a_copy_when_it_is_on_sale(self) -> None:
        first = make_text(SHARED, at=days_ago(3))
        copied = make_text(COPY, is_on_sale=False)
        assert len(matches.in_work(copied.work)) == 1
        assert list(matches.elsewhere(first.work)) == []
        assert list(matches.awaiting_answer()) == []
        Edition.objects.filter(pk=copied.pk).update(state=EditionState.PUBLISHED, published_at=clock.now())
        assert len(matches.elsewhere(first.work)) == 1
        assert len(matches.awaiting_answer()) == 1

    def test_two_drafts_tell_nobody(self) -> None:
        first, second = make_text(SHARED, is_on_sale=False), make_text(COPY, is_on_sale=False)
        for work in (first.work, second.work):
            assert not matches.in_work(work).exists()
            assert not matches.elsewhere(work).exists()

    def test_moderators_read_the_most_words_first(self) -> None:
        make_text(SHARED, at=days_ago(3))
        short = make_text([*OWN, *SHARED[:700]])
        long = make_text([*drawn_words(500, 51), *SHARED[:2000]], at=days_ago(2))
        listed = [row.text.edition for row in matches.awaiting_answer().filter(other__edition__work__title__gt="")]
        assert listed.index(long) < listed.index(short)


class TestAnswers:
    def test_is_kept_and_leaves_the_moderators_list(self) -> None:
        match = make_match()
        owner = match.text.edition.work.owner
        answers.answer_match(
            actor=owner, match=match, answer=Answer.LICENCE, explanation=" By letter. ", at=clock.now()
        )
        match.refresh_from_db()
        assert (match.answer, match.explanation, match.answered_by) == ("licence", "By letter.", owner)
        assert match.is_answered
        assert list(matches.awaiting_answer()) == []

    def test_is_asked_for_again_once_much_more_is_shared(self) -> None:
        match = make_match()
        owner = match.text.edition.work.owner
        answers.answer_match(actor=owner, match=match, answer=Answer.QUOTATION, explanation="", at=clock.now())
        Match.objects.update(words=match.words + 100)
        assert list(matches.awaiting_answer()) == []
        Match.objects.update(words=match.words * 2)
        assert [row.is_answered for row in matches.awaiting_answer()] == [False]

    def test_goes_on_to_the_next_edition(self) -> None:
        match = make_match()
        work = match.text.edition.work
        answers.answer_match(actor=work.owner, match=match, answer=Answer.MINE, explanation="Mine.", at=clock.now())
        draft = make_text([*drawn_words(2000, 72), *drawn_words(3000, 71)[1000:1600]], work=work, is_on_sale=False)
        assert Match.objects.get(text__edition=draft).explanation == "Mine."

    def test_nobody_else_may_answer(self) -> None:
        match = make_match()
        for person in (match.other.edition.work.owner, make_author()):
            with pytest.raises(NotTheirText):
                answers.answer_match(actor=person, match=match, answer=Answer.MINE, explanation="", at=clock.now())

    def test_the_held_share_counts_the_chosen_passages_rounded_up(self) -> None:
        match = make_match()
        work, other = match.text.edition.work, match.other.edition.work
        assert matches.matched_passages(work, other) == match
        assert matches.matched_passages(other, work) is None
        assert matches.held_share_bps(match, frozenset({0})) == -(-match.words * 10_000 // 2600)
        assert matches.held_share_bps(match, frozenset()) == 0


class TestStuck:
    def test_lost_messages_are_sent_again_and_old_versions_printed_anew(self, monkeypatch: pytest.MonkeyPatch) -> None:
        sent: list[object] = []
        edition = make_text(OWN, compares=False)
        monkeypatch.setattr("common.jobs.enqueue", lambda name, **ids: sent.append((name, ids)))
        comparing.enqueue_stuck()
        assert sent == [], "the first message has a head start"
        type(edition.job).objects.update(finished_at=days_ago(1))
        comparing.enqueue_stuck()
        assert sent == [("passages.compare", {"edition_id": edition.pk})]
        comparing.compare_edition(edition_id=edition.pk, at=clock.now())
        monkeypatch.setattr(engine, "VERSION", engine.VERSION + 1)
        comparing.enqueue_stuck()
        assert len(sent) == 2
