"""A reader and author with a bit of everything that the schedule knows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.usersessions.models import UserSession

from accounts.models import CopyState, DataCopy, RoleGrant, User
from accounts.services import refused_attempts
from common import clock
from common.models import OutboxMessage, PendingMail
from common.periods import Month
from helpdesk.services import send_request
from hiring.contracts import services as contracts
from hiring.contracts.models import FundClaim
from hiring.conversations.models import Conversation, SeenElsewhere
from hiring.conversations.services import blocks
from hiring.funding.models import BankDispute, MilestoneEvidence, MilestonePayment, MilestoneRefund
from hiring.offers.models import Provider
from hiring.offers.services import samples
from hiring.requests.services import proposals
from hiring.reviews.services import reviews
from hiring.service_kinds import ServiceKind
from insight.figures.models import LastLook, OwnerDay
from payments.gateway import Evidence
from payments.rails import Beneficiary
from publishing.comments.services import threads
from publishing.models import (
    Edition,
    FindingOverride,
    HouseDefaults,
    OldAddress,
    PlannedRelease,
    Series,
    TerritoryChange,
    Work,
)
from publishing.passages.models import Answer
from publishing.passages.services import answers
from royalties.models import (
    BankRow,
    BankStatement,
    CertificateState,
    DisputedSale,
    DisputeHold,
    ExchangeRate,
    FeePlan,
    JournalEntry,
    MilestoneRecord,
    MilestoneSettlement,
    MilestoneTaking,
    PayableConversion,
    Payout,
    PlanMembership,
    Reserve,
    ReserveRule,
    Reversal,
    SaleDispute,
    SaleRecord,
    SaleRefund,
    SaleShare,
    Statement,
    StatementContractLine,
    TaxCertificate,
    Withholding,
    WithholdingReturn,
)
from royalties.services import bank_details, clearing, payee_details, payouts
from royalties.services.payee_details import StatedDetails
from storefront.advance_copies.models import Copy, Refusal
from storefront.advance_copies.services import copies, links
from storefront.checkout.cart.services import carts
from storefront.checkout.entitlements.services import access_log
from storefront.checkout.guests.services import guests
from storefront.checkout.models import (
    Dispute,
    EvidencePack,
    FraudWarning,
    Gift,
    Withdrawal,
    WithdrawalOutcome,
    WithdrawnLine,
)
from storefront.checkout.refunds import services as refunds
from storefront.community.models import Report, ReviewCase, ReviewFlag, ReviewVouch, Standing, Visibility
from storefront.community.services import helpful_votes, replies, shelves
from storefront.in_progress.services import showings
from storefront.library.models import (
    AlertKind,
    EditionMailing,
    EditionMailStop,
    EditionNotice,
    FollowNotice,
    NewBookMail,
    Wish,
    WishAlert,
)
from storefront.library.services import follows
from storefront.newsletters.models import Delivery
from storefront.newsletters.services import subscriptions
from storefront.reading.services import devices, places
from tests.factories.accounts import make_author, make_finance, make_reader
from tests.factories.advance_copies import make_copy, make_draft
from tests.factories.advance_copies import make_offer as make_offer_of_copies
from tests.factories.bulk import make_bulk_edit
from tests.factories.buying import buy, make_book
from tests.factories.collaboration import make_collaborator, make_invitation
from tests.factories.comments import make_thread
from tests.factories.conversations import make_conversation, send
from tests.factories.editing import make_correction, make_page_description, make_picture, make_text, patch_of
from tests.factories.guests import buy_as_guest
from tests.factories.hiring import make_offer, make_request, proposal_input
from tests.factories.insight import make_link, make_subscription
from tests.factories.newsletters import make_issue
from tests.factories.offers import (
    add_gift,
    give,
    make_author_coupon,
    make_awaited,
    make_bundle,
    make_platform_coupon,
    use_code,
)
from tests.factories.passages import make_match
from tests.factories.promotions import plan
from tests.factories.publishing import make_contributor, make_edition, make_published_edition, make_split, make_work
from tests.factories.trust import make_review
from tests.hiring.contracts.factories import a_stored_file, deliver, fund, make_contract
from tests.privacy.claims_scene import leave_claimed_shares, leave_claims
from tests.privacy.decided_scene import decided
from tests.privacy.reading_scene import leave_reading
from tests.royalties import closing
from tests.royalties.factories import make_lifted_hold

NAME, EMAIL, BIO = "Petra Quillfeather", "petra.quillfeather@example.net", "Keeps bees beside the Unstrut."
ADDRESS = "203.0.113.77"
GUEST_EMAIL = "petra.before@example.net"
AUNT, AUNT_WORDS = "aunt.greta@example.net", "For the long train to Narvik."
WORDS = "I read it twice beside the beehives."
IBAN = "DE89370400440532013000"
PERSONAL = (NAME, EMAIL, BIO, ADDRESS, GUEST_EMAIL, AUNT, AUNT_WORDS, WORDS, IBAN)

_DETAILS = StatedDetails(
    is_business=False,
    name="Perdita Palimpsest",
    birth_date="1984-02-29",
    registration_number="",
    address="1 Quay Street",
    country="DE",
    tax_number="12345678901",
    birth_place="",
    vat_number="",
)


def somebody(*, with_rest: bool = False) -> User:
    """The person, whose words are `WORDS` wherever they wrote any, and books that are in order.

    `with_rest` adds rows by hand that no purchase brings, and that no ledger would agree with.
    """
    person = make_author(display_name=NAME, email=EMAIL, bio=BIO, country="DE", language="en")
    person.set_password("bees beside a river")
    person.save()
    _account(person)
    book = make_published_edition(slug="the-hive", title="The Hive", owner=person)
    plan(book.work, begins_at=clock.now() + timedelta(days=1), ends_at=clock.now() + timedelta(days=2))
    _buying(person)
    leave_reading(person, book, name=NAME, words=WORDS)
    _community(person, book)
    _publishing(person, book)
    leave_claims(person, name=NAME, words=WORDS)
    _hiring(person)
    make_link(book.work, label=WORDS)
    OwnerDay.objects.create(owner=person, day=clock.now().date(), views=3)
    LastLook.objects.create(user=person, at=clock.now(), before=clock.now())
    _talking(person)
    _contracts(person)
    finance = _earning(person, book)
    if with_rest:
        _rest(person, finance)
    return person


def _account(person: User) -> None:
    address = EmailAddress.objects.get(user=person, email=EMAIL)
    EmailConfirmation.objects.create(email_address=address, key="a-key", created=clock.now())
    RecoveryCodes.activate(person)
    refused_attempts.note_login(verb="login.wrong_password", email=EMAIL, place=ADDRESS)
    UserSession.objects.create(user=person, ip=ADDRESS, session_key="s" * 32, user_agent=f"Mosaic of {NAME}")
    OutboxMessage.objects.create(to=EMAIL, subject=f"To {NAME}", text="", sent_at=clock.now())
    PendingMail.objects.create(to=EMAIL, subject=f"To {NAME}", made_at=clock.now(), due_at=clock.now())
    send_request(writer=person, email=EMAIL, topic="other", order=None, named_order="", body=WORDS, at=clock.now())
    DataCopy.objects.create(user=person, asked_at=clock.now() - timedelta(days=3), state=CopyState.FAILED)
    RoleGrant.objects.create(person=person, role="moderator", granted_at=clock.now(), ended_at=clock.now())
    order = buy_as_guest(email=GUEST_EMAIL)
    guests.claim(actor=person, guest_id=order.buyer.public_id, link_version=1, at=clock.now())


def _buying(person: User) -> None:
    lamp = make_published_edition(slug="the-lamp", title="The Lamp")
    carts.add_edition(actor=person, cart_id="", edition_id=lamp.public_id, currency="USD", at=clock.now())
    person.refresh_from_db()
    use_code(person, make_platform_coupon(code="BEES"))
    order = buy(person)
    line = order.lines.get(edition=lamp)
    access_log.record_download(actor=person, work=lamp.work, detail="lamp.epub", address=ADDRESS, at=clock.now())
    access_log.record_reading(
        actor=person, work=lamp.work, detail="c1", fraction_bps=4200, address=ADDRESS, at=clock.now()
    )
    plain = devices.plain_pages(person, at=clock.now())
    places.save_last(device=plain, work=lamp.work, edition=lamp, block=None, share_bps=4200, at=clock.now())
    payment = order.payments.get()
    refunds.request_refund(actor=person, line=line, reason=WORDS, at=clock.now())
    withdrawal = Withdrawal.objects.create(order=order, name=NAME, email=EMAIL, declared_at=clock.now())
    WithdrawnLine.objects.create(withdrawal=withdrawal, line=line, outcome=WithdrawalOutcome.RETURNED)
    gift = give(person, make_book(), recipient=AUNT, message=AUNT_WORDS)
    Gift.objects.filter(pk=gift.pk).update(redeemed_by=make_reader(), redeemed_at=clock.now())
    awaited = make_awaited()
    carts.add_edition(actor=person, cart_id="", edition_id=awaited.public_id, currency="USD", at=clock.now())
    buy(person)
    dispute = Dispute.objects.create(
        payment=payment,
        provider_dispute_id="dp_privacy",
        status="lost",
        reason="fraudulent",
        amount_minor=1,
        currency="USD",
        opened_at=clock.now(),
        decided_at=clock.now(),
    )
    EvidencePack.objects.create(
        dispute=dispute,
        number=1,
        state="sent",
        fields=Evidence(customer_name=NAME, customer_email_address=EMAIL, customer_purchase_ip=ADDRESS),
        receipt=NAME.encode(),
        documentation=NAME.encode(),
        created_at=clock.now(),
    )
    FraudWarning.objects.create(
        provider_warning_id="w_privacy", payment=payment, kind="made_up", is_actionable=True, warned_at=clock.now()
    )
    add_gift(person, make_book(), recipient=AUNT, message=AUNT_WORDS)


def _talking(person: User) -> None:
    other = make_reader()
    talk = make_conversation(person, other)
    Conversation.objects.update(subject="")  # about nothing in particular
    send(person, talk, WORDS, files={"hive.txt": WORDS.encode()})
    blocks.block(actor=person, other=make_reader(), at=clock.now())
    SeenElsewhere.objects.create(user=person, thing="thr_hive", seen_at=clock.now())


def _community(person: User, book: Edition) -> None:
    at = clock.now()
    kept = make_published_edition(title="The Wick")
    make_review(edition=kept, user=person, body=WORDS)
    theirs = make_review(edition=book, body="Buzzing.")
    replies.write_reply(actor=person, review=theirs, body=WORDS, at=at)
    strangers = make_review(body="Quiet.")
    helpful_votes.mark_helpful(actor=person, review=strangers, at=at)
    ReviewFlag.objects.create(
        review=strangers, user=person, rule="spam", note=WORDS, weight=0, created_at=at, closed_at=at
    )
    ReviewVouch.objects.create(review=strangers, user=person, weight=0, created_at=at)
    decided(person, kept.work, WORDS, at)
    about = ReviewCase.objects.create(
        work=kept.work,
        writer=kept.work.owner,
        opened_at=at,
        reported="book",
        state="decided",
        outcome="keep",
        decided_at=at,
    )
    Report.objects.create(
        case=about, user=person, rule="stolen", words=WORDS, right_holder=WORDS, original=WORDS, created_at=at
    )
    Standing.objects.update_or_create(user=person, defaults={"points": 3})
    shelf = shelves.make_shelf(actor=person, title="Bees", description=WORDS, visibility=Visibility.PUBLIC, at=at)
    shelves.add_book(actor=person, shelf=shelf, work=kept.work, reason=WORDS, at=at)
    wish = Wish.objects.create(user=person, work=kept.work, currency="USD", wished_minor=499, wished_at=at)
    WishAlert.objects.create(wish=wish, kind=AlertKind.PRICE, price_minor=399, made_at=at, mailed_at=at)
    follows.follow(actor=person, author_id=kept.work.owner.public_id, at=at)
    follows.follow(actor=make_reader(), author_id=person.public_id, at=at)
    sent = make_issue(kept.work.owner)
    subscriptions.subscribe(actor=person, author_id=kept.work.owner.public_id, at=at)
    Delivery.objects.create(issue=sent, reader=person, made_at=at, mailed_at=at)
    follows.choose_mail(actor=person, new_books=NewBookMail.WEEKLY, at=at)
    FollowNotice.objects.create(user=person, work=kept.work, made_at=at, mailed_at=at)
    mailing = EditionMailing.objects.create(
        edition=kept, owner=kept.work.owner, name=kept.work.owner.display_name, day=at.date(), made_at=at
    )
    EditionNotice.objects.create(mailing=mailing, user=person, made_at=at, mailed_at=at)
    EditionMailStop.objects.create(user=person, work=kept.work, owner=kept.work.owner, name=mailing.name, stopped_at=at)


def _publishing(person: User, book: Edition) -> None:
    at = clock.now()
    make_issue(person, about=WORDS, subject=NAME, text=WORDS)
    make_bulk_edit(person, book.work, WORDS)
    match = make_match(later=person)
    answers.answer_match(actor=person, match=match, answer=Answer.LICENCE, explanation=WORDS, at=at)
    Work.objects.filter(pk=book.work.pk).update(series=Series.objects.create(owner=person, title="Hives", slug="hives"))
    OldAddress.objects.create(work=book.work, slug="the-old-hive", left_at=at)
    book.work.isbns.create(format="epub", number="9780306406157", given_at=at)
    other = make_published_edition(slug="the-comb", title="The Comb", owner=person)
    HouseDefaults.objects.create(
        owner=person, matter=(), credited_name=NAME, biography=WORDS, imprint=WORDS, changed_at=at
    )
    book.work.former_covers.create(cover_name=f"{NAME}.jpg", picture_name=f"{NAME}-sea.jpg", replaced_at=at)
    make_bundle(book, other)
    make_author_coupon(person, book.work, code="HONEY")
    draft = make_edition(work=make_work(owner=person, title="The Swarm"))
    showings.show(actor=person, work=draft.work, told=showings.ShowingInput(latest=1, note=WORDS), at=at)
    make_offer_of_copies(draft.work, takes_requests=True, note=WORDS)
    given = make_copy(make_draft(slug="the-smoker", title="The Smoker").work, person)
    copies.withdraw(actor=given.offer.work.owner, copy=given, words="See you.", at=at)
    Copy.objects.filter(pk=given.pk).update(words=WORDS, email=EMAIL)
    make_copy(draft.work)
    Refusal.objects.create(author=person, digest=links.digest_of(AUNT), refused_at=at)
    uses = dict.fromkeys(("ai_text", "ai_images", "ai_cover", "ai_translation"), "none")
    draft.ai_use_changes.create(stated_by=person, stated_at=at, **uses)
    FindingOverride.objects.create(edition=draft, code="x.y", reason=WORDS, decided_by=person, decided_at=at)
    PlannedRelease.objects.create(edition=draft, is_revision=False, due_at=at, planned_by=person, planned_at=at)
    EditionMailing.objects.create(edition=other, owner=person, name=NAME, day=at.date(), made_at=at)
    TerritoryChange.objects.create(work=book.work, rule="world", countries=[], decided_by=person, decided_at=at)
    text = make_text(work=book.work, edition=book)
    make_correction(text, patch_of(text, "keeper", "warden"))
    make_picture(text)
    make_page_description(text.work)
    thread = make_thread(text, words="the warden slept", body=WORDS)
    threads.resolve(actor=person, thread=thread, at=at)
    shared = make_published_edition(slug="the-choir", title="The Choir")
    owner = shared.work.contributors.get(user=shared.work.owner)
    credit = make_contributor(shared.work, user=person, name=NAME)
    make_split(shared.work, {owner: 6000, credit: 4000})
    make_collaborator(shared.work, "editor", user=person)
    make_invitation(make_edition(work=make_work(title="The Mead")).work, EMAIL)
    make_collaborator(book.work)


def _earning(person: User, book: Edition) -> User:
    """Sold three times, one given back, a month closed, a payout proposed, by whom it is."""
    now = clock.now()
    finance = make_finance()
    for _ in range(2):
        buy(make_reader(), book)
    back = buy(make_reader(), book)
    asked = refunds.request_refund(actor=back.buyer, line=back.lines.get(), reason="", at=now)
    refunds.send_refund(refund_id=asked.pk)
    beneficiary = Beneficiary(holder=NAME, country="DE", iban=IBAN)
    payee_details.ask(user_id=person.pk, at=now)
    payee_details.state(actor=person, stated=_DETAILS, at=now)
    bank_details.use_bank(actor=person, beneficiary=beneficiary, at=now)
    type(person.payout_account).objects.filter(user=person).update(minimum_units=1)
    later = now + timedelta(days=40)
    with clock.frozen(later):
        clearing.clear_due(at=later)
        closing.close(period=Month(now.year, now.month), at=later)
        payouts.propose_run(actor=finance, currency="USD", at=later)
    return finance


def _hiring(person: User) -> None:
    """A service that they offer as a business."""
    Provider.objects.create(
        user=person, capacity="trader", trader_name=NAME, trader_address=WORDS, trader_phone="+49 30 1",
        trader_email=EMAIL, changed_at=clock.now(),
    )  # fmt: skip
    offer = make_offer(provider=person, text=WORDS)
    samples.add_text(actor=person, offer=offer, title=NAME, text=WORDS, at=clock.now())
    make_request(client=person, text=WORDS, passage=WORDS, offers=(make_offer(),))
    asked = make_request(offers=(offer,)).invitations.get()
    told = proposal_input(scope=WORDS, credit_name=NAME)
    proposals.propose(actor=person, invitation=asked, told=told, at=clock.now())


def _contracts(person: User) -> None:
    """They hired somebody, disagreed about a part of the work and settled it."""
    at = clock.now()
    contract = make_contract(client=person, at=at)
    provider = contract.provider
    amendment = contracts.propose_amendment(
        actor=person, contract=contract, terms=replace(contract.terms, revision_rounds=3), at=at
    )
    contracts.withdraw_amendment(actor=person, amendment=amendment, at=at)
    milestone = deliver(fund(contract.milestones.get(), at=at), at=at)
    contracts.request_revision(actor=person, milestone=milestone, wishes="Bluer.", at=at)
    deliver(milestone, at=at, content=b"Bluer.")
    case = contracts.open_case(actor=person, milestone=milestone, amount_minor=10_000, reason="Too late.", at=at)
    contracts.answer_case(actor=provider, case=case, body="In time.", files=[a_stored_file(b"The brief.")], at=at)
    division = contracts.propose_division(actor=person, milestone=milestone, provider_minor=5_000, at=at)
    contracts.accept_division(actor=provider, division=division, at=at)
    contract.refresh_from_db()
    reviews.write(actor=person, contract=contract, stars=4, body=WORDS, at=at)
    theirs = reviews.write(actor=provider, contract=contract, stars=5, body="Clear wishes.", at=at)
    reviews.answer(actor=person, review=theirs, text=WORDS, at=at)
    FundClaim.objects.create(
        milestone=make_contract(provider=person, at=at).milestones.get(),
        dispute_reference="du_1",
        note="It was there.",
        proposed_by=provider,
        proposed_at=at,
    )
    text = make_contract(client=person, kind=ServiceKind.COPY_EDITING, at=at).milestones.get()
    contracts.give_back(actor=text.contract.provider, milestone=fund(text, at=at), at=at)
    PendingMail.objects.exclude(to=EMAIL).delete()  # to the other side, which name them: they are sent


def _rest(person: User, finance: User) -> None:
    now = clock.now()
    sale = SaleRecord.objects.filter(shares__user=person).first()
    entry = JournalEntry.objects.first()
    payout = Payout.objects.get(user=person)
    dispute = SaleDispute.objects.create(
        external_id="dp_hand", order_reference="ord_hand", currency="USD", amount_minor=1, fee_minor=0,
        fee_currency="USD", opened_at=now, opened_entry=entry,
    )  # fmt: skip
    disputed = DisputedSale.objects.create(dispute=dispute, sale=sale, paid_minor=1)
    DisputeHold.objects.create(disputed=disputed, user=person, kind="contributor_clearing", amount_minor=1)
    _milestone(person, finance)
    rate = ExchangeRate.objects.create(base="USD", quote="EUR", rate="0.9", true_at=now, source="", proposed_at=now)
    PayableConversion.objects.create(
        user=person, rate=rate, given_minor=1, given_currency="USD", received_minor=1, received_currency="EUR",
        converted_at=now, entry=entry,
    )  # fmt: skip
    plan = FeePlan.objects.first()
    PlanMembership.objects.create(user=person, plan=plan, currency="USD", chosen_at=now, starts_at=now)
    rule = ReserveRule.objects.create(
        user=person, rate_bps=100, days=10, reason="New", begins_at=now, ends_at=now + timedelta(days=9),
        imposed_by=finance,
    )  # fmt: skip
    Reserve.objects.create(
        rule=rule, sale=sale, user=person, currency="USD", kept_minor=1, left_minor=0, release_at=now, released_at=now
    )
    make_lifted_hold(person, "A question", complaint="It is me.")
    make_subscription(person)
    Reversal.objects.create(
        payout=payout, purpose="debt", cause="c", amount_minor=1, key="k-privacy", created_at=now, state="done"
    )
    statement = BankStatement.objects.create(sha256="5" * 64, name="camt.xml", uploaded_by=finance, uploaded_at=now)
    BankRow.objects.create(
        statement=statement, position=1, fingerprint="6" * 64, currency="USD", amount_minor=1, is_credit=False,
        booked_on=now.date(), outcome="confirmed", payout=payout, text="Royalties",
    )  # fmt: skip
    certificate = TaxCertificate.objects.create(
        user=person, form="W-8BEN", name="P. Q.", country="DE", signature="P. Q.", signed_on=now.date(),
        handed_in_at=now, valid_from=now.date(), state=CertificateState.ACCEPTED, decided_by=finance, decided_at=now,
    )  # fmt: skip
    share = SaleShare.objects.filter(user=person, amount_minor__gt=0).first()
    leave_claimed_shares(person, share)
    withheld = Withholding.objects.create(
        share=share, user=person, certificate=certificate, country="US", currency="USD", rate_bps=100, basis_minor=1,
        amount_minor=1, withheld_at=now, period="2026-11", entry=entry,
    )  # fmt: skip
    WithholdingReturn.objects.create(
        withholding=withheld, refund=SaleRefund.objects.first(), basis_minor=1, amount_minor=1, decided_at=now,
        period="2026-11", entry=entry,
    )  # fmt: skip


def _milestone(payee: User, payer: User) -> None:
    entries = JournalEntry.objects.order_by("-pk")
    milestone = MilestoneRecord.objects.create(
        reference="mst_hand", contract_reference="ctr_hand", title="Proofreading", payer=payer, payee=payee,
        service="proofreading", currency="USD", funded_minor=2000, fee_bps=800, lasting_bps=400, full_minor=2000,
        paid_at=clock.now(), entry=entries[0],
    )  # fmt: skip
    part = {"user": payee, "currency": "USD", "period": "2026-11", "gross_minor": 2, "fee_minor": 0, "fee_vat_minor": 0}
    settlement = MilestoneSettlement.objects.create(
        milestone=milestone, number=1, reason="accepted", returned_minor=0, left_minor=2, settled_at=clock.now(),
        clears_at=clock.now(), entry=entries[0], **part,
    )  # fmt: skip
    MilestoneTaking.objects.create(
        settlement=settlement, key="cse_hand", taken_at=clock.now(), entry=entries[0], **part
    )
    payment = MilestonePayment.objects.create(
        reference="mst_hand", payer=payee, title="Proofreading", amount_minor=2000, currency="USD", key="hand",
        created_at=clock.now(), expires_at=clock.now(), state="succeeded",
    )  # fmt: skip
    MilestoneRefund.objects.create(payment=payment, amount_minor=1, reason="", requested_at=clock.now())
    dispute = BankDispute.objects.create(
        payment=payment, provider_dispute_id="du_hand", status="lost", amount_minor=1, currency="USD",
        opened_at=clock.now(),
    )  # fmt: skip
    MilestoneEvidence.objects.create(
        dispute=dispute, number=1, state="sent", fields=Evidence(customer_name=NAME), receipt=NAME.encode(),
        documentation=NAME.encode(), created_at=clock.now(),
    )  # fmt: skip
    StatementContractLine.objects.create(
        statement=Statement.objects.filter(user=payee).first(), position=1, reference="mst_hand",
        contract_reference="ctr_hand", title="Proofreading", gross_minor=2, fee_minor=0, fee_vat_minor=0, pay_minor=2,
    )  # fmt: skip
