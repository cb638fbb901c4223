"""What joining two persons means for certificates: they are counted, and names that were approved stay in their order."""

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from lms.people import merging
from lms.people.merge_plans import Settlement, Shift, when_both
from lms.people.merge_rows import Row

merging.count_rows(_l("Certificates"), "certificate")


@when_both("name_approval")
def both_in_order(_session: Session, _gone: Row, _kept: Row) -> Settlement:
    """Whoever stays approved last: the other's approvals become the earlier ones."""
    return Shift("number")
