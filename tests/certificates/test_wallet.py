"""The holder takes the credential along for a wallet: the very one that is attached to the PDF."""

import json

from sqlalchemy import select

from certificates import checking, revoking, transcripts
from certificates.credential import signer
from certificates.views import wallet
from lms.kit import files
from lms.kit.db import session
from lms.pipeline.models import Cohort, Traineeship
from tests import make
from tests.certificates.make_issued_transcript import content, transcribed
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


def test_a_transcript_has_one_too_until_it_is_withdrawn(browser):
    transcript = transcribed()
    address = f"/certificates/transcripts/{transcript.id}/credential"
    assert address in browser.sign_in(transcript.person).open("certificates.transcripts_of_mine").links()
    answer = browser.client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, wallet.MEDIA_TYPE)
    assert answer.data == checking.attached(content(transcript))
    assert "ext:Transcript" in answer.get_data(as_text=True)
    transcripts.withdraw(transcript, transcript.person)
    session.commit()
    assert address not in browser.open("certificates.transcripts_of_mine").links()
    browser.open("certificates.transcript_credential", transcript_id=transcript.id, status=404)


def test_nobody_else_has_that_of_a_transcript(browser):
    transcript = transcribed()
    cohort = session.scalars(
        select(Cohort).join(Traineeship).where(Traineeship.person_id == transcript.person_id)
    ).one()
    browser.sign_in(make.lead(cohort)).open(
        "certificates.transcript_credential", transcript_id=transcript.id, status=404
    )


def test_pages_of_transcripts_say_transcript(browser):
    transcript = transcribed(language="en")
    for page in (
        browser.sign_in(transcript.person).open("certificates.transcripts_of_mine"),
        browser.open("certificates.transcript_verified", code=transcript.code),
    ):
        assert "Transcripts here are signed with a demonstration key" in page.text
        assert "Certificates here" not in page.text
        assert "another certificate" not in page.text
