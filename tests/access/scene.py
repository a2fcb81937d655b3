"""One of everything that an address may name, and nine people who ask for it."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.audit_registry import Area, verbs_of
from accounts.models import AuditEntry, Role, User
from accounts.services import data_copies, deletions, roles
from common import clock, storage
from common.periods import Month, Quarter
from helpdesk.services import send_request
from insight.market_reports.services import making
from publishing import author_terms
from publishing.collaboration.services import invitations
from publishing.digests.services import mails as digest_mails
from publishing.editing.models import WorkText
from publishing.editing.selectors import chapters
from publishing.models import ContributorRole, Edition
from publishing.passages.models import Match
from royalties.models import ItemState, JournalEntry, ReconciliationItem, Statement
from royalties.services import clearing, payouts, reconciliation_items
from storefront.checkout.models import Gift, Order
from storefront.reading.models import NoteImport
from storefront.reading.services.typos import TypoInput, report_typo
from storefront.sending.models import Device
from tests.access import community, contracts, hiring
from tests.factories.accounts import make_author, make_finance, make_moderator, make_operator, make_reader
from tests.factories.bulk import make_bulk_edit
from tests.factories.buying import buy
from tests.factories.claims import make_copy
from tests.factories.collaboration import make_collaborator, make_invitation
from tests.factories.comments import block_with, make_thread
from tests.factories.conversion import make_artifact, proof_zip
from tests.factories.copies import buy_copies
from tests.factories.editing import make_correction, make_text, patch_of
from tests.factories.insight import make_link
from tests.factories.offers import give, make_author_coupon, make_bundle, make_platform_coupon, token_of
from tests.factories.pictures import picture
from tests.factories.promotions import plan
from tests.factories.publishing import make_contributor, make_published_edition, make_split
from tests.factories.reading import make_note
from tests.royalties import closing
from tests.royalties.factories import make_lifted_hold, payout_account

# People whom the owner of the book invited to work on its text: the roles of `publishing.collaboration`, and a
# co-author who may publish.
COLLABORATORS = ("early_reader", "proofreader", "editor", "co_author", "publisher")
ACTORS = ("anon", "reader", "buyer", "author", "coauthor", "other", "moderator", "finance", "operator")

_UNKNOWN = "xyz_unknown"
_A_DAY = timedelta(days=1)


@dataclass
class Scene:
    """`values` are what addresses are filled with: by "local name:part", else by "prefix:part" or the part alone."""

    people: dict[str, User | None]
    collaborators: dict[str, User] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    data: dict[str, dict[str, str]] = field(default_factory=dict)  # query or form by the address's name

    def arguments(self, name: str, parts: list[str]) -> dict[str, Any]:
        name = name.rpartition(":")[2]
        prefix = name.split("-", maxsplit=1)[0]
        found = {}
        for part in parts:
            keys = (f"{name}:{part}", f"{prefix}:{part}", part)
            found[part] = next(self.values[key] for key in keys if key in self.values)
        return found


type Say = Callable[[str], str]


def build(say: Say = str) -> Scene:
    """The author's book with a co-author, bought by the buyer, its month closed; offers, a gift; a draft unseen.

    `say` may add something to whatever people write.
    """
    author, coauthor = make_author(display_name=say("Ada")), make_author(display_name=say("Ben"))
    told = {"subtitle": say("Wick and oil"), "description": say("A light."), "imprint": say("Harbour House")}
    book = make_published_edition(slug="the-lamp", title=say("The Lamp"), owner=author, **told)
    other_book = make_published_edition(slug="the-wick", title=say("The Wick"), owner=author)
    _draw(book)
    text = make_text(work=book.work, edition=book)
    owner_line = book.work.contributors.get(user=author)
    credited = make_contributor(book.work, user=coauthor, role=ContributorRole.AUTHOR, name=say("Ben"))
    agreement = make_split(book.work, {owner_line: 6000, credited: 4000})
    buyer, other = make_reader(display_name=say("Cleo")), make_author()
    people: dict[str, User | None] = {
        "anon": None,
        "reader": make_reader(),
        "buyer": buyer,
        "author": author,
        "coauthor": coauthor,
        "other": other,
        "moderator": make_moderator(),
        "finance": make_finance(),
        "operator": make_operator(),
    }
    order = buy(buyer, book)
    gift = give(buyer, other_book, message=say("For the train."))
    scene = Scene(people)
    scene.values = {
        **_of_works(book, credited.public_id, agreement.public_id),
        **_of_text(text, say),
        **_of_comments(text, say),
        **_of_buying(order, gift),
        **_of_copies(buy_copies(buyer, other_book, 2)[0]),
        **_of_offers(author, book, other_book, say),
        **community.values_of(book=book, buyer=buyer, say=say),
        **hiring.values_of(author=author, buyer=buyer, other=other, say=say),
        **_of_money(author, say),
        **_of_own_data(buyer),
        **_of_help(buyer, order, say),
        "typo_id": _typo(buyer, book, say),
        **_of_notes(buyer, book, say),
        **_of_staff(buyer),
        "figure:code": "ring_authors",
        "link:code": (link := make_link(book.work)).code,
        "embed:code": link.code,
        "embed:kind": "card",
        "make-link:public_id": book.work.public_id,
        **_of_collaboration(scene, book),
        "edit_id": make_bulk_edit(author, book.work, say("Wharf House")).public_id,
        **_of_passages(copied := make_copy(later=author, earlier=other)),
        "quarter": str(making.make_report(quarter=Quarter(2026, 3), at=clock.now()).quarter),
        **contracts.values_of(client=author, provider=other, work=book.work, say=say),
        **community.in_progress(author=author, coauthor=coauthor, say=say),
        **community.advance_copies(author=author, coauthor=coauthor, buyer=buyer, say=say),
        **community.suspensions(buyer=buyer, other=other, say=say),
        **community.claims(match=copied, say=say),
    }
    work = {"work": book.work.public_id}
    scene.data = {
        "earnings-fragment": work,
        "earnings-preview": {**work, "price_minor": "499", "currency": "USD"},
        "earnings-stage": {"currency": "USD"},
        "catalogue:bundle-works": {"work": other_book.work.public_id, "act": "add"},
        "catalogue:bundle-answer": {**work, "act": "agree"},
        "contracts:amendment": {"answer": "decline"},
        "offers:add-sample": {"title": "Page 1", "text": "Rain."},
        "conversations:blocked": {"person": author.public_id},
        "sending:send": {"device": Device.objects.get(owner=buyer).public_id},
        "library:status": {"status": "reading"},
        "library:finished": {"day": "2026-11-01"},
        "library:collected": {"act": "remove"},
        "library:book-collections": {"name": "Summer"},
        "comments:thread": {"body": "Because."},
        "comments:comment": {"body": "Why that word?"},
        "reading:plain-place": {"block": "1"},
        "reading:work-typo": {"state": "done"},
        "passages:match": {"answer": "remove"},
    }
    return scene


def _draw(book: Edition) -> None:
    """An uploaded cover, and drawn pages for one target."""
    content = picture(60, 96)
    sha256 = hashlib.sha256(content).hexdigest()
    name = storage.store(storage.private(), f"covers/{sha256[:2]}/{sha256}.png", io.BytesIO(content), sha256)
    book.work.cover_file = book.job.cover_file = name
    book.work.save(update_fields=["cover_file"])
    book.job.save(update_fields=["cover_file"])
    make_artifact(book.job, kind="proof", target="phone", content=proof_zip("phone"))


def _of_works(book: Edition, contributor_id: str, agreement_id: str) -> dict[str, Any]:
    job = book.job
    assert job is not None
    artifact = job.artifacts.exclude(kind="proof").first()
    assert artifact is not None
    return {
        "work:public_id": book.work.public_id,
        "edition:public_id": book.work.public_id,
        "edition_id": book.public_id,
        "manuscript_id": book.manuscript.public_id,
        "contributor_id": contributor_id,
        "agreement_id": agreement_id,
        "artifact_id": artifact.public_id,
        "version": author_terms.CURRENT,
        "work_id": book.work.public_id,
        "slug": book.work.slug,
        "chapter_id": "c1",
        "target": "phone",
        "code": "page.hyphens",
        "work-picture:artifact_id": job.artifacts.get(kind="proof").public_id,
        "work-picture:name": "pages/0001.png",
        "work-preview-file:name": "style.css",
        "path": "style.css",
        "sample-picture:name": "dot.png",
        "app-icon:size": 192,
        "author:public_id": book.work.owner.public_id,
    }


def _of_text(text: WorkText, say: Say) -> dict[str, Any]:
    """A correction of the text, and a chapter and a block as the text names them."""
    chapter = chapters.chapter_lines(text)[0].id
    return {
        "work-correction:correction_id": make_correction(text, patch_of(text, "keeper", say("warden"))).public_id,
        "work-correction:action": "undo",
        **{f"work-text-{page}:chapter_id": chapter for page in ("chapter", "document", "block")},
        "work-text-picture:asset": "0" * 64,
        "work-text-block:block_id": chapters.chapter_document(text, chapter)["blocks"][0]["id"],
    }


def _of_comments(text: WorkText, say: Say) -> dict[str, Any]:
    """The owner comments on words of the text."""
    thread = make_thread(text, words=say("warden"), body=say("Why this word?"))
    pages = ("threads", "at", "thread", "comment", "in-chapter", "block")
    chapter, block = block_with(text, say("warden"))
    return {
        **{f"{page}:public_id": text.work.public_id for page in pages},
        "thread_id": thread.public_id,
        "stop:token": urlsplit(digest_mails.stop_link(user=text.work.owner, work=text.work)).path.split("/")[-2],
        "comment_id": thread.comments.get().public_id,
        "thread:action": "reply",
        "comment:action": "edit",
        "in-chapter:chapter_id": chapter,
        "block:chapter_id": chapter,
        "block:block_id": block,
    }


def _of_buying(order: Order, gift: Gift) -> dict[str, Any]:
    line = order.lines.get()
    return {
        "order_id": order.public_id,
        "line_id": line.public_id,
        "token": token_of(gift),
        "download:token": _UNKNOWN,
        "session_id": order.payments.get().session_id,
        "payment_id": order.payments.get().public_id,
        "link_id": _UNKNOWN,
        "reference": line.public_id,
    }


def _of_copies(copy: Gift) -> dict[str, Any]:
    order_id = copy.line.order.public_id
    return {"order-copies:order_id": order_id, "order-copies-csv:order_id": order_id}


def _of_collaboration(scene: Scene, book: Edition) -> dict[str, Any]:
    """People of each role; an invitation that has no answer yet."""
    for name in COLLABORATORS:
        role = {"publisher": "co_author"}.get(name, name)
        found = make_collaborator(book.work, role, may_publish=name == "publisher")
        scene.collaborators[name] = found.person
    invited = make_invitation(book.work, "dora.invited@example.org")
    return {
        "collaborator_id": found.public_id,
        "again:collaborator_id": invited.public_id,
        "answer:token": invitations.token_of(invited),
        **{
            f"{name}:public_id": book.work.public_id
            for name in ("people", "change", "again", "end", "publish", "leave")
        },
    }


def _of_offers(author: User, book: Edition, other_book: Edition, say: Say) -> dict[str, Any]:
    bundle = make_bundle(book, other_book, title=say("The Coast"), description=say("Books by the sea."))
    return {
        "author-coupon-stop:coupon_id": make_author_coupon(author, book.work, code="OWN").public_id,
        "platform-coupon-stop:coupon_id": make_platform_coupon(code="OURS").public_id,
        "code-link:code": "OWN",
        "bundle_id": bundle.public_id,
        "bundle:slug": bundle.slug,
        "promotion_id": plan(book.work, begins_at=clock.now() + _A_DAY, ends_at=clock.now() + 2 * _A_DAY)[0].public_id,
    }


def _of_passages(match: Match) -> dict[str, Any]:
    """A book of the author has words of somebody else's book."""
    assert match.text.edition is not None
    return {"match_id": match.public_id, "match:public_id": match.text.edition.work.public_id}


