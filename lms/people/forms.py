"""Shapes of what people type about themselves."""

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    EmailField,
    Field,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
    widgets,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import EqualTo, InputRequired, Length, Optional, Regexp

from lms.kit import i18n
from lms.people import passwords
from lms.people.accounts import tidy_email, tidy_name
from lms.people.models import Role

LONGEST_NAME = 100
ROLES = [
    (Role.TRAINEE.value, _l("Trainee")),
    (Role.INSTRUCTOR.value, _l("Instructor")),
    (Role.LEAD.value, _l("Programme lead")),
    (Role.ADMIN.value, _l("Administrator")),
]
latin_letters = Regexp(
    r"^[A-Za-zÀ-ɏḀ-ỿ'’.,\- ]*$", message=_l("Write this spelling in Latin letters, as in the passport.")
)


def honest_address(form: FlaskForm, field: Field) -> None:
    """Shape only: whether an address exists is found out by the letter."""
    try:
        validate_email(field.data or "", check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise ValidationError(_("Write an e-mail address like name@example.org.")) from None


def strong_enough(form: FlaskForm, field: Field) -> None:
    if said := passwords.weakness(field.data or ""):
        raise ValidationError(said)


def email_field(label: object) -> EmailField:
    return EmailField(
        label,
        filters=[lambda text: tidy_email(text or "")],
        validators=[InputRequired(), Length(max=200), honest_address],
    )


def name_field(label: object) -> StringField:
    return StringField(
        label,
        filters=[lambda text: tidy_name(text or "")],
        validators=[InputRequired(), Length(min=1, max=LONGEST_NAME)],
    )


def latin_field(label: object) -> StringField:
    return StringField(
        label,
        filters=[lambda text: tidy_name(text or "")],
        validators=[Optional(), Length(max=LONGEST_NAME), latin_letters],
    )


class SignInForm(FlaskForm):
    email = EmailField(_l("E-mail"), validators=[InputRequired(), Length(max=200)])
    password = PasswordField(_l("Password"), validators=[InputRequired(), Length(max=1000)])


class RegistrationForm(FlaskForm):
    name = name_field(_l("Name as you write it"))
    latin_name = latin_field(_l("Name in Latin letters"))
    email = email_field(_l("E-mail"))


class ForgottenForm(FlaskForm):
    email = email_field(_l("E-mail"))


class NewPasswordForm(FlaskForm):
    password = PasswordField(_l("New password"), validators=[InputRequired(), strong_enough])
    again = PasswordField(
        _l("New password once more"),
        validators=[InputRequired(), EqualTo("password", message=_l("The two are not the same. Type both again."))],
    )


class ChangePasswordForm(NewPasswordForm):
    current = PasswordField(_l("Current password"), validators=[InputRequired(), Length(max=1000)])


class ErasureForm(FlaskForm):
    typed = StringField(_l("The e-mail of the account, written out"), validators=[InputRequired(), Length(max=200)])


class OwnErasureForm(ErasureForm):
    password = PasswordField(_l("Password"), validators=[InputRequired(), Length(max=1000)])


class ProfileForm(FlaskForm):
    name = name_field(_l("Name as you write it"))
    latin_name = latin_field(_l("Name in Latin letters"))
    language = SelectField(_l("Language"), choices=[SelectChoice(code, name) for code, name in i18n.LANGUAGES.items()])
    time_zone = SelectField(
        _l("Time zone"), choices=[SelectChoice(zone, zone.replace("_", " ")) for zone in i18n.ZONES]
    )


class InvitationForm(FlaskForm):
    name = name_field(_l("Name"))
    email = email_field(_l("E-mail"))
    language = SelectField(_l("Language"), choices=[SelectChoice(code, name) for code, name in i18n.LANGUAGES.items()])
    roles = SelectMultipleField(
        _l("Roles"),
        choices=[SelectChoice(value, label) for value, label in ROLES],
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
        validators=[InputRequired(_l("Choose at least one role."))],
    )


class RolesForm(FlaskForm):
    roles = SelectMultipleField(
        _l("Roles"),
        choices=[SelectChoice(value, label) for value, label in ROLES],
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )


class MergeForm(FlaskForm):
    """With whom somebody is joined, and why."""

    other = StringField(_l("E-mail of the other account"), [InputRequired(), Length(max=200)])
    reason = StringField(
        _l("Why they are one person"),
        [InputRequired(_l("Say how you know, for whoever asks later.")), Length(max=300)],
        filters=[lambda text: tidy_name(text or "")],
    )
