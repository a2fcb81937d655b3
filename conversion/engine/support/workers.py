"""Distribute work over forked processes, using only pipes.

The standard library's pools need named semaphores or sockets, which the sandbox does not allow. Here the parent forks
its helpers once, so that they inherit everything loaded so far, and communicates with each through a pair of pipes.
Tasks and results are pickled; tasks may be added while results arrive. Even a single job is forked: Pango starts a
thread where it is first used, and a process with that thread can never fork helpers again.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import sys
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection, Pipe, wait
from types import TracebackType
from typing import Any, Self

from ..errors import AuthorFixable, ConversionError, PlatformFault, limit_error

_WORN_BYTES = 250 << 20

type Work = Callable[[Any], Any]


class WorkerPool:
    """Helpers that all do the same kind of work. Use it in a `with` statement; leaving it ends the helpers."""

    def __init__(self, work: Work, jobs: int) -> None:
        self._waiting: deque[Any] = deque()
        self._work = work
        self._helpers: list[_Worker] = []
        for _ in range(max(jobs, 1)):
            self._helpers.append(_Worker(work, self._helpers))

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
        """Add a task to the front of the queue."""
        self._waiting.appendleft(task)

    def results(self) -> Iterator[tuple[Any, Any]]:
        """Yield each task with its result as it is finished, until no task is left.

        Raises AuthorFixable when a task asks for too much, PlatformFault when it fails or a helper dies.
        """
        for task, result in self.outcomes():
            if isinstance(result, ConversionError):
                raise result
            yield task, result

    def outcomes(self) -> Iterator[tuple[Any, Any]]:
        """Yield each task with its result, or with the ConversionError that it failed with, and continue."""
        while self._waiting or any(helper.is_busy for helper in self._helpers):
            yield from self._hand_out()
            for ready in wait([helper.answers for helper in self._helpers if helper.is_busy]):
                helper = next(helper for helper in self._helpers if helper.answers is ready)
                task, result = helper.task, helper.take()
                if helper.is_worn:
                    self._replace(helper)
                yield task, result

    def _replace(self, helper: _Worker) -> None:
        helper.end()
        place = self._helpers.index(helper)
        others = [other for other in self._helpers if other is not helper]
        self._helpers[place] = _Worker(self._work, others)

    def _hand_out(self) -> Iterator[tuple[Any, ConversionError]]:
        """Give every free helper a task; yield the tasks that could not be handed over."""
        for helper in list(self._helpers):
            if self._waiting and not helper.is_busy and not helper.give(task := self._waiting.popleft()):
                self._replace(helper)
                yield task, PlatformFault("pdf.helper_died")


class _Worker:
    """One forked process. It `is_worn` when it has used so much memory that a new process is better: drawn formulas and
    fonts are kept for pieces that may never come."""

    def __init__(self, work: Work, others: Iterable[_Worker]) -> None:
        tasks, self.tasks = Pipe(duplex=False)
        self.answers, answers = Pipe(duplex=False)
        self.task: Any = None
        self.is_busy = False
        self.is_worn = False
        self.pid = os.fork()
        if self.pid == 0:
            for helper in (self, *others):  # otherwise a helper would not notice that its pipe was closed
                helper.tasks.close()
                helper.answers.close()
            _serve(work, tasks, answers)
        tasks.close()
        answers.close()

    def give(self, task: Any) -> bool:
        """Hand a task over, unless the process is gone; return whether that worked."""
        try:
            self.tasks.send(task)
        except OSError:
            return False
        self.task, self.is_busy = task, True
        return True

    def take(self) -> Any:
        """Return the result, or the ConversionError in its place."""
        self.is_busy = False
        try:
            result, self.is_worn = self.answers.recv()
        except (EOFError, OSError):
            self.is_worn = True
            return self._reason_to_die()
        return result

    def _reason_to_die(self) -> ConversionError:
        """Return the error for a helper that was killed: it had used up its time or its memory."""
        _, status = os.waitpid(self.pid, 0)
        killed_by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        if killed_by in (signal.SIGXCPU, signal.SIGKILL):
            return AuthorFixable("source.too-demanding", limit="time" if killed_by == signal.SIGXCPU else "memory")
        return PlatformFault("pdf.helper_died")

    def end(self) -> None:
        """End the process. Where no signal can be sent, it ends by itself once it has finished its task and finds its
        pipe closed."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(self.pid, signal.SIGKILL)
        self.tasks.close()
        self.answers.close()
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.pid, 0)


def _memory() -> int:
    """Return the peak memory of this process, in bytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _serve(work: Work, tasks: Connection, answers: Connection) -> None:
    """Carry out tasks until the parent closes the pipe. Never returns: none of the parent's clean-up may run here."""
    began_with = _memory()
    try:
        while True:
            task = tasks.recv()
            try:
                answer = work(task)
            except ConversionError as error:
                answer = error
            except Exception as error:
                answer = limit_error(error)
                if answer is None:
                    traceback.print_exc()
                    answer = PlatformFault("pdf.failed", reason=type(error).__name__)
            answers.send((answer, _memory() - began_with > _WORN_BYTES))
    except (EOFError, OSError, KeyboardInterrupt):
        pass
    finally:
        os._exit(0)
