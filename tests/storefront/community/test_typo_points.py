"""Thanks for typos: a point for each author who accepted one, for readers who paid for the book, and two at most."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from publishing.editing.models import Decision, Origin
from publishing.models import Edition
from storefront.community import standing_rules
from storefront.community.models import Standing
from storefront.community.selectors import standings as selectors
from storefront.community.services import standings
from storefront.reading.models import TypoReport, TypoState
from tests.conftest import NOON
from tests.factories.accounts import make_author, make_reader
from tests.factories.editing import make_correction, make_text, patch_of
from tests.factories.publishing import make_contributor, make_published_edition
from tests.factories.trust import make_entitlement

pytestmark = pytest.mark.django_db


def found_by(reader: User, edition: Edition, *, at: int = 0, **given: object) -> TypoReport:
    values = {"exact": "teh", "replacement": "the", "state": TypoState.DONE, "decided_at": NOON, **given}
    return TypoReport.objects.create(
        user=reader, work=edition.work, edition=edition, block=at, start=0, end=3, made_at=NOON, **values
    )


def bought(reader: User, *, owner: User | None = None, **given: object) -> Edition:
    edition = make_published_edition(**({} if owner is None else {"owner": owner}))
    make_entitlement(reader, edition, **given)
    return edition


def points(reader: User) -> int:
    return selectors.points([reader.pk], at=NOON).get(reader.pk, 0)


class TestPoints:
    def test_each_author_adds_one_however_many_typos(self) -> None:
        reader, author = make_reader(), make_author()
        for edition in (bought(reader, owner=author), bought(reader, owner=author)):
            found_by(reader, edition)
            found_by(reader, edition, at=1)
        assert points(reader) == 1
        found_by(reader, bought(reader))
        assert points(reader) == 2

    def test_they_alone_allow_nothing(self) -> None:
        reader = make_reader()
        for _ in range(5):
            found_by(reader, bought(reader))
        assert points(reader) == standing_rules.MAX_TYPO_POINTS < standing_rules.FLAG_AT

    @pytest.mark.parametrize("case", ["open", "declined", "free", "given back", "not bought", "own", "made"])
    def test_nothing_else_does(self, case: str) -> None:
        reader = make_author()
        given = {"free": {"paid_minor": 0}, "given back": {"ended_at": NOON}}.get(case, {})
        edition = make_published_edition() if case == "not bought" else bought(reader, **given)
        if case == "own":
            edition.work.owner = reader
            edition.work.save()
        if case == "made":
            make_contributor(edition.work, user=reader)
        state = {"open": TypoState.OPEN, "declined": TypoState.DECLINED}.get(case, TypoState.DONE)
        found_by(reader, edition, state=state)
        assert points(reader) == 0

    @pytest.mark.parametrize(
        ("decision", "counts_from", "expected"),
        [
            (Decision.SUGGESTED, None, 0),
            (Decision.DECLINED, None, 0),
            (Decision.REVERTED, 2, 0),
            (Decision.ACCEPTED, 2, 1),
            (Decision.MERGED, 2, 1),
            (Decision.REVISED, 2, 1),
        ],
    )
    def test_one_that_is_part_of_the_text_counts(
        self, decision: Decision, counts_from: int | None, expected: int
    ) -> None:
        text = make_text()
        reader = make_reader()
        edition = text.work.editions.get()
        make_entitlement(reader, edition)
        correction = make_correction(
            text, patch_of(text, "keeper", "warden"), decision=decision, origin=Origin.READER, counts_from=counts_from
        )
        report = found_by(reader, edition, state=TypoState.OPEN, decided_at=None)
        report.suggestions.add(correction)
        assert points(reader) == expected

    def test_the_night_writes_it_down(self) -> None:
        reader = make_reader()
        found_by(reader, bought(reader))
        standings.recount_everybody(at=NOON)
        assert Standing.objects.get(user=reader).points == 1


class TestPage:
    def test_says_what_for(self, client: Client) -> None:
        reader = make_reader()
        edition = bought(reader)
        found_by(reader, edition)
        standings.recount_everybody(at=NOON)
        client.force_login(reader)
        page = client.get(reverse("community:standing")).content.decode()
        assert f"the author of “{edition.work.title}” accepted a typo that you found" in page
        assert "since your points were last calculated" not in page
