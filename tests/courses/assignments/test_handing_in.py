"""Handing in: versions, drafts, receipts, lateness, and what cannot be taken."""

import hashlib
from datetime import timedelta
from io import BytesIO

import pytest

from courses.assignments import drafts, submissions
from courses.assignments.models import Draft, Submission
from courses.learning.models import Deadline
from lms.kit import clock, files
from lms.kit.db import session
from lms.kit.refusal import Refused
from tests import make


def handed_in() -> list[Submission]:
    return session.query(Submission).order_by(Submission.number).all()


def test_each_version_is_kept_with_its_receipt(browser, room):
    browser.sign_in(room.trainee).post("assignments.hand_in", {"text": "First.\r\nLine"}, **room.page).follow()
    assert hashlib.sha256(b"First.\nLine").hexdigest() in browser.html
    browser.post("assignments.hand_in", {"text": "Second."}, **room.page).follow()
    first, second = handed_in()
    assert (first.number, second.number, first.text) == (1, 2, "First.\nLine")
    assert first.receipt != second.receipt
    browser.open("assignments.read", **room.page)
    assert "Version 1" in browser.text
    assert "Version 2" in browser.text


def test_receipt_names_files_sizes_and_hashes_and_they_download_as_they_were(browser, room):
    content = b"print('hello')\n"
    name = "과제\u202e e\u0301 🙂.py"
    browser.sign_in(room.trainee).post("assignments.hand_in", {"files": (BytesIO(content), name)}, **room.page).follow()
    assert hashlib.sha256(content).hexdigest() in browser.html
    assert "과제 é 🙂.py" in browser.html
    assert "\u202e" not in browser.html
    [submission] = handed_in()
    browser.open("assignments.download", submission_id=submission.id, position=1)
    assert browser.response.data == content
    assert browser.response.headers["Content-Disposition"].startswith("attachment")


def test_text_downloads_byte_by_byte_as_it_was_hashed(browser, room):
    submission = room.hand_in("줄 하나\r\n둘")
    browser.sign_in(room.trainee).open("assignments.text", submission_id=submission.id)
    assert hashlib.sha256(browser.response.data).hexdigest() == submission.text_sha256


def test_same_content_twice_is_one_version(browser, room):
    form = {"text": "Once.", "link": "https://example.org"}
    browser.sign_in(room.trainee).post(
        "assignments.hand_in", {**form, "files": (BytesIO(b"a,b\n"), "a.csv")}, **room.page
    )
    receipt = browser.response.location
    browser.post("assignments.hand_in", {**form, "files": (BytesIO(b"a,b\n"), "a.csv")}, **room.page)
    assert browser.response.location == receipt
    assert len(handed_in()) == 1
    browser.post("assignments.hand_in", {**form, "files": (BytesIO(b"a,c\n"), "a.csv")}, **room.page)
    assert len(handed_in()) == 2


def test_files_of_the_version_before_can_be_handed_in_again(browser, room):
    files = [(BytesIO(b"1"), "one.txt"), (BytesIO(b"2"), "two.txt")]
    browser.sign_in(room.trainee).post("assignments.hand_in", {"files": files}, **room.page)
    kept = handed_in()[0].files[0].file
    browser.post("assignments.hand_in", {"text": "More.", "kept": str(kept.id)}, **room.page)
    assert [each.file.name for each in handed_in()[1].files] == ["one.txt"]


def test_files_of_others_cannot_be_handed_in_by_their_key(browser, room, other):
    browser.sign_in(other.trainee).post("assignments.hand_in", {"files": (BytesIO(b"secret"), "s.txt")}, **other.page)
    foreign = handed_in()[0].files[0].file_id
    browser.sign_out().sign_in(room.trainee).post(
        "assignments.hand_in", {"text": "x", "kept": str(foreign)}, **room.page
    )
    mine = session.query(Submission).filter_by(enrolment_id=room.enrolment.id).one()
    assert mine.files == []


@pytest.mark.parametrize(
    "form, sentence",
    [
        ({}, "Write something"),
        ({"text": " \r\n "}, "Write something"),
        ({"text": "x" * 200_001}, "longer than 200000"),
        ({"text": "one\ntwo\x00"}, "Line 2 held a character"),
        ({"link": "javascript:alert(1)"}, "begins with https://"),
        ({"link": "https://"}, "begins with https://"),
        ({"link": "http://[broken"}, "begins with https://"),
        ({"text": "x", "files": (BytesIO(b""), "empty.txt")}, "is empty"),
        ({"text": "x", "files": (BytesIO(b"MZ\x90"), "tool.exe")}, "cannot be taken"),
        ({"text": "x", "files": (BytesIO(b"GIF89a"), "report.pdf")}, "not a real PDF"),
        ({"files": [(BytesIO(b"%d" % count), f"{count}.txt") for count in range(21)]}, "at most 20 files"),
    ],
)
def test_what_cannot_be_taken_is_said_and_what_was_typed_stays(browser, room, form, sentence):
    fresh = {
        name: (BytesIO(value[0].getvalue()), value[1]) if isinstance(value, tuple) else value
        for name, value in form.items()
    }
    browser.sign_in(room.trainee).post("assignments.hand_in", fresh, status=422, **room.page)
    assert sentence in browser.text
    assert handed_in() == []
    if isinstance(form.get("link"), str):
        assert form["link"] in browser.html


