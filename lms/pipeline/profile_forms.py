"""The questions for statistics, and the words of their answers."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from lms.pipeline import profiles
from lms.pipeline.models import Employment, Field, Profile, Region, Sex
from lms.pipeline.profiles import FIELDS

SEXES = {Sex.FEMALE: _l("Woman"), Sex.MALE: _l("Man"), Sex.OTHER: _l("Other")}
REGIONS = {
    Region.YANGJAE: _l("Seocho-gu or Gangnam-gu"),
    Region.SEOUL: _l("Elsewhere in Seoul"),
    Region.CAPITAL: _l("Gyeonggi-do or Incheon"),
    Region.ELSEWHERE: _l("Elsewhere"),
}
STUDIES = {
    Field.COMPUTING: _l("Computing"),
    Field.SCIENCE: _l("Mathematics or science"),
    Field.ENGINEERING: _l("Engineering"),
    Field.BUSINESS: _l("Business or economics"),
    Field.HUMANITIES: _l("Humanities or social science"),
    Field.HEALTH: _l("Medicine or health care"),
    Field.ARTS: _l("Arts or sport"),
    Field.OTHER: _l("Another field"),
}
EMPLOYMENTS = {
    Employment.STUDYING: _l("In education"),
    Employment.SEEKING: _l("Looking for work"),
    Employment.EMPLOYED: _l("Employed"),
    Employment.SELF_EMPLOYED: _l("Self-employed"),
    Employment.OTHER: _l("Something else"),
}


def _choice(label: Any, words: dict[Any, Any]) -> SelectField:
    given: list[StrEnum] = list(words)
    choices = [
        SelectChoice("", _l("I would rather not say")),
        *(SelectChoice(each.value, words[each]) for each in given),
    ]
    return SelectField(label, choices=choices, default="")


class Questions:
    """The questions that are the same wherever they are asked, and the consent without which no answer is kept."""

    sex = _choice(_l("Sex"), SEXES)
    region = _choice(_l("Where you live"), REGIONS)
    field = _choice(_l("What you studied last"), STUDIES)
    employment = _choice(_l("What you do now"), EMPLOYMENTS)
    agreed = BooleanField(_l("I agree that my answers are used for statistics"))


class ProfileForm(Questions, FlaskForm):
    """Five questions that may all stay empty, on a page of their own."""

    birth_year = IntegerField(_l("Year of birth"), validators=[Optional()])

    @classmethod
    def showing(cls, profile: Profile | None) -> "ProfileForm":
        given = {name: getattr(profile, name, None) or "" for name in FIELDS}
        return cls(
            formdata=None, data={**given, "birth_year": given["birth_year"] or None, "agreed": profile is not None}
        )

    def told(self) -> dict[str, Any]:
        """The answers by name; empty ones are empty."""
        return {name: self[name].data for name in FIELDS}

    def validate_birth_year(self, field: IntegerField) -> None:
        first, last = profiles.years()
        if field.data is not None and not first <= field.data <= last:
            raise ValidationError(profiles.year_needed())


def in_words(typed: Mapping[str, Any]) -> list[tuple[Any, Any]]:
    """What was answered, as pairs of label and words; questions without an answer are left out."""
    form = ProfileForm(formdata=None)
    words: dict[str, dict[Any, Any]] = {"sex": SEXES, "region": REGIONS, "field": STUDIES, "employment": EMPLOYMENTS}
    found = [(form[name].label.text, typed.get(name), words.get(name, {})) for name in FIELDS]
    return [(label, known.get(answer, answer)) for label, answer, known in found if answer]
