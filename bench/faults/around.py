"""Faults of what a shop has around it: bucket, mail server, provider, disks, the database's replica."""

from __future__ import annotations

import hashlib
import http.client
import io
import os
import random
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from bench.drill.cluster import Cluster
from bench.faults import surroundings
from bench.faults.authors import Author
from bench.faults.buyers import Answer, Buyer, Sales, Visitor
from bench.faults.scene import PUBLIC, Scene, is_converting, wait_for_book
from bench.faults.shop import Failed, children_of, wait_until

if TYPE_CHECKING:
    from conversion.models import Artifact

_FROZEN_S = 30
_PERSONAL = "/cart/"
_BUCKET_LINK_S = 60
_TIMES, _EVENTS = 10, 40
_NO_CRASH_LOOP_S = 6  # Granian ends, to be started anew, if a worker dies twice in less


def bucket_frozen(scene: Scene) -> str:
    """The bucket is frozen for thirty seconds under two buyers, with a book under way and a manuscript on its way."""
    author, visitor, answers = Author(scene.shop.site_port), Visitor(scene.shop.site_port), list[Answer]()
    content = _manuscript(1)
    job = scene.convert()
    wait_until("it is being converted", lambda: is_converting(job))
    with scene.buyers() as sales:
        with scene.shop.frozen("bucket"):
            sending = threading.Thread(target=lambda: answers.append(author.upload(content)))
            sending.start()
            pages = [visitor.ask(_PERSONAL) for _ in range(_FROZEN_S) if not time.sleep(1)]
        sending.join()
    sent = author.upload_until_taken(content)
    told = scene.sold(sales)
    slowest = max(page.seconds for page in pages)
    statuses, upload = Counter(page.status for page in pages), answers[0].status
    if set(statuses) != {200} or sales.refused or author.works() != 1 or upload not in {302, 503}:
        raise Failed(f"{told}; pages {dict(statuses)}; upload {upload}; {author.works()} works")
    return (
        f"{told}; slowest page {slowest:.1f} s; the upload answered {upload} after "
        f"{answers[0].seconds:.0f} s, sent again {sent} time(s): one work; {wait_for_book(job)}"
    )


def mail_server_dead(scene: Scene) -> str:
    """The mail server is gone for twenty seconds under two buyers; somebody signs up."""
    scene.shop.kill("mail")
    return _without_mail(scene, scene.shop.start_mail)


def mail_server_frozen(scene: Scene) -> str:
    """The mail server is frozen for twenty seconds under two buyers; somebody signs up."""
    scene.shop.kill("mail", signal.SIGSTOP)
    return _without_mail(scene, lambda: scene.shop.kill("mail", signal.SIGCONT))


def _without_mail(scene: Scene, back: Callable[[], None]) -> str:
    newcomer, address = Visitor(scene.shop.site_port), f"newcomer{time.monotonic_ns()}@example.org"
    form = dict(re.findall(r'name="(csrfmiddlewaretoken)" value="([^"]*)"', newcomer.ask("/accounts/signup/").text))
    form |= {"display_name": "New", "email": address, "password1": "a lamp in the harbour"}
    with scene.buyers() as sales:
        signed_up = newcomer.ask("/accounts/signup/", form)
        time.sleep(20)
        back()
    told = scene.sold(sales)

    def receipts() -> Counter[str]:
        found = (re.findall(r"ord_\w+", _words(mail)) for mail in surroundings.mails(scene.shop.mails))
        return Counter(order for orders in found for order in set(orders))

    def greeted() -> int:
        return sum(address in str(mail["To"]) for mail in surroundings.mails(scene.shop.mails))

    took = wait_until("every receipt is sent", lambda: set(sales.orders) <= set(receipts()))
    wait_until("the newcomer has the code", lambda: greeted() > 0)
    time.sleep(65)  # one more round of what sends again
    twice = {order for order in sales.orders if receipts()[order] != 1}
    if signed_up.status != 302 or sales.refused or twice or greeted() != 1:
        raise Failed(f"{told}; sign-up {signed_up.status}, {greeted()} codes; not one receipt each: {twice}")
    return (
        f"{told}; signed up in {signed_up.seconds:.1f} s; {len(sales.orders)} receipts, each once, the last "
        f"{took:.0f} s after the mail server was back"
    )


