"""Pages of issuing: who of a cohort gets a certificate and why not, the last look, the deed, the printing."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from certificates import batches, documents, eligibility, issuers, issuing, issuing_rules
from certificates.eligibility import Candidate, Verdict
from certificates.issuing import Outcome
from certificates.views.room import blueprint
from lms.kit.db import session
from lms.kit.web import back, one_or_404
from lms.people import access
from lms.people.access import me
from lms.people.models import Role
from lms.pipeline import cohorts
from lms.pipeline.models import Cohort


@blueprint.get("/cohorts/<uuid:cohort_id>/certificates")
@access.only(Role.LEAD, Role.ADMIN)
def issue(cohort_id: UUID) -> str:
    """A dry run: everybody of a cohort, who will get a certificate and why the others do not."""
    cohort = led(cohort_id)
    found = eligibility.examine(cohort)
    held = sorted((each.certificate for each in found if each.certificate), key=lambda each: (each.year, each.serial))
    return render_template(
        "certificates/issue.html",
        cohort=cohort,
        ready=[each for each in found if each.verdict == Verdict.READY],
        held=held,
        others=[each for each in found if not each.certificate and each.verdict != Verdict.READY],
        failed=documents.failed(held),
        waiting=[each for each in held if each.document is None],
        **_batches(cohort),
    )


@blueprint.get("/cohorts/<uuid:cohort_id>/certificates/confirmation")
@access.only(Role.LEAD, Role.ADMIN)
def to_choice(cohort_id: UUID) -> ResponseReturnValue:
    """Whoever comes here by its address chooses first."""
    return back(url_for("certificates.issue", cohort_id=led(cohort_id).id))


@blueprint.post("/cohorts/<uuid:cohort_id>/certificates/confirmation")
@access.only(Role.LEAD, Role.ADMIN)
def confirm(cohort_id: UUID) -> ResponseReturnValue:
    """The last look: the names as they will be printed. Nothing is issued yet."""
    cohort = led(cohort_id)
    chosen = [each for each in chosen_of(cohort) if each.verdict == Verdict.READY]
    if not chosen:
        return nobody(cohort)
    return render_template(
        "certificates/confirm.html",
        cohort=cohort,
        chosen=chosen,
        issuer=issuers.for_issue(me()),
        own=issuers.current(),
        rule=issuing_rules.of_cohort(cohort.id),
    )


@blueprint.post("/cohorts/<uuid:cohort_id>/certificates")
@access.only(Role.LEAD, Role.ADMIN)
def issue_chosen(cohort_id: UUID) -> ResponseReturnValue:
    """Issue to the chosen; what was refused is told by name."""
    cohort = led(cohort_id)
    chosen = chosen_of(cohort)
    if not chosen:
        return nobody(cohort)
    outcomes = issuing.issue_many(cohort, [each.traineeship for each in chosen], me())
    refused = [outcome for outcome in outcomes if outcome.refusal]
    if refused:
        return render_template("certificates/outcome.html", cohort=cohort, refused=refused, said=_said(outcomes))
    return back(url_for("certificates.issue", cohort_id=cohort.id), _said(outcomes))


def led(cohort_id: UUID) -> Cohort:
    """The cohort, if the reader leads it."""
    return one_or_404(cohorts.led_by(me()).where(Cohort.id == cohort_id))


def chosen_of(cohort: Cohort) -> Sequence[Candidate]:
    """Those of the cohort whose ticks were sent."""
    wanted = set(request.form.getlist("chosen"))
    return [each for each in eligibility.examine(cohort) if str(each.traineeship.id) in wanted]


def nobody(cohort: Cohort) -> ResponseReturnValue:
    """Back to the choice."""
    address = url_for("certificates.issue", cohort_id=cohort.id)
    return back(address, _("Choose at least one person who is ready for a certificate."), "warn")


def _batches(cohort: Cohort) -> dict[str, Any]:
    found = session.scalars(batches.of(cohort)).all()
    return {
        "rule": issuing_rules.of_cohort(cohort.id),
        "batches": found,
        "tallies": batches.tallies(each.id for each in found),
    }


def _said(outcomes: Sequence[Outcome]) -> str:
    new = sum(outcome.new for outcome in outcomes)
    if new == 0:
        return _("No new certificate: the people you chose have theirs already.")
    return ngettext(
        "%(num)s certificate was issued. It is being printed now, and its holder is told by mail.",
        "%(num)s certificates were issued. They are being printed now, and their holders are told by mail.",
        new,
    )
