"""Without a mouse: applying, a quiz, marking. Wherever the Tab key stops, the stop is to be seen."""

from collections.abc import Iterator

from sqlalchemy import select

from courses.assignments.models import Marking, Submission
from courses.quizzes.models import Attempt
from lms.kit.db import session
from lms.people.models import Role
from lms.pipeline.models import Application, Stage
from tests import make
from tests.browser.conftest import Visitor
from tests.browser.scene import PASSWORD, password_hash, set_scene, trainee

MOTIVATION = (
    "I sort return slips by hand and want to build a tool that reads them and tells why each was sorted as it was."
)
# The mark of the focus lies on what has it or on the box around it, is drawn, and can be seen.
RING = """() => {
    const at = document.activeElement;
    if (!at || at === document.body) return 'nothing has the focus';
    for (let box = at, steps = 0; box && steps < 4; box = box.parentElement, steps += 1) {
        const style = getComputedStyle(box), place = box.getBoundingClientRect();
        const drawn = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && !/, 0\\)$/.test(style.outlineColor);
        const seen = place.width > 4 && place.height > 4 && place.bottom > 0 && place.top < innerHeight && place.right > 0 && place.left < innerWidth;
        if (drawn && seen) return '';
    }
    return `no ring around ${at.outerHTML.slice(0, 200)}`;
}"""
MOST_STOPS = 120


class Keys:
    """A person with a keyboard at a visitor's window."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.page, self.keyboard = visitor, visitor.page, visitor.page.keyboard

    def stops(self) -> Iterator[str]:
        """Tab on and on; each stop must be visible."""
        for _count in range(MOST_STOPS):
            self.keyboard.press("Tab")
            ring = self.page.evaluate(RING)
            if ring == "nothing has the focus":
                continue  # the window itself, between the end of the page and its beginning
            assert ring == "", f"{self.page.url}: {ring}"
            yield ring

    def is_at(self, selector: str) -> bool:
        return bool(self.page.evaluate("selector => document.activeElement.matches(selector)", selector))

    def to(self, selector: str) -> "Keys":
        """Tab until the focus is on `selector`."""
        assert any(self.is_at(selector) for _stop in self.stops()), f"{self.page.url}: no way to {selector} by Tab"
        return self

    def to_main(self) -> "Keys":
        """Past the menu, by the link that comes first on every page."""
        self.to(".skip").keyboard.press("Enter")
        return self

    def follow(self, key: str = "Enter") -> "Keys":
        """Press a key that leads to another page."""
        with self.page.expect_navigation():
            self.keyboard.press(key)
        return self

    def type(self, text: str) -> "Keys":
        self.keyboard.type(text)
        return self

    @property
    def label(self) -> str:
        """What is written beside the choice that has the focus."""
        return str(self.page.evaluate("() => document.activeElement.closest('label').innerText.trim()"))

    def choose(self, words: str) -> "Keys":
        """In a group of radio buttons: by the arrows to the one with these words."""
        self.to("input[type=radio]")
        self.keyboard.press("Space")
        for _count in range(10):
            if self.label == words:
                break
            self.keyboard.press("ArrowDown")
        assert self.label == words
        assert self.is_at(":checked")
        assert self.page.evaluate(RING) == ""
        return self


def test_applying_from_the_catalogue_to_the_receipt(visitor):
    set_scene()
    person = make.person(Role.TRAINEE, latin_name="KEY BOARD", password_hash=password_hash())
    session.commit()
    keys = Keys(visitor("en").open("/"))
    keys.to_main().to("a[href='/cohorts/spring']").follow()
    keys.to_main().to("a[href='/cohorts/spring/application']").follow()
    keys.to("#email").type(person.email).to("#password").type(PASSWORD).follow()
    keys.to_main().to("#background").type("Back-end developer.").to("#motivation").type(MOTIVATION)
    keys.to("button[value=continue]:not([tabindex='-1'])").follow()
    keys.to_main().to("#privacy").keyboard.press("Space")
    keys.to(".task-end button").follow()
    assert keys.visitor.path.startswith("/applications/")
    session.rollback()
    sent = session.scalars(select(Application)).one()
    assert (sent.stage, sent.motivation) == (Stage.APPLIED, MOTIVATION)


def test_taking_a_quiz(visitor):
    scene = set_scene()
    person, enrolment = trainee(scene, language="en")
    keys = Keys(
        visitor("en").enter(person.email, PASSWORD).open(f"/learn/{enrolment.id}/quizzes/{scene.quiz.activity_id}")
    )
    keys.to_main().to("main form button[type=submit]").follow()
    keys.to_main()
    for question in keys.page.locator(".question").all():
        if question.locator("input[type=radio]").count():
            keys.choose("Right")
        elif question.locator("input[type=checkbox]").count():
            for _option in range(3):
                keys.to("input[type=checkbox]")
                if keys.label in ("A", "B"):
                    keys.keyboard.press("Space")
        elif question.locator("input[inputmode=decimal]").count():
            keys.to("input[inputmode=decimal]").type("0.25")
        else:
            keys.to("input.input-mid").type("recall")
    keys.to(".task-end button[data-kind=main]").follow()
    assert keys.page.inner_text(".score strong") == "4"
    session.rollback()
    assert session.scalars(select(Attempt.passed)).one()


def test_marking_and_on_to_the_next(visitor):
    scene = set_scene()
    for name, text in (("First Writer", "Older work."), ("Second Writer", "Newer work.")):
        _person, enrolment = trainee(scene, name)
        make.add(
            Submission(enrolment=enrolment, assignment=scene.assignment, number=1, text=text, receipt=name.upper())
        )
        session.commit()
    keys = Keys(visitor("en").enter(scene.instructor.email, PASSWORD))
    keys.follow("n").visitor.says("First Writer", "Older work.")
    keys.keyboard.press("?")
    assert keys.page.locator("#keys-help").is_visible()
    keys.keyboard.press("Escape")
    marked(keys, "2", "2")
    keys.to("textarea").type("Take 2 more, j and k.")
    keys.follow("Control+Enter").visitor.says("Second Writer", "Newer work.")
    marked(keys, "2", "1")
    keys.follow("s")
    session.rollback()
    points = {each.submission.text: each.points for each in session.scalars(select(Marking))}
    assert points == {"Older work.": 100, "Newer work.": 79}
    comments = [mark.comment for marking in session.scalars(select(Marking)) for mark in marking.marks]
    assert comments.count("Take 2 more, j and k.") == 1


def marked(keys: Keys, first: str, second: str) -> None:
    """A level for each of two criteria; the focus goes along and is seen."""
    for key in (first, "j", second):
        keys.keyboard.press(key)
        assert keys.page.evaluate(RING) == "", key