def events_again(scene: Scene) -> str:
    """The provider's last forty events are sent ten times each, in random order, by eight at once."""
    from stripe import WebhookSignature

    from payments.models import ProviderEvent, SandboxEvent
    from payments.stripe.configuration import secrets_of
    from royalties.models import JournalEntry

    with scene.buyers(of=10) as sales:
        time.sleep(10)
    told = scene.sold(sales)
    wait_until("all events are processed", lambda: not ProviderEvent.objects.exclude(state="processed").exists())
    before = ProviderEvent.objects.count(), JournalEntry.objects.count()
    events = list(SandboxEvent.objects.order_by("-pk")[:_EVENTS]) * _TIMES
    random.Random(20).shuffle(events)
    answers, lock = Counter[int](), threading.Lock()

    def send() -> None:
        while True:
            with lock:
                if not events:
                    return
                event = events.pop()
            signature = WebhookSignature.generate_signature_header(event.body, secrets_of(event.endpoint)[0])
            line = http.client.HTTPConnection("127.0.0.1", scene.shop.site_port, timeout=60)
            headers = {"Host": "localhost", "Content-Type": "application/json", "Stripe-Signature": signature}
            line.request("POST", f"/payments/webhooks/{event.endpoint}/", event.body, headers)
            status = line.getresponse().status
            line.close()
            with lock:
                answers[status] += 1
                if status == 429:  # faster than nginx lets one address be: sent once more, as the provider does
                    events.insert(0, event)
            time.sleep(status == 429)

    senders = [threading.Thread(target=send) for _ in range(8)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    time.sleep(10)
    after = ProviderEvent.objects.count(), JournalEntry.objects.count()
    if set(answers) - {200, 429} or before != after:
        raise Failed(f"{told}; {dict(answers)}; events and entries {before}, then {after}")
    return f"{told}; answered {dict(answers)}; no new event, no new entry of {after[1]}"


def download_breaks_off(scene: Scene) -> str:
    """The bucket freezes in the middle of a download; it goes on by a new link; then the book is returned."""
    from conversion.models import Artifact
    from storefront.checkout.models import Refund

    content = random.Random(35).randbytes(8_000_000)
    artifact = _with_file(scene, content)
    buyer, sales = Buyer(scene.shop.site_port), Sales()
    order = buyer.buy(scene.book, sales)
    scene.orders.append(order)
    here = f"/library/{scene.book.work.public_id}/{artifact.public_id}/"
    first, asked_at = _bucket_link(buyer.visitor, here), int(time.time())
    with scene.shop.frozen("bucket"), suppress(TimeoutError):
        half = _read(first, 0, breaks_off=True)
    half = _read(first, 0)[: len(content) // 2]
    began = time.monotonic()
    rest = _read(_bucket_link(buyer.visitor, here), len(half))
    took = time.monotonic() - began
    if hashlib.sha256(half + rest).hexdigest() != Artifact.objects.get(pk=artifact.pk).sha256:
        raise Failed("the file is not whole")
    lives = int(parse_qs(urlsplit(first).query)["Expires"][0]) - asked_at
    line = _line_of(order)
    page = buyer.visitor.ask(f"/orders/{order}/lines/{line}/refund/")
    token = dict(re.findall(r'name="(csrfmiddlewaretoken)" value="([^"]*)"', page.text))
    asked = buyer.visitor.ask(f"/orders/{order}/lines/{line}/refund/", token | {"reason": "not for me"})
    wait_until("the refund is sent", lambda: Refund.objects.filter(line__order__public_id=order).exists(), 60)
    wait_until("the right ends", lambda: buyer.visitor.ask(here).status == 404, 60)
    scene.orders.remove(order)
    if not 0 < lives <= _BUCKET_LINK_S:
        raise Failed(f"a link to the bucket lives {lives} s; refund page {asked.status}")
    return f"went on at byte {len(half):,} in {took:.1f} s, whole; links live {lives} s; after the return 404"


def volume_full(scene: Scene) -> str:
    """The database's volume has no byte left for fifteen seconds, under two buyers."""
    from django.db import connections

    if os.geteuid():
        raise Failed("needs root, who may mount a volume")
    visitor, reader = Visitor(scene.shop.site_port), Buyer(scene.shop.site_port).visitor
    visitor.ask(PUBLIC)
    with scene.buyers() as sales:
        time.sleep(3)
        with surroundings.filled(scene.shop.cluster.folder.parent):
            seen = [(visitor.ask(PUBLIC).status, reader.ask("/orders/").status) for _ in range(15) if not time.sleep(1)]
        began = time.monotonic()
        is_down = not scene.shop.cluster.is_running
        if is_down:  # as systemd does
            connections.close_all()
            scene.shop.cluster.start_again()
        wait_until("the shop answers", scene.shop.is_web_up)
        back = time.monotonic() - began
        time.sleep(8)
    told = scene.sold(sales)
    public, personal = Counter(one for one, _other in seen), Counter(other for _one, other in seen)
    if sales.without_retry_after or set(sales.refused) - {503} or set(public) != {200} or set(personal) - {200, 503}:
        raise Failed(f"{told}; public {public}, personal {personal}; {sales.without_retry_after} without Retry-After")
    stopped = "PostgreSQL ended itself and was started again" if is_down else "PostgreSQL stayed up"
    return f"{told}; public pages {dict(public)}, personal pages {dict(personal)}; {stopped}; back after {back:.1f} s"


def replica_promoted(scene: Scene) -> str:
    """The database's machine dies under two buyers; three seconds later its replica takes its place."""
    from django.db import connections

    replica = Cluster(scene.shop.replica_folder, archive_timeout_s=3600)
    replica.follow(scene.shop.cluster)
    visitor = Visitor(scene.shop.site_port)
    visitor.ask(PUBLIC)
    with scene.buyers() as sales:
        time.sleep(5)
        connections.close_all()
        scene.shop.cluster.kill()
        scene.shop.cluster = replica
        time.sleep(3)
        public = visitor.ask(PUBLIC).status
        replica.promote()
        began = time.monotonic()
        back = wait_until("the shop answers", scene.shop.is_web_up)
        sold = len(sales.orders)
        first = wait_until("a purchase is made", lambda: len(sales.orders) > sold)
        time.sleep(8)
    told = scene.sold(sales)
    if sales.without_retry_after or set(sales.refused) - {503} or public != 200:
        raise Failed(f"{told}; public page {public}; {sales.without_retry_after} without Retry-After")
    return (
        f"{told}; pages {back:.1f} s, a purchase {first:.1f} s after the promotion; {time.monotonic() - began:.0f} s on"
    )


def upload_killed(scene: Scene) -> str:
    """Manuscripts are on their way when their author leaves, and when every web worker is killed."""
    author, content = Author(scene.shop.site_port), _manuscript(8)
    for share in (0.25, 0.5, 0.99):
        author.upload(content, share=share)
    if author.works():
        raise Failed("half a manuscript became a work")
    first, sent = Counter[int](), 0
    for number, pause in enumerate((0.0, 0.05, 0.1, 0.2, 0.4)):
        author, answers = Author(scene.shop.site_port), list[Answer]()
        sending = threading.Thread(target=lambda author=author, answers=answers: answers.append(author.upload(content)))
        time.sleep(_NO_CRASH_LOOP_S)
        sending.start()
        time.sleep(0.1 + pause)
        for web in (0, 1):
            for child in children_of(scene.shop.running[f"web-{web}"].pid):
                os.kill(child, signal.SIGKILL)
        sending.join()
        wait_until("both web servers answer", scene.shop.is_web_up)
        sent += author.upload_until_taken(content)
        first[answers[0].status] += 1
        if author.works() != 1 or set(first) - {0, 302, 503}:
            raise Failed(f"{author.works()} works after try {number}, answers {dict(first)}")
    return f"left at 25, 50, 99 %: no work; killed five times: answered {dict(first)}, sent again: one work each"


def _manuscript(megabytes: int) -> bytes:
    words = b"Rain fell on the harbour, and the keeper counted the boats that had not come home. " * 60
    return b"".join(b"# Chapter %d\n\n%s\n\n" % (number, words) for number in range(megabytes * 200))


def _words(mail: object) -> str:
    body = mail.get_body(("plain",))  # type: ignore[attr-defined]
    return f"{mail['Subject']} {body.get_content() if body else ''}"  # type: ignore[index]


def _with_file(scene: Scene, content: bytes) -> Artifact:
    """Give the book on sale a large file."""
    from common import storage
    from conversion.models import Artifact

    sha256 = hashlib.sha256(content).hexdigest()
    name = storage.store(storage.private(), f"artifacts/{sha256[:2]}/{sha256}.epub", io.BytesIO(content), sha256)
    artifact = Artifact.objects.get(job=scene.book.job, kind="epub")
    Artifact.objects.filter(pk=artifact.pk).update(file=name, sha256=sha256, size_bytes=len(content))
    return artifact


def _line_of(order: str) -> str:
    from storefront.checkout.models import OrderLine

    return str(OrderLine.objects.get(order__public_id=order).public_id)


def _bucket_link(visitor: Visitor, path: str) -> str:
    """Follow the link of a file to the bucket."""
    there = urlsplit(visitor.ask(path).location).path
    return visitor.ask(there).location


def _read(url: str, start: int, *, breaks_off: bool = False) -> bytes:
    there = urlsplit(url)
    line = http.client.HTTPConnection(there.hostname or "", there.port or 80, timeout=3 if breaks_off else 60)
    try:
        line.request("GET", f"{there.path}?{there.query}", headers={"Range": f"bytes={start}-"})
        return line.getresponse().read()
    finally:
        line.close()
