"""Whoever judges or signs may already stand in a loop of events."""

import pytest

from certificates.apart import outcome


async def told(answer):
    if isinstance(answer, Exception):
        raise answer
    return answer


async def asked_from_within():
    return outcome(told(7))


def test_it_answers_within_a_running_loop():
    assert outcome(asked_from_within()) == 7


def test_what_it_raises_is_raised():
    with pytest.raises(ValueError, match="no such key"):
        outcome(told(ValueError("no such key")))
