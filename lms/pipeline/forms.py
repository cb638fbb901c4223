"""Shapes of what is typed in this room."""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import FileStorage
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    Field,
    HiddenField,
    IntegerField,
    MultipleFileField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from lms.kit import clock, i18n
from lms.kit.words import Words
from lms.people import consents
from lms.people.accounts import tidy_name
from lms.people.models import Person
from lms.pipeline import applications, profiles
from lms.pipeline.models import Application, Cohort, LeavingReason, Programme
from lms.pipeline.profile_forms import Questions

MOST_TYPED = 20_000  # of any text: far above every limit that a reader is told about
REASONS = {
    LeavingReason.EMPLOYED: _l("I found work"),
    LeavingReason.HEALTH: _l("Health"),
    LeavingReason.TIME: _l("It takes more time than I have"),
    LeavingReason.LEVEL: _l("The level does not suit me"),
    LeavingReason.MOVED: _l("I move away"),
    LeavingReason.OTHER: _l("Another reason"),
}


def keepable(form: FlaskForm, field: Field) -> None:
    """Refuse the one character that no database keeps."""
    if "\x00" in (field.data or ""):
        field.data = field.data.replace("\x00", "")  # the page that says so cannot hold it either
        raise ValidationError(
            _("This text holds an invisible character that cannot be kept. Delete it and type it anew.")
        )


