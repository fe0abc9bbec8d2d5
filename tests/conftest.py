"""Hypothesis profiles: fixed for CI, quick for development, long for the night."""

from __future__ import annotations

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
