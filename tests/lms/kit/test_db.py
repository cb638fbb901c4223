"""Many who write at once: nothing is lost, nobody is turned away, readers do not wait."""

import fcntl
import os
import threading
from contextvars import copy_context
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from lms.kit import clock, db
from lms.kit.db import session
from lms.people.models import Person, Role
from tests import make

THREADS, TIMES = 8, 25


def at_once(work, count=THREADS):
    """Run `work` in several threads that start together; the errors that came up."""
    together, troubles = threading.Barrier(count), []

    def one():
        try:
            together.wait(10)
            work()
        except Exception as error:
            troubles.append(error)
        finally:
            session.remove()

    threads = [threading.Thread(target=copy_context().run, args=(one,)) for _number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return troubles


def test_no_update_is_lost_and_nobody_is_turned_away(app):
    person = make.person(Role.TRAINEE, latin_name="0")
    key = person.id
    session.commit()

    def count_up():
        for _time in range(TIMES):
            with app.app_context(), db.transaction():
                mine = session.get_one(Person, key, with_for_update=True)
                mine.latin_name = str(int(mine.latin_name) + 1)

    assert at_once(count_up) == []
    session.rollback()
    assert session.scalar(select(Person.latin_name).where(Person.id == key)) == str(THREADS * TIMES)


def test_processes_take_turns_too(app):
    person = make.person(Role.TRAINEE, latin_name="0")
    key = person.id
    session.commit()
    session.remove()
    children = [os.fork() or count_in_a_child(app, key) for _child in range(4)]
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 4
    assert session.scalar(select(Person.latin_name).where(Person.id == key)) == str(4 * TIMES)


def test_while_another_process_has_the_turn_nobody_writes(app):
    if db.engine().dialect.name != "sqlite":
        pytest.skip("PostgreSQL has no turns")
    key, done = make.person(Role.TRAINEE).id, threading.Event()
    session.commit()
    session.remove()

    def write():
        with app.app_context(), db.transaction():
            session.execute(update(Person).where(Person.id == key).values(latin_name="late"))
        session.remove()
        done.set()

    thread = threading.Thread(target=copy_context().run, args=(write,))
    with open(f"{db.engine().url.database}-turn", "rb+") as turn:  # opened anew, as another process would
        fcntl.flock(turn, fcntl.LOCK_EX)
        thread.start()
        assert not done.wait(0.2)
    assert done.wait(30)
    thread.join(30)


def count_in_a_child(app, key):
    """Count up as a forked process with connections of its own; never returns."""
    try:
        db.engine().dispose(close=False)
        for _time in range(TIMES):
            with app.app_context(), db.transaction():
                mine = session.get_one(Person, key, with_for_update=True)
                mine.latin_name = str(int(mine.latin_name) + 1)
        os._exit(0)
    finally:
        os._exit(1)


def test_a_transaction_that_fails_lets_the_next_one_write(app):
    person = make.person(Role.TRAINEE)
    key = person.id
    session.commit()

    def fail():
        with db.transaction():
            session.execute(update(Person).where(Person.id == key).values(latin_name="lost"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    session.remove()

    def write():
        with app.app_context(), db.transaction():
            session.execute(update(Person).where(Person.id == key).values(latin_name="kept"))

    assert at_once(write, 2) == []
    session.rollback()
    assert session.scalar(select(Person.latin_name).where(Person.id == key)) == "kept"


def test_who_reads_does_not_wait_for_who_writes(app):
    person = make.person(Role.TRAINEE, latin_name="before")
    key, seen = person.id, []
    session.commit()

    def read():
        db.mean_to_write(False)
        with app.app_context():
            seen.append(session.scalar(select(Person.latin_name).where(Person.id == key)))

    with db.transaction():
        session.execute(update(Person).where(Person.id == key).values(latin_name="after"))
        assert at_once(read, 2) == []
    assert seen == ["before", "before"]


def test_a_writer_waits_for_the_one_before(app):
    first = make.person(Role.TRAINEE)
    key, order = first.id, []
    session.commit()
    begun, done = threading.Event(), threading.Event()

    def second():
        begun.wait(10)
        with app.app_context(), db.transaction():
            session.execute(update(Person).where(Person.id == key).values(latin_name="second"))
            order.append("second")
        session.remove()
        done.set()

    thread = threading.Thread(target=copy_context().run, args=(second,))
    thread.start()
    with db.transaction():
        session.execute(update(Person).where(Person.id == key).values(latin_name="first"))
        begun.set()
        assert not done.wait(0.2)
        order.append("first")
    thread.join(30)
    assert order == ["first", "second"]


def test_keys_of_one_moment_keep_their_order():
    with clock.at(datetime(2026, 3, 1, tzinfo=UTC)):
        keys = [db.new_key() for _each in range(2000)]
    assert keys == sorted(keys)
    assert len(set(keys)) == 2000
