"""What is held for claims in statements, files and pages: every sum adds up to the cent, and offline too."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from common.periods import Month
from royalties.exports.statements import statement_csv
from royalties.models import MovementKind, Statement
from royalties.selectors import finance, payout_flow, statements
from royalties.services import account_deletion, claims, invariants, returns, statement_proofs
from royalties.verify_statement import parse, verify
from tests.royalties import closing
from tests.royalties.claimed import CLEARS, clear, hold
from tests.royalties.factories import edition, recorded_sale, user

pytestmark = [pytest.mark.django_db, pytest.mark.both]

NOVEMBER, DECEMBER = Month(2026, 11), Month(2026, 12)
DECIDED = CLEARS + timedelta(days=20)  # December


def closed(month: Month, *people) -> list[Statement]:
    closing.close(month, month.end)
    return [Statement.objects.get(user=person, period=str(month)) for person in people]


def moved(statement: Statement) -> dict[str, int]:
    return {each.kind: each.amount_minor for each in statement.movements.all()}


@pytest.fixture
def ann():
    return user("Ann", is_author=True)


@pytest.fixture
def ben():
    return user("Ben")


@pytest.fixture
def book(ann):
    """One sale of November, of which 1.66 is held."""
    book = edition(ann, "Contested")
    hold(book)
    recorded_sale(of=book, reference="lin_held")
    clear()
    return book


class TestStatements:
    def test_say_what_is_held(self, ann, book):
        (statement,) = closed(NOVEMBER, ann)
        assert (statement.closing_minor, statement.closing_payable_minor, statement.closing_claimed_minor) == (
            415,
            249,
            166,
        )
        assert moved(statement)[MovementKind.CLAIM_KEPT] == 166
        assert [(part.name, part.amount_minor) for part in statements.parts_of(statement)] == [
            ("payable", 249),
            ("claimed", 166),
        ]
        assert statements.stored_sha256(statement) == statement.sha256
        assert "\nclaimed|166\n" in statements.canonical_text(statement)
        assert "of which held for claims,,USD,1.66" in statement_csv(statement).decode()
        assert invariants.check_invariants() == []

    def test_of_both_sides_after_the_decision(self, ann, ben, book):
        closed(NOVEMBER, ann)
        claims.pay_winner(claim="clm_1", winner=ben, at=DECIDED)
        lost, won = closed(DECEMBER, ann, ben)
        assert moved(lost) == {MovementKind.CLAIMS_UPHELD: -166}
        assert moved(won) == {MovementKind.CLAIMS_UPHELD: 166}
        assert (lost.opening_minor, lost.other_minor, lost.closing_minor) == (415, -166, 249)
        assert (won.closing_minor, won.closing_payable_minor, won.closing_claimed_minor) == (166, 166, 0)
        assert invariants.check_invariants() == []

    def test_of_a_dismissed_claim_only_move(self, ann, book):
        closed(NOVEMBER, ann)
        claims.release(claim="clm_1", at=DECIDED)
        (statement,) = closed(DECEMBER, ann)
        assert moved(statement) == {MovementKind.CLAIM_RELEASED: 166}
        assert (statement.closing_minor, statement.closing_payable_minor) == (415, 415)

    def test_of_a_return_after_the_decision(self, ann, ben, book):
        claims.pay_winner(claim="clm_1", winner=ben, at=CLEARS)
        closed(NOVEMBER, ann, ben)
        returns.record_refund(reference="lin_held", external_id="re", at=DECIDED)
        lost, won = closed(DECEMBER, ann, ben)
        assert moved(lost) == {MovementKind.RETURNS: -415, MovementKind.CLAIMS_TAKEN: 166}
        assert moved(won) == {MovementKind.CLAIMS_TAKEN: -166}
        assert (lost.closing_minor, won.closing_minor) == (0, 0)
        assert invariants.check_invariants() == []

    def test_are_proved_offline(self, ann, ben, book):
        claims.pay_winner(claim="clm_1", winner=ben, at=CLEARS)
        for statement in closed(NOVEMBER, ann, ben):
            content = parse(statement_proofs.file_of(statement))
            assert verify(content) == []

    def test_without_claims_have_the_text_they_had(self, ann):
        recorded_sale(of=edition(ann))
        (statement,) = closed(NOVEMBER, ann)
        assert "claimed" not in statements.canonical_text(statement)
        assert "claims" not in statement_csv(statement).decode()


class TestPages:
    def test_of_the_author_show_what_is_held_and_why(self, client, ann, book):
        client.force_login(ann)
        page = client.get(reverse("earnings")).content.decode()
        assert "Held for claims" in page and "Contested" in page and "$1.66" in page
        assert "until the claim is decided" in page
        entries = client.get(reverse("earnings-stage", args=["claimed"]), {"currency": "USD"})
        assert "Held for a claim" in entries.content.decode()

    def test_of_an_upheld_claim_say_where_it_goes(self, client, ann, book):
        claims.pay_winner(claim="clm_1", winner=None, at=CLEARS)
        client.force_login(ann)
        assert "goes to whoever filed the claim" in client.get(reverse("earnings")).content.decode()

    def test_of_the_winner_are_there(self, client, ben, book):
        client.force_login(ben)
        assert client.get(reverse("earnings")).status_code == 404
        claims.pay_winner(claim="clm_1", winner=ben, at=CLEARS)
        assert "$1.66" in client.get(reverse("earnings")).content.decode()

    def test_the_stages_add_up_to_what_is_owed(self, ann, book):
        (flow,) = payout_flow.payout_flows_of(ann, CLEARS)
        assert {stage.name: stage.amount_minor for stage in flow.stages if stage.amount_minor} == {
            "claimed": 166,
            "payable": 249,
        }
        (claimed,) = (stage for stage in flow.stages if stage.name == "claimed")
        assert claimed.is_kept

    def test_of_finance_show_it(self, ann, book):
        rows = finance.contributor_rows(user=ann)
        assert [(row.payable_minor, row.held_minor) for row in rows] == [(249, 166)]
        (total,) = finance.contributor_totals(rows)
        assert total.held_minor == 166


def test_an_account_with_held_money_is_not_deleted(ann, book):
    texts = [each.text for each in account_deletion.obstacles(ann, CLEARS)]
    assert any("$1.66 of your earnings is held for a claim" in text for text in texts)