def _of_own_data(buyer: User) -> dict[str, Any]:
    """The buyer's copy is made; somebody else's account is to be deleted."""
    now = clock.now()
    made = data_copies.request_copy(actor=buyer, at=now)
    data_copies.make_copy(copy_id=made.pk)
    leaving = deletions.request_deletion(actor=make_reader(), keeps_words=False, at=now)
    return {
        "data-copy:copy_id": made.public_id,
        "cancel-deletion:token": deletions.cancel_link(deletion=leaving).rstrip("/").rpartition("/")[2],
    }


def _of_notes(buyer: User, book: Edition, say: Say) -> dict[str, Any]:
    """A note of the buyer, one that the buyer deleted, and a file that is imported."""
    kept = make_note(buyer, book, "Rain fell", body=say("Mine."))
    deleted = make_note(buyer, book, "the water", deleted_at=clock.now())
    row = NoteImport.objects.create(user=buyer, file_name=say("notes.md"), state="ready", asked_at=clock.now())
    return {
        "note:uid": kept.uid,
        "note-restore:uid": deleted.uid,
        "note-import:import_id": row.public_id,
        "export:kind": "markdown",
    }


def _of_help(buyer: User, order: Order, say: Say) -> dict[str, Any]:
    asked = send_request(
        writer=buyer, email=buyer.email, topic="order", order=order, named_order="", body=say("Why?"), at=clock.now()
    )
    return {
        "help-topic:name": "orders",
        **{f"helpdesk-{what}:public_id": asked.public_id for what in ("request", "close")},
        "contact-request:public_id": asked.public_id,
    }


