"""The figures about claims equal an independent query over the tables, which shares no code with them."""

from __future__ import annotations

import json
from datetime import timedelta
from statistics import median

import pytest
from django.db import connection
from django.test import Client

from storefront.claims.models import Claim, Reply, Side
from storefront.claims.services import answers, clock_runs, filing, holds
from tests.conftest import NOON
from tests.conversion.passages.texts import drawn_words
from tests.factories.accounts import make_author, make_moderator
from tests.factories.claims import (
    REASON,
    answer,
    appeal,
    decide,
    decide_appeal,
    dismissed,
    file_copied,
    file_found,
    known,
    mail_all,
    make_copy,
    make_deciding,
    make_sold,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both]
WORDS = drawn_words(2000, 81)


def count(query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {query}")  # noqa: S608 - the queries are below
        return int(cursor.fetchall()[0][0])


def make_trade() -> None:
    """Claims that ended in every way, over two years, and one that was never confirmed."""
    claimant = known(make_author())
    for number in range(3):
        dismissed(file_found(make_copy(earlier=claimant), at=NOON), NOON + timedelta(days=number))
    answer(file_found(make_copy(earlier=known(make_author()))), Reply.AGREE)
    answer(file_found(make_copy()))
    clock_runs.run_due(at=NOON + timedelta(days=14))  # lapsed
    answers.withdraw(claim=file_found(make_copy()), at=NOON)
    mail_all(decide(make_deciding(file_found(make_copy())), won=()))
    turned = Claim.objects.order_by("-pk")[0]
    appeal(turned, Side.CLAIMANT)
    decide_appeal(turned, won=[0], at=NOON + timedelta(days=20))
    book = make_sold(WORDS)
    claim = filing.confirm(claim=file_copied(book.work, WORDS[:200]), at=NOON)
    holds.look(actor=make_moderator(), claim=claim, is_held=True, reason=REASON, at=NOON + timedelta(days=60))
    file_copied(book.work, WORDS[:200], email="never@example.org")


def test_the_figures_equal_an_independent_query(client: Client) -> None:
    make_trade()
    years = {one["year"]: one for one in json.loads(client.get("/transparency.json").content)["years"]}
    for year, told in years.items():

        def within(column: str, year: int = year) -> str:
            return f"{column} >= '{year}-01-01' AND {column} < '{year + 1}-01-01'"

        ended = f"claims_claim WHERE {within('ended_at')}"
        outcomes = ("agreed", "upheld", "dismissed", "lapsed", "withdrawn")
        by_outcome = {one: count(f"{ended} AND outcome = '{one}'") for one in outcomes}
        rows = [
            (claim.ended_at - claim.confirmed_at).total_seconds() / 86_400
            for claim in Claim.objects.raw(f"SELECT * FROM {ended}")  # noqa: S608
            if claim.ended_at and claim.confirmed_at
        ]
        filed, held = f"claims_claim WHERE {within('confirmed_at')}", f"claims_hold WHERE {within('begun_at')}"
        noticed = f"claims_conductnotice WHERE {within('made_at')}"
        overturned = "claims_claim c JOIN community_reviewcase r ON r.id = c.case_id WHERE " + within(
            "r.appeal_decided_at"
        )
        assert told["claims"] == {
            "filed": count(filed),
            "found_by_a_machine": count(filed + " AND by_machine"),
            "without_account": count(filed + " AND user_id IS NULL"),
            "holds": {"begun": count(held), "at_once": count(held + " AND is_at_once")},
            "ended": {
                "total": count(ended),
                "by_outcome": {one: number for one, number in sorted(by_outcome.items()) if number},
            },
            "appeals": {
                "made": count(f"claims_appeal WHERE {within('made_at')}"),
                "overturned": count(overturned + " AND r.appeal_outcome = 'overturned'"),
            },
            "median_days": round(median(rows), 1) if rows else None,
            "warnings": count(noticed + " AND kind = 'warning'"),
            "suspensions": count(noticed + " AND kind = 'suspension'"),
        }
    this = years[NOON.year]["claims"]
    assert this["filed"] == 8
    assert this["ended"]["by_outcome"]["agreed"] == 1
    assert years[NOON.year]["claims"]["suspensions"] == 1


def test_each_hold_has_a_statement_of_reasons(client: Client) -> None:
    make_trade()
    found = json.loads(client.get("/transparency/statements.json").content)["statements"]
    held = [one for one in found if "decision_monetary" in one]
    assert len(held) == count("claims_hold WHERE begun_at IS NOT NULL")
    assert {one["automated_detection"] for one in held} == {"Yes", "No"}
    assert {one["automated_decision"] for one in held} == {
        "AUTOMATED_DECISION_FULLY",
        "AUTOMATED_DECISION_NOT_AUTOMATED",
    }


def test_the_page_shows_them(client: Client) -> None:
    make_trade()
    page = client.get("/transparency/").content.decode()
    assert "Claims on words of books" in page
    assert "Claimants suspended for 90 days" in page
