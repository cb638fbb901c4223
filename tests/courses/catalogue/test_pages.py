"""Pages of the catalogue: who sees what, and the deeds on a version."""

import pytest
from sqlalchemy import select

from courses.catalogue.models import Activity, ActivityText, CourseVersion
from lms.kit.db import session
from lms.kit.words import Words
from lms.people.models import AuditEntry, Role
from tests import make


def words_of(browser, tag: str) -> list[str]:
    return [" ".join("".join(node.itertext()).split()) for node in browser.find(tag)]


def test_list_tells_what_is_published_and_what_is_not(browser):
    published = make.course(lessons=3, slug="a-course")
    draft = make.course(slug="b-course", published=False)
    draft.problems = ["one.md:3: x", "two.md: y"]
    browser.sign_in(make.person(Role.INSTRUCTOR)).open("catalogue.courses")
    rows = words_of(browser, "tr")[1:]
    assert published.title["en"] in rows[0]
    assert "3 lessons" in rows[0]
    assert "Published" in rows[0]
    assert "Draft version" in rows[1]
    assert "/courses/b-course/versions/1#problems" in browser.links()


def test_list_costs_the_same_for_two_and_thirty(browser, queries):
    staff = make.person(Role.LEAD)
    browser.sign_in(staff)
    seen = []
    for count in (2, 28):
        for _each in range(count):
            make.course(lessons=2)
        session.commit()
        with queries() as sent:
            browser.open("catalogue.courses")
        seen.append(len(sent))
    assert len(browser.find("tr")) == 31
    assert seen[0] == seen[1]


def test_empty_list_says_what_to_do(browser):
    browser.sign_in(make.admin()).open("catalogue.courses")
    assert "/course-uploads" in browser.links()


def test_published_course_is_open_to_everybody(browser):
    version = make.course(lessons=2, slug="open")
    version.licence, version.source = "MIT", "example/course"
    for language in ("en", "ko"):
        browser.speak(language).open("catalogue.course", slug="open")
        assert version.title[language] in browser.text
        assert version.summary[language] in browser.text
        assert "example/course" in browser.text
    assert not any("/versions/" in link for link in browser.links()), "strangers are shown no versions"


def test_draft_is_there_for_those_who_write_only(browser):
    make.course(slug="secret", published=False)
    browser.open("catalogue.course", slug="secret", status=404)
    browser.sign_in(make.person(Role.TRAINEE)).open("catalogue.course", slug="secret", status=404)
    browser.sign_out().sign_in(make.person(Role.INSTRUCTOR)).open("catalogue.course", slug="secret")
    assert "Nobody else sees this course yet" in browser.text


def test_version_pages_are_for_those_who_write(browser):
    version = make.course(slug="one")
    lesson = session.scalars(select(Activity)).one()
    session.commit()
    places = [
        ("catalogue.courses", {}),
        ("catalogue.version", {"slug": "one", "number": 1}),
        ("catalogue.text", {"slug": "one", "number": 1, "activity_id": lesson.id}),
    ]
    browser.sign_in(make.person(Role.TRAINEE))
    for endpoint, values in places:
        browser.open(endpoint, status=403, **values)
    browser.post("catalogue.publish", status=403, slug="one", number=version.number)
    browser.sign_out().sign_in(make.person(Role.INSTRUCTOR))
    for endpoint, values in places:
        browser.open(endpoint, **values)
    for number in (2, 99999):
        browser.open("catalogue.version", status=404, slug="one", number=number)
    browser.open("/courses/one/versions/99999999999999999999", status=404)
    browser.open("catalogue.course", status=404, slug="another")


def test_problems_by_file_and_line_in_both_languages(browser):
    version = make.course(slug="one", published=False)
    version.problems = [
        'a/README.md:85: The image "images/ceos.png" leads to nothing in this folder.',
        'a/README.md:90: The link "<b>x</b>" leads to nothing in this folder.',
        "n.ipynb: The notebook is empty (0 bytes).",
        "z.md: Something that nobody foresaw.",
    ]
    browser.sign_in(make.person(Role.LEAD, language="ko")).open("catalogue.version", slug="one", number=1)
    assert "85행: 그림 “images/ceos.png”: 이 폴더에 없는 파일을 가리켜요." in browser.text
    assert "링크 “<b>x</b>”:" in browser.text
    assert "파일 3개에서 4곳" in browser.text
    assert [node.text for node in browser.find("span", lang="en")] == ["Something that nobody foresaw."]
    browser.sign_out().sign_in(make.person(Role.LEAD)).open("catalogue.version", slug="one", number=1)
    assert 'Line 85: The image "images/ceos.png" leads to nothing' in browser.text


