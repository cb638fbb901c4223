"""Sending a course in through the browser: who may, what comes of it, what is said of bad files."""

import io
import os
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from courses.catalogue.models import ActivityText, Asset, Course, CourseVersion
from courses.importing import uploads
from courses.importing.models import CourseUpload, UploadState
from lms.kit import clock, db, files, jobs
from lms.kit.db import session
from lms.people.models import AuditEntry, Role
from tests import make
from tests.courses.importing import zips

SHIPPED = Path(__file__).parents[3] / "courses" / "content" / "honest-evaluation"


@pytest.fixture
def writer(browser):
    person = make.person(Role.INSTRUCTOR)
    browser.sign_in(person)
    return person


def send(browser, content: bytes, *, name="course.zip", slug="", status=303):
    form = {"file": (io.BytesIO(content), name), "slug": slug}
    return browser.post("importing.take", form, status=status)


def finish(browser) -> CourseUpload:
    jobs.perform_all()
    session.expire_all()
    upload = session.scalars(select(CourseUpload).order_by(CourseUpload.sent_at.desc())).first()
    browser.open("importing.upload", upload_id=upload.id)
    return upload


def count(model) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def nothing_is_left(app) -> bool:
    return os.listdir(Path(app.config["DATA_DIR"]) / "unpacking") == []


def test_a_course_is_sent_in_and_becomes_a_draft_with_its_problems_told(app, browser, writer):
    browser.open("importing.new")
    send(browser, zips.zipped(zips.COURSE)).follow()
    assert "being unpacked" in browser.text
    assert browser.find("div", id="way")[0].get("hx-get") == browser.response.request.path
    assert count(Course) == 0
    upload = finish(browser)
    version = upload.version
    assert (upload.state, upload.changed, upload.done, upload.total) == (UploadState.DONE, True, 1, 1)
    assert (version.course.slug, version.number, version.published_at) == ("small", 1, None)
    assert "/courses/small/versions/1" in browser.links()
    assert "01-start/01-first.lesson.en.md" in browser.text
    assert 'Line 3: The link "nowhere.md" leads to nothing in this folder.' in browser.text
    entry = session.scalars(select(AuditEntry).where(AuditEntry.deed == "course.imported")).one()
    assert entry.person_id == writer.id
    assert nothing_is_left(app)
    browser.open("catalogue.version", slug="small", number=1)
    assert "/courses/small" in browser.open("catalogue.courses").links()


def test_the_same_file_again_makes_no_second_version(browser, writer):
    for _time in range(2):
        send(browser, zips.zipped(zips.COURSE))
        upload = finish(browser)
    assert (upload.changed, upload.version.number, count(CourseVersion)) == (False, 1, 1)
    assert "Nothing has changed since version 1" in browser.text
    changed = {**zips.COURSE, "01-start/01-first.lesson.ko.md": "# 처음\n\n다른 글이에요.\n"}
    send(browser, zips.zipped(changed))
    assert finish(browser).version.number == 2


@pytest.mark.parametrize("top", ["", "honest-evaluation", "outer/honest-evaluation"])
def test_the_shipped_course_arrives_whole_from_whatever_folder(browser, writer, top):
    send(browser, zips.of_folder(SHIPPED, top), name="아무 이름.zip")
    upload = finish(browser)
    assert upload.version.course.slug == "honest-evaluation"
    assert upload.version.problems == []
    assert count(Asset) > 3
    assert upload.done == upload.total > 10


def test_numbered_folders_of_lessons_take_the_name_of_their_folder(browser, writer):
    lesson = {"1-Start/1-First/README.md": "# First\n\nText.\n"}
    send(browser, zips.zipped(lesson, top="My-Course-main"))
    assert finish(browser).version.course.slug == "my-course"
    send(browser, zips.zipped(lesson), name="deep.zip", slug="deep-learning")
    assert finish(browser).version.course.slug == "deep-learning"


def test_a_real_course_comes_in(browser, writer, shared):
    folder = shared / "courses" / "cs231n-notes"
    send(browser, zips.of_folder(folder, "cs231n"))
    assert finish(browser).ended


@pytest.mark.parametrize("language,words", [("en", "no zip file"), ("ko", "zip 파일이 아니에요")])
def test_a_bad_file_is_told_at_its_field_and_nothing_is_kept(browser, language, words):
    browser.sign_in(make.person(Role.INSTRUCTOR, language=language))
    send(browser, b"%PDF-1.7 not a zip", status=422)
    assert words in "".join(browser.find("p", id="file-error")[0].itertext())
    send(browser, zips.zipped(zips.COURSE), name="course.docx", status=422)
    browser.post("importing.take", {"slug": "fine"}, status=422)
    send(browser, zips.zipped(zips.COURSE), slug="Not Fine", status=422)
    send(browser, zips.zipped(zips.COURSE), slug="x" * 81, status=422)
    send(browser, zips.entry("../../out.md"), status=422)
    assert count(CourseUpload) == 0
    assert count(jobs.Job) == 0


@pytest.mark.parametrize(
    "files,english,korean",
    [
        ({"notes.txt": "Nothing."}, "has neither a course.toml nor numbered folders", "course.toml도"),
        ({"course.toml": 'slug = "x"'}, "holds no lesson that can be read", "읽을 수 있는 수업이 없어요"),
    ],
)
def test_what_is_no_course_says_so_without_the_paths_of_the_server(app, browser, writer, files, english, korean):
    send(browser, zips.zipped(files), name="notes.zip")
    upload = finish(browser)
    assert (upload.state, count(Course)) == (UploadState.FAILED, 0)
    assert f"The folder notes {english}" in browser.text
    assert str(app.config["DATA_DIR"]) not in browser.html
    writer.language = "ko"
    browser.open("importing.upload", upload_id=upload.id)
    assert korean in browser.text
    assert nothing_is_left(app)
    browser.open("importing.new")


