"""Work spread over forked processes, with nothing but pipes.

The pools of the standard library need named semaphores or sockets, which the sandbox does not give. Here the
parent forks its helpers once, so that they inherit everything loaded so far, and speaks to each through a pair
of pipes. Tasks and results are pickled; tasks may be added while results come in. Even a single job is forked:
Pango starts a thread where it is first used, and a process with that thread can never fork helpers again.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import sys
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection, Pipe, wait
from types import TracebackType
from typing import Any, Self

from ..errors import AuthorFixable, ConversionError, PlatformFault

_WORN_BYTES = 250 << 20

type Work = Callable[[Any], Any]


class Crew:
    """Helpers that all do the same kind of work. Use it in a `with` statement; leaving it ends the helpers."""

    def __init__(self, work: Work, jobs: int) -> None:
        self._waiting: deque[Any] = deque()
        self._work = work
        self._helpers = [_Helper(work) for _ in range(max(jobs, 1))]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for helper in self._helpers:
            helper.end()

    def submit(self, task: Any) -> None:
        """Add a task to the end of the queue."""
        self._waiting.append(task)

    def submit_first(self, task: Any) -> None:
        """Add a task that is done before all that wait."""
        self._waiting.appendleft(task)

    def results(self) -> Iterator[tuple[Any, Any]]:
        """Yield each task with its result as it is done, until no task is left.

        Raises PlatformFault when a task fails or a helper dies.
        """
        while self._waiting or any(helper.is_busy for helper in self._helpers):
            self._hand_out()
            for ready in wait([helper.answers for helper in self._helpers if helper.is_busy]):
                helper = next(helper for helper in self._helpers if helper.answers is ready)
                done = helper.take()
                if helper.is_worn:
                    helper.end()
                    self._helpers[self._helpers.index(helper)] = _Helper(self._work)
                yield done

    def _hand_out(self) -> None:
        for helper in self._helpers:
            if self._waiting and not helper.is_busy:
                helper.give(self._waiting.popleft())


class _Helper:
    """One forked process. It `is_worn` when it has taken so much memory that a new one is better: formulas and faces
    that were drawn are kept for pieces that may never come."""

    def __init__(self, work: Work) -> None:
        tasks, self.tasks = Pipe(duplex=False)
        self.answers, answers = Pipe(duplex=False)
        self.task: Any = None
        self.is_busy = False
        self.is_worn = False
        self.pid = os.fork()
        if self.pid == 0:
            self.tasks.close()
            self.answers.close()
            _serve(work, tasks, answers)
        tasks.close()
        answers.close()

    def give(self, task: Any) -> None:
        self.task, self.is_busy = task, True
        try:
            self.tasks.send(task)
        except OSError as error:
            raise PlatformFault("pdf.helper_died") from error

    def take(self) -> tuple[Any, Any]:
        try:
            is_good, result, self.is_worn = self.answers.recv()
        except (EOFError, OSError) as error:
            raise self._reason_to_die() from error
        self.is_busy = False
        if not is_good:
            raise result
        return self.task, result

    def _reason_to_die(self) -> ConversionError:
        """A helper that was killed had used up its time or its memory."""
        _, status = os.waitpid(self.pid, 0)
        killed_by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        if killed_by in (signal.SIGXCPU, signal.SIGKILL):
            return AuthorFixable("source.too-demanding", limit="time" if killed_by == signal.SIGXCPU else "memory")
        return PlatformFault("pdf.helper_died")

    def end(self) -> None:
        """End the process. It is killed: later helpers hold copies of its pipe, so closing ours ends nothing."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(self.pid, signal.SIGKILL)
        self.tasks.close()
        self.answers.close()
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.pid, 0)


def _memory() -> int:
    """The most memory this process has had, in bytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _serve(work: Work, tasks: Connection, answers: Connection) -> None:
    """Answer tasks until the parent hangs up. Never returns: nothing of the parent's clean-up may run here."""
    began_with = _memory()
    try:
        while True:
            task = tasks.recv()
            try:
                answer = (True, work(task))
            except MemoryError:
                answer = (False, AuthorFixable("source.too-demanding", limit="memory"))
            except RecursionError:
                answer = (False, AuthorFixable("source.too-demanding", limit="depth"))
            except Exception as error:
                traceback.print_exc()
                answer = (False, PlatformFault("pdf.failed", reason=type(error).__name__))
            answers.send((*answer, _memory() - began_with > _WORN_BYTES))
    except (EOFError, OSError, KeyboardInterrupt):
        pass
    finally:
        os._exit(0)
