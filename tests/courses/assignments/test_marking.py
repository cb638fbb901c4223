"""Marking: points inside levels, nothing overwritten, two markers, what comes next."""

import pytest
from sqlalchemy import select

from courses.assignments import markings, rubrics
from courses.assignments.models import Mark, Marking, Submission
from lms.kit import files
from lms.kit.db import session
from lms.kit.refusal import Refused
from tests import make


@pytest.mark.parametrize("points, level", [(0, "Weak"), (29, "Weak"), (30, "Good"), (50, "Good")])
def test_points_choose_their_level(room, points, level):
    assert markings.judge(room.rubric.criteria[0], points).level.title["en"] == level


@pytest.mark.parametrize("level, points", [(1, 29), (1, 51), (0, 30), (0, -1), (None, 51), (None, None), (1, None)])
def test_no_points_outside_a_level(room, level, points):
    criterion = room.rubric.criteria[0]
    with pytest.raises(Refused):
        rubrics.decide(criterion, None if level is None else criterion.levels[level].id, points)


def test_a_level_of_one_value_needs_no_points(room):
    criterion = room.rubric.criteria[0]
    criterion.levels[1].lowest = 50
    assert rubrics.decide(criterion, criterion.levels[1].id, None) == (criterion.levels[1], 50)


def test_marking_is_saved_with_level_points_and_comments(browser, room):
    submission = room.hand_in()
    first = room.rubric.criteria[0]
    form = room.form(
        **{f"comment-{first.id}": "Well argued.", "comment": "Good work.", f"level-{first.id}": str(first.levels[1].id)}
    )
    browser.sign_in(room.instructor).post("assignments.save_marking", form, submission_id=submission.id).follow()
    marking = session.scalars(select(Marking)).one()
    assert (marking.points, marking.most, marking.passed, marking.comment) == (80, 100, True, "Good work.")
    assert {mark.comment for mark in marking.marks} == {"Well argued.", ""}
    assert all(mark.level.title["en"] == "Good" for mark in marking.marks)
    assert "Well argued." in browser.html


@pytest.mark.parametrize("points", ["", "51", "-1", "4o", "1e1", "٣٠", "40.5", "9" * 30])
def test_points_that_do_not_fit_are_refused_at_the_criterion_and_nothing_is_lost(browser, room, points):
    submission = room.hand_in()
    first = room.rubric.criteria[0]
    form = room.form(**{f"points-{first.id}": points, f"comment-{first.id}": "Typed with care."})
    browser.sign_in(room.instructor).post("assignments.save_marking", form, status=422, submission_id=submission.id)
    assert browser.find("p", id="error-1")
    assert "Typed with care." in browser.html
    assert session.query(Marking).count() == 0


def test_a_level_of_another_criterion_is_refused(browser, room):
    submission = room.hand_in()
    first, second = room.rubric.criteria
    form = {**room.form(points=""), f"level-{first.id}": str(second.levels[0].id), f"level-{second.id}": "no-uuid"}
    browser.sign_in(room.instructor).post("assignments.save_marking", form, status=422, submission_id=submission.id)
    assert session.query(Mark).count() == 0


def test_a_comment_that_is_too_long_is_refused(browser, room):
    submission = room.hand_in()
    form = room.form(comment="x" * 10_001)
    browser.sign_in(room.instructor).post("assignments.save_marking", form, status=422, submission_id=submission.id)
    assert session.query(Marking).count() == 0


def test_unprintable_characters_in_a_comment_become_visible(browser, room):
    submission = room.hand_in()
    browser.sign_in(room.instructor).post(
        "assignments.save_marking", room.form(comment="a\x00b"), submission_id=submission.id
    )
    assert session.scalars(select(Marking.comment)).one() == "a␀b"


def test_second_marker_is_told_and_loses_nothing(browser, room):
    submission = room.hand_in()
    colleague = make.instructor(room.offering)
    room.mark(submission, 45, by=colleague, comment="Theirs.")
    first = room.rubric.criteria[0]
    form = room.form(20, seen=0, **{f"comment-{first.id}": "Mine."})
    browser.sign_in(room.instructor).post("assignments.save_marking", form, status=409, submission_id=submission.id)
    assert browser.find("div", class_="differences")
    assert f"{colleague.name} saved first" in browser.text
    assert "Theirs." in browser.html
    assert "Mine." in browser.html
    assert browser.find("input", name=f"points-{first.id}")[0].get("value") == "20"
    seen = browser.find("input", name="seen")[0].get("value")
    browser.post("assignments.save_marking", {**form, "seen": seen}, submission_id=submission.id)
    assert [marking.points for marking in session.scalars(markings.HISTORY.params(submission_id=submission.id))] == [
        40,
        90,
    ]


def test_only_what_differs_is_compared_also_where_levels_have_fixed_points(browser, room):
    submission = room.hand_in()
    first, second = room.rubric.criteria
    first.levels[0].lowest = first.levels[0].highest = 20
    first.levels[1].lowest = 50
    session.flush()
    rubric = room.rubric
    judged = [markings.judge(rubric.criteria[0], 50), markings.judge(rubric.criteria[1], 40)]
    markings.save(submission, rubric, make.instructor(room.offering), judged)
    form = {"seen": "0", f"level-{first.id}": str(first.levels[1].id), f"points-{second.id}": "30"}
    browser.sign_in(room.instructor).post("assignments.save_marking", form, status=409, submission_id=submission.id)
    assert len(browser.find("div", class_="differences")) == 1
    assert "30 / 50" in browser.text


