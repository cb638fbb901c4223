"""Forms of those who teach and lead: deadlines, extensions, instructors, new offerings."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, DateTimeLocalField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from courses.catalogue.models import CourseVersion
from courses.learning.outline import Entry, Part
from lms.kit import i18n
from lms.people.models import Person
from lms.pipeline.models import Cohort

LONGEST_REASON = 500


def tidy(text: str | None) -> str | None:
    """Text without the characters that no database keeps, and without space around it."""
    return text.replace("\0", "").strip() if text else text


class MomentField(DateTimeLocalField):
    """A moment, typed in the reader's own time zone and kept with it."""

    def process_data(self, value: datetime | None) -> None:
        self.data = value.astimezone(i18n.zone()).replace(tzinfo=None) if value else None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.strftime("%Y-%m-%dT%H:%M") if self.data else ""

    def moment(self) -> datetime | None:
        return self.data.replace(tzinfo=i18n.zone()) if self.data else None


class ExtensionForm(FlaskForm):
    """Longer for one person, with the reason that they read, too."""

    activity = SelectField(_l("Activity"), validators=[InputRequired(_l("Choose an activity."))])
    due_at = MomentField(
        _l("Longer until"), validators=[InputRequired(_l("Give the moment until when it is extended."))]
    )
    reason = TextAreaField(
        _l("Reason"),
        filters=[tidy],
        validators=[
            DataRequired(_l("Write why; the trainee and your colleagues read it.")),
            Length(max=LONGEST_REASON),
        ],
    )

    def offer(self, entries: Sequence[Entry], language: str) -> None:
        self.activity.choices = [
            (str(entry.id), f"{entry.number} {entry.title.best(language)}") for entry in entries if entry.due
        ]


class TeacherForm(FlaskForm):
    """Who shall teach here."""

    person = SelectField(_l("Instructor"), validators=[DataRequired(_l("Choose an instructor."))])

    def offer(self, people: Sequence[Person]) -> None:
        self.person.choices = [(str(person.id), f"{person.name} ({person.email})") for person in people]


class OfferingForm(FlaskForm):
    """A course given to a cohort."""

    cohort = SelectField(_l("Cohort"), validators=[DataRequired(_l("Choose a cohort."))])
    version = SelectField(_l("Course"), validators=[DataRequired(_l("Choose a course."))])
    opens_on = DateField(_l("First day"), validators=[InputRequired(_l("Give the first day."))])
    closes_on = DateField(_l("Last day"), validators=[InputRequired(_l("Give the last day."))])
    required = BooleanField(_l("Completion of the programme requires this course"), default=True)

    def offer(self, cohorts: Sequence[Cohort], versions: Sequence[CourseVersion], language: str) -> None:
        self.cohort.choices = [(str(cohort.id), cohort.title.best(language)) for cohort in cohorts]
        self.version.choices = [
            (str(version.id), f"{version.title.best(language)} ({version.number})") for version in versions
        ]

    def validate_closes_on(self, field: Any) -> None:
        if field.data and self.opens_on.data and field.data < self.opens_on.data:
            raise ValidationError(_l("The last day lies before the first one."))


def deadlines_form(parts: Sequence[Part], language: str) -> FlaskForm:
    """One field for each activity, named by its id, filled with the deadline that everybody has."""
    fields: dict[str, Any] = {
        str(entry.id): MomentField(
            f"{entry.number} {entry.title.best(language)}",
            validators=[Optional()],
            default=entry.due.due_at if entry.due else None,
        )
        for part in parts
        for entry in part.entries
    }
    fields["reason"] = StringField(
        _l("Why the deadlines change"), filters=[tidy], validators=[Length(max=LONGEST_REASON)]
    )
    made: FlaskForm = type("DeadlinesForm", (FlaskForm,), fields)()
    return made
