"""The one way to work in the background.

Two verbs, because a second click means two different things::

    # a write: a second click while it runs is ignored
    operation(self, lambda: workspace.write(save_target, command)) \\
        .success(self._on_saved) \\
        .progress("正在保存") \\
        .run_in_background()

    # a read: the newest wins, the result of an older one is dropped
    query(self, lambda: workspace.read(list_periods, year)) \\
        .success(self._show).run_in_background()

    # long work that reports; the status bar shows count and 取消
    long_operation(self, lambda progress: importing.read(path, progress)) \\
        .progress("正在读取名录").success(self._on_read).run_in_background()

Callbacks run on the main thread.  When ``parent`` was closed meanwhile they
are not called.  An ``AppError`` without ``failure`` is shown by the one error
dialog; anything else is a bug and goes to ``sys.excepthook``.
"""

from __future__ import annotations

import functools
import sys
import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from types import FunctionType, MethodType
from typing import Any, Generic, TypeVar

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from app.errors import AppError

T = TypeVar("T")

_WORKERS = 4
_REPORT_EVERY = 0.05


class Cancelled(Exception):  # noqa: N818 - a wish of the person, not an error
    """Raised inside the work when the person pressed 取消."""


@dataclass(frozen=True, slots=True)
class Report:
    """How far a piece of work is; ``total`` 0 means nobody knows yet."""

    done: int = 0
    total: int = 0
    text: str = ""


class Progress:
    """Handed to long work; call ``report`` often, it is cheap.

    ``report`` raises ``Cancelled`` once the person pressed 取消, so work that
    reports can be cancelled without further thought.
    """

    def __init__(self, deliver: Callable[[Report], None]) -> None:
        self._deliver = deliver
        self._cancelled = threading.Event()
        self._last = 0.0

    @property
    def cancelled(self) -> bool:
        """True after 取消."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Ask the work to stop at its next report."""
        self._cancelled.set()

    def check(self) -> None:
        """Raise ``Cancelled`` after 取消."""
        if self._cancelled.is_set():
            raise Cancelled

    def report(self, done: int, total: int = 0, text: str = "") -> None:
        """``done`` of ``total`` units are finished; ``text`` names the present one."""
        self.check()
        now = time.monotonic()
        # The window needs twenty reports a second, not a hundred thousand.
        if now - self._last >= _REPORT_EVERY or done == total:
            self._last = now
            self._deliver(Report(done, total, text))


@dataclass(eq=False, slots=True)
class Task:
    """One running piece of work, as the status bar sees it."""

    label: str
    key: Hashable
    progress: Progress = field(repr=False)
    started: float = field(default_factory=time.monotonic)
    report: Report = field(default_factory=Report)
    cancellable: bool = False
    superseded: bool = False

    def remaining(self) -> float | None:
        """Seconds left at the present rate, or ``None`` when unknown."""
        report = self.report
        if not report.total or not report.done:
            return None
        elapsed = time.monotonic() - self.started
        return elapsed / report.done * (report.total - report.done)


class TaskRunner(QObject):
    """Owns the worker threads; one per application, a child of it."""

    started = Signal(object)
    progressed = Signal(object)
    finished = Signal(object)
    _posted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="suicha")
        self._running: dict[Hashable, Task] = {}
        # Workers emit; the queued connection brings the call to this thread.
        self._posted.connect(self._on_posted, Qt.ConnectionType.QueuedConnection)
        self._unfinished = 0
        self._closed = False

    @classmethod
    def of_application(cls) -> TaskRunner:
        """The application's runner, made at first use."""
        app = QCoreApplication.instance()
        if app is None:
            raise RuntimeError("a QApplication must exist before background work")
        found = app.findChild(TaskRunner)
        if isinstance(found, TaskRunner) and not found._closed:
            return found
        return cls(app)

    @property
    def busy(self) -> bool:
        """True while any work, shown or not, has not been delivered."""
        return self._unfinished > 0

    @property
    def running(self) -> tuple[Task, ...]:
        """Work under way, oldest first."""
        return tuple(self._running.values())

    def shut_down(self) -> None:
        """Cancel what can be cancelled and wait for the rest; then no more work."""
        self._closed = True
        for task in self._running.values():
            task.progress.cancel()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self.setParent(None)

    def _submit(self, task: Task, work: Callable[[], None]) -> None:
        self._running[task.key] = task
        self._unfinished += 1
        self.started.emit(task)
        self._pool.submit(work)

    def _post(self, call: Callable[[], None]) -> None:
        # A worker may end after the window: then nobody is left to be told.
        if shiboken6.isValid(self):
            self._posted.emit(call)

    def _on_posted(self, call: Callable[[], None]) -> None:
        call()

    def _deliver_report(self, task: Task, report: Report) -> None:
        task.report = report
        self.progressed.emit(task)

    def _end(self, task: Task) -> None:
        self._unfinished -= 1
        if self._running.get(task.key) is task:
            del self._running[task.key]
        self.finished.emit(task)


