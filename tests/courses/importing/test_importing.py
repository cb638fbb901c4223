"""Importing: real courses as rows, nothing twice, earlier versions untouched."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from courses.assignments.models import Assignment, Criterion, Level
from courses.catalogue.models import Activity, ActivityKind, ActivityText, Asset, Course, CourseVersion, Module
from courses.formats.reading import read_course
from courses.formats.shapes import (
    AssignmentShape,
    CourseShape,
    CriterionShape,
    LessonShape,
    LevelShape,
    ModuleShape,
    OptionShape,
    Problem,
    QuestionShape,
    QuizShape,
)
from courses.importing.importing import Counts, import_course
from courses.quizzes.models import Option, Question, Quiz
from lms.kit import db
from lms.kit.db import session
from lms.kit.stored_file import StoredFile
from lms.people.models import AuditEntry
from tests import make

SHIPPED = Path(__file__).parents[3] / "courses" / "content" / "honest-evaluation"


def shape(*activities, slug="course", assets=None, problems=None, **more) -> CourseShape:
    return CourseShape(
        slug=slug,
        title={"en": "Course", "ko": "강좌"},
        summary={"en": "About it"},
        hours=3,
        licence="MIT",
        source="example/course",
        modules=[ModuleShape("one", {"en": "One", "ko": "하나"}, list(activities))],
        assets=assets or {},
        problems=problems or [],
        **more,
    )


def lesson(key="one/first", body="Text.", **more) -> LessonShape:
    return LessonShape(key=key, title={"en": key}, body={"en": body, **more}, minutes=5)


def quiz(key="one/quiz", **more) -> QuizShape:
    options = [OptionShape({"en": "**Yes**"}, True, {"en": "Well done"}), OptionShape({"en": "No"}, False)]
    questions = [
        QuestionShape(
            key="q1", kind="one", text={"en": "Is `x` right?"}, options=options, explanation={"en": "It is."}
        ),
        QuestionShape(key="q2", kind="number", text={"en": "Half?"}, answer="0.5", tolerance="0.01"),
    ]
    return QuizShape(key=key, title={"en": "Quiz"}, questions=questions, **more)


def count(model) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def html_of(key: str, language: str = "en") -> str:
    query = select(ActivityText.html).join(Activity).where(Activity.key == key, ActivityText.language == language)
    return session.scalars(query).one()


def test_real_course_arrives_whole(shared):
    read = read_course(shared / "courses" / "ml-for-beginners")
    told: list[str] = []
    done = import_course(read, progress=told.append)
    assert done.new
    assert done.counts == Counts(4, 18, 28, 84, 14, 75, 18)
    assert (count(Module), count(Quiz), count(Question), count(Assignment), count(Asset)) == (4, 28, 84, 14, 75)
    assert len(told) == count(Activity) == 60
    assert count(ActivityText) == 64, "each lesson and assignment in English and Korean"
    positions = session.scalars(select(Activity.position).join(Module).order_by(Module.position, Activity.position))
    assert list(positions) == list(range(1, 61))
    assert len(done.version.problems) == 18
    assert '1-Introduction/3-fairness/README.md:85: The image "images/ceos.png" leads to nothing' in "".join(
        done.version.problems
    )
    pages = list(session.scalars(select(ActivityText.html)))
    assert any(f'src="/assets/{done.version.id}/' in html for html in pages)
    assert any('href="/learn/here/' in html for html in pages)
    assert not any("asset:" in html or "activity:" in html for html in pages)
    assert not import_course(read).new
    assert count(CourseVersion) == 1


def test_shipped_course_arrives_without_a_problem():
    done = import_course(read_course(SHIPPED))
    assert done.version.problems == []
    assert done.counts.lessons >= 3
    assert done.version.quiz_minimum == 60
    languages = select(ActivityText.language, func.count()).group_by(ActivityText.language)
    by_language = dict(map(tuple, session.execute(languages)))
    assert by_language["ko"] == by_language["en"]


def test_what_a_course_holds_becomes_rows(tmp_path):
    picture = tmp_path / "a b.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    rubric = CriterionShape("c1", {"en": "Depth"}, 10, [LevelShape({"en": "Good"}, {"en": "All of it"}, 6, 10)])
    essay = AssignmentShape(key="one/essay", title={"en": "Essay"}, body={"en": "Write."}, criteria=[rubric])
    text = "![A curve](<asset:img/a b.png>) and [the essay](activity:one/essay#how), [gone](activity:nowhere)"
    made = import_course(
        shape(lesson(body=text), quiz(), essay, assets={"img/a b.png": picture}, quiz_minimum=70), make.admin()
    ).version
    essay_id = session.scalars(select(Activity.id).where(Activity.key == "one/essay")).one()
    html = html_of("one/first")
    assert f'src="/assets/{made.id}/img/a%20b.png"' in html
    assert f'href="/learn/here/{essay_id}#h-how"' in html
    assert '<span class="missing">gone</span>' in html
    kinds = session.scalars(select(Activity.kind).order_by(Activity.position)).all()
    assert kinds == [ActivityKind.LESSON, ActivityKind.QUIZ, ActivityKind.ASSIGNMENT]
    first, second = session.scalars(select(Question).order_by(Question.position)).all()
    assert first.html == {"en": "<p>Is <code>x</code> right?</p>"}
    assert [(option.html["en"], option.correct) for option in first.options] == [
        ("<strong>Yes</strong>", True),
        ("No", False),
    ]
    assert (second.answer, second.tolerance) == ("0.5", "0.01")
    level = session.scalars(select(Level).join(Criterion).where(Criterion.key == "c1")).one()
    assert (level.lowest, level.highest, level.criterion.points) == (6, 10, 10)
    assert (made.quiz_minimum, made.published_at, made.licence) == (70, None, "MIT")
    assert session.scalars(select(StoredFile.media_type)).one() == "image/png"
    assert session.scalars(select(AuditEntry.deed)).all() == ["course.imported"]


def test_second_import_changes_nothing(tmp_path):
    first = import_course(shape(lesson(), quiz()))
    again = import_course(shape(lesson(), quiz()))
    assert not again.new
    assert again.version is first.version
    assert (count(Course), count(CourseVersion), count(Activity), count(AuditEntry)) == (1, 1, 2, 1)


def test_changed_text_makes_the_next_version_and_leaves_the_first_alone(tmp_path):
    picture = tmp_path / "p.png"
    picture.write_bytes(b"one")
    first = import_course(shape(lesson(body="Old"), quiz(), assets={"p.png": picture})).version
    rows = session.execute(select(ActivityText.id, ActivityText.html)).all()
    second = import_course(shape(lesson(body="New"), quiz(), assets={"p.png": picture})).version
    assert (first.number, second.number, second.course_id) == (1, 2, first.course_id)
    kept = select(ActivityText.id, ActivityText.html).join(Activity).where(Activity.version_id == first.id)
    assert session.execute(kept).all() == rows
    assert [text.html.strip() for text in session.scalars(select(ActivityText).order_by(ActivityText.id))] == [
        "<p>Old</p>",
        "<p>New</p>",
    ]
    assert count(Option) == 4, "each version has questions of its own"
    assert count(Asset) == 2
    assert count(StoredFile) == 1, "an unchanged picture is kept once"


@pytest.mark.parametrize(
    "change",
    [
        lambda first: replace(first, title={"en": "Another"}),
        lambda first: replace(first, hours=4),
        lambda first: replace(first, assignment_pass=80),
        lambda first: replace(first, modules=[replace(first.modules[0], activities=[lesson(), quiz(attempts=1)])]),
        lambda first: replace(first, modules=[replace(first.modules[0], activities=[quiz(), lesson()])]),
    ],
)
def test_every_kind_of_change_is_seen(change):
    first = shape(lesson(), quiz())
    import_course(first)
    assert import_course(change(first)).version.number == 2


def test_a_changed_picture_is_seen(tmp_path):
    picture = tmp_path / "p.png"
    picture.write_bytes(b"one")
    import_course(shape(lesson(), assets={"p.png": picture}))
    picture.write_bytes(b"two")
    assert import_course(shape(lesson(), assets={"p.png": picture})).version.number == 2
    assert count(StoredFile) == 2


def test_going_back_to_an_earlier_text_is_a_version_too():
    for body in ("Old", "New", "Old"):
        last = import_course(shape(lesson(body=body)))
    assert (last.new, last.version.number) == (True, 3)


def test_what_was_discarded_can_be_imported_again():
    first = import_course(shape(lesson())).version
    first.discarded_at = first.imported_at
    session.flush()
    again = import_course(shape(lesson()))
    assert (again.new, again.version.number) == (True, 2)


def test_two_imports_at_once_make_two_numbers(app):
    import_course(shape(lesson(body="First")))
    session.commit()
    numbers: list[int] = []

    def bring(body: str) -> None:
        with app.app_context(), db.transaction():
            numbers.append(import_course(shape(lesson(body=body))).version.number)
        db.session.remove()

    threads = [threading.Thread(target=bring, args=(body,)) for body in ("A", "B", "C", "D")]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(numbers) == [2, 3, 4, 5]


def test_a_failure_leaves_nothing_behind(tmp_path):
    session.commit()
    gone = tmp_path / "p.png"
    gone.write_bytes(b"x")
    broken = shape(lesson(), quiz(pass_percent=101), assets={"p.png": gone})
    with pytest.raises(IntegrityError), db.transaction():
        import_course(broken)
    assert [count(model) for model in (Course, CourseVersion, Activity, Asset, StoredFile)] == [0, 0, 0, 0, 0]


def test_a_course_of_lessons_alone():
    done = import_course(shape(lesson(ko="글.")))
    assert done.counts == Counts(1, 1, 0, 0, 0, 0, 0)
    assert html_of("one/first", "ko").strip() == "<p>글.</p>"


HOSTILE = '<script>alert(1)</script> <img src=x onerror="alert(1)"> [x](javascript:alert(1)) a\0b'


def test_hostile_texts_do_no_harm():
    options = [OptionShape({"en": HOSTILE}, True, {"en": HOSTILE})]
    bad = QuestionShape(key="q", kind="one", text={"en": HOSTILE}, options=options, explanation={"en": HOSTILE})
    quizzes = QuizShape(key="quiz", title={"en": "Q\0uiz"}, questions=[bad])
    problems = [Problem("a\0.md", 3, "x")]
    made = import_course(shape(lesson(body=HOSTILE), quizzes, problems=problems)).version
    question = session.scalars(select(Question)).one()
    option = question.options[0]
    for html in (html_of("one/first"), question.html["en"], question.explanation["en"], option.html["en"]):
        assert "<script" not in html
        assert "onerror=" not in html.replace("&quot;", '"') or "<img" not in html
        assert 'href="javascript' not in html
        assert "\0" not in html
    assert made.problems == ["a.md:3: x"]
    assert session.scalars(select(Activity.title).where(Activity.key == "quiz")).one() == {"en": "Quiz"}


def test_hostile_asset_names_stay_inside_their_address(tmp_path):
    file = tmp_path / "x"
    file.write_bytes(b"x")
    names = ['a"onload="b.png', "../../secret.png", "그림 1.png", "a?b#c.png"]
    text = "\n\n".join(f"![x](<asset:{name}>)" for name in names)
    made = import_course(shape(lesson(body=text), assets=dict.fromkeys(names, file))).version
    html = html_of("one/first")
    assert 'onload="' not in html
    assert f'/assets/{made.id}/a%3Fb%23c.png"' in html
    assert f"/assets/{made.id}/%EA%B7%B8%EB%A6%BC%201.png" in html
