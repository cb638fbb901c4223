"""The whole job in one run, by four people and a stranger: from an application to a certificate that was verified, then revoked."""

import hashlib
import re
from pathlib import Path

from sqlalchemy import select

from certificates.facts import Facts
from certificates.models import Certificate
from courses.assignments.models import Submission
from lms.kit import jobs
from lms.kit.db import session
from lms.kit.mail import Letter
from lms.people.models import Person
from lms.pipeline.models import Application, Stage, Traineeship
from tests.browser.conftest import Visitor
from tests.browser.scene import MOTIVATION, PASSWORD, Scene, set_scene

NAME, LATIN, EMAIL = "오하람", "OH HARAM", "haram@example.org"
DOCUMENT = {"name": "포트폴리오.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n%%EOF\n"}
NOTEBOOK = {"name": "평가 보고서.csv", "mimeType": "text/csv", "buffer": "모델,재현율\n가,0.91\n".encode()}
DROP = """(box, bytes) => {
    const carried = new DataTransfer();
    carried.items.add(new File([new Uint8Array(bytes)], 'certificate.pdf', {type: 'application/pdf'}));
    box.dispatchEvent(new DragEvent('drop', {dataTransfer: carried, bubbles: true, cancelable: true}));
}"""


def test_from_an_application_to_a_verified_certificate(visitor):
    scene = set_scene()
    trainee, lead, instructor, stranger = visitor("ko"), visitor("en"), visitor("en"), visitor("en")
    registers(trainee)
    applies(trainee)
    admits(lead, scene)
    learns(trainee)
    answers_the_quiz(trainee)
    hands_in(trainee)
    marks(instructor)
    sees_what_is_met(trainee)
    before = certified_on_the_board(lead)
    asks_for_certificates(lead, scene)
    certificate = approves(visitor("ko"), scene)
    paper = downloads(trainee, certificate)
    verifies(stranger, certificate, paper)
    assert certified_on_the_board(lead) == before + 1
    follows_the_number(lead)
    revokes(lead, certificate)
    sees_it_revoked(stranger, certificate)
    assert session.scalars(select(jobs.Job.error).where(jobs.Job.error.is_not(None))).all() == []


def later() -> None:
    """What the worker does meanwhile."""
    session.rollback()
    assert jobs.perform_all() > 0


def one(query):
    """A row as the pages left it."""
    session.rollback()
    return session.scalars(query).one()


def registers(visitor: Visitor) -> None:
    """A stranger finds the cohort, wants to apply, makes an account, and comes back to the application by the mailed link."""
    visitor.go("/")
    visitor.press("a[href='/cohorts/spring']").look()
    visitor.press("a[href='/cohorts/spring/application']").look()
    assert visitor.path.startswith("/sign-in?next=")
    visitor.press("main a[href^='/register']").look()
    visitor.page.fill("#name", NAME)
    visitor.page.fill("#latin_name", LATIN)
    visitor.page.fill("#email", EMAIL)
    visitor.press("main form button[type=submit]").look()
    later()
    letter = one(select(Letter).where(Letter.to_address == EMAIL))
    visitor.go(re.search(r"http\S+/links/\S+", letter.text).group())
    visitor.page.fill("#password", PASSWORD)
    visitor.page.fill("#again", PASSWORD)
    visitor.press("main form button[type=submit]").look()
    assert visitor.path == "/cohorts/spring/application"


def applies(visitor: Visitor) -> None:
    """The draft keeps what was typed and the documents; sending wants the consent and gives a receipt."""
    page = visitor.page
    with visitor.saving("/application/draft"):
        page.fill("#background", "물류 회사 백엔드 개발자")
        page.fill("#motivation", MOTIVATION)
    page.set_input_files("#documents-file", DOCUMENT)
    visitor.press("button[value=upload]").look().says(DOCUMENT["name"])
    visitor.press(".task-end button[value=later]").look()
    assert visitor.path == "/applications"
    visitor.press("main a[href='/cohorts/spring/application']")
    assert page.input_value("#motivation") == MOTIVATION
    assert page.input_value("#name") == NAME
    visitor.press(".task-end button[value=continue]").look().says(MOTIVATION, DOCUMENT["name"], LATIN)
    visitor.press(".task-end button[type=submit]", status=422).look()
    assert page.get_attribute("#privacy", "aria-invalid") == "true"
    page.check("#privacy")
    visitor.press(".task-end button[type=submit]").look()
    sent = one(select(Application))
    assert (sent.stage, sent.person.email) == (Stage.APPLIED, EMAIL)
    visitor.says(sent.receipt)
    later()
    assert sent.receipt in one(select(Letter).order_by(Letter.written_at.desc()).limit(1)).text


