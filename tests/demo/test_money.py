"""`manage.py demo_money`: told once in its own process and database, then looked at from all sides."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from demo import money_child
from demo.management.commands.demo_money import _environment
from demo.money_books import Books, Movement, ReturnRow, SaleRow, StatementRow
from demo.money_journal import Entry, Line, Step
from demo.money_outcome import Check, Outcome, checks
from demo.money_report import as_data, outcome_lines, step_lines
from royalties.selectors.trial_balance import AccountSum


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    out = StringIO()
    call_command("demo_money", "--json", stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture
def books(told: dict[str, Any]) -> Books:
    statements = [
        StatementRow(
            **{
                **one,
                "movements": [Movement(**each) for each in one["movements"]],
                "since": [Movement(**each) for each in one["since"]],
            }
        )
        for one in told["statements"]
    ]
    return Books(
        sales=[SaleRow(**one) for one in told["sales"]],
        returns=[ReturnRow(**one) for one in told["returns"]],
        statements=statements,
        trial_balance=[AccountSum(**one) for one in told["trial_balance"]],
        provider_minor=told["provider_minor"],
        ours_minor=told["ours_minor"],
    )


@pytest.fixture
def outcome(told: dict[str, Any], books: Books) -> Outcome:
    return Outcome(
        currency=told["currency"],
        books=books,
        rules=told["rules"],
        violations=told["violations"],
        checks=[Check(**one) for one in told["checks"]],
    )


def kinds_of(step: dict[str, Any]) -> list[str]:
    return [entry["kind"] for entry in step["entries"]]


class TestStory:
    def test_everything_holds(self, told: dict[str, Any]) -> None:
        assert [check["text"] for check in told["checks"] if not check["holds"]] == []
        assert told["violations"] == []
        assert told["holds"]

    def test_is_told_in_order(self, told: dict[str, Any]) -> None:
        moments = [step["at"] for step in told["steps"]]
        assert moments == sorted(moments)
        assert [kinds_of(step) for step in told["steps"][:-4]] == [
            [],
            ["sale", "processor_fee"],
            ["sale", "sale", "sale", "processor_fee"],
            ["sale", "processor_fee"],
            ["deferred", "processor_fee"],
            ["sale"],
            *[["sale", "processor_fee"]] * 3,
            ["refund"],
            ["refund"],
            ["dispute_opened"],
            ["dispute_opened"],
            [],
            ["dispute_won"],
            ["clearing"] * 7,
            ["fund_fed"],
            [],
            ["dispute_lost", "dispute_covered"],
        ]

    def test_ends_with_a_payout_that_fails_and_is_paid_again(self, told: dict[str, Any]) -> None:
        first, opened, second, compared = (kinds_of(step) for step in told["steps"][-4:])
        # Whoever is paid first: payouts of one run have no order.
        assert sorted(first) == ["transfer_asked", "transfer_asked", "transfer_confirmed", "transfer_failed"]
        assert (opened, second, compared) == ([], ["transfer_asked", "transfer_confirmed"], ["payout_fee"])

    def test_each_entry_balances_and_all_of_them_make_the_trial_balance(self, told: dict[str, Any]) -> None:
        sums: dict[str, int] = {}
        for step in told["steps"]:
            for entry in step["entries"]:
                assert sum(line["debit_minor"] - line["credit_minor"] for line in entry["lines"]) == 0
                for line in entry["lines"]:
                    sums[line["account"]] = sums.get(line["account"], 0) + line["debit_minor"] - line["credit_minor"]
            shown = {one["account"]: one["debit_minor"] - one["credit_minor"] for one in step["balances"]}
            assert shown == {account: minor for account, minor in sums.items() if minor}
        assert sums == {one["name"]: one["balance_minor"] for one in told["trial_balance"]}

    def test_names_people_and_no_opaque_ids(self, told: dict[str, Any]) -> None:
        assert "contributor_payable:Anna" in json.dumps(told)
        assert "usr_" not in json.dumps(told)


def broken(books: Books) -> list[str]:
    return [check.text for check in checks(books) if not check.holds]


class TestChecks:
    def test_find_nothing_in_books_that_are_in_order(self, books: Books) -> None:
        assert broken(books) == []

    def test_notice_a_cent_gone_from_any_sale_or_return(self, books: Books) -> None:
        for place, sale in enumerate(books.sales):
            sales = [*books.sales]
            sales[place] = replace(sale, royalty_minor=sale.royalty_minor - 1)
            assert any(text.startswith(sale.buyer) for text in broken(replace(books, sales=sales)))
        for place, one in enumerate(books.returns):
            returns = [*books.returns]
            returns[place] = replace(one, platform_fee_minor=one.platform_fee_minor + 1)
            assert any(text.startswith(one.buyer) for text in broken(replace(books, returns=returns)))

    def test_notice_a_sale_too_many(self, books: Books) -> None:
        twice = replace(books, sales=[*books.sales, books.sales[0]])
        assert broken(twice) == ["nothing else was sold or refunded"]

    def test_notice_a_statement_that_differs(self, books: Books) -> None:
        for place, row in enumerate(books.statements):
            for changed in (
                replace(row, closing_minor=row.closing_minor + 1),
                replace(row, left_minor=1),
                replace(row, movements=row.movements[1:]),
                replace(row, since=[]),
            ):
                statements = [*books.statements]
                statements[place] = changed
                assert [t.split("'")[0] for t in broken(replace(books, statements=statements))] == [row.name]

    def test_notice_any_balance_that_differs(self, books: Books) -> None:
        for place, one in enumerate(books.trial_balance):
            sums = [*books.trial_balance]
            sums[place] = replace(one, balance_minor=one.balance_minor + 1)
            found = broken(replace(books, trial_balance=sums))
            assert "the trial balance: debit = credit" in found
            assert len(found) == 2

    def test_notice_another_balance_at_the_provider(self, books: Books) -> None:
        assert broken(replace(books, provider_minor=0)) == ["the provider's balance is ours: 45.31"]


class TestReport:
    def test_shows_fees_returns_statements_and_verdict(self, outcome: Outcome) -> None:
        lines = list(outcome_lines(outcome))
        text = "\n".join(lines)
        assert [line.split() for line in lines if line.startswith("  Tess")] == [
            [
                *["Tess", "A", "Map", "of", "Small", "Hours"],
                "3.99",
                "1.00",
                "0.00",
                "0.42",
                "0.40",
                "4.17",
                "Anna",
                "4.17",
            ]
        ]
        assert "= closing balance" in text
        assert "Statement of Ben" in text
        assert lines[-1] == "Everything adds up."

    def test_says_what_is_broken(self, outcome: Outcome) -> None:
        with_violation = replace(outcome, violations=["I2: USD is off by 1"])
        lines = list(outcome_lines(with_violation))
        assert not with_violation.holds
        assert "  BROKEN  I2: USD is off by 1" in lines
        assert "  BROKEN  I2 The trial balance balances" in lines
        assert lines[-1] == "Something does not add up."

    def test_a_step_is_its_sentence_then_entries_then_balances(self) -> None:
        lines = (Line("stripe_balance", 499, 0), Line("platform_fee", 0, 499))
        step = Step(datetime(2026, 9, 2, tzinfo=UTC), "Rosa buys.", (Entry("sale", "sale:1", "USD", lines),), lines)
        shown = [" ".join(line.split()) for line in step_lines(2, step)]
        assert shown == [
            "2. 2026-09-02 Rosa buys.",
            "sale debit credit",
            "stripe_balance 4.99",
            "platform_fee 4.99",
            "balances: stripe_balance 4.99 debit, platform_fee 4.99 credit",
            "",
        ]

    def test_the_data_has_the_keys_that_the_documentation_names(self, outcome: Outcome) -> None:
        text = (settings.BASE_DIR / "docs" / "money.md").read_text(encoding="utf-8")
        section = text.partition("## The arithmetic by eye")[2].partition("\n## ")[0]
        assert [key for key in as_data([], outcome) if f"`{key}`" not in section] == []


class TestIsolation:
    @pytest.mark.django_db
    def test_a_database_that_is_not_empty_is_left_alone(self, capsys: pytest.CaptureFixture[str]) -> None:
        tables = connection.introspection.table_names()
        assert money_child.main([]) == 2
        assert "not empty" in capsys.readouterr().err
        assert connection.introspection.table_names() == tables

    def test_no_key_and_no_address_goes_along(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
        monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_live_x")
        monkeypatch.setenv("DATABASE_URL", "postgres://shop")
        environment = _environment(tmp_path)
        assert "STRIPE_SECRET_KEY" not in environment
        assert environment["DATABASE_URL"] == f"sqlite:///{tmp_path}/octavo.sqlite3"
        assert environment["PATH"] == os.environ["PATH"]
