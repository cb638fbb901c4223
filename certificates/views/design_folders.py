"""Folders of designs that an administrator brings in as a zip; tried before they are kept."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired

from certificates import design, design_folders, design_limits, design_proving
from certificates.design_faults import BadDesign
from certificates.views.room import blueprint
from lms.kit.refusal import Refused
from lms.kit.web import back
from lms.people import access
from lms.people.access import me
from lms.people.models import Role

MOST_FAULTS = 10  # told at once


class FolderForm(FlaskForm):
    """The zip of a design folder."""

    file = FileField(_l("Design folder as a zip file"), [FileRequired(_l("Choose the zip file."))])


@blueprint.get("/design-folders")
@access.only(Role.ADMIN)
def layouts() -> str:
    """The layouts that a programme can choose."""
    return _page(FolderForm(formdata=None))


@blueprint.post("/design-folders")
@access.only(Role.ADMIN)
def bring_layout() -> ResponseReturnValue:
    """Keep a folder once it has been tried. Nothing is asked of the database before, so nobody waits meanwhile."""
    form = FolderForm()
    if form.validate():
        try:
            tried = design_proving.prove(design_limits.from_zip(form.file.data.read(design_limits.LARGEST_ZIP + 1)))
            kept = design_folders.keep(tried, me())
        except BadDesign as bad:
            form.file.errors = [str(fault) for fault in bad.faults[:MOST_FAULTS]]
        except Refused as no:
            form.file.errors = [no.sentence]
        else:
            said = _("“%(name)s” number %(number)s can be chosen as a layout now.", name=kept.name, number=kept.number)
            return back(url_for("certificates.layouts"), said)
    return _page(form), 422


def _page(form: FolderForm) -> str:
    return render_template(
        "certificates/layouts.html",
        form=form,
        ours=design.designs(),
        brought=design_folders.newest(),
        largest=design_limits.LARGEST_ZIP,
        most_files=design_limits.MOST_FILES,
    )
