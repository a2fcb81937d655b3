"""Verify a statement without the platform that made it.

    python verify_statement.py statement.json [--roots roots.json] [--previous earlier-statement.json]

Needs Python 3.12 and nothing else. It recomputes every hash in the file, follows every entry to the root of its day and
adds every balance up again. Take roots.json from the platform's public page, or better from somebody who saved a copy.
It prints OK with counts, or every row that is wrong, and then exits with 1.

What is hashed (all hashes are SHA-256 in hex; JSON is canonical: sorted keys, no spaces, ASCII):

- a posting: "octavo posting 1\\n" and the JSON of its account, currency, amount, ordinal, balance after and salt;
- an entry: byte 0 and the JSON of its header with the sorted hashes of its postings (a leaf of RFC 6962);
- a tree of entries: byte 1 and the two children; an odd one moves up unchanged;
- a root: "octavo root 1\\n" and the JSON of its fields, among them the root before it.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable
from typing import Any

FORMAT = "octavo-statement/2"
FORMAT_WITH_CONTRACTS = "octavo-statement/3"
GENESIS = "0" * 64
_EARNED = ("sale", "refund", "dispute_lost")
_PAID = ("milestone_settled", "milestone_taken", "milestone_lost")

type Row = dict[str, Any]


# ---------------------------------------------------------------- what is hashed


def canonical(value: object) -> bytes:
    """Return the value as JSON with sorted keys and no spaces."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def digest(kind: str, value: object) -> str:
    """Return the hash of a row of that kind."""
    return hashlib.sha256(f"octavo {kind} 1\n".encode() + canonical(value)).hexdigest()


def posting_hash(posting: Row) -> str:
    """Return the hash of one posting; its salt keeps those of others from being guessed."""
    return digest("posting", posting)


def entry_leaf(header: Row, hashes: Iterable[str]) -> str:
    """Return the hash of an entry from its header and the hashes of its postings."""
    return hashlib.sha256(b"\0" + canonical({**header, "postings": sorted(hashes)})).hexdigest()


def node_hash(left: str, right: str) -> str:
    """Return the hash of an inner node of a tree."""
    return hashlib.sha256(b"\1" + bytes.fromhex(left) + bytes.fromhex(right)).hexdigest()


def row_hash(row: Row, kind: str) -> str:
    """Return the hash of a row of the file, over all its fields but `sha256`."""
    return digest(kind, {name: value for name, value in row.items() if name != "sha256"})


def climb(leaf: str, index: int, count: int, path: list[str]) -> str:
    """Return the root of the tree of `count` leaves in which this leaf has the position `index`."""
    found, siblings = leaf, iter(path)
    while count > 1:
        if index % 2:
            found = node_hash(next(siblings), found)
        elif index + 1 < count:
            found = node_hash(found, next(siblings))
        index, count = index // 2, (count + 1) // 2
    if next(siblings, None) is not None:
        raise ValueError("the path is longer than the tree is high")
    return found


# ---------------------------------------------------------------- the file


def is_newer(statement: Row) -> bool:
    """Return whether the file has a format that came after this script, which can say nothing about it."""
    name, _, number = str(statement.get("format")).partition("/")
    known, _, highest = FORMAT_WITH_CONTRACTS.partition("/")
    return name == known and number.isdecimal() and int(number) > int(highest)


class Report:
    """The list of what is wrong, row by row."""

    def __init__(self) -> None:
        self.errors: list[str] = []

    def check(self, holds: bool, row: str, what: str) -> None:
        """Record the row as wrong unless it holds."""
        if not holds:
            self.errors.append(f"{row}: {what}")


