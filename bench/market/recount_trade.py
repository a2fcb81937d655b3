"""The second count of supply and demand, of first and further sales and contracts, and of leakage."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime

from bench.market.rows import DAY, Counted, Row, Rows, midnight, rounded, share, week_end, whole


def _fives(people: dict[str, set[int]]) -> dict[str, int]:
    return {cell: 5 * ((2 * len(who) + 5) // 10) for cell, who in people.items() if len(who) >= 5}


def plain(counts: dict[str, int]) -> Counted:
    return {cell: (count, count) for cell, count in counts.items()}


def _language(tag: str) -> str:
    return tag.split("-", maxsplit=1)[0]


def works_on_sale(rows: Rows) -> dict[str, int]:
    listed = [row for row in rows.of("catalogue_listing") if row["is_on_sale"]]
    return dict(Counter(f"{row['subject']}|{_language(row['language'])}" for row in listed))


def buyers(rows: Rows, first: date) -> dict[str, int]:
    start, end = midnight(first), midnight(first) + 28 * DAY
    orders, editions, works = (rows.by_id(t) for t in ("checkout_order", "publishing_edition", "publishing_work"))
    people: dict[str, set[int]] = defaultdict(set)
    for line in rows.of("checkout_orderline"):
        order = orders[line["order_id"]]
        if order["state"] == "paid" and line["paid_minor"] and start <= order["paid_at"] < end:
            work = works[editions[line["edition_id"]]["work_id"]]
            people[f"{work['subject'][:2]}|{_language(work['language'])}"].add(order["buyer_id"])
    return _fives(people)


def offers(rows: Rows, first: date) -> dict[str, int]:
    people = rows.by_id("accounts_user")
    providers = {row["user_id"]: row for row in rows.of("offers_provider")}
    after = first + 28 * DAY
    languages: dict[int, set[str]] = defaultdict(set)
    for row in rows.of("offers_offerlanguage"):
        languages[row["offer_id"]].add(_language(row["language"]))
    found: Counter[str] = Counter()
    for offer in rows.of("offers_offer"):
        provider = providers.get(offer["provider_id"])
        if provider is None or offer["state"] != "public" or not offer["places"] or not provider["is_available"]:
            continue
        is_back = provider["away_until"] is None or provider["away_until"] < after
        if people[offer["provider_id"]]["is_active"] and is_back:
            found.update(f"{offer['kind']}|{language}" for language in languages[offer["id"]])
    return dict(found)


def askers(rows: Rows, first: date) -> dict[str, int]:
    start, end = midnight(first), midnight(first) + 28 * DAY
    people: dict[str, set[int]] = defaultdict(set)
    for row in rows.of("hiring_requests_servicerequest"):
        if start <= row["opened_at"] < end:
            people[f"{row['kind']}|{_language(row['language'])}"].add(row["client_id"])
    return _fives(people)


def pressure(supply: dict[str, int], demand: dict[str, int]) -> Counted:
    there, people = sum(supply.values()), sum(demand.values())
    found: Counted = {}
    for cell, wanted in demand.items():
        halves = max(2 * supply.get(cell, 0), 1)
        found[cell] = (rounded(200 * wanted * there, people * halves), wanted)
    return found if there else {}


def _median(waits: list[tuple[int, bool]]) -> Counted:
    """Kaplan and Meier, in floating point: the first day by which half have it."""
    alive = 1.0
    for day in sorted({days for days, _had in waits}):
        at_risk = sum(days >= day for days, _had in waits)
        had = sum(days == day and has for days, has in waits)
        alive *= 1 - had / at_risk
        if alive <= 0.5 + 1e-12:
            return whole(day, len(waits))
    return whole(None, len(waits))


def _waited(out: dict[int, datetime], first: dict[int, datetime], end: datetime) -> Counted:
    new = {key: at for key, at in out.items() if end - 365 * DAY <= at < end}
    return _median([(max((first.get(key, end) - at) // DAY, 0), key in first) for key, at in new.items()])


def _firsts(pairs: Iterable[tuple[int, datetime]], end: datetime) -> dict[int, datetime]:
    found: dict[int, datetime] = {}
    for key, at in pairs:
        if at < end and (key not in found or at < found[key]):
            found[key] = at
    return found


def first_sale(rows: Rows, first: date) -> Counted:
    end = week_end(first)
    return _waited(rows.out, _firsts(((one["work"], one["sold_at"]) for one in rows.copies), end), end)


def first_hire(rows: Rows, first: date) -> Counted:
    end = week_end(first)
    offered = [(row["provider_id"], row["published_at"]) for row in rows.of("offers_offer") if row["published_at"]]
    hired = [(row["provider_id"], row["opened_at"]) for row in rows.of("contracts_contract")]
    return _waited(_firsts(offered, datetime.max.replace(tzinfo=UTC)), _firsts(hired, end), end)


def new_books_sold(rows: Rows, first: date) -> Counted:
    end = week_end(first)
    new = {work for work, at in rows.out.items() if end - 60 * DAY <= at < end - 30 * DAY}
    return {"": share(len(new & {one["work"] for one in rows.kept(end)}), len(new))}


def _again(times: Iterable[tuple[int, datetime]], end: datetime, within: int, cohort: int) -> Counted:
    by_person: dict[int, list[datetime]] = defaultdict(list)
    for person, at in times:
        by_person[person].append(at)
    new = came = 0
    for moments in by_person.values():
        moments.sort()
        if end - (within + cohort) * DAY <= moments[0] < end - within * DAY:
            new += 1
            came += len(moments) > 1 and moments[1] - moments[0] <= within * DAY
    return {"": share(came, new)} if new >= 5 else whole(None, 0)


def readers_again(rows: Rows, first: date) -> Counted:
    paid = [row for row in rows.of("checkout_order") if row["state"] == "paid" and row["total_minor"]]
    return _again(((row["buyer_id"], row["paid_at"]) for row in paid), week_end(first), 90, 28)


def clients_again(rows: Rows, first: date) -> Counted:
    contracts = ((row["client_id"], row["opened_at"]) for row in rows.of("contracts_contract"))
    return _again(contracts, week_end(first), 180, 91)


def authors_again(rows: Rows, first: date) -> Counted:
    works = rows.by_id("publishing_work")
    return _again(((works[work]["owner_id"], at) for work, at in rows.out.items()), week_end(first), 365, 91)


def _accepted(rows: Rows) -> dict[str, Row]:
    """Return the invitation of each contract."""
    invitations = rows.by_id("hiring_requests_invitation")
    return {
        row["contract"]: invitations[row["invitation_id"]]
        for row in rows.of("hiring_requests_proposal")
        if row["state"] == "accepted"
    }


def requests_filled(rows: Rows, first: date) -> Counted:
    end = week_end(first)
    asked = {
        row["id"]: row["opened_at"]
        for row in rows.of("hiring_requests_servicerequest")
        if end - 42 * DAY <= row["opened_at"] < end - 14 * DAY
    }
    filled = set()
    for name, invitation in _accepted(rows).items():
        request = invitation["request_id"]
        contract = rows.contract_of.get(name)
        for step in rows.of("contracts_milestone"):
            is_paid = contract and step["contract_id"] == contract["id"] and step["funded_at"]
            if request in asked and is_paid and step["funded_at"] <= asked[request] + 14 * DAY:
                filled.add(request)
    return {"": share(len(filled), len(asked))}


def offers_used(rows: Rows, first: date) -> Counted:
    end, people = week_end(first), rows.by_id("accounts_user")
    out = {
        row["id"]
        for row in rows.of("offers_offer")
        if row["state"] == "public" and people[row["provider_id"]]["is_active"] and row["published_at"] < end - 90 * DAY
    }
    used = {
        invitation["offer_id"]
        for name, invitation in _accepted(rows).items()
        if end - 90 * DAY <= rows.contract_of[name]["opened_at"] < end
    }
    return {"": share(len(out & used), len(out))}


def _steps(rows: Rows) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows.of("contracts_milestone"):
        found[row["contract_id"]].append(row)
    return found


def not_paid(rows: Rows, first: date) -> Counted:
    end, steps = week_end(first), _steps(rows)
    opened = [
        row
        for row in rows.of("contracts_contract")
        if row["currency"] and end - 42 * DAY <= row["opened_at"] < end - 14 * DAY
    ]
    paid = sum(
        any(step["funded_at"] and step["funded_at"] <= row["opened_at"] + 14 * DAY for step in steps[row["id"]])
        for row in opened
    )
    return {"": share(len(opened) - paid, len(opened))}


def left_after_first(rows: Rows, first: date) -> Counted:
    end, steps = week_end(first), _steps(rows)
    threads = rows.by_id("comments_thread")
    acts = [(row["work_id"], row["author_id"], row["made_at"]) for row in rows.of("editing_correction")]
    acts += [
        (threads[row["thread_id"]]["work_id"], row["author_id"], row["written_at"])
        for row in rows.of("comments_comment")
    ]
    left = of = 0
    for row in rows.of("contracts_contract"):
        if not row["currency"] or row["ended_at"] is None or not end - 91 * DAY <= row["ended_at"] < end:
            continue
        in_order = sorted(steps[row["id"]], key=lambda step: step["position"])
        paid = [bool(step["funded_at"]) for step in in_order]
        if len(paid) < 2 or paid != [True, *[False] * (len(paid) - 1)]:
            continue
        of += 1
        left += any(
            (work, who) == (row["work_id"], row["provider_id"]) and row["ended_at"] < at < end for work, who, at in acts
        )
    return {"": share(left, of)}


# ---------------------------------------------------------------- searches


def _sheet(rows: Rows, first: date) -> list[Row]:
    sheets = {row["id"] for row in rows.of("searches_weeksheet") if row["week"] == first}
    return [row for row in rows.of("searches_gapcell") if row["sheet_id"] in sheets]


def _searched(row: Row) -> str:
    if row["service"] and row["subject"]:
        return f"{row['service']}+{row['subject']}|{row['language']}"
    return f"{row['service'] or row['subject']}|{row['language']}"


def gaps(rows: Rows, first: date) -> Counted:
    return {_searched(row): (row["found_little"], row["people"]) for row in _sheet(rows, first) if row["found_little"]}


def found_little(rows: Rows, first: date) -> Counted:
    return {_searched(row): share(row["found_little"], row["people"]) for row in _sheet(rows, first)}


def search_fill(rows: Rows, first: date) -> Counted:
    """Count the sheet of books; what a sheet says of its searches is counted again by `insight.searches`."""
    books = [row for row in _sheet(rows, first) if not row["service"]]
    return {"": share(sum(row["opened"] for row in books), sum(row["searches"] for row in books))}
