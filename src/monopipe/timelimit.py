"""A limit on the time that a piece of work may take, for documents nobody thought of."""

from __future__ import annotations

import ctypes
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class _Overtime(BaseException):
    """Raised wherever the work stands; no `except Exception` of the work keeps it."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """TimeoutError when the block has taken `seconds` of processor time, which other load does not shorten.

    Signals reach only the main thread of a process, which is where workers work. In another thread it is time as the
    clock tells it, and a single call into C may take longer.
    """
    limit = _by_signal if threading.current_thread() is threading.main_thread() else _by_watch
    try:
        with limit(seconds):
            yield
    except _Overtime:
        raise TimeoutError(f"not done within {seconds:g} seconds") from None


@contextmanager
def _by_signal(seconds: float) -> Iterator[None]:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise _Overtime

    before = signal.signal(signal.SIGPROF, stop)
    try:
        signal.setitimer(signal.ITIMER_PROF, seconds, 1.0)  # again each second: a first one may be lost in a callback
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@contextmanager
def _by_watch(seconds: float) -> Iterator[None]:
    me = threading.get_ident()
    watch = threading.Timer(
        seconds, lambda: ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(me), ctypes.py_object(_Overtime))
    )
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()
