from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEntry
from common import clock
from common.periods import Month
from publishing.models import Work
from royalties.errors import BooksNotInOrder, CloseOutdated, PeriodNotOver, PeriodOutOfOrder
from royalties.models import ChainLink, ClosedPeriod, JournalEntry, MovementKind, SaleShare, Statement
from royalties.selectors import statements
from royalties.services import clearing, invariants, ledger_chain, returns, sales
from royalties.services import statements as building
from tests.royalties import closing
from tests.royalties.closing import compared, mark_closed, people
from tests.royalties.database import run_together
from tests.royalties.factories import NOON, WINDOW, edition, recorded_sale, sale, split, user
from tests.royalties.test_services_invariants import tamper

pytestmark = [pytest.mark.both, pytest.mark.django_db]
NOVEMBER, DECEMBER = Month(2026, 11), Month(2026, 12)
DEC_2, JAN_2 = datetime(2026, 12, 2, tzinfo=UTC), datetime(2027, 1, 2, tzinfo=UTC)


def close(period: Month = NOVEMBER, at: datetime = DEC_2) -> ClosedPeriod:
    return closing.close(period, at)


class TestClosePeriod:
    def test_builds_a_statement_per_contributor_and_currency(self):
        book = edition()
        ann, ben = user("Ann"), user("Ben")
        split(book.work, (ann, 5000), (ben, 5000))
        recorded_sale(of=book)
        recorded_sale(of=book, currency="EUR")
        close()
        made = Statement.objects.values_list("user", "currency", "royalties_minor", "closing_minor").order_by("pk")
        assert set(made) == {(ann.pk, "EUR", 214, 214), (ann.pk, "USD", 208, 208)} | {
            (ben.pk, "EUR", 213, 213),
            (ben.pk, "USD", 207, 207),
        }

    def test_whoevers_share_came_to_nothing_has_no_statement(self):
        """A hundredth of a per cent of a cheap book is no cent: they sold, and nothing of it is in the ledger."""
        ann, ben = user(), user("Ben")
        cheap = edition(ann)
        split(cheap.work, (ann, 9999), (ben, 1))
        recorded_sale(of=cheap, paid=99)
        assert SaleShare.objects.get(user=ben).amount_minor == 0
        close()
        assert Statement.objects.get().user == ann
        assert invariants.check_invariants() == []

    def test_is_idempotent(self):
        recorded_sale()
        assert close().pk == close(at=JAN_2).pk
        assert Statement.objects.count() == 1

    def test_refuses_entries_afterwards_but_books_late_events_into_the_next_month(self):
        recorded_sale()
        close()
        late = sale(sold_at=NOON)
        entry = JournalEntry.objects.get(pk=sales.record_sale(sale=late).entry_id)
        assert Month.of(entry.booked_at) == DECEMBER
        assert invariants.check_invariants() == []

    def test_refund_after_the_close_shows_in_the_next_statement(self):
        made = recorded_sale()
        close()
        returns.record_refund(reference=made.reference, external_id="rfd", at=DEC_2)
        close(DECEMBER, JAN_2)
        second = Statement.objects.get(period="2026-12")
        assert (second.opening_minor, second.returns_minor, second.closing_minor) == (415, 415, 0)
        line = second.lines.get()
        assert (line.sold, line.returned, line.net_units, line.royalty_minor) == (0, 1, -1, -415)

    def test_clears_what_is_due_first(self):
        recorded_sale()
        close()
        statement = Statement.objects.get()
        cleared = statement.movements.get(kind=MovementKind.CLEARED)
        assert (cleared.amount_minor, cleared.entries, statement.closing_payable_minor) == (415, 1, 415)

    def test_chains_everything(self):
        recorded_sale()
        closed = close()
        assert closed.chain_hash == ChainLink.objects.get(position=closed.chain_position).hash

    def test_a_month_without_contributors_closes(self):
        close()
        assert Statement.objects.count() == 0

    def test_is_audited(self):
        close()
        first, second = people()
        assert AuditEntry.objects.get(verb="period.prepared").actor == first
        entry = AuditEntry.objects.get(verb="period.closed")
        assert (entry.actor, entry.facts["prepared_by"]) == (second, first.public_id)

    def test_before_it_is_over(self):
        with pytest.raises(PeriodNotOver):
            close(at=NOVEMBER.end - timedelta(microseconds=1))

    def test_at_the_first_moment_after_it(self):
        close(at=NOVEMBER.end)

    def test_out_of_order(self):
        recorded_sale()
        with pytest.raises(PeriodOutOfOrder):
            close(DECEMBER, JAN_2)

    def test_before_one_that_is_closed(self):
        recorded_sale()
        close()
        with pytest.raises(PeriodOutOfOrder):
            close(Month(2026, 10))

    def test_with_books_out_of_order(self):
        recorded_sale()
        tamper("UPDATE royalties_salerecord SET paid_minor = paid_minor + 1, tax_minor = tax_minor + 1")
        with pytest.raises(BooksNotInOrder):
            close()
        assert not ClosedPeriod.objects.exists()

    @pytest.mark.race
    def test_two_people_at_once_close_it_once(self, racing_db):
        recorded_sale()
        results = run_together(close, close, close)
        closed = {result for result in results if isinstance(result, ClosedPeriod)}
        # Whoever prepares in between outdates what another was about to close.
        assert {type(result) for result in results if result not in closed} <= {CloseOutdated}
        assert len(closed) == 1
        assert Statement.objects.count() == 1

    @pytest.mark.race
    def test_sales_while_closing_land_in_one_month_or_the_next(self, racing_db):
        book = edition()
        recorded_sale(of=book)
        late = [sale(of=book) for _ in range(6)]
        results = run_together(
            *[lambda s=s: sales.record_sale(sale=s) for s in late[:3]],
            close,
            *[lambda s=s: sales.record_sale(sale=s) for s in late[3:]],
        )
        # A sale that met the closing itself is refused whole and simply recorded again.
        for made in late:
            sales.record_sale(sale=made)
        assert isinstance(results[3], ClosedPeriod)
        assert JournalEntry.objects.filter(kind="sale").count() == 7
        assert invariants.check_invariants() == []


