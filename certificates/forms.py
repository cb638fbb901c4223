"""Shapes of what is typed about certificates."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from certificates import faces, states
from certificates.models import Issuer
from certificates.register import KIND_NAMES
from lms.kit.words import Words

LONGEST_REASON = 500
LONGEST_NAME = 80
STATES = {
    "": _l("All"),
    "valid": _l("Valid"),
    "expired": _l("Expired"),
    "revoked": _l("Revoked"),
    "replaced": _l("Replaced"),
    "waiting": _l("Not printed yet"),
}


def strip(text: str | None) -> str:
    """What was typed without the one character that nobody sees and no database keeps, and without blanks around it."""
    return (text or "").replace("\x00", "").replace("\r\n", "\n").strip()


def printable(form: FlaskForm, field: Field) -> None:
    """Refuse what no typeface of the certificates has."""
    if missing := faces.missing(field.data or ""):
        named = ", ".join(faces.named(character) for character in missing)
        raise ValidationError(
            _("No typeface can print these characters: %(characters)s. Write it without them.", characters=named)
        )


class FilterForm(FlaskForm):
    """Which certificates the register shows; it stands in the address."""

    class Meta:
        csrf = False

    q = StringField(_l("Name, number or code"), filters=[strip])
    year = SelectField(_l("Year"))
    state = SelectField(
        _l("State"),
        choices=[SelectChoice(value, label) for value, label in STATES.items()],
    )
    kind = SelectField(
        _l("Certificate for"),
        choices=[SelectChoice("", _l("All")), *(SelectChoice(*each) for each in KIND_NAMES.items())],
    )
    programme = SelectField(_l("Programme"))
    cohort = SelectField(_l("Cohort"))

    def offer(self, years: list[int], programmes: list[tuple[str, str]], cohorts: list[tuple[str, str]]) -> None:
        self.year.choices = [SelectChoice("", _("All")), *(SelectChoice(str(year), str(year)) for year in years)]
        self.programme.choices = [SelectChoice("", _("All")), *(SelectChoice(*each) for each in programmes)]
        self.cohort.choices = [SelectChoice("", _("All")), *(SelectChoice(key, title) for key, title in cohorts)]

    def chosen(self) -> dict[str, str]:
        """What was asked for; what is not on offer to this reader is passed over."""
        offered = {field.name: {each.value for each in field.choices} for field in self if hasattr(field, "choices")}
        said = {name: str(value) for name, value in self.data.items() if value}
        return {name: value for name, value in said.items() if value in offered.get(name, {value})}


class RevocationForm(FlaskForm):
    """Why a certificate is withdrawn: a ground that anybody may read, and the reason for its holder."""

    ground = SelectField(
        _l("What the public page says"),
        validators=[DataRequired(_l("Choose what the public page says. It shows this and not your reason."))],
    )
    reason = TextAreaField(
        _l("Reason"),
        filters=[strip],
        validators=[
            DataRequired(_l("Say why the certificate is revoked. The holder reads it, and it stays in the register.")),
            Length(max=LONGEST_REASON),
        ],
    )

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        words = [SelectChoice(ground.value, said) for ground, said in states.grounds().items()]
        self.ground.choices = [SelectChoice("", _("Choose one")), *words]


class CorrectionForm(FlaskForm):
    mistake = TextAreaField(
        _l("What was wrong"),
        filters=[strip],
        validators=[
            DataRequired(_l("Say what was wrong. The holder reads it, and it stays in the register.")),
            Length(max=LONGEST_REASON),
        ],
    )


def _line(label: object) -> StringField:
    return StringField(
        label,
        filters=[strip],
        validators=[
            DataRequired(_l("This is printed on every certificate. Write it.")),
            Length(max=LONGEST_NAME),
            printable,
        ],
    )


class IssuerForm(FlaskForm):
    """Who issues and who signs, in both printed languages."""

    name_ko = _line(_l("Issuer in Korean"))
    name_en = _line(_l("Issuer in English"))
    signatory_ko = _line(_l("Name of the signatory in Korean"))
    signatory_en = _line(_l("Name of the signatory in Latin letters"))
    title_ko = _line(_l("Office of the signatory in Korean"))
    title_en = _line(_l("Office of the signatory in English"))

    @classmethod
    def filled(cls, issuer: Issuer) -> "IssuerForm":
        said: dict[str, Any] = {}
        for field, words in (("name", issuer.name), ("signatory", issuer.signatory), ("title", issuer.signatory_title)):
            said |= {f"{field}_{language}": text for language, text in words.items()}
        return cls(formdata=None, data=said)

    def words(self, field: str) -> Words:
        return Words(ko=self[f"{field}_ko"].data, en=self[f"{field}_en"].data)


class ShareForm(FlaskForm):
    """For whom a link is."""

    label = StringField(_l("For whom"), filters=[strip], validators=[Length(max=LONGEST_NAME)])
