"""Pages of issuing: who of a cohort gets a certificate and why not, the last look, the deed, the printing."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from certificates import batches, course_counts, documents, eligibility, issuers, issuing, issuing_rules
from certificates.eligibility import Candidate, Verdict
from certificates.issuing import Outcome
from certificates.views import groups
from certificates.views.groups import Group
from certificates.views.room import blueprint
from lms.kit.db import session
from lms.kit.web import back
from lms.people import access
from lms.people.access import me
from lms.people.models import Role


@blueprint.get("/cohorts/<uuid:cohort_id>/certificates")
@access.only(Role.LEAD, Role.ADMIN)
def issue(cohort_id: UUID) -> str:
    """A dry run: everybody of a cohort, who will get a certificate and why the others do not."""
    return dry_run(groups.of_cohort(cohort_id))


@blueprint.get("/cohorts/<uuid:cohort_id>/certificates/confirmation")
@access.only(Role.LEAD, Role.ADMIN)
def to_choice(cohort_id: UUID) -> ResponseReturnValue:
    """Whoever comes here by its address chooses first."""
    return back(groups.of_cohort(cohort_id).page)


@blueprint.post("/cohorts/<uuid:cohort_id>/certificates/confirmation")
@access.only(Role.LEAD, Role.ADMIN)
def confirm(cohort_id: UUID) -> ResponseReturnValue:
    """The last look: the names as they will be printed. Nothing is issued yet."""
    return last_look(groups.of_cohort(cohort_id))


@blueprint.post("/cohorts/<uuid:cohort_id>/certificates")
@access.only(Role.LEAD, Role.ADMIN)
def issue_chosen(cohort_id: UUID) -> ResponseReturnValue:
    """Issue to the chosen; what was refused is told by name."""
    return issue_now(groups.of_cohort(cohort_id))


@blueprint.post("/cohorts/<uuid:cohort_id>/certificates/batches")
@access.only(Role.LEAD, Role.ADMIN)
def request_batch(cohort_id: UUID) -> ResponseReturnValue:
    """Ask a second person for the certificates of the chosen."""
    return ask(groups.of_cohort(cohort_id))


def dry_run(group: Group) -> str:
    """The page of a group: who will get a certificate, who has one, why the others do not."""
    found = eligibility.examine(group.given)
    held = sorted((each.certificate for each in found if each.certificate), key=lambda each: (each.year, each.serial))
    return render_template(
        "certificates/issue.html",
        group=group,
        ready=[each for each in found if each.verdict == Verdict.READY],
        held=held,
        others=[each for each in found if not each.certificate and each.verdict != Verdict.READY],
        failed=documents.failed(held),
        waiting=[each for each in held if each.document is None],
        courses=[] if group.offering else course_counts.of(group.cohort),
        **_batches(group),
    )


def last_look(group: Group) -> ResponseReturnValue:
    """The page before the deed; back to the choice where nobody was chosen."""
    chosen = [each for each in _chosen(group) if each.verdict == Verdict.READY]
    if not chosen:
        return _nobody(group)
    return render_template(
        "certificates/confirm.html",
        group=group,
        chosen=chosen,
        issuer=issuers.for_issue(me()),
        own=issuers.current(),
        rule=issuing_rules.of_cohort(group.cohort.id),
    )


def issue_now(group: Group) -> ResponseReturnValue:
    """Issue to those whose ticks were sent."""
    chosen = _chosen(group)
    if not chosen:
        return _nobody(group)
    outcomes = issuing.issue_many(group.given, [each.earned for each in chosen], me())
    refused = [outcome for outcome in outcomes if outcome.refusal]
    if refused:
        return render_template("certificates/outcome.html", group=group, refused=refused, said=_said(outcomes))
    return back(group.page, _said(outcomes))


def ask(group: Group) -> ResponseReturnValue:
    """Ask for those whose ticks were sent and who are ready."""
    chosen = [each for each in _chosen(group) if each.verdict == Verdict.READY]
    if not chosen:
        return _nobody(group)
    made = batches.request(group.given, [each.earned for each in chosen], me())
    said = _("Asked. Somebody else approves before anything is issued; you get a letter when it is done.")
    return back(url_for("certificates.batch", batch_id=made.id), said)


def _chosen(group: Group) -> Sequence[Candidate]:
    """Those of the group whose ticks were sent."""
    wanted = set(request.form.getlist("chosen"))
    return [each for each in eligibility.examine(group.given) if str(each.earned.id) in wanted]


def _nobody(group: Group) -> ResponseReturnValue:
    """Back to the choice."""
    return back(group.page, _("Choose at least one person who is ready for a certificate."), "warn")


def _batches(group: Group) -> dict[str, Any]:
    found = session.scalars(batches.of(group.given)).all()
    return {
        "rule": issuing_rules.of_cohort(group.cohort.id),
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
