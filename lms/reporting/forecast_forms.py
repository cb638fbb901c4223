"""What may be asked of the forecast: what if?"""

from datetime import date, timedelta

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import IntegerField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional

from lms.reporting import sentences
from lms.reporting.outlook import WhatIf

MOST_SEATS, MOST_POINTS = 500, 30


class WhatIfForm(FlaskForm):
    """A cohort more in a month, and completion a few points higher or lower."""

    class Meta:
        csrf = False

    month = SelectField(_l("A cohort more, from"), default="")
    seats = IntegerField(
        _l("with so many seats"),
        validators=[Optional(), NumberRange(1, MOST_SEATS, _l("Give a number of seats from 1 to 500."))],
    )
    points = IntegerField(
        _l("More of a hundred complete"),
        description=_l("Below zero: fewer."),
        validators=[
            Optional(),
            NumberRange(-MOST_POINTS, MOST_POINTS, _l("Give a whole number from -30 to 30.")),
        ],
    )

    @classmethod
    def asking(cls, arguments: MultiDict[str, str], year: int, today: date) -> "WhatIfForm":
        """The form as the address fills it, with the months of the year that are still to come."""
        form = cls(formdata=arguments if "seats" in arguments or "points" in arguments else None)
        months = [date(year, number, 1) for number in range(1, 13)]
        ahead = [each for each in months if each > today]
        form.month.choices = [SelectChoice("", "–")] + [
            SelectChoice(str(each.month), sentences.month_name(each)) for each in ahead
        ]
        return form

    def asked(self, year: int) -> WhatIf | None:
        """What is asked; None when nothing is, or something that cannot be."""
        if not self.validate():
            return None
        starts_on = first_monday(date(year, int(self.month.data), 1)) if self.month.data and self.seats.data else None
        found = WhatIf(self.points.data or 0, self.seats.data or 0 if starts_on else 0, starts_on)
        return found if found.points or found.starts_on else None


def first_monday(month: date) -> date:
    return month + timedelta(days=-month.weekday() % 7)
