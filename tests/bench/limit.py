"""Limits for measurements: one that waits for ever tells nothing, and one that says nothing looks as if it did."""

import os
import signal
import sys
import time
from contextlib import contextmanager

_BEGAN = time.monotonic()


@contextmanager
def at_most(seconds, what):
    """Ends what takes longer, whatever it waits for: a process, a pipe, a browser."""

    def over(_signal, _frame):
        raise TimeoutError(f"{what}: not done after {seconds:.0f} s (load of the machine: {load()})")

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def load():
    """How much else the machine does: how many would run, over the last minute and the last five."""
    one, five, _ = os.getloadavg()
    return f"{one:.1f}, {five:.1f} on {os.cpu_count()} cores"


def progress(words):
    """Says on standard error, with the time since the start, where a measurement is."""
    print(f"  {time.monotonic() - _BEGAN:5.0f} s  {words}", file=sys.stderr, flush=True)
