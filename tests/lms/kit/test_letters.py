"""Letters are kept for a while after they left, and then nobody has them any more."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from lms.kit import clock, jobs, mail
from lms.kit.db import session
from lms.kit.mail import KEPT_FOR, Letter

NOON = datetime(2026, 3, 2, 3, tzinfo=UTC)


def written(app) -> list[Path]:
    return sorted((Path(app.config["DATA_DIR"]) / "mail").glob("*.eml"))


def test_letters_go_half_a_year_after_they_left(app, monkeypatch):
    monkeypatch.setattr(mail, "AT_ONCE", 2)
    before = written(app)
    for moment in (NOON, NOON, NOON, NOON + KEPT_FOR):
        with clock.at(moment):
            mail.post("ada@example.org", "Ada", "A letter", "About Bob.")
            session.commit()
            jobs.perform_all()
    unsent = Letter(to_address="eve@example.org", to_name="Eve", subject="Waits", text="…", written_at=NOON)
    session.add(unsent)
    session.commit()
    with clock.at(NOON + KEPT_FOR + timedelta(seconds=1)):
        mail.forget_old_letters()
    left = session.scalars(select(Letter).order_by(Letter.written_at)).all()
    assert [each.to_name for each in left] == ["Eve", "Ada"]
    assert len(written(app)) == len(before) + 1