class TestStatement:
    def test_lines_by_work_country_and_price(self):
        first, second = edition(title="One"), edition(title="Two")
        Work.objects.update(owner=first.work.owner)
        recorded_sale(of=first, country="US")
        recorded_sale(of=first, country="US")
        recorded_sale(of=first, tax=33)
        recorded_sale(of=second, paid=99)
        close()
        lines = [
            (line.title, line.country, line.unit_price_minor, line.sold, line.net_price_minor, line.royalty_minor)
            for line in Statement.objects.get().lines.all()
        ]
        assert lines == [
            ("One", "DE", 499, 1, 466, 385),
            ("One", "US", 499, 2, 998, 830),
            ("Two", "DE", 99, 1, 99, 58),
        ]

    def test_every_line_opens_its_entries(self):
        book = edition()
        made = recorded_sale(of=book)
        recorded_sale(of=book, paid=99)
        returns.record_refund(reference=made.reference, external_id="rfd", at=NOON)
        close()
        statement = Statement.objects.get()
        kinds = {
            line.unit_price_minor: [e.kind for e in statements.entries_of_line(line)] for line in statement.lines.all()
        }
        assert kinds == {499: ["sale", "refund"], 99: ["sale"]}
        assert statements.entries_of(statement).count() == 4

    def test_a_line_that_is_not_stored_leaves_the_month_open(self, monkeypatch):
        """One of no royalty shows in no sum."""
        ann, ben = user("Ann"), user("Ben")
        cheap = edition(ann)
        split(cheap.work, (ann, 9999), (ben, 1))
        recorded_sale(of=cheap, paid=99)
        recorded_sale(of=edition(ben))
        close()
        assert Statement.objects.get(user=ben).lines.count() == 2
        tamper("DELETE FROM royalties_statementmovement")
        tamper("DELETE FROM royalties_statementline")
        tamper("DELETE FROM royalties_statement")
        without = " WHERE part.royalty_minor <> 0"
        monkeypatch.setattr(building.building, "_INSERT_LINES", building.building._INSERT_LINES + without)
        with pytest.raises(BooksNotInOrder):
            building.build(ClosedPeriod.objects.get())

    def test_query_count_does_not_grow_with_sales(self, django_assert_max_num_queries):
        book = edition()
        sales.record_sales(sales=[sale(of=book) for _ in range(50)])
        closed = mark_closed(str(NOVEMBER), DEC_2)
        ledger_chain.chain_committed()
        with django_assert_max_num_queries(41):
            building.build(closed)
        assert Statement.objects.get().lines.get().sold == 50

    def test_quiet_month_carries_the_balance(self):
        recorded_sale()
        clearing.clear_due(at=NOON + WINDOW)
        close()
        close(DECEMBER, JAN_2)
        second = Statement.objects.get(period="2026-12")
        assert (second.opening_minor, second.closing_minor, second.lines.count()) == (415, 415, 0)


class TestCommand:
    def test_closes(self, capsys):
        recorded_sale()
        compared(DEC_2)
        first, second = (person.email for person in people())
        with clock.frozen(DEC_2):
            call_command("close_period", "2026-11", prepare_as=first, close_as=second)
            call_command("close_period", "2026-11")
        assert "2026-11 is closed: 1 statements" in capsys.readouterr().out

    @pytest.mark.parametrize("period", ["2026-13", "November", "2027-01"])
    def test_refuses(self, period):
        with pytest.raises(CommandError):
            call_command("close_period", period)
