"""Transports that each do one thing wrong fail the one check that is meant for it."""

from __future__ import annotations

import pytest

from cvatfn.testing.conformance import CHECKS, run
from tests.conformance.mutants import MADE, MUTANTS, made

PATIENCE = 3.0
"""In seconds: some mutants never come back."""

VAST_ONES = ("sources_are_read_while_they_are_sent", "streams_take_little_memory")
"""They take longer than all the others: they are left out where neither bodies nor streams are."""


def test_every_check_has_a_mutant() -> None:
    assert {*MUTANTS, *MADE} == {each.name for each in CHECKS}


@pytest.mark.parametrize("name", [each.name for each in CHECKS])
def test_a_mutant_fails_the_check_that_is_meant_for_it_and_no_other(name: str) -> None:
    quick = [each for each in CHECKS if each.name == name or each.name not in VAST_ONES]
    report = run(made(name), checks=quick, patience=PATIENCE)
    assert [result.check for result in report.of("failed")] == [name], str(report)
    assert all(result.reason for result in report.of("failed"))
