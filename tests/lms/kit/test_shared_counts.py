"""Counts shared by forked processes."""

import os

from lms.kit import shared_counts
from lms.kit.shared_counts import SharedCounts


def test_processes_count_together():
    counts, processes, each = SharedCounts(), 4, 500
    children = []
    for _process in range(processes):
        if (child := os.fork()) == 0:
            for _knock in range(each):
                counts.incr("door", 600)
            os._exit(0)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * processes
    assert counts.get("door") == processes * each


def test_keys_are_told_apart_and_end_by_themselves(monkeypatch):
    counts = SharedCounts()
    assert [counts.incr("a", 60), counts.incr("a", 60), counts.incr("b", 3600)] == [1, 2, 1]
    ends = counts.get_expiry("a")
    monkeypatch.setattr(shared_counts.time, "time", lambda: ends)
    assert (counts.get("a"), counts.get("b")) == (0, 1)
    assert counts.incr("a", 60) == 1
    counts.clear("b")
    assert counts.get("b") == 0


def test_a_flood_of_keys_takes_no_memory_and_the_table_goes_on():
    counts = SharedCounts()
    size = len(counts.table)
    for number in range(shared_counts.PLACES // 2):
        counts.incr(f"flood {number}", 60)
    assert len(counts.table) == size
    assert counts.incr("door", 600) == 1
    assert counts.incr("door", 600) == 2
