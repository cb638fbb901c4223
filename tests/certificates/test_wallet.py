"""The holder takes the credential along for a wallet: the very one that is attached to the PDF."""

import json

from certificates import checking, revoking
from certificates.credential import signer
from certificates.views import wallet
from lms.kit import files
from lms.kit.db import session
from tests import make
from tests.certificates.making import issued, printed


def test_it_is_what_is_attached(browser):
    certificate = printed()
    browser.sign_in(certificate.person)
    answer = browser.client.get(f"/certificates/{certificate.id}/credential")
    assert answer.status_code == 200
    assert answer.mimetype == wallet.MEDIA_TYPE
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.data == checking.attached(files.path_of(certificate.document.file).read_bytes())
    assert signer(json.loads(answer.data)).startswith("z6Mk")


def test_the_page_offers_it_while_the_certificate_holds(browser):
    certificate = printed()
    address = f"/certificates/{certificate.id}/credential"
    page = browser.sign_in(certificate.person).open("certificates.mine")
    assert address in page.links()
    revoking.revoke(certificate, certificate.issued_by, "Not theirs.")
    session.commit()
    assert address not in browser.open("certificates.mine").links()


def test_nobody_else_has_it(browser):
    certificate = printed()
    others = make.lead(certificate.cohort), make.trainee(certificate.cohort)
    for other in others:
        browser.sign_in(other).open("certificates.credential", certificate_id=certificate.id, status=404)
    waiting = issued()
    session.commit()
    browser.sign_in(waiting.person).open("certificates.credential", certificate_id=waiting.id, status=404)