def verify(statement: Row, *, roots: Row | None = None, previous: Row | None = None) -> list[str]:
    """Return every row of the statement that is wrong; an empty list when it is proved."""
    report = Report()
    wanted = FORMAT_WITH_CONTRACTS if "contracts" in statement else FORMAT
    report.check(statement["format"] == wanted, "format", f"is not {wanted}")
    for row, name in _rows(statement):
        kind = name.split()[0]
        report.check(row["sha256"] == row_hash(row, kind), name, "a field was changed: its sha256 is another one")
    _month(statement["head"], report)
    known = _roots(statement["roots"], roots, report)
    for entry in statement["entries"]:
        _entry(entry, statement["head"], known, report)
    _order(statement["entries"], report)
    in_month = _in_month(statement, report)
    sums = _accounts(statement, report)
    _lines_and_movements(statement, in_month, report)
    _amounts(statement, sums, in_month, report)
    _withheld(statement, report)
    _previous(statement, previous, report)
    report.check(statement["sha256"] == row_hash(statement, "statement"), "file", "its sha256 is another one")
    return report.errors


def _rows(statement: Row) -> Iterable[tuple[Row, str]]:
    yield statement["head"], "head"
    yield statement["amounts"], "amounts"
    for account in statement["accounts"]:
        yield account, f"account {account['account']}"
    for line in statement["lines"]:
        yield line, f"line {line['line']} ({line['title']})"
    for movement in statement["movements"]:
        yield movement, f"movement of entry {movement['entry']}"
    for contract in statement.get("contracts", []):
        yield contract, f"contract {contract['contract']} ({contract['title']})"
    for withheld in statement.get("withheld", []):
        yield withheld, f"withheld at {withheld['rate_bps']} bps ({withheld['form'] or 'no form'})"


def _month(head: Row, report: Report) -> None:
    year, month = (int(part) for part in head["period"].split("-"))
    following = f"{year + month // 12:04d}-{month % 12 + 1:02d}"
    for name, first in (("from", head["period"]), ("until", following)):
        good = head[name] == f"{first}-01T00:00:00.000000+00:00"
        report.check(good, "head", f"{name} is not the first moment of {first}")


def _roots(rows: list[Row], published: Row | None, report: Report) -> dict[int, Row]:
    by_number = {row["number"]: row for row in rows}
    report.check([row["number"] for row in rows] == sorted(by_number), "roots", "are not in order, each once")
    for row in rows:
        report.check(row["root"] == root_hash(row), f"root {row['number']}", "its hash is another one")
    if published is None:
        return by_number
    before, theirs = GENESIS, {}
    for number, row in enumerate(published["roots"], start=1):
        name = f"published root {row['number']}"
        report.check(row["number"] == number, name, f"stands where root {number} should")
        report.check(row["root"] == root_hash(row), name, "its hash is another one")
        report.check(row["previous_root"] == before, name, "does not follow the one before it")
        before, theirs[row["number"]] = row["root"], row
    for number, row in by_number.items():
        report.check(row == theirs.get(number), f"root {number}", "was published otherwise, or never")
    return by_number


def root_hash(row: Row) -> str:
    """Return the hash of a day's root, over all its fields but `root`."""
    return digest("root", {name: value for name, value in row.items() if name != "root"})


def _entry(entry: Row, head: Row, roots: dict[int, Row], report: Report) -> None:
    header = entry["header"]
    name = f"entry {header['entry']} ({header['external_id']})"
    hashes = list(entry["others"])
    for posting in entry["postings"]:
        own = posting["account"].endswith(f":{head['payee']}") and posting["currency"] == head["currency"]
        report.check(own, f"{name}, posting on {posting['account']}", "is not the payee's in this currency")
        hashes.append(posting_hash(posting))
    report.check(len(entry["postings"]) > 0, name, "has no posting of the payee: one was dropped")
    report.check(entry["others"] == sorted(entry["others"]), name, "hashes of others are not in order")
    root = roots.get(entry["root"])
    if root is None:
        report.check(False, name, f"root {entry['root']} is not in the file")
        return
    where = f"root {root['number']} of {root['day']}"
    report.check(0 <= entry["index"] < root["count"], name, f"its place is outside {where}")
    try:
        found = climb(entry_leaf(header, hashes), entry["index"], root["count"], entry["path"])
    except (ValueError, StopIteration):
        found = ""
    own = ", ".join(f"{p['account']} {p['amount_minor']}" for p in entry["postings"])
    report.check(found == root["merkle_root"], name, f"header or postings ({own}) are not those under {where}")


