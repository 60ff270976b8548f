"""The limits a child puts on itself before it imports anything large."""

from __future__ import annotations

import os
import resource
import signal

NICENESS = 10
GRACE = 1.0
"""Seconds after its limit at which a child ends by itself, should nobody be there to end it."""


def apply_limits(seconds_left: float, mib: int) -> None:
    """Be nice, end by an alarm, take no more address space than allowed and leave no image of the memory behind."""
    os.nice(NICENESS)
    # The alarm's own action ends the process even inside a library that never comes back to Python.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGALRM])
    signal.setitimer(signal.ITIMER_REAL, max(0.001, seconds_left + GRACE))
    _lower(resource.RLIMIT_AS, mib * 1024 * 1024)
    _lower(resource.RLIMIT_CORE, 0)


def _lower(what: int, limit: int) -> None:
    hard = resource.getrlimit(what)[1]
    wanted = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(what, (wanted, wanted))
