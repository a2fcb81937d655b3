"""Pages through their real addresses: who may, what is shown, and that figures equal the ledger."""

from __future__ import annotations

import re
from copy import deepcopy
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from common import clock
from common.periods import Month
from royalties.models import ClosedPeriod, JournalEntry, Payout, PayoutAccount, PayoutRun, SaleRecord, Statement
from royalties.selectors import run_preview
from royalties.services import clearing, payouts, returns
from tests.royalties import closing
from tests.royalties.factories import NOON, WINDOW, edition, payout_account, recorded_sale, split, user
from tests.royalties.test_services_invariants import tamper

pytestmark = pytest.mark.django_db
DECEMBER = datetime(2026, 12, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _demonstration(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    with clock.frozen(DECEMBER):
        yield


def make_world():
    """Ann owns a book with Ben; it sold three times, one was returned; November is closed and a run proposed."""
    ann, ben = user("Ann", is_author=True), user("Ben")
    book = edition(ann, title="The Lighthouse")
    split(book.work, (ann, 6000), (ben, 4000))
    made = [recorded_sale(of=book, tax=33) for _ in range(3)]
    returns.record_refund(reference=made[0].reference, external_id="rfd", at=NOON)
    clearing.clear_due(at=NOON + WINDOW)
    payout_account(ann)
    fiona = user("Fiona", is_finance=True)
    closing.close(period=Month(2026, 11), at=DECEMBER)
    run = payouts.propose_run(actor=fiona, currency="USD", at=DECEMBER)
    people = {
        "anon": None,
        "reader": user("Rita"),
        "author": ann,
        "coauthor": ben,
        "other": user("Otto", is_author=True),
        "moderator": user("Mona", is_moderator=True),
        "finance": fiona,
        "finance2": user("Felix", is_finance=True),
        "operator": user("Olga", is_operator=True),
    }
    return {"people": people, "sale": made[1].reference, "book": book, "run": run}


@pytest.fixture(scope="module", autouse=True)
def standing_world(standing):
    return standing(make_world, at=DECEMBER)


@pytest.fixture
def world(db, standing_world):
    return deepcopy(standing_world)


def visit(client, world, role: str, address: str, method: str = "get", **data):
    if world["people"][role] is not None:
        client.force_login(world["people"][role])
    return getattr(client, method)(address, data)


def outcome(response) -> str:
    if response.status_code == 302 and response["Location"].startswith("/accounts/login/"):
        return "login"
    return str(response.status_code)


EARNINGS = [
    # role, overview, one sale, entry, statement of Ann
    ("anon", ("login", "404", "login", "404")),
    ("reader", ("404", "404", "404", "404")),
    ("author", ("200", "200", "200", "200")),
    ("coauthor", ("200", "200", "200", "404")),
    ("other", ("200", "404", "404", "404")),
    ("moderator", ("403", "403", "403", "403")),
    ("finance", ("403", "403", "403", "403")),
]


class TestAccess:
    @pytest.mark.parametrize(("role", "expected"), EARNINGS)
    def test_earnings(self, client, world, role, expected):
        overview, sale, entry, statement = expected
        entry_id = SaleRecord.objects.get(reference=world["sale"]).entry_id
        of_ann = Statement.objects.get(user=world["people"]["author"])
        assert outcome(visit(client, world, role, reverse("earnings"))) == overview
        assert outcome(visit(client, world, role, reverse("earnings-sale", args=[world["sale"]]))) == sale
        assert outcome(visit(client, world, role, reverse("earnings-entry", args=[entry_id]))) == entry
        pages = [("", []), ("-movement", ["royalties"]), ("-figure", ["closing"])]
        for name, more in [*pages, *(("-file", [form]) for form in ("csv", "pdf", "xlsx"))]:
            address = reverse(f"earnings-statement{name}", args=[of_ann.public_id, *more])
            assert outcome(visit(client, world, role, address)) == statement
        line = reverse("earnings-statement-line", args=[of_ann.public_id, 1])
        assert outcome(visit(client, world, role, line)) == statement

    @pytest.mark.parametrize(
        ("role", "expected"),
        [
            ("anon", "404"),
            ("reader", "404"),
            ("author", "404"),
            ("coauthor", "404"),
            ("moderator", "404"),
            ("finance", "200"),
            ("operator", "200"),
        ],
    )
    def test_finance(self, client, world, role, expected):
        ann = world["people"]["author"]
        statement = Statement.objects.get(user=ann)
        for name, args in [
            ("finance", []),
            ("finance-sales", []),
            ("finance-sales-export", []),
            ("finance-sale", [world["sale"]]),
            ("finance-contributors", []),
            ("finance-contributor", [ann.public_id]),
            ("finance-entries", []),
            ("finance-entry", [JournalEntry.objects.first().pk]),
            ("finance-payouts", []),
            ("finance-run", [world["run"].public_id]),
            ("finance-statements", []),
            ("finance-statement", [statement.public_id]),
            ("finance-statement-line", [statement.public_id, 1]),
            ("finance-statement-movement", [statement.public_id, "royalties"]),
            ("finance-statement-figure", [statement.public_id, "closing"]),
            ("finance-statement-file", [statement.public_id, "csv"]),
            ("finance-statement-file", [statement.public_id, "xlsx"]),
            ("finance-statement-file", [statement.public_id, "pdf"]),
        ]:
            # Moderators hear that they may not pay, and of nothing else in the office.
            is_known = role == "moderator" and name in {"finance-payouts", "finance-run"}
            found = outcome(visit(client, world, role, reverse(name, args=args)))
            assert found == ("403" if is_known else expected), name

    @pytest.mark.parametrize(
        ("role", "expected"),
        [
            ("anon", ("404", "404", "404", "404")),
            ("author", ("404", "404", "404", "404")),
            ("moderator", ("403", "403", "403", "404")),
            ("finance", ("409", "403", "302", "302")),
            ("finance2", ("409", "302", "409", "302")),
            ("operator", ("403", "302", "403", "403")),
        ],
    )
    def test_acts_on_payouts(self, client, world, gateway, role, expected):
        propose, approve, hold, close = expected
        run, payout = world["run"].public_id, Payout.objects.get().public_id
        seen = run_preview.run_preview(world["run"], at=DECEMBER).seen
        assert outcome(visit(client, world, role, reverse("finance-propose"), "post", currency="USD")) == propose
        assert outcome(visit(client, world, role, reverse("finance-approve", args=[run]), "post", seen=seen)) == approve
        if role == "finance2":  # sent by now
            payouts.send_payout(payout_id=Payout.objects.get().pk)
        told, held = {"reason": "x", "rule": "fraud"}, reverse("finance-hold", args=[payout])
        assert outcome(visit(client, world, role, held, "post", **told)) == hold
        assert outcome(visit(client, world, role, reverse("finance-close"), "post", period="2026-11")) == close

    @pytest.mark.parametrize("name", ["finance", "finance-payouts"])
    def test_a_role_taken_away_counts_at_the_next_request(self, client, world, name):
        fiona = world["people"]["finance"]
        client.force_login(fiona)
        fiona.is_finance = False
        fiona.save()
        assert client.get(reverse(name)).status_code == 404

    @pytest.mark.parametrize(
        "address",
        [
            "/finance/sales/lin_x/",
            "/finance/entries/999999/",
            "/finance/payouts/run_x/",
            "/finance/contributors/usr_x/",
            "/finance/statements/stm_x/",
            "/finance/statements/stm_x/pdf/",
        ],
    )
    def test_what_is_not_there(self, client, world, address):
        assert visit(client, world, "finance", address).status_code == 404

    @pytest.mark.parametrize("name", ["finance-propose", "finance-close"])
    def test_acts_want_a_post(self, client, world, name):
        assert visit(client, world, "finance", reverse(name)).status_code == 405


class TestEarnings:
    def test_flow_equals_the_ledger(self, client, world):
        text = visit(client, world, "author", reverse("earnings")).content.decode()
        assert "$4.62" in text  # payable: 60 % of two royalties of 385
        assert '<path class="payout-flow-payable"' in text
        assert "style=" not in text

    def test_sale_in_clearing_shows_its_date(self, client, world):
        recorded_sale(of=world["book"], sold_at=DECEMBER)
        text = visit(client, world, "author", reverse("earnings")).content.decode()
        assert "clears 16 December 2026" in text

    def test_breakdown_of_a_sale(self, client, world):
        text = visit(client, world, "author", reverse("earnings-sale", args=[world["sale"]])).content.decode()
        for amount in ("$4.99", "$0.33", "$0.44", "$0.37", "$3.85", "$2.31", "$1.54"):
            assert amount in text

    def test_coauthor_sees_only_their_own_share(self, client, world):
        text = visit(client, world, "coauthor", reverse("earnings-sale", args=[world["sale"]])).content.decode()
        assert "$1.54" in text
        assert "$2.31" not in text
        assert "Ann" not in text

    def test_entry_names_nobody_else(self, client, world):
        entry_id = SaleRecord.objects.get(reference=world["sale"]).entry_id
        text = visit(client, world, "coauthor", reverse("earnings-entry", args=[entry_id])).content.decode()
        assert "another contributor" in text
        assert "Ann" not in text
        assert world["people"]["author"].public_id not in text

    def test_list_filters_and_totals(self, client, world):
        text = visit(client, world, "author", reverse("earnings-sales"), state="refunded").content.decode()
        assert "0 sales" not in text
        assert "$2.31 returned" in text

    @pytest.mark.parametrize("query", [{"state": "nonsense"}, {"before": "x"}, {"text": "'; --"}])
    def test_list_takes_odd_filters(self, client, world, query):
        assert visit(client, world, "author", reverse("earnings-sales"), **query).status_code == 200

    def test_list_has_pages(self, client, world, django_assert_max_num_queries):
        for _ in range(30):
            recorded_sale(of=world["book"], sold_at=DECEMBER)
        client.force_login(world["people"]["author"])
        with django_assert_max_num_queries(12):
            first = client.get(reverse("earnings-sales")).content.decode()
        assert first.count("clears ") == 25
        older = re.search(r'href="([^"]*before=[^"]*)"', first)[1]
        assert client.get(older).content.decode().count("clears ") == 5

    def test_fragment(self, client, world):
        address = reverse("earnings-fragment")
        work = world["book"].work.public_id
        response = visit(client, world, "author", address, work=work)
        assert "$4.62" in response.content.decode()
        assert "<html" not in response.content.decode()

    def test_fragment_says_what_is_missing_to_be_paid(self, client, world):
        address = reverse("earnings-fragment")
        work = world["book"].work.public_id
        author = world["people"]["author"]
        assert reverse("earnings-account") not in visit(client, world, "author", address, work=work).content.decode()
        PayoutAccount.objects.filter(user=author).update(is_ready=False)
        assert reverse("earnings-account") in visit(client, world, "author", address, work=work).content.decode()

    @pytest.mark.parametrize("role", ["other", "reader"])
    def test_fragment_of_somebody_elses_work(self, client, world, role):
        address = reverse("earnings-fragment")
        assert visit(client, world, role, address, work=world["book"].work.public_id).status_code == 404

    def test_empty_page_teaches(self, client, world):
        assert "Nothing sold yet" in visit(client, world, "other", reverse("earnings")).content.decode()


class TestStatements:
    def test_page_adds_up(self, client, world):
        statement = Statement.objects.get(user=world["people"]["author"])
        text = visit(
            client, world, "author", reverse("earnings-statement", args=[statement.public_id])
        ).content.decode()
        assert (statement.royalties_minor, statement.returns_minor, statement.closing_minor) == (693, 231, 462)
        for amount in ("$6.93", "$2.31", "$4.62"):
            assert amount in text
        assert statement.sha256 in text

    def test_line_opens_its_entries(self, client, world):
        statement = Statement.objects.get(user=world["people"]["author"])
        address = reverse("earnings-statement-line", args=[statement.public_id, 1])
        text = visit(client, world, "author", address).content.decode()
        assert text.count("/earnings/entries/") == 4

    @pytest.mark.parametrize(("name", "start"), [("csv", b"\xef\xbb\xbfbalance"), ("pdf", b"%PDF-"), ("xlsx", b"PK")])
    def test_files_have_the_same_bytes_each_time(self, client, world, name, start):
        statement = Statement.objects.get(user=world["people"]["author"])
        address = reverse("earnings-statement-file", args=[statement.public_id, name])
        first = visit(client, world, "author", address)
        with clock.frozen(DECEMBER + timedelta(days=9)):
            second = visit(client, world, "author", address)
        assert first.content.startswith(start)
        assert first.content == second.content
        payee = world["people"]["author"].public_id
        assert first["Content-Disposition"] == f'attachment; filename="statement-2026-11-USD-{payee}.{name}"'

    def test_a_title_never_starts_a_formula(self, client, world):
        statement = Statement.objects.get(user=world["people"]["author"])
        tamper("UPDATE royalties_statementline SET title = '=HYPERLINK(1)'")
        address = reverse("earnings-statement-file", args=[statement.public_id, "csv"])
        assert "\r\n'=HYPERLINK" in visit(client, world, "author", address).content.decode()


class TestPayoutAccount:
    PASSWORD = "seven grey herons"

    def login_and_retype_password(self, client, person) -> None:
        person.set_password(self.PASSWORD)
        person.save()
        client.force_login(person)
        client.post(reverse("account_reauthenticate"), {"password": self.PASSWORD})

    def test_set_up(self, client, world, gateway):
        other = world["people"]["other"]
        self.login_and_retype_password(client, other)
        response = client.post(reverse("earnings-account-start"), {"country": "DE"})
        assert response["Location"] == f"https://provider.example/acct_{other.public_id}"
        response = client.get(reverse("earnings-account-return"), follow=True)
        assert "Your payout account is set up." in response.content.decode()
        assert "Ready, on hold after a change" in response.content.decode()

    def test_asks_for_the_password_first_and_then_goes_on(self, client, world, gateway):
        other = world["people"]["other"]
        other.set_password(self.PASSWORD)
        other.save()
        client.force_login(other)
        asked = client.post(reverse("earnings-account-start"), {"country": "DE"})
        assert "/reauthenticate/" in asked["Location"]
        assert not PayoutAccount.objects.filter(user=other).exists()
        response = client.post(asked["Location"], {"password": self.PASSWORD})
        assert response["Location"] == f"https://provider.example/acct_{other.public_id}"

    def test_wrong_password_goes_nowhere(self, client, world, gateway):
        other = world["people"]["other"]
        other.set_password(self.PASSWORD)
        other.save()
        client.force_login(other)
        asked = client.post(reverse("earnings-account-start"), {"country": "DE"})
        assert client.post(asked["Location"], {"password": "wrong"}).status_code == 200
        assert gateway.opened == []

    def test_asks_for_a_second_factor_where_required(self, client, world, gateway, settings):
        settings.STAFF_SECOND_FACTOR_REQUIRED = True
        self.login_and_retype_password(client, world["people"]["other"])
        response = client.post(reverse("earnings-account-start"), {"country": "DE"})
        assert response["Location"] == reverse("mfa_activate_totp")

    def test_refuses_a_country_it_cannot_pay(self, client, world, gateway):
        self.login_and_retype_password(client, world["people"]["other"])
        assert client.post(reverse("earnings-account-start"), {"country": "KP"}).status_code == 422

    @pytest.mark.parametrize(
        ("role", "expected"),
        [("reader", "404"), ("moderator", "403"), ("finance", "403"), ("operator", "403"), ("anon", "login")],
    )
    @pytest.mark.parametrize("name", ["earnings-account-start", "earnings-account-schedule"])
    def test_only_for_contributors(self, client, world, name, role, expected):
        assert outcome(visit(client, world, role, reverse(name), "post", country="DE")) == expected

    def test_minimum(self, client, world):
        visit(client, world, "author", reverse("earnings-account-schedule"), "post", schedule="weekly", minimum="50")
        account = PayoutAccount.objects.get(user=world["people"]["author"])
        assert (account.schedule, account.minimum_in("USD")) == ("weekly", 5000)

    @pytest.mark.parametrize("minimum", ["0", "-5", "x", ""])
    def test_impossible_minimum(self, client, world, minimum):
        response = visit(
            client, world, "author", reverse("earnings-account-schedule"), "post", schedule="weekly", minimum=minimum
        )
        assert response.status_code == 422

    def test_extra_fields_change_nothing(self, client, world):
        visit(
            client,
            world,
            "author",
            reverse("earnings-account-schedule"),
            "post",
            schedule="monthly",
            minimum="5",
            is_ready="",
            masked_bank="x",
        )
        account = PayoutAccount.objects.get(user=world["people"]["author"])
        assert (account.is_ready, account.masked_bank) == (True, "•••• 6789")


class TestFinance:
    def test_overview_ties_out(self, client, world):
        text = visit(client, world, "finance", reverse("finance"), check="now").content.decode()
        assert "No problems found" in text
        assert text.count("$9.98") == 3  # the provider's balance, and both sums of the trial balance

    def test_sale_equals_its_entries(self, client, world):
        text = visit(client, world, "finance", reverse("finance-sale", args=[world["sale"]])).content.decode()
        assert text.count("$4.99") == 3  # what was asked, what was paid, and the entry's
        assert text.count("$0.37") == 2

    def test_totals_of_a_filtered_list(self, client, world):
        text = visit(client, world, "finance", reverse("finance-sales"), text="Lighthouse").content.decode()
        assert "2 sales in USD, excluding refunded sales and less partial refunds" in text
        assert "$9.98" in text

    def test_queries_do_not_grow_with_rows(self, client, world, django_assert_max_num_queries):
        for _ in range(20):
            recorded_sale(of=world["book"], sold_at=DECEMBER)
        client.force_login(world["people"]["finance"])
        for name in (
            "finance-sales",
            "finance-entries",
            "finance-contributors",
            "finance-payouts",
            "finance-statements",
            "finance-bank",
            "finance-rates",
            "finance-economics",
        ):
            with django_assert_max_num_queries(19 if name == "finance-payouts" else 18):
                assert client.get(reverse(name)).status_code == 200

    def test_contributors_tie_to_the_trial_balance(self, client, world):
        text = visit(client, world, "finance", reverse("finance-contributors")).content.decode()
        assert text.count("$7.70") == 1  # 4.62 of Ann and 3.08 of Ben

    @pytest.mark.parametrize("query", [{"start": "x"}, {"start": "900"}, {"text": "nobody"}, {"currency": "XXX"}])
    def test_contributors_take_odd_filters(self, client, world, query):
        assert visit(client, world, "finance", reverse("finance-contributors"), **query).status_code == 200

    def test_contributors_have_pages(self, client, world):
        for number in range(26):
            recorded_sale(of=edition(user(f"Extra{number}")), sold_at=DECEMBER)
        first = visit(client, world, "finance", reverse("finance-contributors")).content.decode()
        assert "start=25" in first
        second = client.get(reverse("finance-contributors") + "?start=25").content.decode()
        assert second.count("/finance/contributors/usr_") == 3

    def test_export_is_on_record(self, client, world):
        response = visit(client, world, "finance", reverse("finance-sales-export"))
        rows = b"".join(response.streaming_content).decode().splitlines()
        assert len(rows) == 4
        assert AuditEntry.objects.filter(verb="sales.exported", actor=world["people"]["finance"]).exists()

    def test_closing_a_month_from_the_page(self, client, world):
        """One person prepares, another closes; the page says what is missing."""
        page, prepare, close = (reverse(name) for name in ("finance-month", "finance-prepare", "finance-close"))
        with clock.frozen(datetime(2027, 1, 1, tzinfo=UTC)):
            assert page in visit(client, world, "finance", reverse("finance")).content.decode()
            answer = visit(client, world, "finance", prepare, "post", period="2026-12")
            assert "Compare now" in client.get(answer.url).content.decode()
            closing.compared(clock.now())
            assert "Prepare the close of December 2026" in visit(client, world, "finance", page).content.decode()
            visit(client, world, "finance", prepare, "post", period="2026-12")
            assert "another person has to close the month" in visit(client, world, "finance", page).content.decode()
            assert visit(client, world, "finance", close, "post", period="2026-12").status_code == 403
            shown = visit(client, world, "finance2", page).content.decode()
            assert "Prepared by Fiona" in shown
            assert re.search(r"Close December 2026\s*</button>", shown)
            visit(client, world, "finance2", close, "post", period="2026-12")
        assert ClosedPeriod.objects.filter(period="2026-12").exists()

    def test_the_button_and_the_totals_leave_out_what_is_held(self, client, world):
        ben = world["people"]["coauthor"]
        PayoutRun.objects.update(proposed_by=world["people"]["finance2"])
        payout_account(ben)
        payouts.cancel_run(actor=world["people"]["finance"], run=world["run"], at=DECEMBER)
        run = payouts.propose_run(actor=world["people"]["finance"], currency="USD", at=DECEMBER)
        held, goes = run.payouts.order_by("-amount_minor")
        told = {"rule": "identity", "reason": "Asked by mail", "at": DECEMBER}
        payouts.hold(actor=world["people"]["finance"], payout=held, **told)
        text = visit(client, world, "finance2", reverse("finance-run", args=[run.public_id])).content.decode()
        assert f"Approve and send ${goes.amount_minor / 100:.2f}" in text
        assert f"${(held.amount_minor + goes.amount_minor) / 100:.2f}" in text  # named as the sum with what is held
        assert "Total including held payouts" in text
        assert "Asked by mail" in text

    def test_approval_pays(self, client, world, gateway, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            seen = run_preview.run_preview(world["run"], at=DECEMBER).seen
            address = reverse("finance-approve", args=[world["run"].public_id])
            visit(client, world, "finance2", address, "post", seen=seen)
        assert Payout.objects.get().state == "paid"
        text = visit(client, world, "finance2", reverse("finance-run", args=[world["run"].public_id])).content.decode()
        assert "Paid" in text
        assert PayoutRun.objects.get().approved_by == world["people"]["finance2"]

    def test_proposer_is_told_why_there_is_no_button(self, client, world):
        text = visit(client, world, "finance", reverse("finance-run", args=[world["run"].public_id])).content.decode()
        assert "another person has to approve it" in text
        assert "Approve and send" not in text

    def test_bank_is_masked(self, client, world):
        ann = world["people"]["author"]
        text = visit(client, world, "finance", reverse("finance-contributor", args=[ann.public_id])).content.decode()
        assert "•••• 6789" in text