def _typo(buyer: User, book: Edition, say: Say) -> str:
    """A reader proposes other words for the first ones of the book."""
    told = TypoInput(0, 0, 3, "The", say("Some"), say("The first word."))
    return report_typo(actor=buyer, edition=book, told=told, at=clock.now()).public_id


def _of_staff(buyer: User) -> dict[str, Any]:
    """A role that an operator proposed; a person whom staff look up."""
    proposer, person = make_operator(), make_reader()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    proposed = roles.grant(actor=proposer, person=person, role=Role.FINANCE, at=clock.now())
    return {
        "staff-role-decide:grant_id": proposed.public_id,
        **{f"staff-{what}:public_id": buyer.public_id for what in ("person", "copy", "delete", "role-take")},
        "role": "moderator",
        "key": "people",
    }


def _of_money(author: User, say: Say) -> dict[str, Any]:
    """The month of the sale is closed, what cleared is proposed to be paid; a fee is open that nobody booked."""
    now = clock.now()
    later = now + timedelta(days=40)
    payout_account(author)
    with clock.frozen(later):
        clearing.clear_due(at=later)
        closing.close(period=Month(now.year, now.month), at=later)
        run = payouts.propose_run(actor=make_finance(), currency="USD", at=later)
        fee = _open_fee(say, later)
    statement = Statement.objects.get(user=author)
    hold = make_lifted_hold(author, say("A name differs."))
    of_statement = {
        f"{side}-statement{what}:public_id": statement.public_id
        for side in ("earnings", "finance")
        for what in ("", "-json", "-file", "-movement", "-figure", "-line")
    }
    return {
        **of_statement,
        **{f"finance-{what}:public_id": run.public_id for what in ("run", "approve", "cancel", "make-files")},
        **{f"finance-{what}:public_id": author.public_id for what in ("contributor", "person-hold", "payee-details")},
        **{f"{side}-statement-figure:name": "closing" for side in ("earnings", "finance")},
        **{f"{page}:public_id": hold.public_id for page in ("earnings-hold", "finance-hold-complaint")},
        "earnings-stage:name": "clearing",
        "public_id": _UNKNOWN,
        "entry_id": JournalEntry.objects.filter(postings__account__owner=author.pk).values_list("pk", flat=True)[0],
        "object_id": _UNKNOWN,
        "kind": "royalties",
        "position": 1,
        "number": 1,
        "audit:number": AuditEntry.objects.filter(verb__in=verbs_of(Area.MONEY)).values_list("pk", flat=True)[0],
        "form": "csv",
        "item_id": fee.pk,
        "finance-aside-decide:public_id": fee.set_asides.get().public_id,
        "row_id": 1,
        "warning_id": 1,
        "refund_id": _UNKNOWN,
        "dispute_id": _UNKNOWN,
        "endpoint": "platform",
        "verb": "dispute",
        "name": "receipt",
        "public-file:name": "none.webp",
    }


