"""Shapes of what is typed in this room."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, Form, HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from lms.kit.words import Words
from lms.pipeline.forms import keepable, strip
from lms.surveys import questions
from lms.surveys.models import Questionnaire
from lms.surveys.questions import Kind, Question


def _text(label: object, longest: int = 200, *, needed: bool = True) -> StringField:
    first = InputRequired() if needed else Optional()
    return StringField(label, filters=[strip], validators=[first, Length(max=longest), keepable])


class SurveyForm(FlaskForm):
    """A new survey. Without titles it is about the cohort as a whole."""

    title_ko = _text(_l("Course, in Korean"), needed=False)
    title_en = _text(_l("Course, in English"), needed=False)
    opens_on = DateField(_l("First day"), validators=[InputRequired()])
    closes_on = DateField(_l("Last day"), validators=[InputRequired()])

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        if bool(self.title_ko.data) != bool(self.title_en.data):
            self.title_en.errors = [_("Give the title in both languages, or in none.")]
            return False
        return bool(good)

    @property
    def title(self) -> Words:
        return Words(ko=self.title_ko.data, en=self.title_en.data)


class QuestionForm(Form):
    """One question; one without words is left out."""

    key = HiddenField()
    kind = SelectField(
        _l("Kind"),
        choices=[
            SelectChoice(Kind.SCALE.value, _l("Scale from 1 to 5")),
            SelectChoice(Kind.TEXT.value, _l("Free text")),
        ],
        default=Kind.SCALE.value,
    )
    ko = _text(_l("In Korean"), needed=False)
    en = _text(_l("In English"), needed=False)

    @property
    def is_empty(self) -> bool:
        return not self.ko.data and not self.en.data

    def check(self) -> bool:
        good = bool(self.validate())
        if bool(self.ko.data) != bool(self.en.data):
            self.en.errors = [_("Word the question in both languages.")]
            return False
        return good

    def question(self, known: set[str]) -> Question:
        key = self.key.data if self.key.data in known else questions.new_key()
        return Question(key, Kind(self.kind.data), Words(ko=self.ko.data, en=self.en.data))


class QuestionnaireForm(FlaskForm):
    """All questions, with a few empty rows to add some."""

    reason = _text(_l("Why they change"))
    seen = HiddenField()

    def show(self, sent: Any, latest: Questionnaire | None) -> "QuestionnaireForm":
        """Fill the rows with what was `sent`, or else with the latest version."""
        known = questions.of(latest) if latest else list(questions.FIRST)
        self.known = {each.key for each in known}
        facts = [
            {"key": each.key, "kind": each.kind.value, "ko": each.words.get("ko"), "en": each.words.get("en")}
            for each in known
        ]
        facts += [{} for _row in range(questions.MOST - len(facts))]
        self.rows = [QuestionForm(sent, prefix=f"q{number}-", data=each) for number, each in enumerate(facts)]
        if not sent:
            self.seen.data = str(latest.number if latest else 0)
        return self

    def check(self) -> bool:
        good = bool(self.validate())
        return sum(not each.check() for each in self.rows) == 0 and good

    @property
    def seen_number(self) -> int:
        return int(self.seen.data) if (self.seen.data or "").isdecimal() else -1

    def questions(self) -> list[Question]:
        return [each.question(self.known) for each in self.rows if not each.is_empty]
