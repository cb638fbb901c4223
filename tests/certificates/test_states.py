"""Valid, expired, revoked, replaced: told by one rule, alike in the house and in the database, changing at midnight in Seoul."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from certificates import certificates, revoking, states
from certificates.models import Certificate, Ground, Revocation
from certificates.states import State
from lms.kit import clock
from lms.kit.db import session
from tests import make
from tests.certificates.making import issued

DAY = date(2026, 5, 31)


@pytest.mark.parametrize(
    "revoked, replaced, expires_on, is_",
    [
        (False, False, None, State.VALID),
        (False, False, DAY, State.VALID),
        (False, False, DAY - timedelta(1), State.EXPIRED),
        (False, True, DAY - timedelta(1), State.REPLACED),
        (True, False, None, State.REVOKED),
        (True, True, DAY - timedelta(1), State.REVOKED),
    ],
)
def test_the_first_that_holds_is_told(revoked, replaced, expires_on, is_):
    assert states.state(revoked=revoked, replaced=replaced, expires_on=expires_on, today=DAY) == is_


def in_every_state() -> dict[Certificate, State]:
    """Certificates with each combination of revocation, replacement and expiry, as seen on DAY."""
    found = {}
    with clock.at(datetime(2026, 5, 1, tzinfo=UTC)):
        for revoked in (False, True):
            for replaced in (False, True):
                for expires_on in (None, DAY - timedelta(1), DAY, DAY + timedelta(1)):
                    certificate = issued()
                    certificate.expires_on = expires_on
                    if replaced:
                        replace(certificate)
                    if revoked:
                        make.add(
                            Revocation(
                                certificate_id=certificate.id,
                                by_id=certificate.issued_by_id,
                                ground=Ground.ERROR,
                                reason="Wrong.",
                            )
                        )
                    found[certificate] = states.state(
                        revoked=revoked, replaced=replaced, expires_on=expires_on, today=DAY
                    )
    session.commit()
    session.expire_all()
    return found


def replace(certificate: Certificate) -> Certificate:
    """One that stands in the place of another, past the rules."""
    copied = {
        name: getattr(certificate, name)
        for name in ("completion_id", "person_id", "cohort_id", "year", "facts", "design", "design_version")
    }
    copied |= {"rule_version": 1, "issued_on": certificate.issued_on, "issued_by_id": certificate.issued_by_id}
    serial = 1000 + certificate.serial
    code = f"{certificate.code[:-4]}{serial}"
    return make.add(Certificate(**copied, serial=serial, code=code, replaces_id=certificate.id, correction="Name."))


def test_the_database_tells_the_same_as_the_house():
    expected = in_every_state()
    with clock.at(clock.day_start(DAY)):
        told = {each.id: states.of(each) for each in expected}
        by_filter = {
            key: state
            for state in State
            for key in session.scalars(select(Certificate.id).where(states.being(state), Certificate.serial < 1000))
        }
    wanted = {each.id: state for each, state in expected.items()}
    assert told == wanted
    assert by_filter == wanted
    assert set(wanted.values()) == set(State)


def test_it_expires_at_midnight_in_seoul():
    with clock.at(clock.day_start(DAY)):
        certificate = issued()
        certificate.expires_on = DAY
    last = datetime(2026, 5, 31, 14, 59, 59, tzinfo=UTC)
    for moment, is_ in ((last, State.VALID), (last + timedelta(seconds=1), State.EXPIRED)):
        with clock.at(moment):
            assert states.of(certificate) == is_
            assert session.scalars(select(Certificate).where(states.being(is_))).all() == [certificate]


def test_the_database_keeps_the_order_of_the_days():
    certificate = issued()
    certificate.expires_on = certificate.issued_on - timedelta(1)
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_a_correction_says_what_it_corrects_and_the_database_holds_it():
    certificate = issued()
    certificate.correction = "Nothing was replaced."
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_a_state_costs_no_query_of_its_own(queries):
    certificate = issued()
    person = certificate.person
    session.commit()
    session.expunge_all()
    with queries() as seen:
        (found,) = session.scalars(certificates.of(person)).all()
        assert states.of(found) == State.VALID
    assert sum(statement.startswith("SELECT") for statement in seen) == 1


def test_a_revocation_has_a_ground_that_anybody_may_read_and_the_database_knows_them_all():
    certificate = issued()
    revocation = revoking.revoke(certificate, certificate.issued_by, "Copied work.", Ground.MISCONDUCT)
    session.commit()
    session.refresh(revocation)
    assert revocation.ground == Ground.MISCONDUCT
    assert set(states.grounds()) == set(Ground)
    with pytest.raises(IntegrityError):
        session.execute(Revocation.__table__.update().values(ground=None))
    session.rollback()


def test_what_was_replaced_is_not_revoked():
    certificate = issued()
    replace(certificate)
    with pytest.raises(revoking.Refused):
        revoking.revoke(certificate, certificate.issued_by, "Wrong.")
