"""The words of placement that are stored: kinds of work, kinds of evidence, what became of somebody."""

from enum import StrEnum


class RoleKind(StrEnum):
    """What somebody was placed in."""

    JOB = "job"
    INTERNSHIP = "internship"
    OWN_COMPANY = "own_company"


class Evidence(StrEnum):
    """How surely it is known, the surest first."""

    INSURANCE = "insurance"  # a record of the employment insurance
    LETTER = "letter"  # the employer's
    OWN_WORD = "own_word"
    PHONE = "phone"


class Outcome(StrEnum):
    """What somebody does, asked some months after the last day of their cohort."""

    EMPLOYED = "employed"
    OWN_COMPANY = "own_company"
    STUDYING = "studying"
    SEEKING = "seeking"
    NOT_REACHED = "not_reached"


HORIZONS = (3, 6, 12)  # months after the last day, that rates are told of
ROUNDS = (*HORIZONS, 18, 24)  # when people are asked: after the first quarter every six months, for two years
AT_WORK = frozenset({Outcome.EMPLOYED, Outcome.OWN_COMPANY})
