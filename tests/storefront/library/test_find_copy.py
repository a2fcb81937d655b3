"""The command that finds whose copy a file is: for operators, recorded whatever it finds."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command

from accounts import audit_registry
from accounts.models import AuditEntry
from common import clock
from storefront.library.models import WatermarkedCopy
from storefront.library.services import watermarks
from tests.conversion.watermark.stamped import novel, rewritten
from tests.factories.accounts import make_finance, make_member, make_moderator, make_operator, make_reader
from tests.factories.buying import buy
from tests.factories.guests import buy_as_guest
from tests.storefront.library.test_watermarks import fetch, make_marked

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("postman")]


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def operator(db):
    return make_operator()


@pytest.fixture
def copies(client):
    """Two readers' files of one book, and the book."""
    book, files = make_marked(), {}
    for reader in (make_member(), make_reader()):
        buy(reader, book)
        client.force_login(reader)
        files[reader] = fetch(client, book)
    return files


def search(tmp_path, capsys, content: bytes, by, *options: str) -> str:
    path = tmp_path / "found.epub"
    path.write_bytes(content)
    call_command("find_copy", path, "--by", by.email, *options)
    return capsys.readouterr().out


def test_names_the_order_and_the_buyer_and_is_recorded(tmp_path, capsys, operator, copies):
    (first, content), (other, _content) = copies.items()
    out = search(tmp_path, capsys, content, operator)
    copy = WatermarkedCopy.objects.get(entitlement__user=first)
    assert f"order {copy.line.order.public_id}, bought by {first.email}" in out
    assert "line, cover, package" in out
    assert other.email not in out
    searched, named = AuditEntry.objects.filter(verb__startswith="copy.").order_by("pk")
    assert (searched.verb, searched.actor, searched.facts["named"]) == ("copy.searched", operator, 1)
    assert (named.verb, named.subject_id, named.about_id) == ("copy.named", copy.public_id, first.pk)
    assert {"copy.searched", "copy.named"} <= set(audit_registry.staff_only_verbs())


def test_says_that_it_is_nobodys_and_records_that_too(tmp_path, capsys, operator, copies):
    out = search(tmp_path, capsys, novel(), operator)
    assert "Nobody is named: the nearest copy has" in out
    assert not any(reader.email in out for reader in copies)
    assert [(entry.verb, entry.facts["named"]) for entry in AuditEntry.objects.filter(verb__startswith="copy.")] == [
        ("copy.searched", 0)
    ]


def test_one_kind_of_mark_is_a_hint_without_a_name(tmp_path, capsys, operator, copies):
    copy = WatermarkedCopy.objects.select_related("entitlement__line__order").first()
    line = f"<p>{copy.number}</p></body>".encode()
    forged = rewritten(novel(), lambda _name, content: content.replace(b"</body>", line))
    out = search(tmp_path, capsys, forged, operator)
    assert f"A hint at copy {copy.public_id}" in out
    assert "Nobody is named" in out
    assert copy.entitlement.user.email not in out


def test_a_file_without_dashes_says_so(tmp_path, capsys, operator, copies):
    bare = rewritten(novel(), lambda name, content: content if name.endswith("opf") else None)
    assert "too few dashes (36 are needed)" in search(tmp_path, capsys, bare, operator)


def test_answers_in_json(tmp_path, capsys, operator, copies):
    (first, content), _other = copies.items()
    answer = json.loads(search(tmp_path, capsys, content, operator, "--json"))
    assert [one["email"] for one in answer["named"]] == [first.email]
    assert answer["named"][0]["verdict"] == "named"
    assert answer["named"][0]["agreeing"] == answer["dashes"] > 36
    assert answer["hints"] == []
    assert answer["compared"] == 2


def test_names_a_guest_by_the_address_that_they_bought_with(tmp_path, capsys, operator):
    book = make_marked()
    order = buy_as_guest(book)
    epub = book.job.artifacts.get(kind="epub")
    copy = watermarks.copy_for(reader=order.buyer, work=book.work, artifact=epub, at=clock.now())
    with watermarks.open_marked(epub, copy) as file:
        out = search(tmp_path, capsys, file.read(), operator)
    assert f"bought by {order.buyer.guest.email} " in out


@pytest.mark.parametrize("make", [make_moderator, make_finance, make_reader])
def test_is_for_operators_alone(tmp_path, capsys, copies, make):
    with pytest.raises(CommandError):
        search(tmp_path, capsys, next(iter(copies.values())), make())
    assert not AuditEntry.objects.filter(verb__startswith="copy.").exists()


def test_an_operator_without_a_second_factor_finds_nothing(tmp_path, capsys, operator, copies, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    with pytest.raises(CommandError):
        search(tmp_path, capsys, novel(), operator)


def test_refuses_what_it_cannot_read_and_who_is_nobody(tmp_path, capsys, operator):
    with pytest.raises(CommandError, match="is not an EPUB"):
        search(tmp_path, capsys, b"%PDF-1.7", operator)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("find_copy", tmp_path / "missing.epub", "--by", operator.email)
    with pytest.raises(CommandError, match="no account"):
        call_command("find_copy", tmp_path / "found.epub", "--by", "nobody@example.org")
