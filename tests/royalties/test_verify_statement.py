"""What a payee can prove with the file and the script alone, and what nobody can change unseen."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from royalties import verify_statement
from royalties.models import Statement
from royalties.selectors import published_roots
from royalties.services import statement_proofs
from royalties.verify_statement import parse, row_hash, verify
from tests.royalties import varied
from tests.royalties.gateways import FakeGateway
from tests.support.standing import Standing

pytestmark = pytest.mark.django_db
SCRIPT = Path(verify_statement.__file__)

type Row = dict[str, Any]
type Place = tuple[str | int, ...]


def leaves(value: object, at: Place = ()) -> list[Place]:
    """The way to each value of a file that is no list and no object."""
    if isinstance(value, dict):
        return [place for key, inner in value.items() for place in leaves(inner, (*at, key))]
    if isinstance(value, list):
        return [place for key, inner in enumerate(value) for place in leaves(inner, (*at, key))]
    return [at]


def value_at(file: Any, place: Place) -> Any:
    for key in place:
        file = file[key]
    return file


def changed(file: Row, place: Place) -> Row:
    """The file with one byte of that value flipped, or one digit of it."""
    copied = copy.deepcopy(file)
    inner = value_at(copied, place[:-1])
    old = inner[place[-1]]
    match old:
        case int():
            inner[place[-1]] = old ^ 1
        case str():
            inner[place[-1]] = old[:-1] + chr(ord(old[-1]) ^ 1) if old else "x"
        case None:
            inner[place[-1]] = 0
    return copied


def wrong(file: Row, **others: Row) -> list[str]:
    """What the script says: also when it cannot even compare what it finds."""
    try:
        return verify(parse(json.dumps(file).encode()), **others)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return [f"file: {error!r}"]


def resealed(file: Row) -> Row:
    """The file with every hash of its own made anew, as a forger would."""
    for row, name in verify_statement._rows(file):
        row["sha256"] = row_hash(row, name.split()[0])
    return {**file, "sha256": row_hash(file, "statement")}


def rows_of(file: Row) -> set[str]:
    """How errors may begin."""
    accounts = {f"account {row['account']}" for row in file["accounts"]}
    lines = {f"line {row['line']}" for row in file["lines"]}
    entries = {f"entry {row['header']['entry']}" for row in file["entries"]}
    moved = {f"movement of entry {row['entry']}" for row in file["movements"]}
    roots = {f"root {row['number']}" for row in file["roots"]}
    return {"head", "amounts", "format"} | accounts | lines | entries | moved | roots


@pytest.fixture(scope="module", autouse=True)
def ann(standing: Standing) -> int:
    def make() -> int:
        with patch("payments.services.gateway", FakeGateway):
            return varied.two_months().pk

    return standing(make)


@pytest.fixture
def books(db: None, ann: int) -> list[Statement]:
    return list(Statement.objects.filter(user=ann, currency="USD").order_by("period"))


@pytest.fixture
def november(books) -> Row:
    return parse(statement_proofs.file_of(books[0]))


@pytest.fixture
def december(books) -> Row:
    return parse(statement_proofs.file_of(books[1]))


@pytest.fixture
def roots(books) -> Row:
    return parse(published_roots.roots_json())


class TestAccepts:
    def test_every_file_of_a_varied_ledger(self, books):
        roots = parse(published_roots.roots_json())
        for statement in Statement.objects.order_by("period"):
            assert wrong(parse(statement_proofs.file_of(statement)), roots=roots) == []
        assert Statement.objects.count() >= 6

    def test_a_statement_after_the_one_before_it(self, november, december, roots):
        assert wrong(december, roots=roots, previous=november) == []
        assert december["head"]["previous"]["sha256"] == november["sha256"]

    def test_the_same_bytes_every_time(self, books):
        assert statement_proofs.file_of(books[1]) == statement_proofs.file_of(books[1])

    def test_nothing_of_anybody_else(self, november):
        text = json.dumps(november)
        owners = {s.user.public_id for s in Statement.objects.all()} - {november["head"]["payee"]}
        assert owners
        assert not any(owner in text for owner in owners)
        assert 'platform_fee"' not in text
        assert "stripe_balance" not in text


class TestOneByte:
    def test_names_the_very_row(self, november):
        for section, name in (("lines", "line {n}"), ("accounts", "account {account}"), ("movements", "movement of")):
            for index, row in enumerate(november[section]):
                for key in row:
                    if isinstance(row[key], list):
                        continue
                    forged = changed(november, (section, index, key))
                    errors = wrong(forged)
                    expected = name.format(n=forged[section][index].get("line"), **forged[section][index])
                    assert any(expected in error for error in errors), (section, index, key, errors)

    def test_of_an_entry_names_the_entry(self, november):
        for index, entry in enumerate(november["entries"]):
            for place in leaves(entry):
                errors = wrong(changed(november, ("entries", index, *place)))
                number = value_at(changed(november, ("entries", index, *place)), ("entries", index, "header", "entry"))
                assert any(f"entry {number}" in error for error in errors), (place, errors)

    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(data=st.data())
    def test_of_any_value_of_a_larger_file(self, data, november):
        place = data.draw(st.sampled_from(leaves(november)))
        assert wrong(changed(november, place)), place


class TestForgery:
    """All hashes of the file itself are made anew: what is left to betray it is the roots and the sums."""

    def test_a_dropped_sale_leaves_a_gap(self, november):
        victim = next(e for e in november["entries"] if e["header"]["kind"] == "sale")
        november["entries"].remove(victim)
        number = victim["postings"][0]["ordinal"]
        errors = wrong(resealed(november))
        assert any(f"posting number {number} is missing" in error for error in errors)
        assert any(f"entry {victim['header']['entry']} is missing" in error for error in errors)

    def test_a_sale_dropped_everywhere_leaves_a_gap(self, november):
        victim = next(e for e in november["entries"] if e["header"]["kind"] == "sale")
        amount = -victim["postings"][0]["amount_minor"]
        november["entries"].remove(victim)
        number = victim["header"]["entry"]
        line = next(row for row in november["lines"] if number in [part["entry"] for part in row["entries"]])
        line["entries"] = [part for part in line["entries"] if part["entry"] != number]
        line["royalty_minor"] -= amount
        november["amounts"]["closing_minor"] -= amount
        errors = wrong(resealed(november))
        assert any("posting number" in error and "missing" in error for error in errors)

    def test_the_last_sale_dropped_shows_in_the_next_statement(self, december, november):
        """The file alone looks whole, so the next one begins with a number too many."""
        row = november["accounts"][0]
        row["closing_ordinal"] -= 1
        errors = wrong(december, previous=resealed(november))
        assert any(row["account"] in error for error in errors)

    def test_a_dropped_line(self, november):
        gone = november["lines"].pop(0)
        errors = wrong(resealed(november))
        for part in gone["entries"]:
            assert any(f"entry {part['entry']} " in error for error in errors)

    def test_a_dropped_movement(self, november):
        gone = november["movements"].pop(0)
        assert any(f"entry {gone['entry']} " in error for error in wrong(resealed(november)))

    def test_a_dropped_posting(self, november):
        entry = next(e for e in november["entries"] if len(e["postings"]) == 2)
        gone = entry["postings"].pop()
        errors = wrong(resealed(november))
        assert any(f"entry {entry['header']['entry']} " in error for error in errors)
        assert any(gone["account"] in error and str(gone["ordinal"]) in error for error in errors)

    def test_a_posting_hidden_among_the_others(self, november):
        entry = next(e for e in november["entries"] if len(e["postings"]) == 2)
        gone = entry["postings"].pop()
        entry["others"] = sorted([*entry["others"], verify_statement.posting_hash(gone)])
        errors = wrong(resealed(november))
        assert any(f"posting number {gone['ordinal']} is missing" in error for error in errors)

    def test_a_dropped_account(self, november):
        gone = november["accounts"].pop(0)
        assert any(gone["account"] in error for error in wrong(resealed(november)))

    def test_rows_in_another_order(self, november):
        for section in ("lines", "entries", "roots"):
            if len(november[section]) < 2:
                continue
            turned = copy.deepcopy(november)
            turned[section].reverse()
            assert wrong(resealed(turned)), section

    def test_postings_in_another_order_change_nothing_but_the_file(self, november):
        entry = next(e for e in november["entries"] if len(e["postings"]) == 2)
        entry["postings"].reverse()
        assert [error.split(":")[0] for error in wrong(november)] == ["file"]

    def test_the_same_entry_twice(self, november):
        november["entries"].insert(1, copy.deepcopy(november["entries"][0]))
        assert any("there twice" in error for error in wrong(resealed(november)))

    def test_a_smaller_royalty(self, november):
        line = november["lines"][0]
        line["royalty_minor"] -= 1
        line["entries"][0]["royalty_minor"] -= 1
        november["amounts"]["closing_minor"] -= 1
        number = line["entries"][0]["entry"]
        assert any(error.startswith(f"entry {number} ") for error in wrong(resealed(november)))

    def test_a_forged_root_is_not_the_published_one(self, november, roots):
        """Everything is rebuilt over other amounts, up to the root."""
        root = november["roots"][0]
        root["merkle_root"] = "0" * 64
        root["root"] = verify_statement.root_hash(root)
        errors = wrong(resealed(november), roots=roots)
        assert any(error.startswith(f"root {root['number']}: was published otherwise") for error in errors)

    def test_forged_published_roots_do_not_follow_each_other(self, november, roots):
        roots["roots"][0]["count"] += 1
        roots["roots"][0]["root"] = verify_statement.root_hash(roots["roots"][0])
        errors = wrong(november, roots=roots)
        assert any("does not follow the one before it" in error for error in errors)

    def test_a_root_left_out_of_the_published_ones(self, november, roots):
        roots["roots"].pop(0)
        assert any("stands where root 1 should" in error for error in wrong(november, roots=roots))

    def test_a_first_statement_that_begins_in_the_middle(self, december):
        december["head"]["previous"] = None
        assert any("does not begin here" in error for error in wrong(resealed(december)))

    def test_a_month_that_ends_early(self, november):
        november["head"]["until"] = "2026-11-20T00:00:00.000000+00:00"
        assert "head: until is not the first moment of 2026-12" in wrong(resealed(november))

    def test_another_statement_before_it(self, november, december):
        november["lines"][0]["title"] = "Another"
        errors = wrong(december, previous=resealed(november))
        assert "previous statement: is not the one named here" in errors


class TestNumbers:
    @pytest.mark.parametrize("text", ["1.0", "1e2", "NaN", "Infinity", "-0.5"])
    def test_only_whole_ones_are_read(self, text):
        with pytest.raises(ValueError, match="whole number"):
            parse(b'{"a": %s}' % text.encode())

    def test_no_key_twice(self):
        with pytest.raises(ValueError, match="twice"):
            parse(b'{"a": 1, "a": 2}')

    def test_not_a_list(self):
        with pytest.raises(ValueError, match="object"):
            parse(b"[]")

    def test_a_yes_is_no_number(self, november):
        november["lines"][0]["sold"] = True
        assert wrong(november)


class TestCommand:
    """As people run it: another process, nothing of ours on its path."""

    @pytest.fixture
    def folder(self, tmp_path, books):
        (tmp_path / "november.json").write_bytes(statement_proofs.file_of(books[0]))
        (tmp_path / "december.json").write_bytes(statement_proofs.file_of(books[1]))
        (tmp_path / "roots.json").write_bytes(published_roots.roots_json())
        (tmp_path / "verify_statement.py").write_bytes(SCRIPT.read_bytes())
        return tmp_path

    def run(self, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "-S", "verify_statement.py", *arguments]
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)

    def test_ok(self, folder):
        done = self.run(folder, "december.json", "--roots", "roots.json", "--previous", "november.json")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("OK stm_")
        assert "2026-12" in done.stdout

    def test_wrong(self, folder):
        path = folder / "november.json"
        file = parse(path.read_bytes())
        file["lines"][1]["royalty_minor"] += 100
        path.write_text(json.dumps(file))
        done = self.run(folder, "november.json")
        assert done.returncode == 1
        assert "WRONG line 2 (" in done.stdout

    def test_a_fraction(self, folder):
        path = folder / "november.json"
        path.write_text(path.read_text().replace('"closing_minor": ', '"closing_minor": 0.5, "x": '))
        done = self.run(folder, "november.json")
        assert (done.returncode, done.stderr) == (1, "")
        assert "0.5 is not a whole number" in done.stdout

    def test_not_a_statement(self, folder):
        done = self.run(folder, "roots.json")
        assert (done.returncode, done.stderr) == (1, "")
        assert "a field is missing" in done.stdout

    def test_without_a_file(self, folder):
        assert self.run(folder).returncode == 2
        assert "cannot be read" in self.run(folder, "nothing.json").stdout

    def test_is_short_and_needs_nothing(self):
        text = SCRIPT.read_text()
        assert len(text.splitlines()) <= 450
        imported = {line.split()[1] for line in text.splitlines() if line.startswith(("import ", "from "))}
        assert imported <= {"__future__", "hashlib", "json", "sys", "collections.abc", "typing"}