def _order(entries: list[Row], report: Report) -> None:
    places = [(entry["root"], entry["index"]) for entry in entries]
    for before, after, entry in zip(places, places[1:], entries[1:], strict=False):
        report.check(before < after, f"entry {entry['header']['entry']}", "is not in the order of the chain")


def _in_month(statement: Row, report: Report) -> dict[int, Row]:
    """Return the entries that count in the month, by id. All others must be later; they complete the numbering."""
    head, found = statement["head"], {}
    for entry in statement["entries"]:
        number, booked = entry["header"]["entry"], entry["header"]["booked_at"]
        report.check(booked >= head["from"], f"entry {number}", "belongs to an earlier month and was not in it")
        if head["from"] <= booked < head["until"]:
            found[number] = entry
    return found


def _accounts(statement: Row, report: Report) -> tuple[int, int]:
    """Return what was owed at the start and end of the month, from the numbered postings of each account."""
    postings: dict[str, dict[int, tuple[Row, str]]] = {row["account"]: {} for row in statement["accounts"]}
    for entry in statement["entries"]:
        header = entry["header"]
        for posting in entry["postings"]:
            where = f"entry {header['entry']}, posting on {posting['account']}"
            report.check(posting["account"] in postings, where, "the account is not in the list of accounts")
            of_account = postings.setdefault(posting["account"], {})
            report.check(posting["ordinal"] not in of_account, where, f"number {posting['ordinal']} is there twice")
            of_account[posting["ordinal"]] = (posting, header["booked_at"])
    report.check(len(postings) == len(statement["accounts"]), "accounts", "one is there twice")
    opening = closing = 0
    for row in statement["accounts"]:
        found = postings[row["account"]]
        _account(row, found, report)
        carried = sum(p["amount_minor"] for number, (p, _) in found.items() if number <= row["opening_ordinal"])
        later = sum(p["amount_minor"] for p, booked in found.values() if booked >= statement["head"]["until"])
        opening -= row["opening_balance_minor"] - carried
        closing -= row["closing_balance_minor"] - later
    return opening, closing


def _account(row: Row, found: dict[int, tuple[Row, str]], report: Report) -> None:
    name = f"account {row['account']}"
    carried = sorted(number for number in found if number <= row["opening_ordinal"])
    report.check(carried == row["carried"], name, f"postings {row['carried']} were booked ahead, found {carried}")
    balance = row["opening_balance_minor"]
    if not 0 <= row["closing_ordinal"] - row["opening_ordinal"] <= 10_000_000:
        report.check(False, name, "closing_ordinal is out of reach")
        return
    for number in range(row["opening_ordinal"] + 1, row["closing_ordinal"] + 1):
        if number not in found:
            report.check(False, name, f"posting number {number} is missing: a sale or movement was dropped")
            return
        posting = found[number][0]
        balance += posting["amount_minor"]
        good = posting["balance_after_minor"] == balance
        report.check(good, f"{name}, posting number {number}", f"balance after it is not {balance}")
    report.check(balance == row["closing_balance_minor"], name, f"closing_balance_minor is not {balance}")
    surplus = [number for number in found if number > row["closing_ordinal"]]
    report.check(not surplus, name, f"postings {surplus} come after the closing")


