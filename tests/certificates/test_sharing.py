"""Links to a certificate: made by its holder, opened by anybody, withdrawn for good, kept as a hash."""

import re

import pytest
from sqlalchemy import select

from certificates import revoking, sharing
from certificates.facts import Facts
from certificates.models import CertificateShare
from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.people.models import AuditEntry, Role
from tests import make
from tests.certificates.making import issued, printed


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_holder_makes_a_link_gives_it_away_and_withdraws_it(browser, language):
    certificate = printed(name="문가온", language=language)
    mine = {"certificate_id": certificate.id}
    browser.sign_in(certificate.person).open("certificates.mine")
    assert f"/certificates/{certificate.id}/shares" in browser.links()
    browser.open("certificates.shares", **mine)
    browser.post("certificates.share", {"label": "한빛 데이터"}, **mine).follow()
    assert "한빛 데이터" in browser.text
    (link,) = session.scalars(select(CertificateShare)).all()
    address = re.search(r"http://localhost(/shared/[\w-]{43})", browser.text)[1]
    assert link.token_sha256 not in browser.html
    browser.sign_out().speak(language).open(address)
    assert all(said in browser.text for said in (Facts.from_json(certificate.facts).number, "문가온"))
    assert "한빛 데이터" not in browser.text
    assert certificate.person.email not in browser.html
    assert browser.find("meta", name="robots")[0].get("content") == "noindex"
    assert browser.response.headers["Referrer-Policy"] == "no-referrer"
    browser.open(f"{address}/document")
    assert browser.response.data.startswith(b"%PDF-")
    browser.sign_in(certificate.person).post("certificates.withdraw_share", share_id=link.id, **mine).follow()
    assert address not in browser.text
    browser.post("certificates.withdraw_share", share_id=link.id, **mine)
    over = set()
    browser.sign_out()
    for gone in (address, "/shared/x", "/shared/" + "A" * 3000, address[:-1]):
        browser.open(gone, status=404)
        over.add(browser.html[browser.html.index("<main") : browser.html.index("</main>")])
        browser.open(f"{gone}/document", status=404)
    assert len(over) == 1
    deeds = session.scalars(select(AuditEntry.deed).where(AuditEntry.subject_id == certificate.id)).all()
    assert [deeds.count(deed) for deed in ("certificate.shared", "certificate.share_withdrawn")] == [1, 1]


def test_only_the_holder_makes_and_withdraws_links(browser):
    certificate = printed()
    link = sharing.share(certificate, certificate.person, "")
    session.commit()
    for other in (make.person(Role.TRAINEE), certificate.issued_by, make.admin()):
        browser.sign_in(other).open("certificates.shares", certificate_id=certificate.id, status=404)
        browser.post("certificates.share", {"label": "x"}, certificate_id=certificate.id, status=404)
        browser.post("certificates.withdraw_share", certificate_id=certificate.id, share_id=link.id, status=404)
    own = printed()
    browser.sign_in(own.person)
    browser.post("certificates.withdraw_share", certificate_id=own.id, share_id=link.id, status=404)
    session.refresh(link)
    assert link.withdrawn_at is None
    assert len(session.scalars(select(CertificateShare)).all()) == 1


def test_the_database_holds_no_link_that_opens():
    certificate = issued()
    link = sharing.share(certificate, certificate.person, "")
    token = sharing.token_of(link)
    assert len(token) == 43
    assert token not in str(vars(link))
    assert sharing.opened(token) is link
    assert sharing.opened(link.token_sha256) is None
    assert sharing.token_of(sharing.share(certificate, certificate.person, "")) != token


def test_a_link_outlives_the_secret_but_is_not_shown_again(app, browser):
    certificate = issued()
    token = sharing.token_of(sharing.share(certificate, certificate.person, "Acme"))
    session.commit()
    before, app.config["SECRET_KEY"] = app.config["SECRET_KEY"], "another-secret-0123456789-abcdefghijklmnop"
    try:
        browser.speak("en").open("certificates.shared", token=token)
        browser.sign_in(certificate.person).open("certificates.shares", certificate_id=certificate.id)
    finally:
        app.config["SECRET_KEY"] = before
    assert "Acme" in browser.text
    assert token not in browser.html


def test_a_link_shows_what_became_of_the_certificate(browser):
    certificate = issued()
    token = sharing.token_of(sharing.share(certificate, certificate.person, ""))
    revoking.revoke(certificate, certificate.issued_by, "A private matter.")
    session.commit()
    browser.speak("en").open("certificates.shared", token=token)
    assert "This certificate was revoked" in browser.text
    assert "A private matter." not in browser.text
    browser.open("certificates.shared_document", token=token, status=404)  # not printed yet


def test_links_are_many_but_not_without_end(browser):
    certificate = issued()
    links = [sharing.share(certificate, certificate.person, "") for _ in range(sharing.MOST)]
    with pytest.raises(Refused):
        sharing.share(certificate, certificate.person, "")
    sharing.withdraw(links[0], certificate.person)
    session.flush()
    assert sharing.share(certificate, certificate.person, "")
    browser.sign_in(certificate.person)
    browser.post("certificates.share", {"label": "x" * 81}, certificate_id=certificate.id, status=422)
