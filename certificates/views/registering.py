"""The register of every certificate ever issued, and one certificate with its revocation."""

from uuid import UUID

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from certificates import certificates, documents, exporting, replacing, revoking, states
from certificates import register as register_of
from certificates.facts import Facts
from certificates.forms import CorrectionForm, FilterForm, RevocationForm
from certificates.models import Certificate, Ground
from certificates.states import State
from certificates.verifying import courses, printed
from certificates.views.room import blueprint
from lms.kit import i18n, sheets
from lms.kit.db import session
from lms.kit.lists import page_of
from lms.kit.web import back, one_or_404
from lms.people import access
from lms.people.access import me
from lms.people.models import AuditEntry, Role
from lms.pipeline import cohorts
from lms.pipeline.models import Cohort, Programme


@blueprint.get("/certificates/register")
@access.only(Role.LEAD, Role.ADMIN)
def register() -> str:
    """Every certificate of the cohorts that the reader leads."""
    form, sort = filters(), _sort()
    page = page_of(_asked(form).options(joinedload(Certificate.cohort)))
    return render_template(
        "certificates/register.html", page=page, form=form, sort=sort, failed=documents.failed(page.rows)
    )


@blueprint.post("/certificates/register/export")
@access.only(Role.LEAD, Role.ADMIN)
def export() -> Response:
    """The same list as a file; the audit trail keeps that it left, and what for."""
    form, kind = filters(), request.form.get("format", "xlsx")
    sheet = exporting.register(_asked(form), me(), form.chosen(), kind, request.form.get("reason", ""))
    if kind == "csv":
        return sheets.download(sheets.csv_text(sheet), f"{sheet.title}.csv", sheets.CSV)
    return sheets.download(sheets.xlsx(sheet), f"{sheet.title}.xlsx", sheets.XLSX)


@blueprint.get("/certificates/<uuid:certificate_id>")
@access.only(Role.LEAD, Role.ADMIN)
def certificate(certificate_id: UUID) -> str:
    """One certificate: what is printed, its document, who did what with it."""
    return _page(_led(certificate_id))


@blueprint.post("/certificates/<uuid:certificate_id>/revocation")
@access.only(Role.LEAD, Role.ADMIN)
def revoke(certificate_id: UUID) -> ResponseReturnValue:
    """Withdraw a certificate for good."""
    found = _led(certificate_id)
    form = RevocationForm()
    if not form.validate():
        return _page(found, revocation=form), 422
    revoking.revoke(found, me(), form.reason.data, Ground(form.ground.data))
    number = Facts.from_json(found.facts).number
    address = url_for("certificates.certificate", certificate_id=found.id)
    return back(address, _("%(number)s is revoked. Whoever verifies it reads so from now on.", number=number))


@blueprint.post("/certificates/<uuid:certificate_id>/correction")
@access.only(Role.LEAD, Role.ADMIN)
def correct(certificate_id: UUID) -> ResponseReturnValue:
    """Put a corrected certificate in the place of this one."""
    found = _led(certificate_id)
    form = CorrectionForm()
    if not form.validate():
        return _page(found, correction=form), 422
    newer = replacing.correct(found, me(), form.mistake.data)
    number = certificates.number(newer)
    address = url_for("certificates.certificate", certificate_id=newer.id)
    return back(
        address, _("%(number)s was issued in its place. Whoever verifies the old one is led here.", number=number)
    )


def _led(certificate_id: UUID) -> Certificate:
    whole = (joinedload(Certificate.cohort), joinedload(Certificate.person), joinedload(Certificate.issued_by))
    return one_or_404(certificates.led_by(me()).where(Certificate.id == certificate_id).options(*whole))


def _page(
    found: Certificate, revocation: RevocationForm | None = None, correction: CorrectionForm | None = None
) -> str:
    facts, failed = Facts.from_json(found.facts), bool(documents.failed([found]))
    entries = select(AuditEntry).where(AuditEntry.subject_id == found.id).options(joinedload(AuditEntry.person))
    return render_template(
        "certificates/certificate.html",
        certificate=found,
        facts=facts,
        lines=list(printed(facts)),
        courses=list(courses(facts)),
        state=states.of(found),
        grounds=states.grounds(),
        changes=replacing.changes(found) if states.of(found) == State.VALID else [],
        form=revocation or RevocationForm(formdata=None),
        correction=correction or CorrectionForm(formdata=None),
        wrong=revocation or correction,
        failed=failed,
        why_failed=documents.why_not_printed(found) if failed else "",
        entries=session.scalars(entries.order_by(AuditEntry.happened_at, AuditEntry.id)).all(),
    )


def filters() -> FilterForm:
    """The filters of the address, with what this reader may choose from."""
    form = FilterForm(formdata=request.args)
    led = (
        cohorts.led_by(me())
        .join(Cohort.programme)
        .with_only_columns(Cohort.id, Cohort.title, Programme.id, Programme.title)
    )
    years = select(Certificate.year).where(Certificate.cohort_id.in_(cohorts.led_by(me()).with_only_columns(Cohort.id)))
    rows = session.execute(led.order_by(Cohort.starts_on.desc(), Cohort.id)).all()
    form.offer(
        list(session.scalars(years.distinct().order_by(Certificate.year.desc()))),
        list({str(key): i18n.best(title) for _id, _title, key, title in rows}.items()),
        [(str(key), i18n.best(title)) for key, title, _id, _title in rows],
    )
    return form


def _sort() -> str:
    return request.args.get("sort", "-number")


def _asked(form: FilterForm) -> Select[Certificate]:
    """What the address asks for, in its order."""
    return register_of.asked(me(), form.chosen(), _sort())