def _lines_and_movements(statement: Row, in_month: dict[int, Row], report: Report) -> None:
    credited = {number: -sum(p["amount_minor"] for p in entry["postings"]) for number, entry in in_month.items()}
    claimed: dict[int, int] = {}
    for position, line in enumerate(statement["lines"], start=1):
        name = f"line {line['line']} ({line['title']})"
        report.check(line["line"] == position, name, f"stands where line {position} should")
        royalty = sum(part["royalty_minor"] for part in line["entries"])
        report.check(line["royalty_minor"] == royalty, name, f"royalty_minor is not {royalty}, as its entries say")
        left = [line["net_price_minor"] - line["processor_fee_minor"] - line["platform_fee_minor"], royalty]
        told = [sum(share[name] for share in line["shares"]) for name in ("work_royalty_minor", "royalty_minor")]
        report.check(told == left, name, f"its shares say {told}, not {left}")
        for part in line["entries"]:
            number = part["entry"]
            report.check(number in in_month, name, f"entry {number} is missing or of another month")
            kind = in_month[number]["header"]["kind"] if number in in_month else _EARNED[0]
            report.check(kind in _EARNED, name, f"entry {number} is a {kind}, neither sale nor return")
            claimed[number] = claimed.get(number, 0) + part["royalty_minor"]
    _contracts(statement, in_month, claimed, report)
    seen: set[int] = set()
    for movement in statement["movements"]:
        number, name = movement["entry"], f"movement of entry {movement['entry']}"
        report.check(number in in_month, name, "the entry is missing or of another month")
        report.check(number not in seen, name, "is there twice")
        seen.add(number)
        claimed[number] = claimed.get(number, 0) + movement["amount_minor"]
    for number, amount in credited.items():
        name = f"entry {number} ({in_month[number]['header']['external_id']})"
        report.check(number in claimed, name, "is in no line and no movement: one was dropped")
        told = claimed.get(number, amount)
        report.check(told == amount, name, f"lines and movements say {told}, its postings {amount}")


def _contracts(statement: Row, in_month: dict[int, Row], claimed: dict[int, int], report: Report) -> None:
    """Check what milestones of contracts brought, and add it to what is claimed of their entries."""
    for position, line in enumerate(statement.get("contracts", []), start=1):
        name = f"contract {line['contract']} ({line['title']})"
        report.check(line["contract"] == position, name, f"stands where contract {position} should")
        pay = sum(part["pay_minor"] for part in line["entries"])
        report.check(line["pay_minor"] == pay, name, f"pay_minor is not {pay}, as its entries say")
        report.check(line["gross_minor"] - line["fee_minor"] == pay, name, f"gross less the fee is not {pay}")
        for part in line["entries"]:
            number = part["entry"]
            report.check(number in in_month, name, f"entry {number} is missing or of another month")
            header = in_month[number]["header"] if number in in_month else {"kind": _PAID[0], "reference": ""}
            report.check(header["kind"] in _PAID, name, f"entry {number} is a {header['kind']}, neither pay nor taken")
            mine = number not in in_month or header["reference"] == line["reference"]
            report.check(mine, name, f"entry {number} is about {header['reference']}")
            claimed[number] = claimed.get(number, 0) + part["pay_minor"]


def _amounts(statement: Row, sums: tuple[int, int], in_month: dict[int, Row], report: Report) -> None:
    amounts, (opening, closing) = statement["amounts"], sums
    report.check(amounts["opening_minor"] == opening, "amounts", f"opening_minor is not {opening}, as accounts say")
    report.check(amounts["closing_minor"] == closing, "amounts", f"closing_minor is not {closing}, as accounts say")
    moved = sum(line["royalty_minor"] for line in statement["lines"])
    moved += sum(line["pay_minor"] for line in statement.get("contracts", []))
    moved += sum(movement["amount_minor"] for movement in statement["movements"])
    by_kind: dict[str, int] = {}
    for entry in in_month.values():
        kind = entry["header"]["kind"]
        by_kind[kind] = by_kind.get(kind, 0) - sum(p["amount_minor"] for p in entry["postings"])
    told = amounts["by_kind_minor"]
    for kind in sorted(by_kind.keys() | told.keys()):
        report.check(told.get(kind) == by_kind.get(kind), "amounts", f"{kind} is not {by_kind.get(kind, 0)}")
    end = amounts["opening_minor"] + moved
    report.check(end == amounts["closing_minor"], "amounts", f"opening and movements give {end} at closing")


def _withheld(statement: Row, report: Report) -> None:
    """Check the lines of withheld tax against its entries."""
    told = statement["amounts"]["by_kind_minor"]
    for column, kind, sign in (("amount_minor", "withheld", -1), ("returned_minor", "withholding_returned", 1)):
        total = sign * sum(row[column] for row in statement.get("withheld", []))
        report.check(told.get(kind, 0) == total, "withheld", f"{kind} is {told.get(kind, 0)}, its lines say {total}")


