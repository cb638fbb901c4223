"""The public page of a cohort shows what one learns there."""

import pytest

from lms.kit.words import Words
from tests import make


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_stranger_sees_the_courses_of_a_cohort_in_their_order(browser, language):
    cohort = make.cohort()
    versions = [make.course(), make.course(), make.course()]
    for version, position in zip(versions, (2, 1, 3), strict=True):
        version.title = Words(en=f"Course {position}", ko=f"강좌 {position}")
        make.offering(version, cohort, position=position, required=position != 3)
    elsewhere = make.course(slug="elsewhere")
    make.offering(elsewhere)
    page = browser.speak(language).open("learning.cohort", slug=cohort.slug)
    addresses = [f"/courses/{version.course.slug}" for version in (versions[1], versions[0], versions[2])]
    assert [link for link in page.links() if link.startswith("/courses/")] == addresses
    title = {"ko": "강좌", "en": "Course"}[language]
    assert page.text.index(f"{title} 1") < page.text.index(f"{title} 2") < page.text.index(f"{title} 3")
    for address in addresses:
        browser.open(address)


def test_a_cohort_without_courses_says_nothing_of_them(browser):
    cohort = make.cohort()
    make.offering()
    page = browser.speak("en").open("learning.cohort", slug=cohort.slug)
    assert "What you learn" not in page.text


def test_the_page_costs_the_same_for_one_course_and_ten(browser, queries):
    cohort, seen = make.cohort(), []
    for count in (1, 9):
        for _ in range(count):
            make.offering(make.course(), cohort)
        with queries() as asked:
            browser.open("learning.cohort", slug=cohort.slug)
        seen.append(len(asked))
    assert seen[0] == seen[1]
