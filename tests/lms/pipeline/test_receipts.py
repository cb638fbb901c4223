"""Receipt numbers: by the year in Seoul, without gaps, also when several people send at once."""

import threading
from datetime import UTC, datetime

from lms.kit import clock, db
from lms.kit.db import session
from lms.pipeline import receipts


def test_numbers_count_up_within_a_year_of_seoul():
    with clock.at(datetime(2026, 12, 31, 14, 59, tzinfo=UTC)):
        assert [receipts.next_number(), receipts.next_number()] == ["2026-A-000001", "2026-A-000002"]
    with clock.at(datetime(2026, 12, 31, 15, 0, tzinfo=UTC)):  # midnight in Seoul
        assert receipts.next_number() == "2027-A-000001"


def test_what_is_rolled_back_leaves_no_gap():
    with clock.at(datetime(2026, 5, 1, tzinfo=UTC)):
        receipts.next_number()
        session.commit()
        receipts.next_number()
        session.rollback()
        assert receipts.next_number() == "2026-A-000002"


def test_the_first_senders_of_a_year_at_once(app):
    start, numbers = threading.Barrier(4), []

    def send():
        with app.app_context(), clock.at(datetime(2026, 1, 1, 12, tzinfo=UTC)):
            start.wait(timeout=20)
            with db.transaction():
                number = receipts.next_number()
            numbers.append(number)
            session.remove()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(numbers) == [f"2026-A-{number:06}" for number in range(1, 5)]
