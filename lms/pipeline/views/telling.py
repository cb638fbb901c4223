"""What somebody tells about themselves for statistics."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms.kit import i18n
from lms.kit.refusal import Refused
from lms.kit.web import back
from lms.people import access, consents
from lms.people.access import me
from lms.pipeline import profiles
from lms.pipeline.profile_forms import ProfileForm
from lms.pipeline.views.room import blueprint, body_of


@blueprint.get("/profile")
@access.signed_in
def profile() -> str:
    """The five questions with what was answered before."""
    return _page(ProfileForm.showing(profiles.of(me())))


@blueprint.post("/profile")
@access.signed_in
def tell() -> ResponseReturnValue:
    """Keep the answers, or forget them."""
    form = ProfileForm()
    if not form.validate():
        return _page(form), 422
    try:
        kept = profiles.tell(me(), form.told(), agreed=form.agreed.data, language=i18n.current())
    except Refused as told:
        form.agreed.errors = [told.sentence]
        return _page(form), 422
    said = (
        _("Your answers are kept. You can change or empty them at any time.") if kept else _("Nothing of this is kept.")
    )
    return back(url_for("pipeline.mine"), said)


def _page(form: ProfileForm) -> str:
    text = consents.current(consents.STATISTICS)
    return render_template("lms/pipeline/profile.html", form=form, text=text, body=body_of(text))
