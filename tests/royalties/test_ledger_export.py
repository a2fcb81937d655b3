"""Other people's accounting agrees with ours: the export is loaded and checked by beancount itself."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from common.money import Money
from royalties.chart import AccountKind, AccountName
from royalties.ledger_export import beancount_name
from royalties.models import JournalEntry, LedgerAccount, Posting
from tests.royalties import varied
from tests.royalties.gateways import FakeGateway

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def books(standing):
    with pytest.MonkeyPatch.context() as patched:
        fake = FakeGateway()
        patched.setattr("payments.services.gateway", lambda: fake)
        standing(lambda: varied.correct(varied.two_months()))


def export(tmp_path, *options: str):
    out = tmp_path / "ledger.beancount"
    call_command("export_ledger", "--out", str(out), *options)
    return out


def load(path):
    from beancount import loader

    entries, errors, _ = loader.load_file(str(path))
    assert errors == []
    return entries


def their_balances(entries) -> dict[tuple[str, str], Decimal]:
    from beancount.core.data import Transaction

    sums: Counter[tuple[str, str]] = Counter()
    for entry in entries:
        if isinstance(entry, Transaction):
            for posting in entry.postings:
                sums[posting.account, posting.units.currency] += posting.units.number
    return dict(sums)


def our_balances(**which) -> dict[tuple[str, str], Decimal]:
    sums: Counter[tuple[str, str]] = Counter()
    for posting in Posting.objects.filter(**which).select_related("account"):
        amount = Money(posting.amount_minor, posting.currency).decimal
        sums[beancount_name(posting.account.as_name()), posting.currency] += amount
    return dict(sums)


def bean_check(path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "beancount.scripts.check", "--no-cache", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


class TestBeancount:
    def test_passes_bean_check(self, books, tmp_path):
        done = bean_check(export(tmp_path))
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")

    def test_bean_check_would_tell(self, books, tmp_path):
        path = export(tmp_path)
        lines = path.read_text().splitlines()
        at = next(n for n, line in enumerate(lines) if " balance Income:PlatformFee " in line and "USD" in line)
        lines[at] = lines[at].replace(" -", " -1")
        path.write_text("\n".join(lines) + "\n")
        done = bean_check(path)
        assert done.returncode == 1
        assert "Balance failed" in done.stderr

    def test_has_our_balances_in_every_currency(self, books, tmp_path):
        theirs = their_balances(load(export(tmp_path)))
        assert theirs == our_balances()
        assert {currency for _, currency in theirs} == {"USD", "EUR", "JPY"}

    def test_asserts_every_balance(self, books, tmp_path):
        from beancount.core.data import Balance

        asserted = {
            (e.account, e.amount.currency): e.amount.number for e in load(export(tmp_path)) if type(e) is Balance
        }
        assert asserted == our_balances()

    def test_has_every_entry(self, books, tmp_path):
        from beancount.core.data import Transaction

        links = [e.narration for e in load(export(tmp_path)) if isinstance(e, Transaction)]
        assert sorted(links) == sorted(JournalEntry.objects.values_list("external_id", flat=True))

    def test_until_a_day(self, books, tmp_path):
        path = export(tmp_path, "--until", "2026-11-30")
        assert bean_check(path).returncode == 0
        theirs = their_balances(load(path))
        assert theirs == our_balances(entry__booked_at__lt=varied.NOVEMBER.end)
        assert theirs != our_balances()

    def test_commodities_have_their_decimals(self, books, tmp_path):
        from beancount.core.data import Commodity

        found = {e.currency: e.meta["exponent"] for e in load(export(tmp_path)) if isinstance(e, Commodity)}
        assert found == {"USD": 2, "EUR": 2, "JPY": 0}

    def test_the_same_bytes_every_time(self, books, tmp_path):
        assert export(tmp_path).read_bytes() == export(tmp_path).read_bytes()

    def test_on_standard_output(self, books, capsys, tmp_path):
        call_command("export_ledger")
        assert capsys.readouterr().out == export(tmp_path).read_text()


class TestNames:
    @pytest.mark.parametrize("kind", AccountKind)
    def test_of_every_kind_are_legal(self, kind):
        from beancount.core.account import is_valid

        for detail in ("", "usr_ab12", "vat:DE", "_x", "9z"):
            assert is_valid(beancount_name(AccountName(kind, detail)))

    def test_are_different(self, books):
        accounts = {account.name: beancount_name(account.as_name()) for account in LedgerAccount.objects.all()}
        assert len(set(accounts.values())) == len(accounts)

    def test_keep_what_the_account_is_about(self):
        name = AccountName(AccountKind.CONTRIBUTOR_PAYABLE, "usr_ab12")
        assert beancount_name(name) == "Liabilities:ContributorPayable:Usr-ab12"
        assert beancount_name(AccountName(AccountKind.TAX, "vat:DE")) == "Liabilities:Tax:Vat:DE"


class TestCsv:
    def test_has_a_row_for_each_posting(self, books, tmp_path):
        out = tmp_path / "ledger.csv"
        call_command("export_ledger", "--format", "csv", "--out", str(out))
        with out.open(newline="") as file:
            rows = list(csv.DictReader(file))
        assert len(rows) == Posting.objects.count()
        total = sum(Decimal(row["amount"]) for row in rows if row["account"] == "stripe_balance")
        assert total == sum(amount for (name, _), amount in our_balances().items() if name == "Assets:StripeBalance")

    def test_until_a_day(self, books, tmp_path):
        out = tmp_path / "ledger.csv"
        call_command("export_ledger", "--format", "csv", "--until", "2026-11-30", "--out", str(out))
        assert len(out.read_text().splitlines()) - 1 == our_count(date(2026, 12, 1))


def our_count(before: date) -> int:
    return Posting.objects.filter(entry__booked_at__date__lt=before).count()


class TestOptions:
    @pytest.mark.parametrize("options", [["--format", "xml"], ["--until", "tomorrow"]])
    def test_that_make_no_sense(self, options):
        with pytest.raises(CommandError):
            call_command("export_ledger", *options)