def admits(visitor: Visitor, scene: Scene) -> None:
    """The lead ticks the applicant, admits with a message, and the seat is taken."""
    visitor.sign_in(scene.lead.email, PASSWORD)
    assert visitor.path == "/board"
    visitor.go(f"/cohorts/{scene.cohort.id}/admissions").says(NAME)
    visitor.page.check("[data-tick]")
    visitor.look()
    visitor.press("[data-bulk] button[value=admit]").look().says(NAME)
    visitor.page.fill("#message", "반갑습니다.")
    visitor.press(".task-end button[type=submit]").look()
    assert one(select(Application)).stage == Stage.ADMITTED
    later()
    assert "반갑습니다." in one(select(Letter).order_by(Letter.written_at.desc()).limit(1)).text


def learns(visitor: Visitor) -> None:
    """From the first page through both lessons to the quiz, by the buttons that lead on."""
    visitor.go("/home").says("모델을 정직하게 평가하기")
    visitor.press(".resume h2 a").look()
    visitor.press(".turn form.next button").look()
    assert one(select(Traineeship)).stage == Stage.TRAINING
    visitor.press(".turn form.next button").look()
    assert "/quizzes/" in visitor.path


def answers_the_quiz(visitor: Visitor) -> None:
    """One of several, several, a number in the Korean reader's way, a short text: all right."""
    page = visitor.page
    visitor.press("main form[action*='/quizzes/'] button[type=submit]").look()
    with visitor.saving("/answers"):
        page.get_by_role("radio", name="Right", exact=True).check()
        page.get_by_role("checkbox", name="A", exact=True).check()
        page.get_by_role("checkbox", name="B", exact=True).check()
        page.fill("#sheet input[inputmode=decimal]", "0.25")
        page.fill("#sheet input.input-mid", "재현율")
        page.locator("#sheet input.input-mid").blur()
    visitor.press("#sheet .task-end button[data-kind=main]").look()
    assert page.inner_text(".score strong") == "4"
    visitor.press("main a.button[data-kind=main]").look()
    assert "/assignments/" in visitor.path


def hands_in(visitor: Visitor) -> None:
    """Text and a file; the receipt names both by their SHA-256."""
    page = visitor.page
    with visitor.saving("/draft"):
        page.fill("#text", "재현율이 정밀도보다 중요한 까닭을 적었어요.\n둘째 줄.")
    page.set_input_files("#files", NOTEBOOK)
    visitor.press("#hand-in ~ form .task-end button[data-kind=main]").look()
    made = one(select(Submission))
    visitor.says(made.receipt, NOTEBOOK["name"], hashlib.sha256(NOTEBOOK["buffer"]).hexdigest(), made.text_sha256)


def marks(visitor: Visitor) -> None:
    """The instructor marks by levels with comments, saves, and releases; until then nothing is seen outside."""
    page = visitor.page
    visitor.sign_in(one(select(Person).where(Person.name == "Ian Instructor")).email, PASSWORD)
    assert visitor.path == "/marking"
    visitor.press("table a[href^='/marking/']").look().says("둘째 줄", NAME, NOTEBOOK["name"])
    for number in (1, 2):
        criterion = page.locator(f"#criterion-{number}")
        criterion.locator(".level").nth(1).click()
        criterion.locator("input[name^=points-]").fill(str(40 + number))
        criterion.locator("textarea").fill(f"Comment {number}: well argued.")
    assert page.inner_text("[data-sum]") == "83"
    visitor.look()
    visitor.press("[data-key=s]").look()
    visitor.go("/marking?state=marked").says(NAME)
    visitor.press("a[href$='/releases']").look()
    visitor.press(".task-end button[type=submit]").look()
    later()


def sees_what_is_met(visitor: Visitor) -> None:
    """Marks and comments by criterion; the checklist is whole, and the home page says so."""
    submission = one(select(Submission))
    visitor.go(f"/learn/{submission.enrolment_id}/assignments/{submission.activity_id}")
    visitor.says("Comment 1: well argued.", "Comment 2: well argued.", "83")
    visitor.go(f"/learn/{submission.enrolment_id}/completion")
    assert one(select(Traineeship)).stage == Stage.COMPLETED
    visitor.go("/home")


