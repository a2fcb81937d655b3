"""What the chain commits to: each posting by itself, with its place in its account."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.db import IntegrityError, connection, transaction

from royalties import ledger_chain
from royalties.models import ChainedPosting, ChainLink, EntryLeaf, JournalEntry, Posting
from royalties.services import clearing, invariants
from royalties.services import ledger_chain as hash_chain
from tests.royalties.factories import NOON, WINDOW, edition, recorded_sale
from tests.royalties.test_services_invariants import tamper

pytestmark = [pytest.mark.both, pytest.mark.django_db]


def broken() -> list[tuple[str, str]]:
    return [(v.row, v.detail) for v in invariants.check_invariants() if v.rule == "chain"]


@pytest.fixture
def sales(db):
    book = edition()
    for paid in (499, 599, 699, 799):
        recorded_sale(of=book, paid=paid)
    clearing.clear_due(at=NOON + WINDOW)
    hash_chain.chain_committed()


class TestNumbers:
    def test_run_without_gaps_in_each_account(self, sales):
        for account in set(Posting.objects.values_list("account", flat=True)):
            numbers = ChainedPosting.objects.filter(account=account).order_by("ordinal")
            assert [row.ordinal for row in numbers] == list(range(1, len(numbers) + 1))
            balances = [0, *(row.balance_after_minor for row in numbers)]
            moved = [after - before for before, after in pairwise(balances)]
            assert moved == [row.posting.amount_minor for row in numbers]

    def test_go_on_in_the_next_batch(self, sales, monkeypatch):
        monkeypatch.setattr(hash_chain, "_BATCH", 2)
        book = edition()
        for _ in range(5):
            recorded_sale(of=book)
        hash_chain.chain_committed()
        assert broken() == []
        assert ChainedPosting.objects.count() == Posting.objects.count()

    def test_each_posting_has_a_salt_of_its_own(self, sales):
        salts = ChainedPosting.objects.values_list("salt", flat=True)
        assert len(set(salts)) == len(salts)
        assert {len(salt) for salt in salts} == {32}

    @pytest.mark.parametrize("table", ["chainedposting", "entryleaf"])
    @pytest.mark.parametrize("change", ["UPDATE royalties_{} SET hash = 'x'", "DELETE FROM royalties_{}"])
    def test_are_never_changed(self, sales, table, change):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change.format(table))

    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE royalties_chainedposting SET ordinal = ordinal + 1 WHERE posting_id = %s",
            "UPDATE royalties_chainedposting SET balance_after_minor = 1 WHERE posting_id = %s",
            "UPDATE royalties_chainedposting SET salt = 'x' WHERE posting_id = %s",
            "UPDATE royalties_chainedposting SET hash = 'x' WHERE posting_id = %s",
            "DELETE FROM royalties_chainedposting WHERE posting_id = %s",
        ],
    )
    def test_changed_behind_our_back_name_the_entry(self, sales, sql):
        victim = Posting.objects.filter(account__name="platform_fee").order_by("-pk")[0]
        tamper(sql, victim.pk)
        assert [row for row, _ in broken()] == [f"journal entry {victim.entry_id}"]

    def test_a_changed_leaf_names_the_entry(self, sales):
        victim = EntryLeaf.objects.order_by("pk")[2]
        tamper("UPDATE royalties_entryleaf SET hash = %s WHERE link_id = %s", "0" * 64, victim.pk)
        assert [row for row, _ in broken()] == [f"journal entry {victim.link.entry_id}"]


class TestLinks:
    @pytest.mark.parametrize(
        ("sql", "detail"),
        [
            ("DELETE FROM royalties_entryleaf WHERE link_id = %s", "has no leaf"),
            ("UPDATE royalties_chainlink SET version = 1 WHERE position = %s", "has a link of version 1"),
            ("UPDATE royalties_chainlink SET version = 3 WHERE position = %s", "has a link of version 3"),
        ],
    )
    def test_without_a_leaf_or_of_other_rules_name_the_entry(self, sales, sql, detail):
        victim = ChainLink.objects.order_by("position")[2]
        tamper(sql, victim.position)
        [(row, told)] = broken()
        assert row == f"journal entry {victim.entry_id}"
        assert told.startswith(detail)


class TestLeaf:
    def test_shows_one_posting_without_the_others(self, sales):
        entry = JournalEntry.objects.order_by("pk")[0]
        shown, *others = entry.postings.select_related("chained", "account")
        hashes = [ledger_chain.hash_of(shown, shown.chained), *(p.chained.hash for p in others)]
        assert ledger_chain.leaf(entry, hashes) == entry.link.leaf.hash

    def test_holds_no_personal_data(self, sales):
        for posting in Posting.objects.select_related("chained", "account"):
            text = str(ledger_chain.revealed(posting, posting.chained)) + str(ledger_chain.header(posting.entry))
            assert "@" not in text
            assert "Ann" not in text


class TestTree:
    @pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 7, 8, 9, 33])
    def test_every_path_leads_to_the_root(self, count):
        from royalties.verify_statement import climb

        leaves = [f"{n:064x}" for n in range(count)]
        tree = ledger_chain.Tree(leaves)
        for index, leaf in enumerate(leaves):
            assert climb(leaf, index, count, tree.path(index)) == tree.root
            assert climb("f" * 64, index, count, tree.path(index)) != tree.root

    def test_is_the_tree_of_rfc_6962(self):
        """The root of seven leaves, from the tree that Certificate Transparency's own tests use."""
        import hashlib

        inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
        leaves = [hashlib.sha256(b"\0" + bytes.fromhex(text)).hexdigest() for text in inputs]
        assert ledger_chain.Tree(leaves).root == "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"

    def test_has_leaves(self):
        with pytest.raises(ValueError, match="leaves"):
            ledger_chain.Tree([])


class TestBatches:
    def test_a_batch_takes_as_many_queries_as_a_small_one(self, django_assert_max_num_queries):
        """Numbers and balances are read once per batch, so 10,000 entries take seconds."""
        book = edition()
        for _ in range(60):
            recorded_sale(of=book)
        with django_assert_max_num_queries(36):
            assert hash_chain.chain_committed() == 60