def test_same_marking_sent_twice_is_one(browser, room):
    submission = room.hand_in()
    browser.sign_in(room.instructor)
    for _time in range(2):
        browser.post("assignments.save_marking", room.form(), submission_id=submission.id)
    assert session.query(Marking).count() == 1


def test_a_newer_version_that_came_meanwhile_is_told(browser, room):
    submission = room.hand_in()
    browser.sign_in(room.instructor).open("assignments.mark", submission_id=submission.id)
    form = room.form(newest=int(browser.find("input", name="newest")[0].get("value")))
    newer = room.hand_in("Better.")
    browser.post("assignments.save_marking", form, submission_id=submission.id).follow()
    assert "handed in version 2" in browser.text
    assert "Version 2 is newer" in browser.text
    assert browser.find("a", href=f"/marking/{newer.id}")


def test_next_is_the_oldest_unmarked_of_the_same_filter(browser, room, other):
    first = room.hand_in()
    second = room.hand_in("B", make.enrolment(room.offering))
    third = room.hand_in("C", make.enrolment(room.offering))
    room.mark(first)
    other.hand_in()
    form = {**room.form(), "next": "yes"}
    browser.sign_in(room.instructor)
    chosen = f"/marking/{third.id}?offering={room.offering.id}"
    browser.post(chosen, form)
    assert browser.response.location == f"/marking/{second.id}?offering={room.offering.id}"
    browser.post(browser.response.location, form).follow()
    assert "Nothing is left to mark here" in browser.text


def test_next_without_saving_goes_on_behind_this_one_and_starts_again_at_the_end(browser, room):
    made = [room.hand_in(text, make.enrolment(room.offering)) for text in "ABC"]
    browser.sign_in(room.instructor)
    for at, following in ((0, 1), (1, 2), (2, 0)):
        browser.open("assignments.mark", submission_id=made[at].id)
        assert browser.find("a", data_key="n")[0].get("href") == f"/marking/{made[following].id}"


def test_text_files_are_shown_escaped_and_others_only_download(browser, room):
    script = files.keep_bytes(b"<script>alert(1)</script>\n\x07\xed", name="a.py", media_type="text/plain")
    book = files.keep_bytes(
        b'{"cells": [{"cell_type": "code", "source": ["import this\\n"]}]}', name="n.ipynb", media_type="text/plain"
    )
    korean = files.keep_bytes("값,이름\n".encode("cp949") * 3, name="k.csv", media_type="text/plain")
    paper = files.keep_bytes(b"%PDF-1.7 unseen", name="p.pdf", media_type="application/pdf")
    submission = room.hand_in("Line <b>one</b>", files=[script, book, korean, paper])
    browser.sign_in(room.instructor).open("assignments.mark", submission_id=submission.id)
    assert "<script>alert" not in browser.html
    assert "&lt;script&gt;alert(1)" in browser.html
    assert "# [code]" in browser.html
    assert "값,이름" in browser.html
    assert "unseen" not in browser.html
    assert "p.pdf" in browser.html


def test_everything_is_there_without_script(browser, room):
    submission = room.hand_in()
    browser.sign_in(room.instructor).open("assignments.mark", submission_id=submission.id)
    form = browser.find("form", aria_label="Marks")[0]
    assert form.get("method") == "post"
    assert {button.get("name") for button in browser.find("button", type="submit", data_key="ctrl+enter")} == {"next"}


def test_nothing_that_was_decided_is_updated_or_deleted(room, browser, queries):
    """Marking, marking anew, releasing and handing in again only add rows."""
    browser.sign_in(room.trainee)
    with queries() as seen:
        submission = room.hand_in()
        browser.sign_out().sign_in(room.instructor)
        for points, number in ((40, 0), (20, 1), (30, 2)):
            browser.post("assignments.save_marking", room.form(points, seen=number), submission_id=submission.id)
            browser.post("assignments.release", **room.place)
        room.hand_in("Again.")
    decided = ("marking", "mark", "submission", "submitted_file", "release", "released_marking")
    written = [line.split()[:3] for line in seen if line.startswith(("INSERT", "UPDATE", "DELETE"))]
    assert ["INSERT", "INTO", "marking"] in written
    assert ["INSERT", "INTO", "released_marking"] in written
    assert not [words for words in written if words[0] == "UPDATE" and words[1].strip('"') in decided]
    assert not [words for words in written if words[0] == "DELETE" and words[2].strip('"') in decided]
    assert session.query(Marking).count() == 3
    assert session.query(Submission).count() == 2


def test_next_work_costs_the_same_for_two_and_sixty(browser, room, queries):
    made = [room.hand_in("A", make.enrolment(room.offering)), room.hand_in("B", make.enrolment(room.offering))]
    browser.sign_in(room.instructor).open("assignments.mark", submission_id=made[0].id)
    with queries() as few:
        browser.open("assignments.mark", submission_id=made[0].id)
    for _count in range(58):
        room.hand_in("C", make.enrolment(room.offering))
    session.commit()
    with queries() as many:
        browser.open("assignments.mark", submission_id=made[0].id)
    assert len(few) == len(many) <= 20
