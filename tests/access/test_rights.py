"""Who may do what, by deed (rights.tsv): each cell is asked by real requests.

A done, P done once the password is given again, L sent to the log-in, D refused, N hidden, S sent to the sample. With a
plus the audit log has an entry more; R+ asks for a reason first, writes it down, and then does it. The moderator has an
open case about the book.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry
from common import clock
from publishing.models import Work
from royalties.models import Statement
from storefront.community.models import ReviewCase
from tests.access.scene import ACTORS, Scene, build, patterns
from tests.support.standing import Standing

pytestmark = pytest.mark.django_db

_TABLE = Path(__file__).parent / "rights.tsv"
_REASON = "Complaint 4711"

# What is done: an address by its name, or one for some people and another for the rest.
_OFFICE = ("finance", "operator")
_DEEDS: dict[str, dict[str, str]] = {
    "look at a book on sale": {"*": "GET pages:book"},
    "read the sample": {"*": "GET reading:sample"},
    "see the desk page of a book": {"*": "GET work"},
    "fetch the uploaded manuscript": {"*": "GET work-manuscript-file"},
    "upload another manuscript": {"*": "POST work-manuscript"},
    "see how the files were made": {"*": "GET work-proof"},
    "download a file of the book": {"*": "GET library:file"},
    "read the whole book": {"*": "GET reading:read"},
    "read a reader's notes": {"*": "GET reading:note"},
    "change a reader's note": {"*": "POST reading:note"},
    "change the details": {"*": "POST work-details"},
    "change the price": {"*": "POST work-price"},
    "see the sale of a book": {"*": "GET earnings-sale", **dict.fromkeys(_OFFICE, "GET finance-sale")},
    "read the author's statement": {
        "*": "GET earnings-statement",
        **dict.fromkeys(_OFFICE, "GET finance-statement"),
    },
    "see a payout account": {
        "*": "GET earnings-account",
        **dict.fromkeys(("other", *_OFFICE), "GET finance-contributor"),
    },
    "change a payout account": {"*": "POST earnings-account-start"},
    "propose a payout run": {"*": "POST finance-propose"},
    "approve another's payout run": {"*": "POST finance-approve"},
    "give back one's order": {"*": "GET checkout:order-refund"},
    "decide refunds of others": {"*": "POST office:give-back"},
    "make a coupon as an author": {"*": "GET checkout:author-coupons"},
    "stop the author's coupon": {"*": "POST checkout:author-coupon-stop"},
    "make a coupon of the shop": {"*": "POST checkout:platform-coupons"},
    "write a review": {"*": "GET community:review"},
    "decide about a review": {"*": "GET community:moderation-case"},
    "see what was decided of one's review": {"*": "GET community:review-case"},
    "read reports of finance": {"*": "GET finance-statements"},
    "list people": {"*": "GET staff-people"},
    "open a person": {"*": "GET staff-person"},
    "act as somebody else": {"*": "POST /staff/people/{public_id}/impersonate/"},
    "get a copy of one's data": {"*": "GET your-data"},
    "have a copy made for somebody": {"*": "POST staff-copy"},
    "send an event without its signature": {"*": "POST webhook"},
    "read the audit log": {"*": "GET audit-log"},
    "see what was done on one's own account": {"*": "GET activity"},
}
_FORMS = {"finance-propose": {"currency": "JPY"}, "staff-copy": {"reason": _REASON}}


@pytest.fixture(scope="module", autouse=True)
def standing_scene(standing: Standing) -> Scene:
    return standing(lambda: _with_case(build()))


@pytest.fixture
def scene(db: None, standing_scene: Scene) -> Scene:
    return deepcopy(standing_scene)


def _with_case(scene: Scene) -> Scene:
    """A reader has reported the book, and no moderator has decided yet."""
    work = Work.objects.get(public_id=scene.values["work:public_id"])
    ReviewCase.objects.create(work=work, reported="book", writer=work.owner, opened_at=clock.now())
    return scene


def rows() -> Iterator[tuple[str, dict[str, str]]]:
    with _TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            yield row["what"], {actor: row[actor] for actor in ACTORS}


def test_every_deed_is_in_the_table() -> None:
    assert [what for what, _cells in rows()] == list(_DEEDS)


@pytest.mark.parametrize("actor", ACTORS)
def test_everybody_may_do_what_the_table_says(scene: Scene, actor: str) -> None:
    client, wrong = Client(raise_request_exception=False), []
    if (person := scene.people[actor]) is not None:
        client.force_login(person)
    cookies = client.cookies.copy()
    for what, cells in rows():
        client.cookies = cookies.copy()
        before = transaction.savepoint_create()
        got = _done(client, scene, _DEEDS[what].get(actor, _DEEDS[what]["*"]))
        transaction.savepoint_rollback(before)
        if got != cells[actor]:
            wrong.append(f"{what}: {got}, not {cells[actor]}")
    assert not wrong, "\n".join(wrong)


def _done(client: Client, scene: Scene, deed: str) -> str:
    """The cell that the deed turns out to be."""
    method, name = deed.split()
    before = _reads()
    response = _ask(client, scene, method, name)
    is_asked = "/staff/why/" in response.get("Location", "")
    if is_asked:
        assert _reads() == before, "nothing is read before the reason is given"
        client.post(response["Location"], {"reason": _REASON})
        response = _ask(client, scene, method, name)
        assert AuditEntry.objects.order_by("-pk")[0].facts["reason"] == _REASON
    letter = "R" if is_asked and _letter(response) == "A" else _letter(response)
    return letter + ("+" if _reads() > before else "")


def _reads() -> int:
    """Entries of the log that say who saw what of whom."""
    verbs = ("work.read", "finance.read", "people.listed", "person.read", "data_copy.asked")
    return AuditEntry.objects.filter(verb__in=verbs).count()


def _ask(client: Client, scene: Scene, method: str, name: str) -> HttpResponse:
    if name.startswith("/"):
        address = name.format(public_id=scene.values["staff-person:public_id"])
    else:
        address = reverse(name, kwargs=scene.arguments(name, patterns()[name]))
    ask = client.get if method == "GET" else client.post
    response = ask(address, _FORMS.get(name, {}) if method == "POST" else scene.data.get(name, {}))
    for close in response._resource_closers:  # not `close()`: it would end the test's transaction as well
        close()
    return response


def _letter(response: HttpResponse) -> str:
    if response.status_code == 302:
        target = response["Location"]
        for part, letter in (("/accounts/login/", "L"), ("/reauthenticate/", "P"), ("/sample/", "S")):
            if part in target:
                return letter
    assert response.status_code in {200, 302, 400, 403, 404, 409, 422}, response.status_code
    if response.status_code == 400:  # a form would be at fault
        return "D" if "/webhooks/" in response.wsgi_request.path else "400"
    return {403: "D", 404: "N"}.get(response.status_code, "A")


def test_a_statement_is_there_to_read(scene: Scene) -> None:
    assert Statement.objects.filter(user=scene.people["author"]).exists()