def strip(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").strip()


def _name(text: str | None) -> str:
    return text if text and "\x00" in text else tidy_name(text or "")


def _short(label: object, longest: int = 120, **more: Any) -> StringField:
    return StringField(label, filters=[strip], validators=[InputRequired(), Length(max=longest), keepable], **more)


def _long(label: object, longest: int = MOST_TYPED, **more: Any) -> TextAreaField:
    return TextAreaField(label, filters=[strip], validators=[Length(max=longest), keepable], **more)


class DraftForm(Questions, FlaskForm):
    """An application as far as it is written. What is still missing is said by `applications.problems`, not here."""

    name = StringField(_l("Name as written"), filters=[_name], validators=[Length(max=MOST_TYPED), keepable])
    latin_name = StringField(
        _l("Name in Latin letters"), filters=[_name], validators=[Length(max=MOST_TYPED), keepable]
    )
    background = _long(_l("Background"))
    motivation = _long(_l("Motivation"))
    documents = MultipleFileField(_l("Documents"))
    birth_year = StringField(_l("Year of birth"), filters=[strip], validators=[Length(max=20), keepable])
    version = HiddenField()  # of the consent to statistics that is on the screen

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for field in (self.name, self.latin_name, self.motivation):
            field.flags.required = True
        self.motivation.flags.maxlength = applications.LONGEST_MOTIVATION
        self.background.flags.maxlength = applications.LONGEST_BACKGROUND

    @classmethod
    def showing(cls, application: Application | None, person: Person) -> "DraftForm":
        """The form as it was last saved; a first visit begins with the person's names."""
        known = application or person
        texts = {field: getattr(known, field, "") for field in applications.FIELDS}
        typed = profiles.typed_in(application) if application else None
        return cls(formdata=None, data={**texts, **(typed or _told_before(person))}).renewed()

    def renewed(self) -> "DraftForm":
        """The same form with the text of the consent as it is now."""
        self.version.data = str(consents.current(consents.STATISTICS).version)
        return self

    def texts(self) -> dict[str, str]:
        """What was sent along; a field that was not in the request stays as it is."""
        return {name: self[name].data for name in applications.FIELDS if self[name].raw_data}

    def told(self) -> dict[str, Any] | None:
        """What was typed for statistics; None when the questions were not in the request."""
        if not self.sex.raw_data:
            return None
        return {name: self[name].data for name in (*profiles.FIELDS, "agreed", "version")}

    def uploads(self) -> list[FileStorage]:
        return [each for each in self.documents.data or [] if isinstance(each, FileStorage) and each.filename]

    def mark(self, problems: dict[str, str], refused: list[str]) -> None:
        """Show what is to be mended at its fields."""
        for name, sentence in problems.items():
            self[name].errors = [sentence]
        if refused:
            self.documents.errors = refused


class SendForm(FlaskForm):
    """The two consents, and which version of each text was on the screen."""

    privacy = BooleanField(_l("I agree to the collection and use of my personal data"))
    outcomes = BooleanField(_l("I agree to be contacted about employment"))
    privacy_version = HiddenField()
    outcomes_version = HiddenField()

    @classmethod
    def showing(cls, person: Person) -> "SendForm":
        """An empty form for the current texts, with what the person agreed to before."""
        kinds = (consents.PRIVACY, consents.OUTCOMES)
        missing = consents.missing(person, kinds)
        return cls(formdata=None, data={kind: kind not in missing for kind in kinds}).renewed()

    def renewed(self) -> "SendForm":
        """The same form for the texts as they are now."""
        self.privacy_version.data = str(consents.current(consents.PRIVACY).version)
        self.outcomes_version.data = str(consents.current(consents.OUTCOMES).version)
        return self

    def validate_privacy(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(_("Without this consent we cannot take your application. Tick it to send."))
        self._same_version(consents.PRIVACY, self.privacy_version.data)

    def validate_outcomes(self, field: Field) -> None:
        self._same_version(consents.OUTCOMES, self.outcomes_version.data)

    def _same_version(self, kind: str, seen: str | None) -> None:
        if seen != str(consents.current(kind).version):
            raise ValidationError(_("This text changed while you were reading. Read the new one and choose again."))


class WithdrawalForm(FlaskForm):
    reason = SelectField(
        _l("Reason"),
        choices=[
            SelectChoice("", _l("Choose a reason")),
            *(SelectChoice(key.value, said) for key, said in REASONS.items()),
        ],
        validators=[InputRequired(_l("Choose the reason that fits best."))],
    )
    note = _long(_l("Anything we should know"), 1000)


class ProgrammeForm(FlaskForm):
    title_ko = _short(_l("Title in Korean"))
    title_en = _short(_l("Title in English"))
    summary_ko = _long(_l("Summary in Korean"), 2000)
    summary_en = _long(_l("Summary in English"), 2000)
    seen = HiddenField()  # what was saved when the page was opened

    @classmethod
    def showing(cls, programme: Programme) -> "ProgrammeForm":
        return cls(formdata=None, data={**_in_two_languages(programme), "seen": _mark(programme)})

    def overtaken(self, programme: Programme) -> list[tuple[object, str]]:
        """What is saved now where the form says something else, if somebody saved in between: label, saved value."""
        if self.seen.data == _mark(programme):
            return []
        self.seen.data = _mark(programme)
        saved = _in_two_languages(programme)
        return [(self[name].label.text, words) for name, words in saved.items() if self[name].data != words]

    def fill(self, programme: Programme) -> Programme:
        programme.title = Words(ko=self.title_ko.data, en=self.title_en.data)
        programme.summary = Words(ko=self.summary_ko.data, en=self.summary_en.data)
        return programme


class CohortForm(FlaskForm):
    """A cohort. Moments are typed in Seoul time, where the hub is."""

    programme_id = SelectField(_l("Programme"), validators=[InputRequired()])
    title_ko = _short(_l("Title in Korean"))
    title_en = _short(_l("Title in English"))
    summary_ko = _long(_l("Summary in Korean"), 2000)
    summary_en = _long(_l("Summary in English"), 2000)
    track = StringField(_l("Track"), filters=[strip], validators=[Length(max=60), keepable])
    seats = IntegerField(
        _l("Seats"),
        validators=[InputRequired(), NumberRange(1, 10_000, _l("Give a number of seats from 1 to 10,000."))],
    )
    opens_at = DateTimeLocalField(_l("Applications open"), format="%Y-%m-%dT%H:%M", validators=[InputRequired()])
    closes_at = DateTimeLocalField(_l("Applications close"), format="%Y-%m-%dT%H:%M", validators=[InputRequired()])
    starts_on = DateField(_l("First day"), validators=[InputRequired()])
    ends_on = DateField(_l("Last day"), validators=[InputRequired()])
    version = HiddenField(default="1")

    @classmethod
    def offering(cls, programmes: list[Programme]) -> "CohortForm":
        """The form as it was sent, or an empty one, with these programmes to choose from."""
        return cls()._choosing(programmes)

    @classmethod
    def showing(cls, programmes: list[Programme], cohort: Cohort) -> "CohortForm":
        """The form with what is saved of `cohort`."""
        return cls(formdata=None, data=_shown(cohort))._choosing(programmes)

    def _choosing(self, programmes: list[Programme]) -> "CohortForm":
        self.programme_id.choices = [SelectChoice(str(each.id), i18n.best(each.title)) for each in programmes]
        return self

    def validate_closes_at(self, field: Field) -> None:
        if self.opens_at.data and field.data and field.data <= self.opens_at.data:
            raise ValidationError(_("Applications close after they open. Give a later moment."))

    def validate_ends_on(self, field: Field) -> None:
        if self.starts_on.data and field.data and field.data < self.starts_on.data:
            raise ValidationError(_("The last day is not before the first. Give a later day."))

    def fill(self, cohort: Cohort) -> Cohort:
        cohort.programme_id = UUID(self.programme_id.data)
        cohort.title = Words(ko=self.title_ko.data, en=self.title_en.data)
        cohort.summary = Words(ko=self.summary_ko.data, en=self.summary_en.data)
        cohort.track, cohort.seats = self.track.data, self.seats.data
        cohort.opens_at, cohort.closes_at = _moment(self.opens_at.data), _moment(self.closes_at.data)
        cohort.starts_on, cohort.ends_on = self.starts_on.data, self.ends_on.data
        return cohort

    def differences(self, cohort: Cohort) -> list[tuple[object, object]]:
        """What is saved now where the form says something else: label, saved value."""
        saved = _shown(cohort)
        names = [name for name in saved if name not in ("version", "programme_id")]
        return [(self[name].label.text, saved[name]) for name in names if self[name].data != saved[name]]


def _told_before(person: Person) -> dict[str, Any]:
    known = profiles.of(person)
    told = {name: getattr(known, name, None) or "" for name in profiles.FIELDS}
    return {**told, "birth_year": str(told["birth_year"]), "agreed": known is not None}


def _shown(cohort: Cohort) -> dict[str, Any]:
    return {
        **_in_two_languages(cohort),
        "programme_id": str(cohort.programme_id),
        "track": cohort.track,
        "seats": cohort.seats,
        "opens_at": _in_seoul(cohort.opens_at),
        "closes_at": _in_seoul(cohort.closes_at),
        "starts_on": cohort.starts_on,
        "ends_on": cohort.ends_on,
        "version": str(cohort.version),
    }


def _mark(programme: Programme) -> str:
    return hashlib.sha256(repr(_in_two_languages(programme)).encode()).hexdigest()


def _in_two_languages(thing: Programme | Cohort) -> dict[str, Any]:
    return {
        "title_ko": thing.title.get("ko", ""),
        "title_en": thing.title.get("en", ""),
        "summary_ko": thing.summary.get("ko", ""),
        "summary_en": thing.summary.get("en", ""),
    }


def _moment(typed: datetime) -> datetime:
    return typed.replace(tzinfo=clock.SEOUL)


def _in_seoul(moment: datetime) -> datetime:
    return moment.astimezone(clock.SEOUL).replace(tzinfo=None, second=0, microsecond=0)


class LeadForm(FlaskForm):
    email = _short(_l("E-mail address"), 254)
