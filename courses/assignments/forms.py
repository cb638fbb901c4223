"""The shape of what is sent: handing in, and a rubric filled in."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from courses.assignments import markings, rubrics, submissions
from courses.assignments.markings import Judgement
from courses.assignments.models import Assignment, Criterion, Marking
from lms.kit import files
from lms.kit.refusal import Refused
from lms.kit.stored_file import StoredFile
from lms.people.models import Person

# What no page can show and no file of text should hold; line ends and tabs are welcome.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def _visible(text: str) -> str:
    """Unprintable characters as signs of their own, so that who typed them can find them."""
    return UNPRINTABLE.sub(
        lambda found: chr(0x2400 + ord(found.group())) if ord(found.group()) < 32 else "\ufffd", text
    )


def _printable(_form: FlaskForm, given: StringField) -> None:
    text = given.data or ""
    found = UNPRINTABLE.search(text)
    if found:
        given.data = _visible(text)
        raise ValidationError(
            _(
                "Line %(line)s held a character that cannot be kept (code %(code)s). "
                "A sign stands in its place; look at it, then send again.",
                line=text.count("\n", 0, found.start()) + 1,
                code=f"U+{ord(found.group()):04X}",
            )
        )


def _stripped(value: str | None) -> str:
    return (value or "").strip()


class HandInForm(FlaskForm):
    """A text, a link, new files, and files of the version before that are handed in again."""

    text = TextAreaField(
        _l("Text"),
        [
            Length(
                max=submissions.LONGEST_TEXT,
                message=_l("The text is longer than %(max)d characters. Shorten it, or add it as a file."),
            ),
            _printable,
        ],
    )
    link = StringField(
        _l("Link"),
        [Length(max=submissions.LONGEST_LINK, message=_l("The link is too long. Give a shorter one.")), _printable],
        filters=[_stripped],
    )
    kept = SelectMultipleField(
        _l("Files of your last version"), option_widget=CheckboxInput(), widget=ListWidget(), validate_choice=False
    )
    files = MultipleFileField(_l("New files"))

    def offer(self, earlier: Sequence[StoredFile]) -> "HandInForm":
        """Offer the files of the version before to be handed in again."""
        self.kept.choices = [(str(each.id), each.name) for each in earlier]
        if not self.is_submitted():
            self.kept.data = [str(each.id) for each in earlier]
        return self

    def validate_link(self, given: StringField) -> None:
        if not given.data:
            return
        try:
            parts = urlsplit(given.data)
            fine = parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", given.data)
        except ValueError:
            fine = False
        if not fine:
            raise ValidationError(_("A link begins with https:// or http://. Copy it whole from the address bar."))

    def collect(self, earlier: Sequence[StoredFile], by: Person) -> list[StoredFile] | None:
        """All files to hand in, the new ones kept; None when one cannot be taken (its field says why)."""
        again = [each for each in earlier if str(each.id) in (self.kept.data or ())]
        uploads = [each for each in self.files.data or () if each and each.filename]
        said: list[str] = []
        if len(again) + len(uploads) > submissions.MOST_FILES:
            said.append(_("Hand in at most %(most)s files. Put them into one ZIP file.", most=submissions.MOST_FILES))
            uploads = []
        fresh: list[StoredFile] = []
        for upload in uploads:
            try:
                fresh.append(files.keep(upload, by=by.id))
            except Refused as refused:
                said.append(refused.sentence)
        self.files.errors = [*self.files.errors, *said]
        return None if said else again + fresh


@dataclass
class CriterionEntry:
    """What was chosen and written for one criterion, as sent; `error` says what to mend."""

    criterion: Criterion
    level: str = ""
    points: str = ""
    comment: str = ""
    error: str = ""

    @property
    def given(self) -> int | None:
        """The points as a number, if they are one."""
        text = self.points.strip()
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else None

    @property
    def ranged(self) -> bool:
        """Whether points have to be written: some level is a range, or there are no levels."""
        levels = self.criterion.levels
        return not levels or any(level.lowest != level.highest for level in levels)

    def judge(self) -> Judgement | None:
        """The decision, or None with `error` set."""
        try:
            if self.points.strip() and self.given is None:
                raise Refused(_("Write the points as a whole number."))
            _check_comment(self.comment)
            level_id = UUID(self.level) if re.fullmatch(r"[0-9a-f-]{36}", self.level) else None
            level, points = rubrics.decide(self.criterion, level_id, self.given)
        except Refused as refused:
            self.error = refused.sentence
            return None
        self.level, self.points = str(level.id) if level else "", str(points)  # what followed from the other
        return Judgement(self.criterion, level, points, self.comment)


@dataclass
class MarkingEntry:
    """A rubric filled in. `seen` is the number of the newest marking its marker had before them, `newest` the version."""

    rows: list[CriterionEntry]
    comment: str = ""
    seen: int = 0
    newest: int = 0
    error: str = ""
    errors: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, assignment: Assignment, marking: Marking | None, newest: int) -> "MarkingEntry":
        """As it was saved last, or empty."""
        if marking is None:
            return cls([CriterionEntry(criterion) for criterion in assignment.criteria], newest=newest)
        marks = {mark.criterion_id: mark for mark in marking.marks}
        rows = []
        for criterion in assignment.criteria:
            mark = marks.get(criterion.id)
            row = CriterionEntry(criterion)
            if mark is not None:
                row = CriterionEntry(criterion, str(mark.level_id or ""), str(mark.points), mark.comment)
            rows.append(row)
        return cls(rows, marking.comment, marking.number, newest)

    @classmethod
    def sent(cls, assignment: Assignment, form: Mapping[str, str]) -> "MarkingEntry":
        """As it was sent."""
        rows = [
            CriterionEntry(
                criterion,
                form.get(f"level-{criterion.id}", ""),
                form.get(f"points-{criterion.id}", ""),
                _plain(form.get(f"comment-{criterion.id}", "")),
            )
            for criterion in assignment.criteria
        ]
        return cls(rows, _plain(form.get("comment", "")), _number(form.get("seen")), _number(form.get("newest")))

    def judgements(self) -> list[Judgement] | None:
        """All decisions, or None when something has to be mended first (`errors`: id of the place, sentence)."""
        judged = [row.judge() for row in self.rows]
        self.errors = [(f"criterion-{row.criterion.position}", row.error) for row in self.rows if row.error]
        try:
            _check_comment(self.comment)
        except Refused as refused:
            self.error = refused.sentence
            self.errors.append(("comment", refused.sentence))
        return None if self.errors else [each for each in judged if each is not None]

    @property
    def points(self) -> int:
        """The sum so far."""
        return sum(row.given or 0 for row in self.rows)

    @property
    def decided(self) -> int:
        """How many criteria have points."""
        return sum(row.given is not None for row in self.rows)


def _plain(text: str) -> str:
    return _visible(text.replace("\r\n", "\n")).strip()


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 7 else 0


def _check_comment(text: str) -> None:
    if len(text) > markings.LONGEST_COMMENT:
        raise Refused(_("A comment may have at most %(most)s characters. Shorten it.", most=markings.LONGEST_COMMENT))
