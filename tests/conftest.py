"""Hypothesis profiles: fixed for CI, quick for development, long for the night; and Ctrl-C.

A shell that runs the suite in the background has it ignore Ctrl-C, and so has all that it starts;
what is tested is what comes of Ctrl-C in a terminal.
"""

from __future__ import annotations

import signal

from hypothesis import HealthCheck, settings

SLOW_MACHINES_ARE_FINE = [HealthCheck.too_slow]

settings.register_profile(
    "ci",
    deadline=None,
    derandomize=True,
    max_examples=40,
    print_blob=True,
    suppress_health_check=SLOW_MACHINES_ARE_FINE,
)
settings.register_profile(
    "dev", deadline=None, max_examples=25, suppress_health_check=SLOW_MACHINES_ARE_FINE
)
settings.register_profile(
    "nightly", deadline=None, max_examples=2000, suppress_health_check=SLOW_MACHINES_ARE_FINE
)
settings.load_profile("dev")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
