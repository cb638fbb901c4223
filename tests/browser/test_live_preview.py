"""A design is drawn beside what is typed, without a button; what does not fit is said at its field and goes when it is mended."""

import pytest
from sqlalchemy import select

from certificates.design_models import DesignVersion
from lms.kit.db import session
from tests import make
from tests.browser.scene import PASSWORD, password_hash

PICTURE = "#picture img"
CHANGED = f"before => (document.querySelector('{PICTURE}')?.getAttribute('src') ?? before) !== before"


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_picture_follows_what_is_typed(app, visitor, language):
    cohort = make.cohort()
    lead = make.lead(cohort)
    lead.language, lead.password_hash = language, password_hash()
    session.commit()
    window = visitor(language=language).enter(lead.email, PASSWORD)
    page = window.page
    window.go(f"/programmes/{cohort.programme.slug}/designs").go(f"/programmes/{cohort.programme.slug}/designs/new")

    def drawn_anew(deed):
        before = page.get_attribute(PICTURE, "src")
        deed()
        page.wait_for_function(CHANGED, arg=before)

    drawn_anew(lambda: page.fill("[name='ko.document']", "이수증"))
    drawn_anew(lambda: page.select_option("#sample", "arabic"))
    page.fill("[name='ko.statement']", "가나다라마바사 " * 50)
    page.wait_for_selector("[id='ko.statement-error']")
    assert page.locator(PICTURE).count() == 0
    window.look()
    page.fill("[name='ko.statement']", "위 사람은 야간 과정을 마쳤기에 이 증서를 드립니다.")
    page.wait_for_selector(PICTURE)
    assert page.locator("[id='ko.statement-error']").count() == 0
    drawn_anew(lambda: page.select_option("#folder", "course"))
    assert page.input_value("[name='ko.document']") == "이수증"
    page.fill("#name", "야간반")
    page.fill("#reason", "야간 과정에는 문구가 따로 있어요.")
    window.press("button[data-kind=main]").look()
    made = session.scalars(select(DesignVersion)).one()
    assert made.wording["ko"]["document"] == "이수증"
    assert made.folder == "course"