def certified_on_the_board(visitor: Visitor) -> int:
    """The large number of the lead's first page."""
    visitor.go("/board")
    return int(visitor.page.inner_text(".answer-number a").replace(",", ""))


def asks_for_certificates(visitor: Visitor, scene: Scene) -> None:
    """Who is ready, then the names as they will be printed, then the request: nothing is issued by one person alone."""
    visitor.go(f"/cohorts/{scene.cohort.id}/certificates").says(NAME, LATIN)
    visitor.press("main form[action$='/confirmation'] [data-bulk] button[type=submit]").look().says(NAME, LATIN)
    visitor.press(".task-end button[type=submit]").look().says(scene.second.name)
    later()
    assert session.scalars(select(Certificate)).all() == []


def approves(visitor: Visitor, scene: Scene) -> Certificate:
    """The second lead comes by the link in the letter and approves; the worker issues and prints."""
    visitor.sign_in(scene.second.email, PASSWORD)
    letter = one(select(Letter).where(Letter.to_address == scene.second.email))
    visitor.go(re.search(r"http\S+/certificates/batches/\S+", letter.text).group()).says(NAME, LATIN)
    visitor.press("main form[action$='/approval'] button[type=submit]").look()
    later()
    certificate = one(select(Certificate))
    assert certificate.document
    assert (certificate.issued_by_id, certificate.approved_by_id) == (scene.lead.id, scene.second.id)
    assert one(select(Traineeship)).stage == Stage.CERTIFIED
    visitor.go(f"/cohorts/{scene.cohort.id}/certificates").says(NAME)
    return certificate


def downloads(visitor: Visitor, certificate: Certificate) -> bytes:
    """The trainee's file is the one whose hash was kept."""
    visitor.go("/certificates").says(NAME)
    with visitor.page.expect_download() as caught:
        visitor.page.click("a[href$='/document']")
    paper = Path(caught.value.path()).read_bytes()
    assert paper.startswith(b"%PDF")
    assert hashlib.sha256(paper).hexdigest() == certificate.document.sha256
    return paper


def verifies(visitor: Visitor, certificate: Certificate, paper: bytes) -> None:
    """By the code alone: valid, with every printed fact; the file is compared here, to the bit."""
    page = visitor.page
    visitor.go("/verify")
    page.fill("#code", certificate.code)
    visitor.press("main form button[type=submit]").look()
    facts = Facts.from_json(certificate.facts)
    visitor.says("This certificate is valid", facts.name, facts.latin_name, facts.number, facts.number_en)
    for words in (
        facts.programme,
        facts.cohort,
        facts.issuer,
        facts.signatory,
        *(each.title for each in facts.courses),
    ):
        visitor.says(*words.values())
    page.locator(".drop").evaluate(DROP, list(paper))
    page.wait_for_selector("[data-verify-said] [data-tone=good]")
    visitor.look().says("Exactly what we issued", certificate.document.sha256)
    changed = bytearray(paper)
    changed[len(changed) // 2] ^= 1
    page.set_input_files("#pdf", {"name": "forged.pdf", "mimeType": "application/pdf", "buffer": bytes(changed)})
    page.wait_for_selector("[data-verify-said] [data-tone=bad]")
    visitor.look().says("Altered, or not this certificate", "forged.pdf")


def follows_the_number(visitor: Visitor) -> None:
    """From the number to the people behind it: as many, and the one who got the certificate among them."""
    number = certified_on_the_board(visitor)
    visitor.press(".answer-number a").look().says(NAME)
    assert visitor.page.locator("main tbody tr").count() == number


def revokes(visitor: Visitor, certificate: Certificate) -> None:
    """In a dialog that asks for what anybody may read and for the reason."""
    visitor.go(f"/certificates/{certificate.id}")
    visitor.page.click("main button[popovertarget*=revocation]")
    visitor.look()
    visitor.page.select_option("dialog #ground", "error")
    visitor.page.select_option("dialog #ground", "error")
    visitor.page.fill("dialog #reason", "Issued to the wrong person.")
    visitor.press("dialog[open] button[type=submit]").look().says("Issued to the wrong person.")


def sees_it_revoked(visitor: Visitor, certificate: Certificate) -> None:
    """Everything is still there, and that it no longer holds is said first; the reason is for the holder only."""
    visitor.go(f"/verify/{certificate.code}")
    visitor.says("This certificate was revoked", NAME, Facts.from_json(certificate.facts).number)
    assert "wrong person" not in visitor.page.content()
