"""Shapes of what is typed to make a report."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import DateField, HiddenField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Regexp

from lms.kit import clock, i18n
from lms.pipeline.forms import keepable, strip
from lms.reporting import packs
from lms.reporting.asof import AsOf
from lms.reporting.pack_freezing import Period
from lms.reporting.targets import Promise


class PeriodForm(FlaskForm):
    """Which days, and of which programme."""

    class Meta:
        csrf = False

    first = DateField(_l("First day"), validators=[InputRequired(_l("Give the first day of the period."))])
    last = DateField(_l("Last day"), validators=[InputRequired(_l("Give the last day of the period."))])
    programme = SelectField(_l("Programme"))

    @classmethod
    def asking(cls, arguments: Mapping[str, str], promises: Iterable[Promise]) -> "PeriodForm":
        """As the address asks; without days the year to date."""
        first, last = packs.year_to_date(clock.today())
        given = {"first": first.isoformat(), "last": last.isoformat(), "programme": "", **arguments}
        form = cls(formdata=MultiDict(given))
        form.offer(promises)
        return form

    def offer(self, promises: Iterable[Promise]) -> None:
        """Fill in the programmes that may be chosen."""
        titles = [SelectChoice(each.slug, i18n.best(each.title)) for each in promises]
        self.programme.choices = [SelectChoice("", _("All programmes")), *titles]

    def asked(self, known: datetime) -> Period:
        """The period; only after `validate`."""
        first, last = self.first.data, self.last.data
        assert isinstance(first, date)
        assert isinstance(last, date)
        return Period(self.programme.data or "", first, last, known)


class ReportForm(PeriodForm):
    """The same, with the knowing and the report before it that were looked at, and what is to be explained."""

    class Meta:
        csrf = True

    known = HiddenField()
    seen = HiddenField(validators=[Regexp(r"^\d{1,6}$")])
    explanation = TextAreaField(
        _l("Explanation"),
        filters=[strip],
        validators=[
            Length(max=packs.LONGEST, message=_l("Explain it in at most 2,000 characters.")),
            keepable,
        ],
    )

    @property
    def knowing(self) -> datetime:
        """The moment whose figures were looked at; now where it cannot be read."""
        return AsOf.of({"known": self.known.data or ""}).known or clock.now()
