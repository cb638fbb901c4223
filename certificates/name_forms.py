"""Shapes of what is typed about the name on certificates."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, MultipleFileField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from certificates import names
from certificates.name_corrections import EVIDENCE_KINDS, LARGEST_EVIDENCE, LONGEST_WORDS, MOST_EVIDENCE
from lms.kit import files
from lms.kit.refusal import Refused
from lms.kit.stored_file import StoredFile
from lms.people import accounts
from lms.people.models import Person


def tidy(text: str | None) -> str:
    return accounts.tidy_name(text or "")


def strip(text: str | None) -> str:
    return (text or "").replace("\x00", "").replace("\r\n", "\n").strip()


class LinesForm(FlaskForm):
    """Both lines; what the certificate cannot print is said at its line."""

    name = StringField(
        _l("Name as you write it"),
        filters=[tidy],
        validators=[DataRequired(_l("Write your name as it is to stand on the certificate."))],
    )
    latin_name = StringField(_l("Name in Latin letters"), filters=[tidy], validators=[Optional()])

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        fine: bool = super().validate(extra_validators)
        return self.fits() and fine

    def fits(self) -> bool:
        """Whether both lines can be printed; if not, each says why."""
        wrong = names.problems(self.name.data or "", self.latin_name.data or "") if self.name.data else {}
        for field, sentence in wrong.items():
            self[field].errors = [*self[field].errors, sentence]
        return not wrong


class NameForm(LinesForm):
    """The lines to be approved, and those that the picture on the page shows: only what was seen is approved."""

    shown_name = HiddenField(filters=[tidy])
    shown_latin = HiddenField(filters=[tidy])

    def take_suggestion(self) -> None:
        """Put the suggestion whose button was pressed into its line."""
        if used := request.form.get("use"):
            self.latin_name.process_data(tidy(used))

    @property
    def was_shown(self) -> bool:
        return (self.shown_name.data, self.shown_latin.data) == (self.name.data, self.latin_name.data)


class CorrectionForm(LinesForm):
    """Other lines, why, and what shows that they are right."""

    reason = TextAreaField(
        _l("What is wrong"),
        filters=[strip],
        validators=[
            DataRequired(_l("Say what is wrong, so that whoever answers knows what to look for.")),
            Length(max=LONGEST_WORDS),
        ],
    )
    evidence = MultipleFileField(_l("Evidence"))

    def collect(self, by: Person) -> list[StoredFile] | None:
        """The files, kept; None when there is none or one cannot be taken (its field says why)."""
        uploads = [each for each in self.evidence.data or () if each and each.filename]
        said = []
        if not uploads:
            said.append(
                _("Add a picture or a PDF that shows how your name is written, such as a page of your passport.")
            )
        if len(uploads) > MOST_EVIDENCE:
            said.append(_("Add at most %(most)s files.", most=MOST_EVIDENCE))
            uploads = []
        kept = []
        for upload in uploads:
            try:
                if getattr(upload.stream, "size", 0) > LARGEST_EVIDENCE:
                    raise Refused(_("%(name)s is larger than 10 MB. Make it smaller.", name=upload.filename))
                kept.append(files.keep(upload, by=by.id, kinds=EVIDENCE_KINDS))
            except Refused as refused:
                said.append(refused.sentence)
        self.evidence.errors = [*self.evidence.errors, *said]
        return None if said else kept


class AnswerForm(FlaskForm):
    """What the lead writes to the person."""

    words = TextAreaField(_l("Answer"), filters=[strip], validators=[Length(max=LONGEST_WORDS)])

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        fine: bool = super().validate(extra_validators)
        if fine and not self.accepts and not self.words.data:
            self.words.errors = [_("Say why the name stays as it is. The person reads it.")]
            return False
        return fine

    @property
    def accepts(self) -> bool:
        return request.form.get("deed") == "accept"