def _open_fee(say: Say, at: datetime) -> ReconciliationItem:
    """The provider took it, we did not book it: a person of finance asks to set it aside."""
    item = ReconciliationItem.objects.create(
        key="fee_x",
        currency="USD",
        kind="stripe_fee",
        provider_minor=-150,
        provider_at=at,
        state=ItemState.MISSING_HERE,
        opened_at=at,
    )
    until = at + timedelta(days=10)
    reconciliation_items.explain(
        actor=make_finance(), item=item, reason=say("A fee of theirs."), seen=0, until=until, at=at
    )
    return item


@dataclass(frozen=True)
class Address:
    """What `reverse` takes: a name after its namespace, and the parts, those of prefixes it is mounted under too."""

    name: str
    parts: list[str]
    pattern: URLPattern


def addresses() -> list[Address]:
    """Every address with a name, of ours and of the packages that we mount."""
    return list(_walk(get_resolver(), "", []))


def patterns() -> dict[str, list[str]]:
    """Every address of ours by its name, with the parts it is filled with. allauth's own are its business."""
    found = addresses()
    return {one.name: one.parts for one in found if not one.pattern.callback.__module__.startswith("allauth")}


def _walk(resolver: URLResolver, space: str, before: list[str]) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        parts = [*before, *_parts(pattern)]
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space, parts)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield Address(space + pattern.name, parts, pattern)


def _parts(pattern: URLPattern | URLResolver) -> list[str]:
    return list(pattern.pattern.converters) or list(pattern.pattern.regex.groupindex)
