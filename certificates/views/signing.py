"""Who issues and signs: the administrator's page."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from certificates import issuers
from certificates.forms import IssuerForm
from certificates.views.room import blueprint
from lms.kit.web import back
from lms.people import access
from lms.people.access import me
from lms.people.models import Role


@blueprint.get("/certificates/issuer")
@access.only(Role.ADMIN)
def issuer() -> str:
    """Who stands on certificates now."""
    current = issuers.current()
    form = IssuerForm.filled(current) if current else IssuerForm(formdata=None)
    return render_template("certificates/issuer.html", form=form, current=current)


@blueprint.post("/certificates/issuer")
@access.only(Role.ADMIN)
def appoint() -> ResponseReturnValue:
    """From now on these stand on certificates."""
    form = IssuerForm()
    if not form.validate():
        return render_template("certificates/issuer.html", form=form, current=issuers.current()), 422
    issuers.appoint(form.words("name"), form.words("signatory"), form.words("title"), me())
    return back(url_for("certificates.issuer"), _("Saved. Certificates issued from now on name them."))