class Operation(Generic[T]):
    """Built by ``operation``, ``query`` or ``long_operation``; see the module."""

    def __init__(
        self,
        parent: QObject,
        work: Callable[[Progress], T],
        key: Hashable,
        newest_wins: bool,
        cancellable: bool,
    ) -> None:
        self._parent = parent
        self._work = work
        self._key: Hashable = (id(parent), key)
        self._newest_wins = newest_wins
        self._cancellable = cancellable
        self._label = ""
        self._on_success: Callable[[T], object] | None = None
        self._on_failure: Callable[[AppError], object] | None = None
        self._on_end: Callable[[], object] | None = None

    def success(self, callback: Callable[[T], object]) -> Operation[T]:
        """Called with the result."""
        self._on_success = callback
        return self

    def failure(self, callback: Callable[[AppError], object]) -> Operation[T]:
        """Called with an ``AppError`` instead of the error dialog."""
        self._on_failure = callback
        return self

    def finally_(self, callback: Callable[[], object]) -> Operation[T]:
        """Called after success, failure or 取消: enable the button again."""
        self._on_end = callback
        return self

    def progress(self, label: str) -> Operation[T]:
        """Show the work in the status bar under this name (“正在…”)."""
        self._label = label
        return self

    def key(self, key: Hashable) -> Operation[T]:
        """Name the work when its place in the code does not tell it apart."""
        self._key = (id(self._parent), key)
        return self

    def run_in_background(self) -> bool:
        """Start; ``False`` when the same operation is still running."""
        runner = TaskRunner.of_application()
        older = runner._running.get(self._key)
        if older is not None:
            if not self._newest_wins:
                return False
            older.superseded = True
            older.progress.cancel()
        task = self._task(runner)
        runner._submit(task, lambda: self._run(runner, task))
        return True

    def _task(self, runner: TaskRunner) -> Task:
        progress = Progress(
            lambda report: runner._post(lambda: runner._deliver_report(task, report))
        )
        task = Task(self._label, self._key, progress, cancellable=self._cancellable)
        return task

    def _run(self, runner: TaskRunner, task: Task) -> None:
        try:
            task.progress.check()
            result = self._work(task.progress)
        except Cancelled:
            runner._post(lambda: self._finish(runner, task, lambda: None))
        except AppError as error:
            failed = error
            runner._post(lambda: self._finish(runner, task, lambda: self._fail(failed)))
        except BaseException as error:
            broken = error
            runner._post(lambda: self._finish(runner, task, lambda: _crash(broken)))
        else:
            runner._post(lambda: self._finish(runner, task, lambda: self._succeed(result)))

    def _finish(self, runner: TaskRunner, task: Task, outcome: Callable[[], None]) -> None:
        runner._end(task)
        if task.superseded or not shiboken6.isValid(self._parent):
            return
        try:
            outcome()
        finally:
            if self._on_end is not None and shiboken6.isValid(self._parent):
                self._on_end()

    def _succeed(self, result: T) -> None:
        if self._on_success is not None:
            self._on_success(result)

    def _fail(self, error: AppError) -> None:
        if self._on_failure is not None:
            self._on_failure(error)
            return
        from app.ui.dialogs.messages import show_error

        show_error(self._parent if isinstance(self._parent, QWidget) else None, error)


def operation(parent: QObject, work: Callable[[], T]) -> Operation[T]:
    """A change: while it runs, the same operation of ``parent`` is not started again."""
    return Operation(parent, lambda _progress: work(), _place(work), False, False)


def query(parent: QObject, work: Callable[[], T]) -> Operation[T]:
    """A look: a newer one of the same place replaces it."""
    return Operation(parent, lambda _progress: work(), _place(work), True, False)


def long_operation(parent: QObject, work: Callable[[Progress], T]) -> Operation[T]:
    """A change that reports how far it is and can be cancelled."""
    return Operation(parent, work, _place(work), False, True)


def long_query(parent: QObject, work: Callable[[Progress], T]) -> Operation[T]:
    """A look that reports how far it is and can be cancelled; a newer one replaces it."""
    return Operation(parent, work, _place(work), True, True)


def _place(work: Callable[..., Any]) -> Hashable:
    """Where in the code the work was written: the same button, the same place."""
    if isinstance(work, functools.partial):
        inner = tuple(_place(part) for part in work.args if callable(part))
        return (_place(work.func), inner)
    if isinstance(work, MethodType):
        return (id(work.__self__), work.__func__.__qualname__)
    if isinstance(work, FunctionType):
        return (work.__qualname__, work.__code__.co_filename, work.__code__.co_firstlineno)
    return id(work)


def _crash(error: BaseException) -> None:
    sys.excepthook(type(error), error, error.__traceback__)
