"""`manage.py demo_money`: told once in its own process and database, then looked at from all sides."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from demo import money_child
from demo.management.commands.demo_money import _environment
from demo.money_outcome import Balance, Check, Outcome, SaleRow, _checks
from demo.money_report import outcome_lines
from royalties.selectors.trial_balance import AccountSum


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    out = StringIO()
    call_command("demo_money", "--json", stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture
def outcome(told: dict[str, Any]) -> Outcome:
    return Outcome(
        currency=told["currency"],
        sales=[SaleRow(**one) for one in told["sales"]],
        balances=[Balance(**one) for one in told["balances"]],
        trial_balance=[AccountSum(**one) for one in told["trial_balance"]],
        rules=told["rules"],
        violations=told["violations"],
        checks=[Check(**one) for one in told["checks"]],
    )


class TestStory:
    def test_everything_holds(self, told: dict[str, Any]) -> None:
        assert told["holds"]
        assert told["violations"] == []
        assert [check["text"] for check in told["checks"] if not check["holds"]] == []

    def test_each_entry_balances_and_all_of_them_make_the_trial_balance(self, told: dict[str, Any]) -> None:
        sums: dict[str, int] = {}
        for entry in (entry for step in told["steps"] for entry in step["entries"]):
            assert sum(line["debit_minor"] - line["credit_minor"] for line in entry["lines"]) == 0
            for line in entry["lines"]:
                sums[line["account"]] = sums.get(line["account"], 0) + line["debit_minor"] - line["credit_minor"]
        assert sums == {one["name"]: one["balance_minor"] for one in told["trial_balance"]}

    def test_runs_through_every_kind_of_entry_in_order(self, told: dict[str, Any]) -> None:
        kinds = [[entry["kind"] for entry in step["entries"]] for step in told["steps"]]
        assert kinds == [
            [],
            ["sale", "processor_fee"],
            ["sale", "sale", "sale", "processor_fee"],
            ["refund"],
            ["clearing"] * 3,
            [],
            ["transfer_asked", "transfer_confirmed"] * 2,
        ]

    def test_pays_what_was_earned_on_sales_that_were_kept(self, told: dict[str, Any]) -> None:
        paid = {one["name"]: one["paid_out_minor"] for one in told["balances"]}
        assert paid == {"Anna": 415 + 434 + 290, "Ben": 145}

    def test_names_people_and_no_opaque_ids(self, told: dict[str, Any]) -> None:
        assert "contributor_payable:Anna" in json.dumps(told)
        assert "usr_" not in json.dumps(told)


class TestChecks:
    def test_a_cent_gone_from_any_sale_is_noticed(self, outcome: Outcome) -> None:
        for place in range(len(outcome.sales)):
            sales = list(outcome.sales)
            sales[place] = replace(sales[place], royalty_minor=sales[place].royalty_minor - 1)
            broken = [check.text for check in _checks(sales, outcome.balances, []) if not check.holds]
            assert any(text.startswith(("the sale alone", "the cart")) for text in broken)

    def test_a_payout_that_differs_from_the_earnings_is_noticed(self, outcome: Outcome) -> None:
        text = "Ben was paid what the kept sales earned, and nothing is left over"
        balances = [replace(one, paid_out_minor=one.paid_out_minor + 1) for one in outcome.balances]
        broken = [check.text for check in _checks(outcome.sales, balances, []) if not check.holds]
        assert text in broken

    @pytest.fixture(autouse=True)
    def _database(self, db: None) -> None:
        """The checks look at the provider's balance, too: nothing, here."""


class TestReport:
    def test_shows_fees_balances_and_verdict(self, outcome: Outcome) -> None:
        text = "\n".join(outcome_lines(outcome))
        assert "alone            4.99   0.00   0.44      0.40     4.15  Anna 4.15" in text
        assert "cart of three    4.99   0.00   0.24      0.40     4.35  Anna 2.90, Ben 1.45" in text
        assert text.endswith("Everything adds up.")

    def test_says_what_is_broken(self, outcome: Outcome) -> None:
        broken = replace(outcome, violations=["I2: USD is off by 1"])
        lines = list(outcome_lines(broken))
        assert not broken.holds
        assert "  BROKEN  I2: USD is off by 1" in lines
        assert lines[-1] == "Something does not hold."


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