def test_zip_is_kept_as_it_is(browser, room):
    bomb = b"PK\x03\x04" + b"\x00" * 2000
    browser.sign_in(room.trainee).post("assignments.hand_in", {"files": (BytesIO(bomb), "work.zip")}, **room.page)
    assert files.path_of(handed_in()[0].files[0].file).read_bytes() == bomb


def test_late_work_is_taken_and_marked_late(browser, room):
    make.add(Deadline(offering_id=room.offering.id, activity_key=room.activity.key, due_at=make.ago(hours=1)))
    browser.sign_in(room.trainee).open("assignments.read", **room.page)
    assert "Your deadline is over" in browser.text
    browser.post("assignments.hand_in", {"text": "Late."}, **room.page).follow()
    assert "Late" in browser.text
    assert handed_in()[0].late


def test_own_extension_counts_and_is_told(browser, room):
    soon = clock.now() + timedelta(days=2)
    make.add(Deadline(offering_id=room.offering.id, activity_key=room.activity.key, due_at=make.ago(hours=1)))
    make.add(
        Deadline(
            offering_id=room.offering.id,
            activity_key=room.activity.key,
            person_id=room.trainee.id,
            due_at=soon,
            reason="ill",
        )
    )
    browser.sign_in(room.trainee).open("assignments.read", **room.page)
    assert "extended for you" in browser.text
    assert not room.hand_in().late


def test_rubric_is_seen_before(browser, room):
    browser.sign_in(room.trainee).open("assignments.read", **room.page)
    assert "Criterion 1" in browser.text
    assert "30–50" in browser.text


def test_draft_is_saved_as_it_is_typed_and_gone_when_handed_in(browser, room):
    browser.sign_in(room.trainee)
    browser.post(
        "assignments.save_draft", {"text": "Half", "link": ""}, status=204, headers={"X-Autosave": "1"}, **room.page
    )
    browser.post(
        "assignments.save_draft", {"text": "Half a\r\nsentence"}, status=204, headers={"X-Autosave": "1"}, **room.page
    )
    browser.open("assignments.read", **room.page)
    assert browser.find("textarea", name="text")[0].text.strip() == "Half a\nsentence"
    browser.post("assignments.hand_in", {"text": "Whole."}, **room.page)
    assert session.query(Draft).count() == 0


def test_draft_is_saved_without_script_and_refused_when_too_long(browser, room):
    browser.sign_in(room.trainee).post("assignments.save_draft", {"text": "Half"}, **room.page).follow()
    assert "Your draft is saved" in browser.text
    long = {"text": "x" * 200_001}
    browser.post("assignments.save_draft", long, status=422, headers={"X-Autosave": "1"}, **room.page)
    browser.post("assignments.save_draft", long, status=422, **room.page)
    assert session.query(Draft).one().text == "Half"


def test_nobody_who_left_can_hand_in(room):
    room.hand_in()
    room.enrolment.ended_at = clock.now()
    with pytest.raises(Refused):
        room.hand_in("More.")


def test_latest_is_the_newest_version_of_each_assignment(room, queries):
    room.hand_in("One.")
    newest = room.hand_in("Two.")
    session.flush()
    with queries() as seen:
        assert submissions.latest(room.enrolment) == {room.activity.id: newest}
    assert len(seen) == 1


def test_work_stays_with_its_owner_who_is_switched_to_another_version(room):
    """The same assignment has the same key in every version."""
    before = room.hand_in("One.")
    version = make.course()
    room.enrolment.version_id = version.id
    again = make.assignment(version).activity
    again.key = room.activity.key
    session.flush()
    after = submissions.hand_in(room.enrolment, again, text="Two.")
    assert after.number == before.number + 1
    assert submissions.latest(room.enrolment) == {again.id: after}


def test_draft_of_two_tabs_is_one(room):
    drafts.save(room.enrolment, room.activity, text="a")
    drafts.save(room.enrolment, room.activity, text="b")
    assert [draft.text for draft in session.query(Draft)] == ["b"]