def _previous(statement: Row, previous: Row | None, report: Report) -> None:
    link = statement["head"]["previous"]
    if link is None:
        report.check(previous is None, "head", "names no statement before it, but one was given")
        for row in statement["accounts"]:
            begins = (row["opening_ordinal"], row["opening_balance_minor"]) == (0, 0)
            report.check(begins, f"account {row['account']}", "does not begin here, in the payee's first statement")
        return
    if previous is None:
        return
    report.check(link["sha256"] == row_hash(previous, "statement"), "previous statement", "is not the one named here")
    same = (statement["head"][name] == previous["head"][name] for name in ("payee", "currency"))
    report.check(all(same), "previous statement", "is of another payee or currency")
    opening, closed = statement["amounts"]["opening_minor"], previous["amounts"]["closing_minor"]
    report.check(opening == closed, "amounts", f"opening_minor is not {closed}, where the last statement closed")
    accounts = {row["account"]: row for row in statement["accounts"]}
    for before in previous["accounts"]:
        name, row = f"account {before['account']}", accounts.get(before["account"], {})
        follows = row.get("opening_ordinal") == before["closing_ordinal"]
        report.check(follows, name, f"does not go on after posting number {before['closing_ordinal']}")
        ahead = _booked_ahead(previous, before["account"])
        report.check(row.get("carried") == ahead, name, f"postings {ahead} were booked ahead in the last statement")
    for account, row in accounts.items():
        known = row["opening_ordinal"] == 0 or account in {before["account"] for before in previous["accounts"]}
        report.check(known, f"account {account}", "does not begin in this statement nor in the last")


def _booked_ahead(statement: Row, account: str) -> list[int]:
    return sorted(
        posting["ordinal"]
        for entry in statement["entries"]
        if entry["header"]["booked_at"] >= statement["head"]["until"]
        for posting in entry["postings"]
        if posting["account"] == account
    )


# ---------------------------------------------------------------- the command


def load(path: str) -> Row:
    """Read the file as JSON of whole numbers. A fraction, a repeated key or anything else is an error."""
    with open(path, "rb") as file:  # noqa: PTH123 - short, and pathlib is not needed for more
        return parse(file.read())


def parse(content: bytes) -> Row:
    """Read the same from bytes. Raises ValueError."""
    found = json.loads(content, parse_float=_refuse, parse_constant=_refuse, object_pairs_hook=_once)
    if not isinstance(found, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - one kind of error for all that cannot be read
    return found


def _refuse(text: str) -> None:
    raise ValueError(f"{text} is not a whole number")


def _once(pairs: list[tuple[str, Any]]) -> Row:
    if len(dict(pairs)) < len(pairs):
        raise ValueError(f"a key is there twice in {[name for name, _ in pairs]}")
    return dict(pairs)


def main(arguments: list[str]) -> int:
    """Print the verdict. Return 0 when proved, 1 when not, 2 when the command was wrong or the file is newer."""
    options: dict[str, str] = {}
    words = list(arguments)
    for name in ("--roots", "--previous"):
        if name in words[:-1]:
            at = words.index(name)
            options[name[2:]] = words[at + 1]
            del words[at : at + 2]
    if len(words) != 1:
        print(__doc__)  # noqa: T201 - a command
        return 2
    try:
        statement = load(words[0])
        if is_newer(statement):
            print(f"NEWER {statement['format']}: get the current verify_statement.py from the platform")  # noqa: T201
            return 2
        errors = verify(statement, **{name: load(path) for name, path in options.items()})
    except (ValueError, OSError) as error:
        errors = [f"file: cannot be read: {error}"]
    except (KeyError, TypeError, AttributeError) as error:
        errors = [f"file: a field is missing or of the wrong kind: {error!r}"]
    for wrong in errors:
        print(f"WRONG {wrong}")  # noqa: T201
    if errors:
        return 1
    counts = ", ".join(f"{len(statement[name])} {name}" for name in ("lines", "movements", "entries", "roots"))
    print(f"OK {statement['head']['statement']} {statement['head']['period']}: {counts}")  # noqa: T201
    if "roots" not in options:
        print("Compare the roots with the published ones: --roots roots.json")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
