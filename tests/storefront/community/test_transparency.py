"""The transparency report equals an independent query over the tables, which shares no code with it."""

from __future__ import annotations

import json
from datetime import timedelta
from statistics import median

import pytest
from django.db import connection

from accounts.restrictions import Activity
from royalties.models import ComplaintOutcome, HoldNotice, HoldRule, ReserveRule
from royalties.services import hold_complaints, hold_notices, payouts
from storefront.checkout.models import Order
from storefront.community.models import AppealOutcome, CaseOutcome, ReportRule, ReviewCase
from storefront.community.services import complaints, remedies, report_emails, reports, stops
from storefront.suspensions.models import EndingGround
from storefront.suspensions.services import ending, suspending
from tests.conftest import NOON
from tests.factories.accounts import make_author, make_finance, make_moderator, make_reader
from tests.factories.buying import buy
from tests.factories.publishing import make_published_edition
from tests.factories.suspensions import WORDS as DUE_WORDS
from tests.factories.suspensions import make_ending, make_suspension
from tests.storefront.community.reported import (
    WORDS,
    appeal,
    decide,
    decide_again,
    make_shelf,
    report,
    report_shelf,
    seen,
    told,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both]
YEAR = NOON.year
HELD = "The bank account is in another name."


def sql(query):
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def count(query):
    return sql(f"SELECT COUNT(*) FROM {query}")[0][0]  # noqa: S608 - the queries are below


def grouped(column, table):
    rows = sql(f"SELECT {column}, COUNT(*) FROM {table} GROUP BY {column}")  # noqa: S608
    return {key: number for key, number in rows if key}


def make_trade():
    """Some of everything: reports of all kinds, decisions, appeals, a complaint, stops, something mended."""
    works = [make_published_edition(owner=make_author()).work for _ in range(7)]
    for rule, work in zip(ReportRule, works, strict=False):
        report(work, rule=rule)
    reports.report_book(actor=None, work=works[0], told=told(name="Q", email="q@example.org"), at=NOON)  # not confirmed
    nameless = reports.ReportInput(ReportRule.MINORS, WORDS)
    reports.report_book(actor=None, work=works[1], told=nameless, at=NOON)
    cases = list(ReviewCase.objects.order_by("pk"))
    for hours, case in enumerate(cases):
        ReviewCase.objects.filter(pk=case.pk).update(opened_at=NOON - timedelta(hours=hours * hours))
    first = make_moderator()
    decide(cases[0])
    decide_again(appeal(decide(cases[1], rule=ReportRule.HATE)), AppealOutcome.OVERTURNED)
    appeal(decide(cases[2], CaseOutcome.ADULT, ReportRule.ADULT))
    kept = decide(cases[3], CaseOutcome.KEEP, None, evidence="", actor=first)
    (dismissed,) = kept.reports.all()
    report_emails.mail_report(report_id=dismissed.pk)
    dismissed.refresh_from_db()
    again = complaints.complain(report=dismissed, text="Look again.", at=dismissed.told_at)
    decide(again.case, rule=ReportRule.HATE)
    mended = decide(cases[4])
    remedies.send(actor=mended.writer, case=mended, text="Mended.", at=NOON)
    given = {"is_accepted": True, "reason": "It is.", "seen": remedies.version_of(mended), "at": NOON}
    remedies.decide(actor=make_moderator(), case=mended, **given)
    for case in cases[5:7]:
        grounds = {"rule": ReportRule.HATE, "evidence": "Page 3.", "reason": "Now.", "seen": seen(case)}
        stops.stop(actor=first, case=case, at=NOON, **grounds)
    decide(cases[5])
    stops.end_due(at=NOON + timedelta(hours=72))
    decide(report_shelf(make_shelf(works[6]), make_moderator()), CaseOutcome.PRIVATE, ReportRule.HATE)
    make_due_process()
    before = NOON.replace(year=YEAR - 1)
    ReviewCase.objects.filter(pk=cases[0].pk).update(opened_at=before, decided_at=before + timedelta(hours=3))


def make_due_process():
    """Warnings, suspensions of two kinds, appeals that succeed and that do not, accounts ended and kept."""
    told = {"reason": "I have read it.", "at": NOON}
    first, second = make_suspension(), make_suspension(make_reader(), Activity.NOTICES)
    suspending.lift(actor=make_moderator(), suspension=make_suspension(), reason="Mended.", at=NOON)
    for made, outcome in ((first, AppealOutcome.OVERTURNED), (second, AppealOutcome.UPHELD)):
        suspending.appeal(actor=made.person, suspension=made, text="No.", at=NOON)
        suspending.decide_appeal(actor=make_moderator(), suspension=made, outcome=outcome, **told)
    make_ending()
    make_ending(None, EndingGround.RULES)
    back = make_ending(None, EndingGround.IMPERATIVE)
    ending.withdraw(actor=make_moderator(), ending=back, reason="Mended.", at=NOON)
    ended = make_ending()
    ending.appeal(actor=ended.person, ending=ended, text="No.", at=NOON)
    ending.decide_appeal(actor=make_moderator(), ending=ended, outcome=AppealOutcome.OVERTURNED, **told)
    make_holds()


