"""Writing an application and sending it."""

from uuid import UUID

from flask import flash, render_template, request, url_for
from flask import redirect as go
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from lms.kit import clock, i18n
from lms.kit.web import back, one_or_404
from lms.people import access, consents
from lms.people.access import me
from lms.pipeline import applications, cohorts, overlaps, profiles
from lms.pipeline.forms import DraftForm, SendForm
from lms.pipeline.models import Application, Cohort
from lms.pipeline.profile_forms import in_words
from lms.pipeline.views.room import blueprint, body_of


@blueprint.get("/cohorts/<slug>/application")
@access.signed_in
def apply(slug: str) -> ResponseReturnValue:
    """The draft as it was last saved; ``check`` in the address marks what is still to be mended."""
    cohort = one_or_404(cohorts.called(slug))
    draft = applications.in_cohort(me(), cohort)
    if draft is not None and draft.sent_at:
        return go(url_for("pipeline.application", application_id=draft.id), 303)
    if not cohort.takes_applications(clock.now()):
        return go(url_for("learning.cohort", slug=slug), 303)
    form = DraftForm.showing(draft, me())
    form.mark(applications.problems(draft) if draft and "check" in request.args else {}, cookie.pop("refused", []))
    return _page(cohort, draft, form)


@blueprint.post("/cohorts/<slug>/application")
@access.signed_in
def write(slug: str) -> ResponseReturnValue:
    """Keep what is written, finished or not, then go where the button says."""
    cohort = one_or_404(cohorts.called(slug))
    draft = applications.begin(cohort, me())
    form = DraftForm()
    if not form.validate():
        return _page(cohort, draft, form.renewed()), 422
    applications.save(draft, told=form.told(), **form.texts())
    if request.form.get("remove"):
        return _removed(cohort, draft, request.form["remove"])
    uploads = form.uploads()
    refused = applications.add_documents(draft, uploads, me())
    return _onward(cohort, draft, len(uploads) - len(refused), refused)


@blueprint.post("/cohorts/<slug>/application/draft")
@access.signed_in
def autosave(slug: str) -> ResponseReturnValue:
    """What was typed so far, kept without leaving the page."""
    draft = applications.begin(one_or_404(cohorts.called(slug)), me())
    form = DraftForm()
    if not form.validate():
        return {"errors": form.errors}, 422
    applications.save(draft, told=form.told(), **form.texts())
    return {"saved_at": draft.saved_at.isoformat()}


@blueprint.get("/cohorts/<slug>/application/review")
@access.signed_in
def review(slug: str) -> ResponseReturnValue:
    """Everything once more, the consents, and the button that sends."""
    cohort = one_or_404(cohorts.called(slug))
    draft = applications.in_cohort(me(), cohort)
    if draft is None or draft.sent_at or not cohort.takes_applications(clock.now()):
        return go(url_for("pipeline.apply", slug=slug), 303)
    if applications.problems(draft):
        return go(url_for("pipeline.apply", slug=slug, check="yes"), 303)
    return _review(draft, SendForm.showing(me()))


@blueprint.post("/cohorts/<slug>/application/review")
@access.signed_in
def send(slug: str) -> ResponseReturnValue:
    """Send the draft with the choices about consent. The second press of the button finds it sent."""
    draft = one_or_404(applications.of(me()).join(Application.cohort).where(Cohort.slug == slug))
    form = SendForm()
    if not draft.sent_at:
        if not form.validate():
            return _review(draft, form.renewed()), 422
        for kind, agreed in ((consents.PRIVACY, form.privacy.data), (consents.OUTCOMES, form.outcomes.data)):
            consents.choose(me(), consents.current(kind), agreed, i18n.current())
        applications.send(draft, me())
    said = _("Your application is in. Its receipt number is %(receipt)s.", receipt=draft.receipt)
    return back(url_for("pipeline.application", application_id=draft.id), said)


def _page(cohort: Cohort, draft: Application | None, form: DraftForm) -> str:
    text = consents.current(consents.STATISTICS)
    shown = {"form": form, "rules": applications, "text": text, "body": body_of(text)}
    return render_template("lms/pipeline/apply.html", cohort=cohort, draft=draft, **shown)


def _review(draft: Application, form: SendForm) -> str:
    typed = profiles.typed_in(draft)
    texts = {kind: consents.current(kind) for kind in (consents.PRIVACY, consents.OUTCOMES)}
    return render_template(
        "lms/pipeline/review.html",
        cohort=draft.cohort,
        draft=draft,
        form=form,
        texts=texts,
        bodies={kind: body_of(text) for kind, text in texts.items()},
        told=in_words(typed) if typed else None,
        beside=overlaps.beside(draft.cohort, [me().id]).get(me().id, []),
    )


def _removed(cohort: Cohort, draft: Application, key: str) -> Response:
    name = applications.remove_document(draft, UUID(key)) if _is_key(key) else None
    said = _("%(name)s was removed.", name=name) if name else ""
    return back(url_for("pipeline.apply", slug=cohort.slug, _anchor="documents"), said)


def _onward(cohort: Cohort, draft: Application, kept: int, refused: list[str]) -> Response:
    """What was refused comes first; then the way that the pressed button names."""
    here = url_for("pipeline.apply", slug=cohort.slug, _anchor="documents")
    if refused:
        cookie["refused"] = refused[: applications.MOST_DOCUMENTS]
        return back(here)
    deed = request.form.get("deed")
    if deed == "upload":
        return back(
            here, ngettext("%(num)s document was added.", "%(num)s documents were added.", kept) if kept else ""
        )
    if deed == "later":
        return back(url_for("pipeline.mine"), _("Your draft is kept. You can go on until applications close."))
    if applications.problems(draft):
        return back(url_for("pipeline.apply", slug=cohort.slug, check="yes"))
    if kept:
        flash(ngettext("%(num)s document was added.", "%(num)s documents were added.", kept), "good")
    return back(url_for("pipeline.review", slug=cohort.slug))


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
