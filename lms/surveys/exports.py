"""Results as a workbook. No person is in it, because none is in the results."""

from flask_babel import gettext as _

from lms.kit import i18n, sheets
from lms.kit.sheets import Cell, Sheet
from lms.people import audit
from lms.people.models import Person
from lms.surveys.models import Survey
from lms.surveys.questions import Kind
from lms.surveys.results import STEPS, Result


def workbook(survey: Survey, results: list[Result], by: Person) -> bytes:
    """One sheet with means and distributions, one with what was written. That it left is in the audit trail."""
    figures: list[list[Cell]] = []
    texts: list[list[Cell]] = []
    for each in results:
        words = i18n.best(each.question.words)
        if each.question.kind is Kind.TEXT:
            texts += [[words, text] for text in each.texts]
        elif each.n is None:
            figures.append([words, _("under 5"), None, *(None for _step in STEPS)])
        else:
            figures.append([words, each.n, round(each.mean or 0, 2), *each.distribution])
    head = [_("Question"), _("Answers"), _("Mean"), *(str(step) for step in STEPS)]
    audit.note(by, "survey.exported", survey, new={"rows": len(figures) + len(texts)})
    return sheets.xlsx(Sheet(_("Results"), head, figures), Sheet(_("Texts"), [_("Question"), _("Answer")], texts))