def make_holds():
    """Money held by a person, with a complaint that succeeded, and by a machine."""
    author = make_author()
    payouts.impose_hold(actor=make_finance(), person=author, rule=HoldRule.IDENTITY, reason=HELD, ends_at=None, at=NOON)
    notice = HoldNotice.objects.get()
    hold_complaints.complain(actor=author, notice=notice, text="No.", at=NOON)
    lifted = {"outcome": ComplaintOutcome.OVERTURNED, "answer": "You are right."}
    hold_complaints.decide(actor=make_finance(), notice=notice, at=NOON, **lifted)
    days = {"begins_at": NOON, "ends_at": NOON + timedelta(days=90), "days": 30}
    hold_notices.of_reserve(ReserveRule.objects.create(user=author, rate_bps=1000, reason=HELD, **days))


def due_process(within):
    """The same figures by plain SQL."""
    suspended, ended = "suspensions_suspension WHERE", "suspensions_accountending WHERE"

    def appeals(table):
        return {
            "made": count(f"{table} {within('appealed_at')}"),
            "by_outcome": grouped("appeal_outcome", f"{table} {within('appeal_decided_at')}"),
        }

    holds = "royalties_holdnotice WHERE"
    by_hand = f"{within('lifted_at')} AND appeal_outcome <> 'overturned'"
    return {
        "warnings": grouped("activity", f"suspensions_priorwarning WHERE {within('made_at')}"),
        "suspensions": {
            "by_kind": grouped("activity", f"{suspended} {within('decided_at')}"),
            "by_rule": grouped("rule", f"{suspended} {within('decided_at')}"),
            "lifted_early": count(f"{suspended} {by_hand}"),
            "appeals": appeals(suspended),
        },
        "account_endings": {
            "decided": grouped("ground", f"{ended} {within('confirmed_at')}"),
            "took_effect": count(f"{ended} {within('done_at')}"),
            "taken_back": count(f"{ended} {by_hand} AND confirmed_at IS NOT NULL"),
            "appeals": appeals(ended),
        },
        "money_holds": {
            "by_kind": grouped("kind", f"{holds} {within('placed_at')}"),
            "by_rule": grouped("rule", f"{holds} {within('placed_at')}"),
            "by_a_machine": count(f"{holds} {within('placed_at')} AND placed_by_id IS NULL"),
            "complaints": {
                "made": count(f"{holds} {within('complained_at')}"),
                "by_outcome": grouped("outcome", f"{holds} {within('decided_at')}"),
            },
        },
    }


