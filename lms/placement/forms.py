"""Shapes of what is typed in this room."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import FileStorage
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from lms.pipeline.forms import keepable, strip
from lms.placement.models import Employer, Placement
from lms.placement.terms import AT_WORK, Evidence, Outcome, RoleKind
from lms.placement.words import EVIDENCE, KINDS, OUTCOMES, OWN_OUTCOMES


def _text(label: object, longest: int = 120, *, needed: bool = True) -> StringField:
    first = InputRequired() if needed else Optional()
    return StringField(label, filters=[strip], validators=[first, Length(max=longest), keepable])


def _long(label: object, longest: int = 1000) -> TextAreaField:
    return TextAreaField(label, filters=[strip], validators=[Optional(), Length(max=longest), keepable])


def _choices(words: Mapping[Any, object], *without: object) -> list[SelectChoice]:
    return [SelectChoice(kind.value, said) for kind, said in words.items() if kind not in without]


class EmployerListForm(FlaskForm):
    """Several employers at once, as they are copied out of a spreadsheet."""

    names = TextAreaField(
        _l("Names, one in each line"), validators=[InputRequired(), Length(max=100_000), keepable], filters=[strip]
    )
    in_hub = BooleanField(_l("All of them are the hub's own companies"), default=True)


class EmployerForm(FlaskForm):
    name = _text(_l("Name of the employer"))
    in_hub = BooleanField(_l("One of the hub's own companies"))
    business = _text(_l("What it does"), 200, needed=False)
    contact = _text(_l("Whom to ask there"), 200, needed=False)
    note = _long(_l("Notes"))
    version = HiddenField()

    @classmethod
    def showing(cls, employer: Employer) -> "EmployerForm":
        form = cls(formdata=None, obj=employer)
        form.version.data = str(employer.version)
        return form

    def facts(self) -> dict[str, object]:
        return {name: self[name].data or "" for name in ("name", "business", "contact", "note")} | {
            "in_hub": bool(self.in_hub.data)
        }

    @property
    def seen(self) -> int:
        """The version of the employer that was on the screen."""
        return int(self.version.data) if (self.version.data or "").isdecimal() else -1


class OpeningForm(FlaskForm):
    title = _text(_l("Work that is offered"))
    kind = SelectField(_l("Kind"), choices=_choices(KINDS, RoleKind.OWN_COMPANY), validators=[InputRequired()])
    seats = IntegerField(_l("Seats"), default=1, validators=[InputRequired(), NumberRange(1, 999)])
    until = DateField(_l("Open until"), validators=[Optional()])


class WorkForm(FlaskForm):
    """Somebody's work."""

    kind = SelectField(_l("Kind"), choices=_choices(KINDS), validators=[InputRequired()])
    employer = _text(_l("Employer"), needed=False)
    title = _text(_l("What they do there"), 200, needed=False)
    started_on = DateField(_l("First day"), validators=[InputRequired()])
    ended_on = DateField(_l("Last day"), validators=[Optional()])
    evidence = SelectField(_l("How it is known"), choices=_choices(EVIDENCE), validators=[InputRequired()])
    file = FileField(_l("Evidence"))

    def upload(self) -> FileStorage | None:
        found = self.file.data
        return found if isinstance(found, FileStorage) and found.filename else None


class CorrectionForm(WorkForm):
    reason = _text(_l("Why it changes"), 200)

    @classmethod
    def showing(cls, placement: Placement) -> "CorrectionForm":
        facts = {name: getattr(placement, name) for name in ("title", "started_on", "ended_on")}
        employer = placement.employer.name if placement.employer else ""
        kinds = {"kind": placement.kind.value, "evidence": placement.evidence.value}
        return cls(formdata=None, data={**facts, **kinds, "employer": employer})


class WithdrawalForm(FlaskForm):
    reason = _text(_l("Why it was wrong"), 200)


class _AnswerForm(FlaskForm):
    """What became of somebody; whoever works says where and since when, unless that is known."""

    employer = _text(_l("Employer"), needed=False)
    title = _text(_l("Work"), 200, needed=False)
    started_on = DateField(_l("First day"), validators=[Optional()])
    note = _long(_l("Notes"))

    @property
    def said(self) -> Outcome:
        return Outcome(self.outcome.data)

    @property
    def work_is_told(self) -> bool:
        return self.said in AT_WORK and bool(self.started_on.data)

    def check(self, *, known: bool) -> bool:
        """Whether it can be kept. `known`: the person is on record as working, so nothing more need be told."""
        good = bool(self.validate())
        if not good or self.said not in AT_WORK or known:
            return good
        if not self.started_on.data:
            self.started_on.errors = [_("Give the first day of the work.")]
        if self.said is Outcome.EMPLOYED and not self.employer.data:
            self.employer.errors = [_("Give the name of the employer.")]
        return not self.started_on.errors and not self.employer.errors


class ContactForm(_AnswerForm):
    outcome = RadioField(
        _l("What came of it"), choices=_choices(OUTCOMES), validators=[InputRequired(_l("Choose what came of it."))]
    )
    evidence = SelectField(
        _l("How it is known"), choices=_choices(EVIDENCE), default=Evidence.PHONE.value, validators=[InputRequired()]
    )


class OwnAnswerForm(_AnswerForm):
    outcome = RadioField(
        _l("What do you do now?"),
        choices=_choices(OWN_OUTCOMES),
        validators=[InputRequired(_l("Choose what you do now."))],
    )