def test_damage_inside_is_told_after_the_look(browser, writer):
    content = bytearray(zips.zipped({"course.toml": "x = 1\n" * 50}, compressed=0))
    content[60] ^= 0xFF
    send(browser, bytes(content))
    assert finish(browser).state == UploadState.FAILED
    assert "course.toml in the zip is damaged" in browser.text


def test_one_upload_of_a_person_at_a_time(browser, writer):
    send(browser, zips.zipped(zips.COURSE))
    send(browser, zips.zipped(zips.COURSE), status=422)
    assert "still being brought in" in browser.text
    assert count(CourseUpload) == 1
    finish(browser)
    send(browser, zips.zipped(zips.COURSE))
    assert count(CourseUpload) == 2


def test_what_no_job_brings_in_any_more_blocks_nobody(browser, writer):
    send(browser, zips.zipped(zips.COURSE))
    session.query(jobs.Job).delete()
    session.execute(update(CourseUpload).values(sent_at=clock.now() - timedelta(days=2)))
    send(browser, zips.zipped(zips.COURSE))
    states = session.scalars(select(CourseUpload.state).order_by(CourseUpload.sent_at)).all()
    assert states == [UploadState.FAILED, UploadState.WAITING]


def test_a_fault_of_ours_is_told_and_the_error_kept(browser, writer):
    send(browser, zips.zipped(zips.COURSE))
    stored = session.scalars(select(CourseUpload)).one().file
    files.path_of(stored).unlink()
    upload = finish(browser)
    assert upload.state == UploadState.FAILED
    assert "Something went wrong on our side" in browser.text
    assert "FileNotFoundError" in session.scalars(select(jobs.Job.error)).one()


def test_a_run_that_was_cut_short_is_done_again(browser, writer):
    send(browser, zips.zipped(zips.COURSE))
    session.execute(update(CourseUpload).values(state="running", done=0, total=1))
    session.commit()
    upload = finish(browser)
    assert upload.state == UploadState.DONE
    uploads.import_upload(upload_id=str(upload.id))
    assert count(CourseVersion) == 1


def test_the_page_shows_how_far_it_is(browser, writer):
    send(browser, zips.zipped(zips.COURSE))
    session.execute(update(CourseUpload).values(state="running", done=3, total=8))
    upload = session.scalars(select(CourseUpload)).one()
    browser.open("importing.upload", upload_id=upload.id)
    bar = browser.find("progress")[0]
    assert (bar.get("value"), bar.get("max")) == ("3", "8")
    assert "3 of 8 brought in" in browser.text


def test_progress_is_seen_by_others_while_the_import_is_under_way(app, writer, monkeypatch):
    """Each text is told of before the first write, so another reader meets a row that grows."""
    monkeypatch.setattr(uploads, "EVERY", 0)
    files_ = {f"1-Start/{number}-Lesson/README.md": f"# L{number}\n\nText.\n" for number in range(1, 6)}
    kept = files.keep_bytes(zips.zipped(files_), name="x.zip", media_type="application/zip")
    upload = make.add(CourseUpload(file_id=kept.id, by_id=writer.id))
    key = upload.id
    session.commit()
    seen: list[int] = []

    def watch(_connection, _cursor, statement, *_more):
        if statement.startswith("UPDATE course_upload SET done"):
            watcher = threading.Thread(target=look)
            watcher.start()
            watcher.join()

    def look():
        with db.looking() as apart:
            seen.append(apart.scalar(select(CourseUpload.done).where(CourseUpload.id == key)))

    db.event.listen(db.engine(), "before_cursor_execute", watch)
    try:
        uploads.import_upload(upload_id=str(key))
    finally:
        db.event.remove(db.engine(), "before_cursor_execute", watch)
    assert seen == [0, 1, 2, 3, 4]
    session.expire_all()
    assert session.get(CourseUpload, key).state == UploadState.DONE


def test_only_those_who_write_courses_may_and_each_sees_their_own(browser, writer):
    send(browser, zips.zipped(zips.COURSE))
    upload = finish(browser)
    browser.sign_in(make.person(Role.LEAD)).open("importing.upload", upload_id=upload.id, status=404)
    assert str(upload.id) not in browser.open("importing.new").html
    browser.sign_in(make.admin()).open("importing.upload", upload_id=upload.id)
    assert writer.name in browser.open("importing.new").text
    browser.sign_in(make.person(Role.TRAINEE)).open("importing.new", status=403)
    send(browser, zips.zipped(zips.COURSE), status=403)
    assert count(CourseUpload) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "done"},
        {"state": "failed", "ended_at": clock.now()},
        {"done": 3, "total": 2},
        {"state": "waiting", "ended_at": clock.now()},
    ],
)
def test_the_database_keeps_the_states_whole(writer, wrong):
    kept = files.keep_bytes(b"PK", name="x.zip", media_type="application/zip")
    session.add(CourseUpload(file_id=kept.id, by_id=writer.id, **wrong))
    with pytest.raises(IntegrityError):
        session.flush()


def test_texts_are_cleaned_as_by_any_import(browser, writer):
    hostile = {
        **zips.COURSE,
        "01-start/01-first.lesson.en.md": "# First\n\n<script>alert(1)</script><img src=x onerror=x>\n",
    }
    send(browser, zips.zipped(hostile))
    finish(browser)
    html = session.scalars(select(ActivityText.html).where(ActivityText.language == "en")).one()
    assert "<script" not in html
    assert "onerror" not in html