def test_the_figures_equal_an_independent_query(client):
    make_trade()
    found = json.loads(client.get("/transparency.json").content)
    told_of = {one["year"]: one for one in found["years"]}
    assert set(told_of) >= {YEAR}
    for year, one in told_of.items():

        def within(column, year=year):
            return f"{column} >= '{year}-01-01' AND {column} < '{year + 1}-01-01'"

        counted = f"community_report WHERE {within('confirmed_at')}"
        decided = f"community_reviewcase WHERE {within('decided_at')}"
        hours = "julianday(decided_at) * 24 - julianday(opened_at) * 24"
        if connection.vendor == "postgresql":
            hours = "EXTRACT(EPOCH FROM decided_at - opened_at) / 3600"
        taken = [float(row[0]) for row in sql(f"SELECT {hours} FROM {decided}")]  # noqa: S608
        complained = (
            "community_report r JOIN community_reviewcase c ON c.id = r.case_id "
            "WHERE r.complaint_on_id IS NOT NULL AND " + within("r.confirmed_at")
        )
        stopped = f"community_stop WHERE {within('made_at')}"
        mended = f"community_remedy WHERE {within('sent_at')}"
        assert one.pop("claims"), "tests/storefront/claims/test_transparency.py"
        assert one == {
            "year": year,
            "reports": {
                "total": count(counted),
                "without_account": count(counted + " AND user_id IS NULL"),
                "by_rule": grouped("rule", counted),
            },
            "decisions": {
                "total": count(decided),
                "by_rule": grouped("rule", decided),
                "by_outcome": grouped("outcome", decided),
                "by_source": grouped("source", decided),
                "median_hours": round(median(taken), 1) if taken else None,
                "by_a_machine": 0,
            },
            "appeals": {
                "made": count(f"community_reviewcase WHERE {within('appealed_at')}"),
                "by_outcome": grouped("appeal_outcome", f"community_reviewcase WHERE {within('appeal_decided_at')}"),
            },
            "complaints": {
                "made": count(complained),
                "dismissed": count(complained + " AND c.decided_at IS NOT NULL AND c.outcome = 'keep'"),
                "acted_on": count(complained + " AND c.decided_at IS NOT NULL AND c.outcome <> 'keep'"),
            },
            "stops": {
                "made": count(stopped),
                "replaced_by_a_decision": count(stopped + " AND ended_at < ends_at"),
                "ended_by_themselves": count(stopped + " AND ended_at >= ends_at"),
            },
            "mended": {"asked": count(mended), "accepted": count(mended + " AND is_accepted")},
            **due_process(within),
        }
    now = told_of[YEAR]
    assert now["reports"]["total"] == 13  # seven, a nameless one, a shelf, a complaint and three unfounded ones
    assert now["suspensions"]["by_kind"] == {"content": 2, "notices": 1}
    assert now["suspensions"]["lifted_early"] == 1
    assert now["account_endings"]["decided"] == {"duty": 2, "imperative": 1, "rules": 1}
    assert (now["account_endings"]["took_effect"], now["account_endings"]["taken_back"]) == (3, 1)
    assert (now["money_holds"]["by_kind"], now["money_holds"]["by_a_machine"]) == ({"payouts": 1, "reserve": 1}, 1)
    assert now["money_holds"]["complaints"] == {"made": 1, "by_outcome": {"overturned": 1}}
    assert now["stops"] == {"made": 2, "replaced_by_a_decision": 1, "ended_by_themselves": 1}
    assert now["complaints"] == {"made": 1, "dismissed": 0, "acted_on": 1}
    assert now["mended"] == {"asked": 1, "accepted": 1}
    assert now["decisions"]["by_source"]["own"] == 1


def test_there_is_a_statement_for_each_restriction_and_no_words(client):
    make_trade()
    found = json.loads(client.get("/transparency/statements.json").content)["statements"]
    restricted = sql("SELECT public_id, rule FROM community_reviewcase WHERE outcome NOT IN ('', 'keep')")
    stopped = sql("SELECT public_id, rule FROM community_stop")
    held = sql("SELECT public_id, placed_by_id FROM royalties_holdnotice")
    suspended = sql("SELECT public_id, rule FROM suspensions_suspension WHERE activity IN ('content', 'posting')")
    ended = sql("SELECT public_id, ground FROM suspensions_accountending WHERE confirmed_at IS NOT NULL")
    every = (*restricted, *stopped, *suspended, *ended, *held)
    assert {one["puid"] for one in found} == {row[0] for row in every}
    assert len(found) == len(every)
    for one in found:
        is_automated = one["automated_decision"] == "AUTOMATED_DECISION_FULLY"
        assert is_automated == ((one["puid"], None) in held)
        assert one["source_type"] in {"SOURCE_ARTICLE_16", "SOURCE_VOLUNTARY"}
    text = json.dumps(found)
    for words in ("It is copied.", "Pages 30 to 44", WORDS, "Page 3.", HELD, *DUE_WORDS.values()):
        assert words not in text
    lifted = [one["puid"] for one in found if one.get("end_date_visibility_restriction")]
    assert len(lifted) == 4  # an appeal, something mended, two stops


def test_readers_in_the_eu_are_counted_by_month(client):
    edition = make_published_edition()
    for _ in range(2):
        buy(make_reader(country="DE"), edition)
    half = 1 if NOON.month <= 6 else 7
    moment = NOON.replace(month=1, day=15) if half == 7 else NOON.replace(year=YEAR - 1, month=9, day=15)
    Order.objects.update(tax_country="DE", paid_at=moment)
    found = json.loads(client.get("/transparency.json").content)["readers_in_the_eu"]
    assert found["buyers_a_month"] == round(2 / 6)
    assert found["from"] <= moment.date().isoformat() < found["until"]


def test_the_page_says_whether_the_shop_is_small(client, settings):
    settings.DSA_SMALL_SHOP = False
    make_trade()
    page = client.get("/transparency/").content.decode()
    assert "Article 19" not in page
    assert "Complaints about dismissed reports" in page
    assert json.loads(client.get("/transparency.json").content)["is_micro_or_small_enterprise"] is False
