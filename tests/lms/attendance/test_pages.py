"""The pages of attendance: what they show, what they keep, and to whom they are there."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from lms.attendance import codes, keepers, stamping, timetables
from lms.attendance.models import (
    AttendanceCorrection,
    AttendanceRule,
    Holiday,
    Keeper,
    Meeting,
    MeetingState,
    Stamp,
    TimetablePattern,
)
from lms.kit import clock, throttle
from lms.kit.db import session
from lms.people.models import Role
from tests import make
from tests.lms.attendance import making

DAY = making.at("10:00")
EVENING = making.at("20:00")


@pytest.fixture
def cohort():
    return making.cohort()


def keeper(of, *roles: Role):
    person = make.person(*(roles or (Role.INSTRUCTOR,)))
    keepers.appoint(of, person, person)
    return person


@pytest.mark.parametrize("language", ["ko", "en"])
def test_checking_in_and_out_on_the_phone(browser, cohort, language):
    meeting, person = making.meeting(cohort, place="302"), making.trainee(cohort, language=language)
    with clock.at(DAY):
        browser.sign_in(person).open("attendance.mine")
        assert "302" in browser.text
        browser.post("attendance.stamp", {"way": "in", "code": codes.shown(meeting.id)}, meeting_id=meeting.id).follow()
    with clock.at(EVENING - timedelta(hours=2)):
        browser.open("attendance.mine")
        browser.post(
            "attendance.stamp", {"way": "out", "code": codes.shown(meeting.id)}, meeting_id=meeting.id
        ).follow()
    assert str(stamping.spans(meeting)[person.id]) == "10:00–18:00"


def test_a_wrong_code_says_so_at_its_field(browser, cohort):
    meeting, person = making.meeting(cohort), making.trainee(cohort)
    with clock.at(DAY):
        browser.sign_in(person)
        for way, typed in (("in", "12"), ("in", ""), ("up", "123456")):
            browser.post("attendance.stamp", {"way": way, "code": typed}, meeting_id=meeting.id, status=422)
        browser.post("attendance.stamp", {"way": "in", "code": "12"}, meeting_id=meeting.id, status=422)
    assert browser.find("input", name="code")[0].get("aria-invalid") == "true"
    assert "not valid now" in browser.text
    assert session.scalars(select(Stamp)).all() == []


def test_guessing_is_throttled_for_each_person_apart(app, browser, cohort):
    meeting, guesser, other = making.meeting(cohort), making.trainee(cohort), making.trainee(cohort)
    with throttle.counting(app), clock.at(DAY):
        browser.sign_in(guesser)
        statuses = []
        for _each in range(13):
            browser.post(
                "attendance.stamp",
                {"way": "in", "code": "x"},
                meeting_id=meeting.id,
                status=429 if _each == 12 else 422,
            )
            statuses.append(browser.response.status_code)
        assert statuses == [422] * 12 + [429]
        browser.sign_out().sign_in(other)
        browser.post("attendance.stamp", {"way": "in", "code": codes.shown(meeting.id)}, meeting_id=meeting.id)


@pytest.mark.parametrize(
    "missed, words",
    [
        (0, "4 absences left"),
        (2, "2 absences are left"),
        (4, "No absence is left"),
        (5, "80% can no longer be reached"),
    ],
)
def test_the_warning_stands_on_ones_page(browser, cohort, missed, words):
    person = making.trainee(cohort)
    for number, meeting in enumerate(making.meetings(cohort, 20)):
        if number < 10:
            making.there(meeting, person, *(() if number >= missed else ("", "")))
    with clock.at(making.at("9:00", making.FIRST + timedelta(days=10))):
        browser.sign_in(person).open("attendance.mine")
    assert words in browser.text
    assert "You miss 4 of 20 sessions." in browser.text


def test_somebody_without_a_cohort_is_told_what_to_do(browser):
    browser.sign_in(make.person(Role.TRAINEE)).open("attendance.mine")
    assert "You take part in no cohort now" in browser.text


def test_asking_with_a_file_and_deciding(browser, cohort):
    meeting, person, lead = making.meeting(cohort), making.trainee(cohort), make.lead(cohort)
    making.there(meeting, making.trainee(cohort))
    with clock.at(EVENING):
        browser.sign_in(person).open("attendance.ask", meeting_id=meeting.id)
        browser.post("attendance.send", {"kind": "times", "reason": "Train"}, meeting_id=meeting.id, status=422)
        assert "Give the time at which you came" in browser.text
        wrong = {"kind": "excuse", "reason": "Ill", "file": (BytesIO(b"MZ"), "note.exe")}
        browser.post("attendance.send", wrong, meeting_id=meeting.id, status=422)
        good = {
            "kind": "times",
            "came": "09:05",
            "went": "18:00",
            "reason": "No battery",
            "file": (BytesIO(b"%PDF-1.7"), "note.pdf"),
        }
        browser.post("attendance.send", good, meeting_id=meeting.id)
        asked = session.scalars(select(AttendanceCorrection)).one()
        browser.open("attendance.mine")
        assert "Waiting" in browser.text
        browser.open("attendance.file", request_id=asked.id, inspect=False)
        assert browser.response.data == b"%PDF-1.7"
        browser.sign_out().sign_in(lead).open("attendance.requests")
        assert "No battery" in browser.text
        browser.post("attendance.decide", {"deed": "decline"}, request_id=asked.id, status=422)
        assert "Say why the request is declined" in browser.text
        browser.post("attendance.decide", {"deed": "accept"}, request_id=asked.id)
        browser.open("attendance.requests", query={"state": "answered"})
        assert "Accepted" in browser.text
    assert str(stamping.spans(meeting)[person.id]) == "09:05–18:00"


def test_a_keeper_asks_for_somebody_and_another_decides(browser, cohort):
    meeting, person, instructor, lead = (
        making.meeting(cohort),
        making.trainee(cohort),
        keeper(cohort),
        make.lead(cohort),
    )
    given = {"meeting_id": meeting.id, "person_id": person.id}
    with clock.at(EVENING):
        browser.sign_in(instructor).open("attendance.ask_for", **given)
        browser.post("attendance.send_for", {"kind": "excuse", "reason": "Reserve duty"}, **given)
        asked = session.scalars(select(AttendanceCorrection)).one()
        browser.open("attendance.requests")
        assert "You asked for this, so somebody else decides." in browser.text
        browser.post("attendance.decide", {"deed": "accept"}, request_id=asked.id, status=422)
        assert asked.accepted is None
        browser.sign_out().sign_in(lead).post("attendance.decide", {"deed": "accept"}, request_id=asked.id)
    session.refresh(asked)
    assert (asked.accepted, asked.decided_by_id) == (True, lead.id)


def test_the_list_is_one_form_and_touches_only_what_changed(browser, cohort):
    meeting, instructor = making.meeting(cohort), keeper(cohort)
    early, late, away = (making.trainee(cohort) for _each in range(3))
    making.there(meeting, early)
    with clock.at(EVENING):
        browser.sign_in(instructor).open("attendance.session", meeting_id=meeting.id)
        form = {
            f"was-{early.id}": "09:00–18:00", f"in-{early.id}": "09:00", f"out-{early.id}": "18:00",
            f"was-{late.id}": "–", f"in-{late.id}": "09:40", f"out-{late.id}": "18:00",
            f"was-{away.id}": "–", f"in-{away.id}": "", f"out-{away.id}": "",
        }  # fmt: skip
        for wrong in ({f"out-{late.id}": "09:00"}, {f"in-{late.id}": "nine"}):
            browser.post("attendance.keep_list", form | wrong, meeting_id=meeting.id, status=422)
            assert len(session.scalars(select(Stamp)).all()) == 2
        browser.post("attendance.keep_list", form, meeting_id=meeting.id).follow()
        assert "1 row was changed" in browser.text
        browser.post("attendance.keep_list", form, meeting_id=meeting.id, status=409)
        assert late.name in browser.text
        form[f"was-{late.id}"] = "09:40–18:00"
        browser.post("attendance.keep_list", form | {"deed": "rest"}, meeting_id=meeting.id)
    spans = {key: str(span) for key, span in stamping.spans(meeting).items()}
    assert spans == {early.id: "09:00–18:00", late.id: "09:40–18:00", away.id: "09:00–18:00"}
    assert session.scalars(select(Stamp).where(Stamp.struck_at.is_not(None))).all() == []


def test_the_code_is_shown_while_the_doors_are_open(browser, cohort):
    meeting, instructor = making.meeting(cohort), keeper(cohort)
    browser.sign_in(instructor)
    for hour, is_there in (("8:29", False), ("8:30", True), ("18:29", True), ("18:30", False)):
        with clock.at(making.at(hour)):
            code = codes.shown(meeting.id)
            browser.open("attendance.code", meeting_id=meeting.id)
            assert (" ".join(code) in browser.text) is is_there
            browser.open("attendance.code_now", meeting_id=meeting.id)
            assert (" ".join(code) in browser.text) is is_there
            assert ('http-equiv="refresh"' in browser.html) is False


def test_a_session_is_cancelled_with_a_reason(browser, cohort):
    meeting, instructor, person = making.meeting(cohort), keeper(cohort), making.trainee(cohort)
    with clock.at(EVENING):
        browser.sign_in(instructor)
        browser.post("attendance.cancel", {"reason": ""}, meeting_id=meeting.id, status=422)
        browser.post("attendance.cancel", {"reason": "Typhoon"}, meeting_id=meeting.id).follow()
        assert "Typhoon" in browser.text
        browser.post("attendance.reinstate", {}, meeting_id=meeting.id)
        browser.open("attendance.person", cohort_id=cohort.id, person_id=person.id)
    session.refresh(meeting)
    assert meeting.state is MeetingState.PLANNED


def test_a_timetable_from_nothing(browser, cohort):
    lead = make.lead(cohort)
    week = {
        "d0-taught": "y",
        "d0-starts": "09:00",
        "d0-ends": "18:00",
        "d0-pause_from": "12:00",
        "d0-pause_until": "13:00",
        "d0-place": "302",
    }
    with clock.at(making.at("9:00", date(2026, 10, 1))):
        browser.sign_in(lead).open("attendance.timetable", cohort_id=cohort.id)
        seen = browser.find("input", name="seen")[0].get("value")
        for wrong in ({"d0-ends": "08:00"}, {"d0-starts": ""}, {"d0-pause_until": ""}, {"d0-pause_from": "08:00"}):
            browser.post("attendance.set_week", week | wrong | {"seen": seen}, cohort_id=cohort.id, status=422)
        browser.post("attendance.set_week", week | {"seen": seen}, cohort_id=cohort.id).follow()
        assert "4 changes wait to be applied" in browser.text
        browser.post("attendance.set_week", {"seen": seen}, cohort_id=cohort.id, status=409)
        assert "Monday 09:00–18:00" in browser.text
        digest = timetables.difference(cohort).digest
        browser.post("attendance.apply", {"seen": "something else"}, cohort_id=cohort.id, status=409)
        browser.post("attendance.apply", {"seen": digest}, cohort_id=cohort.id).follow()
        extra = {"day": "2026-11-21", "starts": "10:00", "ends": "12:00"}
        browser.post("attendance.add_session", extra | {"day": "2027-01-01"}, cohort_id=cohort.id, status=422)
        browser.post("attendance.add_session", extra, cohort_id=cohort.id).follow()
    assert [each.day.day for each in session.scalars(timetables.meetings_of(cohort))] == [2, 9, 16, 21, 23]
    assert session.scalars(select(TimetablePattern.place)).all() == ["302"]


def test_a_holiday_is_declared_and_names_the_timetables(browser, cohort):
    lead, other = make.lead(cohort), make.lead(making.cohort())
    making.pattern(cohort, 0)
    with clock.at(making.at("9:00", date(2026, 10, 1))):
        timetables.apply(cohort, lead, timetables.difference(cohort).digest)
        browser.sign_in(lead)
        given = {"day": "2026-11-09", "name_ko": "임시 공휴일", "name_en": "Special holiday", "closed": "closed"}
        browser.post("attendance.declare", given | {"day": ""}, status=422)
        browser.post("attendance.declare", given).follow()
        assert "1 change" in browser.text
        browser.post("attendance.declare", given, status=422)
        holiday = session.scalars(select(Holiday)).one()
        browser.sign_out().sign_in(other).post("attendance.withdraw", {}, holiday_id=holiday.id, status=404)
        browser.sign_out().sign_in(lead).post("attendance.withdraw", {}, holiday_id=holiday.id)
    session.refresh(holiday)
    assert holiday.withdrawn_by_id == lead.id


def test_a_rule_is_tried_before_it_is_kept(browser, cohort):
    lead = make.lead(cohort)
    with clock.at(making.at("9:00", date(2026, 10, 1))):
        browser.sign_in(lead).open("attendance.rule", cohort_id=cohort.id)
        form = {
            node.get("name"): node.get("value") for node in browser.find("input") if node.get("name") not in (None, "csrf_token", "next")
        } | {"alone": "mark", "marks": "half", "unit": "month", "excused": "present", "before": "left_out", "reason": "Agreed"}  # fmt: skip
        form["late_after"] = "5"
        browser.post("attendance.change_rule", form | {"deed": "preview"}, cohort_id=cohort.id, status=200)
        assert "You come at 09:06.Came late" in browser.text
        assert session.scalars(select(AttendanceRule)).all() == []
        browser.post("attendance.change_rule", form | {"threshold": "101"}, cohort_id=cohort.id, status=422)
        browser.post("attendance.change_rule", form | {"deed": "keep"}, cohort_id=cohort.id).follow()
        browser.post("attendance.change_rule", form | {"deed": "keep"}, cohort_id=cohort.id, status=409)
    assert [(each.version, each.late_after, each.marks) for each in session.scalars(select(AttendanceRule))] == [
        (1, 5, "half")
    ]


def test_a_lead_names_keepers(browser, cohort):
    lead, instructor, trainee = make.lead(cohort), make.person(Role.INSTRUCTOR), making.trainee(cohort)
    browser.sign_in(lead)
    for email in ("nobody@example.org", trainee.email):
        browser.post("attendance.appoint", {"email": email}, cohort_id=cohort.id, status=422)
    browser.post("attendance.appoint", {"email": instructor.email.upper()}, cohort_id=cohort.id)
    kept = session.scalars(select(Keeper)).one()
    assert kept.person_id == instructor.id
    browser.post("attendance.dismiss", {}, cohort_id=cohort.id, keeper_id=kept.id)
    assert session.scalars(select(Keeper)).all() == []


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_keepers_pages_open_at_every_hour(browser, cohort, language):
    lead, person = make.lead(cohort), making.trainee(cohort)
    lead.language = language
    meetings = making.meetings(cohort, 5)
    making.there(meetings[0], person, "9:30", "")
    timetables.cancel(meetings[1], lead, "Snow")
    for moment in (making.at("7:00"), DAY, making.at("12:00", meetings[3].day), making.at("12:00", date(2027, 1, 5))):
        with clock.at(moment):
            browser.sign_in(lead).open("attendance.waiting").open("attendance.requests").open("attendance.holidays")
            for page in ("cohort", "sessions", "timetable", "rule"):
                browser.open(f"attendance.{page}", cohort_id=cohort.id)
            browser.open("attendance.person", cohort_id=cohort.id, person_id=person.id)
            for meeting in meetings[:3]:
                browser.open("attendance.session", meeting_id=meeting.id).open("attendance.code", meeting_id=meeting.id)


def test_what_was_not_recorded_is_said(browser, cohort):
    making.meetings(cohort, 2)
    with clock.at(making.at("12:00", making.FIRST + timedelta(days=1))):
        browser.sign_in(make.lead(cohort)).open("attendance.sessions", cohort_id=cohort.id)
        assert "1 session is over and was not recorded" in browser.text
        browser.open("attendance.waiting")
        assert "1 session not recorded" in browser.text


@pytest.mark.parametrize(
    "who", ["keeper of another cohort", "lead of another cohort", "trainee of another cohort", "instructor"]
)
def test_nothing_of_a_cohort_is_there_for_outsiders(app, browser, cohort, who):
    meeting, person = making.meeting(cohort), making.trainee(cohort)
    other = making.cohort()
    outsider = {
        "keeper of another cohort": lambda: keeper(other),
        "lead of another cohort": lambda: make.lead(other),
        "trainee of another cohort": lambda: making.trainee(other),
        "instructor": lambda: make.person(Role.INSTRUCTOR),
    }[who]()
    lead = make.lead(cohort)
    holiday = make.add(Holiday(day=making.FIRST, name={"en": "Off"}, declared_by_id=lead.id))
    asked = make.add(
        AttendanceCorrection(meeting=meeting, person_id=person.id, kind="excuse", reason="?", asked_by_id=person.id)
    )
    values = {
        "cohort_id": cohort.id, "meeting_id": meeting.id, "person_id": person.id, "request_id": asked.id, "holiday_id": holiday.id,
        "keeper_id": make.add(Keeper(person_id=lead.id, cohort_id=cohort.id)).id,
    }  # fmt: skip
    browser.sign_in(outsider)
    tried = 0
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith("attendance.") or not rule.arguments:
            continue
        send = browser.post if "POST" in rule.methods else browser.open
        given = {name: values[name] for name in rule.arguments}
        wanted = 404 if outsider.has(Role.INSTRUCTOR, Role.LEAD) and not needs_lead(rule.endpoint, outsider) else None
        tried += 1
        if wanted:
            send(rule.endpoint, status=404, inspect=False, **given)
        else:
            own = ("stamp", "ask", "send", "file", "excuse", "send_excuse")
            status = 404 if rule.endpoint.removeprefix("attendance.") in own else 403
            send(rule.endpoint, status=status, inspect=False, **given)
    assert tried > 20
    assert session.scalars(select(Meeting.state)).all() == [MeetingState.PLANNED]


def needs_lead(endpoint: str, person) -> bool:
    """Pages that only leads may open, for somebody who is none."""
    for_leads = (
        "timetable",
        "set_week",
        "apply",
        "add_session",
        "appoint",
        "dismiss",
        "rule",
        "change_rule",
        "withdraw",
    )
    return endpoint.removeprefix("attendance.") in for_leads and not person.has(Role.LEAD)


def test_a_keeper_sees_the_cohort_but_decides_no_timetable(browser, cohort):
    person = keeper(cohort)
    browser.sign_in(person).open("attendance.cohort", cohort_id=cohort.id)
    browser.open("attendance.timetable", cohort_id=cohort.id, status=403)
    for endpoint in ("attendance.timetable", "attendance.rule"):
        assert endpoint.split(".")[1] not in " ".join(browser.links())
