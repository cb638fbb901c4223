"""The words of placement on screens."""

from flask_babel import lazy_gettext as _l

from lms.placement.terms import Evidence, Outcome, RoleKind

KINDS = {
    RoleKind.JOB: _l("Job"),
    RoleKind.INTERNSHIP: _l("Internship"),
    RoleKind.OWN_COMPANY: _l("Own company"),
}
EVIDENCE = {
    Evidence.INSURANCE: _l("Record of the employment insurance"),
    Evidence.LETTER: _l("Employer's letter"),
    Evidence.OWN_WORD: _l("Own word"),
    Evidence.PHONE: _l("By phone"),
}
OUTCOMES = {
    Outcome.EMPLOYED: _l("Employed"),
    Outcome.OWN_COMPANY: _l("Runs a company"),
    Outcome.STUDYING: _l("Studies on"),
    Outcome.SEEKING: _l("Looks for work"),
    Outcome.NOT_REACHED: _l("Not reached"),
}
OWN_OUTCOMES = {
    Outcome.EMPLOYED: _l("I am employed"),
    Outcome.OWN_COMPANY: _l("I run a company"),
    Outcome.STUDYING: _l("I study on"),
    Outcome.SEEKING: _l("I look for work"),
}
