"""What a page looks like where room is short: the menu's rest, cards of a narrow table, words of a small one."""

import pytest

from lms.kit.db import session
from lms.people.models import Role
from tests import make
from tests.browser.scene import PASSWORD, Scene, password_hash, set_scene

# Every pair of visible parts of one card that cover each other, as their words.
COVERED = """() => [...document.querySelectorAll('.table:not(.table-stay) tbody tr')].flatMap(row => {
    const parts = [...row.querySelectorAll('th > *, td > *, .badge')].filter(each => each.checkVisibility()).map(each => [each, each.getBoundingClientRect()]);
    return parts.flatMap(([one, a], at) => parts.slice(at + 1).filter(([other, b]) => !one.contains(other) && !other.contains(one)
        && Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1)
        .map(([other]) => one.textContent.trim() + ' | ' + other.textContent.trim())) })"""


@pytest.fixture
def scene(app) -> Scene:
    return set_scene()


@pytest.mark.parametrize("width", [1000, 1280])
def test_links_that_find_no_room_stand_in_a_menu_at_the_end(visitor, scene, width):
    everybody = make.person(*Role, name="Every Role", password_hash=password_hash())
    session.commit()
    window = visitor("en").enter(everybody.email, PASSWORD)
    window.page.set_viewport_size({"width": width, "height": 800})
    window.open("/certificates/register")
    menu = window.page.locator(".top-more")
    menu.wait_for(state="visible")
    window.page.locator(".top-nav > ul [aria-current=page]").wait_for(state="visible")
    cut = "() => { const list = document.querySelector('.top-nav > ul'); return list.scrollWidth - list.clientWidth }"
    assert window.page.evaluate(cut) <= 0
    menu.locator("summary").click()
    window.page.get_by_role("link", name="Accounts", exact=True).click()
    assert window.path == "/accounts"


def test_a_menu_with_room_for_all_has_no_rest(visitor, scene):
    window = visitor("en").enter(scene.lead.email, PASSWORD).open("/board")
    window.page.set_viewport_size({"width": 1280, "height": 800})
    window.page.locator(".top-nav").wait_for()
    assert not window.page.locator(".top-more").is_visible()


@pytest.mark.parametrize("path", ["/cohorts/{cohort}/admissions", "/courses", "/cohorts"])
def test_no_part_of_a_card_covers_another(visitor, scene, path):
    scene.offering.version.title = scene.offering.version.title | {"en": "Evaluating machine-learning models honestly"}
    make.application(scene.cohort, make.person(Role.TRAINEE, name="보낸 사람"))
    session.commit()
    window = visitor("en").enter(scene.lead.email, PASSWORD)
    window.page.set_viewport_size({"width": 390, "height": 800})
    window.open(path.format(cohort=scene.cohort.id))
    assert window.page.locator(".table tbody tr").count()
    assert window.page.evaluate(COVERED) == []
