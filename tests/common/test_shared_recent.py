"""Values kept in memory that forked processes share."""

from __future__ import annotations

import os
import random
import signal
import threading
from hashlib import blake2b

from common.shared_recent import KEY_BYTES, SharedRecent


def _key(name: object) -> bytes:
    return blake2b(repr(name).encode(), digest_size=KEY_BYTES).digest()


def _in_a_child(recent: SharedRecent, name: str, value: bytes) -> bool:
    """Whether a forked process found nothing before it put the value."""
    child = os.fork()
    if not child:
        is_new = recent.get(_key(name)) is None
        recent.put(_key(name), value)
        os._exit(0 if is_new else 1)
    return os.waitpid(child, 0)[1] == 0


def test_what_one_process_puts_the_others_get() -> None:
    recent = SharedRecent(most=1000)
    assert _in_a_child(recent, "a", b"from the first")
    assert recent.get(_key("a")) == b"from the first"
    assert not _in_a_child(recent, "a", b"from the second")
    assert recent.get(_key("a")) == b"from the second"
    recent.clear()
    assert recent.get(_key("a")) is None


def test_the_oldest_go_first_and_what_is_asked_for_stays() -> None:
    recent = SharedRecent(most=100_000)
    recent.put(_key("asked for"), b"x" * 6000)
    for number in range(300):
        recent.put(_key(number), b"%03d" % number * 2000)
        assert recent.get(_key("asked for")) == b"x" * 6000
        assert recent.get(_key(number)) == b"%03d" % number * 2000
    assert recent.get(_key(0)) is None


def test_a_key_is_never_given_what_was_another_s() -> None:
    """Sizes that end anywhere in the ring, and more keys than the table has places."""
    recent, chance = SharedRecent(most=50_000), random.Random(7)
    found = 0
    for _ in range(5000):
        number = chance.randrange(200)
        value = b"%03d" % number * (1 + number * 7)
        kept = recent.get(_key(number))
        assert kept in {None, value}
        found += kept is not None
        if chance.random() < 0.5:
            recent.put(_key(number), value)
    assert found > 50


def test_one_larger_than_all_is_not_kept() -> None:
    recent = SharedRecent(most=100)
    recent.put(_key("small"), b"s" * 50)
    recent.put(_key("large"), b"l" * 100)
    assert (recent.get(_key("small")), recent.get(_key("large"))) == (b"s" * 50, None)


def test_with_no_room_nothing_is_kept() -> None:
    recent = SharedRecent(most=0)
    recent.put(_key("a"), b"")
    assert recent.get(_key("a")) is None


def test_a_process_that_is_killed_while_it_writes_blocks_nobody() -> None:
    recent = SharedRecent(most=1000)
    recent.put(_key("a"), b"before")
    child = os.fork()
    if not child:
        with recent._alone():
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert recent.get(_key("a")) == b"before"


def test_threads_and_processes_write_one_after_another() -> None:
    recent = SharedRecent(most=20_000)

    def work(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(2000):
            number = chance.randrange(20)
            value = b"%02d" % number * (100 + number)
            if recent.get(_key(number)) not in {None, value}:
                os._exit(1)
            recent.put(_key(number), value)

    child = os.fork()
    threads = [threading.Thread(target=work, args=(seed + (0 if child else 10),)) for seed in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if not child:
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0


def test_threads_of_two_processes_in_several_rooms_are_no_circle() -> None:
    """The system tells circles of waiting processes, not threads, and would refuse one of two that only wait."""
    rooms = [SharedRecent(most=100_000) for _ in range(3)]

    def work(seed: int) -> None:
        chance = random.Random(seed)
        for number in range(3000):
            try:
                chance.choice(rooms).put(_key(number % 40), b"x" * 9000)
            except OSError:
                os._exit(1)

    def work_together(seed: int) -> None:
        threads = [threading.Thread(target=work, args=(seed + place,)) for place in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        os._exit(0)

    children = []
    for seed in (0, 10):
        child = os.fork()
        if not child:
            work_together(seed)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0]
