"""The name on certificates, as people meet it: seen, approved, corrected."""

from certificates import names
from lms.kit.db import session
from tests.browser.scene import PASSWORD, set_scene, trainee

NEW = "오하람솔"


def test_a_name_is_seen_approved_and_corrected_with_evidence(visitor, tmp_path):
    scene = set_scene()
    person, _enrolment = trainee(scene)
    person.latin_name = ""
    session.commit()
    window = visitor("ko").enter(person.email, PASSWORD)
    window.go("/account").press("a[href='/certificates/name']").look().says("Oh Haram")
    assert window.page.locator("svg[role=img] path").count() == 1
    window.press("button[name=use][value='Oh Haram']").look()
    assert window.page.input_value("#latin_name") == "Oh Haram"
    window.press("button[value=approve]").look().says("확정됨")
    assert names.printed(person).latin_name == "Oh Haram"
    passport = tmp_path / "여권.pdf"
    passport.write_bytes(b"%PDF-1.7 a page of a passport")
    window.press("a[href='/certificates/name/correction']").look()
    window.page.fill("#name", NEW)
    window.page.fill("#latin_name", "Oh Haramsol")
    window.page.fill("#reason", "한 글자가 빠졌어요.")
    window.press("main form button[type=submit]", status=422).look().says("여권 사본")
    window.page.set_input_files("#evidence", passport)
    window.press("main form button[type=submit]").look().says(NEW, "여권.pdf")
    lead = visitor("en").enter(scene.lead.email, PASSWORD)
    lead.go("/certificates/register").press("a[href='/certificates/name-corrections']").look().says(NEW)
    lead.press("main tbody a").look().says("한 글자가 빠졌어요.")
    lead.press("button[value=decline]", status=422).look()
    lead.page.fill("#words", "As in the passport.")
    lead.press("button[value=accept]").look().says("No request waits")
    window.go("/certificates/name").says("As in the passport.")
    session.rollback()
    session.expire_all()
    assert names.printed(person).name == NEW
