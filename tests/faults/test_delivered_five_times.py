"""F14: a message that is delivered five times leaves what one delivery leaves."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

import pytest
from celery import current_app
from django.apps import apps
from django.core import mail
from django.db import connection
from django.db.models import Model

from accounts.models import DataCopy, Deletion, Guest, User
from common import clock, jobs
from common.models import PendingMail
from config.celery import app as shop
from conversion.models import ConversionJob
from hiring.requests.models import Invitation, Proposal
from payments.models import ProviderEvent, SandboxEvent
from publishing.collaboration.models import Collaborator
from publishing.digests.models import Digest
from publishing.models import Contributor, Edition, PlannedRelease, SplitAgreement, TextComparison, Work
from royalties.models import HoldNotice, Payout, PayoutAccount, Reversal, TaxCertificate
from storefront.catalogue.models import Listing
from storefront.checkout.models import (
    Dispute,
    EvidencePack,
    Gift,
    GoodwillDay,
    LinkRequest,
    Order,
    Payment,
    Preorder,
    Refund,
)
from storefront.checkout.refunds import services as refunds
from storefront.community.models import Collapse, Report, ReviewCase, ReviewReply
from storefront.library.models import EditionMailing, EditionNotice, FollowNotice, WishAlert
from storefront.reading.models import EditionMap, NoteImport
from storefront.suspensions.models import AccountEnding, PriorWarning, Suspension
from tests.conftest import NOON
from tests.factories.accounts import make_reader
from tests.factories.buying import buy, make_book, open_page, pay_session, place_order
from tests.factories.conversion import make_job, write_result
from tests.privacy.scene import somebody
from tests.privacy.test_erasure import LATEST

pytestmark = pytest.mark.django_db

# Whose rows a message names, by the name of its argument.
ROWS: dict[str, type[Model]] = {
    "account_id": PayoutAccount,
    "agreement_id": SplitAgreement,
    "alert_id": WishAlert,
    "case_id": ReviewCase,
    "certificate_id": TaxCertificate,
    "collaborator_id": Collaborator,
    "comparison_id": TextComparison,
    "contributor_id": Contributor,
    "collapse_id": Collapse,
    "copy_id": DataCopy,
    "day_id": GoodwillDay,
    "digest_id": Digest,
    "dispute_id": Dispute,
    "edition_id": Edition,
    "ending_id": AccountEnding,
    "gift_id": Gift,
    "guest_id": Guest,
    "hold_notice_id": HoldNotice,
    "import_id": NoteImport,
    "invitation_id": Invitation,
    "job_id": ConversionJob,
    "listing_id": Listing,
    "mail_id": PendingMail,
    "mailing_id": EditionMailing,
    "map_id": EditionMap,
    "notice_id": EditionNotice,
    "order_id": Order,
    "pack_id": EvidencePack,
    "payment_id": Payment,
    "payout_id": Payout,
    "plan_id": PlannedRelease,
    "preorder_id": Preorder,
    "proposal_id": Proposal,
    "refund_id": Refund,
    "reply_id": ReviewReply,
    "report_id": Report,
    "request_id": LinkRequest,
    "reversal_id": Reversal,
    "suspension_id": Suspension,
    "user_id": User,
    "warning_id": PriorWarning,
    "work_id": Work,
}

# What has to have done something here, or this test says nothing of it.
_MONEY_AND_MAIL = {
    "accounts.mail_deletion",
    "checkout.mail_receipt",
    "checkout.mail_refund",
    "checkout.send_refund",
    "common.send_mail",
    "conversion.run",
    "payments.process",
    "publishing.mail_proposal",
}
# Columns that are made anew each time and say the same: which row it is, a password that opens nothing.
_MADE_ANEW = {"accounts.User.password", "search.SearchCredit.id"}
# A counter that tells caches that something was published, and the provider's own rows, which it simulates.
_LEFT_OUT = ("catalogue.Catalogue", "payments.Sandbox")


def keys(task: str, argument: str) -> list[int | str]:
    """What the argument may be: the key of every row there is."""
    texts = {
        "payments.deliver": (SandboxEvent, "event_id"),
        "payments.process": (ProviderEvent, "event_id"),
        "checkout.sync_dispute": (Dispute, "provider_dispute_id"),
    }
    model, column = texts.get(task, (ROWS.get(argument, User), "pk"))
    if task == "library.mail_new_book":
        model = FollowNotice
    return list(model._default_manager.order_by("pk").values_list(column, flat=True))


class Tables:
    """Every row of every table, read again only where something was written since."""

    def __init__(self) -> None:
        models = [model for model in apps.get_models() if not model._meta.proxy]
        self._models = {model._meta.db_table: model for model in models if not model._meta.label.startswith(_LEFT_OUT)}
        self._writes: dict[str, int] = {}
        self._rows: dict[str, Counter[str]] = {}

    def state(self) -> dict[str, Counter[str]]:
        with connection.cursor() as cursor:  # counts what this transaction has written
            cursor.execute("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables")
            writes = dict(cursor.fetchall())
        for table, model in self._models.items():
            if table not in self._writes or self._writes[table] != writes[table]:
                self._rows[model._meta.label] = self._read(model)
        self._writes = writes
        return dict(self._rows)

    def _read(self, model: type[Model]) -> Counter[str]:
        label = model._meta.label
        columns = [one.attname for one in model._meta.concrete_fields if f"{label}.{one.name}" not in _MADE_ANEW]
        return Counter(map(repr, model._default_manager.values_list(*columns)))


def shop_with_everything() -> None:
    """A person with a row in nearly every table, and work that waits: a payment, a refund, a conversion, an erasure."""
    person = somebody(with_rest=True)
    pay_session(open_page(place_order(make_reader(), make_book())))
    line = buy(make_reader(), make_book()).lines.get()
    refunds.request_refund(actor=line.order.buyer, line=line, reason="", at=NOON)
    make_job()
    Deletion.objects.create(user=person, asked_at=NOON, due_at=LATEST)


@pytest.fixture
def tasks() -> dict[str, list[str]]:
    """The tasks that messages name, and their arguments. What leaves nothing to do for others comes last."""
    shop.loader.import_default_modules()
    scheduled = {entry["task"] for entry in shop.conf.beat_schedule.values()}
    found = {name: list(inspect.signature(task.run).parameters) for name, task in current_app.tasks.items()}
    sent = [name for name in found if not name.startswith("celery.") and name not in scheduled]
    return {name: found[name] for name in sorted(sent, key=lambda name: (name == "accounts.erase", name))}


@pytest.fixture
def deliver(django_capture_on_commit_callbacks) -> Callable[[str, list[str]], int]:
    """Deliver a message about each row there is; returns how many emails left. Messages sent on the way are lost."""

    def run(task: str, arguments: list[str]) -> int:
        before = len(mail.outbox)
        # A message without arguments wakes a worker for whatever waits: as many as there may be of it.
        messages = [{argument: key} for argument in arguments for key in keys(task, argument)] or [{}] * 10
        for ids in messages:
            with jobs.collect_messages(), suppress(Exception), django_capture_on_commit_callbacks(execute=True):
                jobs.run_now(task, **ids)
        return len(mail.outbox) - before

    return run


def test_the_fifth_delivery_changes_nothing_that_the_first_did_not(tasks, deliver, use_engine, postman) -> None:
    use_engine(lambda request, report, should_stop: write_result(request.out))
    shop_with_everything()
    acted, changed, told = set[str](), dict[str, list[str]](), set[str]()
    tables = Tables()
    for moment in (NOON, LATEST):
        before = tables.state()
        with clock.frozen(moment):
            for name, arguments in tasks.items():
                if name in acted:
                    continue
                mails = deliver(name, arguments)
                once = tables.state()
                if not mails and once == before:
                    continue  # nor will it do anything the next time
                acted.add(name)
                if sum(deliver(name, arguments) for _ in range(4)):
                    told.add(name)
                before = tables.state()
                if once != before:
                    changed[name] = [table for table in once if once[table] != before[table]]
    assert changed == {}
    assert told == set()
    assert acted >= _MONEY_AND_MAIL


def test_a_task_that_did_its_work_twice_would_be_found(deliver, monkeypatch) -> None:
    """The same, with a receipt that keeps no mark of having been sent."""
    buy(make_reader(), make_book())
    monkeypatch.setattr(Order, "save", lambda self, **named: None)
    assert [deliver("checkout.mail_receipt", ["order_id"]) for _ in range(2)] == [1, 1]