def test_preview_in_each_language_with_links_to_previews(browser):
    version = make.course(lessons=2, slug="one", published=False)
    first, second = session.scalars(select(Activity).order_by(Activity.position)).all()
    quiz = make.quiz(version).activity
    texts = {
        text.language: text for text in session.scalars(select(ActivityText).where(ActivityText.activity == first))
    }
    texts[
        "en"
    ].html = f'<p>See <a href="/learn/here/{second.id}#h-x">it</a>, <a href="/learn/here/{quiz.id}">quiz</a></p>'
    texts["ko"].html = "<p>글이에요.</p>"
    browser.sign_in(make.person(Role.INSTRUCTOR))
    names = {"slug": "one", "number": 1}
    browser.open("catalogue.text", activity_id=first.id, **names)
    assert f"/courses/one/versions/1/{second.id}#h-x" in browser.links()
    assert "/courses/one/versions/1" in browser.links()
    assert not any("/learn/here/" in link for link in browser.links())
    browser.open("catalogue.text", activity_id=first.id, query={"language": "ko"}, **names)
    assert "글이에요." in browser.text
    browser.open("catalogue.text", activity_id=quiz.id, status=404, **names)
    other = make.course(slug="other")
    assert other.number == 1
    browser.open("catalogue.text", slug="other", number=1, activity_id=first.id, status=404)


def test_publishing_and_what_it_refuses(browser):
    version = make.course(slug="one", published=False)
    staff = make.person(Role.INSTRUCTOR)
    browser.sign_in(staff).open("catalogue.version", slug="one", number=1)
    browser.post("catalogue.publish", slug="one", number=1).follow()
    assert "Version 1 is published" in browser.text
    assert version.published_by_id == staff.id
    assert session.scalars(select(AuditEntry.deed)).all() == ["course.published"]
    browser.post("catalogue.publish", slug="one", number=1, status=409)
    browser.post("catalogue.discard", slug="one", number=1, status=409)
    assert version.published_at is not None
    assert version.discarded_at is None


def test_discarded_draft_stays_on_record_and_is_over(browser):
    version = make.course(slug="one", published=False)
    browser.sign_in(make.admin()).post("catalogue.discard", slug="one", number=1).follow()
    assert "Discarded" in browser.text
    assert version.discarded_at is not None
    browser.post("catalogue.publish", slug="one", number=1, status=409)
    assert version.published_at is None
    browser.open("catalogue.courses")
    assert "/courses/one" not in browser.links()
    browser.open("catalogue.course", slug="one", status=404)


def test_discarded_version_is_no_draft_to_wait_for(browser):
    version = make.course(slug="one")
    newer = CourseVersion(
        course_id=version.course_id, number=2, title=version.title, summary=Words(), hours=1, digest="x"
    )
    newer.discarded_at = make.LONG_AGO
    make.add(newer)
    browser.sign_in(make.admin()).open("catalogue.courses")
    assert "Draft of version 2" not in browser.text
    assert "Published" in words_of(browser, "tr")[1]
    newer.discarded_at = None
    browser.open("catalogue.courses")
    assert "Draft of version 2" in browser.text


@pytest.mark.parametrize("language", ["ko", "en"])
def test_odd_names_are_shown_as_they_are(browser, language):
    version = make.course(slug="odd")
    version.title = Words(en="<script>alert(1)</script>", ko="‮강좌\u202c 😀")
    version.source = "javascript:alert(1)"
    browser.sign_in(make.person(Role.LEAD, language=language))
    browser.open("catalogue.course", slug="odd")
    browser.open("catalogue.version", slug="odd", number=1)
    assert not any(link.startswith("javascript") for link in browser.links())
