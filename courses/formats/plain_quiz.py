"""A quiz of a plain course folder: ``NAME.quiz.toml``."""

from decimal import Decimal

from courses.formats.shapes import OptionShape, QuestionShape, QuizShape, Words
from courses.formats.targets import Targets
from courses.formats.toml_file import Table

_LONGEST_QUIZ = 24 * 60


class PlainQuiz:
    """Reads one quiz; a question that cannot be asked is listed and left out."""

    def __init__(self, table: Table, targets: Targets) -> None:
        self._table = table
        self._targets = targets

    def read(self, key: str) -> QuizShape | None:
        """The quiz, or None when no question is left."""
        table = self._table
        table.only("title", "minutes", "attempts", "pass_percent", "questions")
        questions: dict[str, QuestionShape] = {}
        for entry in table.tables("questions"):
            question = self._question(entry)
            if question is None:
                continue
            if question.key in questions:
                entry.note(f'The key "{question.key}" is there twice; this question was left out.', "key")
                continue
            questions[question.key] = question
        if not questions:
            table.note("The quiz has no question that can be asked and was left out.")
            return None
        return QuizShape(
            key,
            table.words("title"),
            list(questions.values()),
            minutes=table.whole("minutes", None, 1, _LONGEST_QUIZ),
            attempts=table.whole("attempts", 3, 1, 100) or 3,
            pass_percent=_or(table.whole("pass_percent", 60, 0, 100), 60),
        )

    def _question(self, entry: Table) -> QuestionShape | None:
        entry.only("key", "kind", "text", "points", "explanation", "options", "answer", "tolerance", "accepted")
        question = QuestionShape(
            key=entry.text("key"),
            kind=entry.text("kind"),
            text=self._markdown(entry, "text"),
            points=_or(entry.whole("points", 1, 1, 1000), 1),
            explanation=self._markdown(entry, "explanation", required=False),
        )
        fills = {"one": self._options, "several": self._options, "number": self._number, "text": self._accepted}
        if not question.key:
            entry.note("The question has no key and was left out.")
        elif question.kind not in fills:
            entry.note(f'The kind "{question.kind}" is not known, so the question was left out.', "kind")
        elif not question.text:
            entry.note("The question has no text and was left out.")
        elif fills[question.kind](entry, question):
            return question
        return None

    def _options(self, entry: Table, question: QuestionShape) -> bool:
        for option in entry.tables("options"):
            option.only("text", "correct", "feedback")
            text = self._markdown(option, "text")
            if text:
                feedback = self._markdown(option, "feedback", required=False)
                question.options.append(OptionShape(text, option.truth("correct"), feedback))
        correct = sum(option.correct for option in question.options)
        if len(question.options) < 2:
            entry.note("The question has fewer than two answers and was left out.")
        elif correct == 0:
            entry.note("The question has no correct answer and was left out.")
        elif question.kind == "one" and correct > 1:
            entry.note('The question is of the kind "one" but has several correct answers; it was left out.')
        else:
            return True
        return False

    def _number(self, entry: Table, question: QuestionShape) -> bool:
        question.answer = entry.decimal("answer")
        question.tolerance = entry.decimal("tolerance") if "tolerance" in entry.values else "0"
        if question.answer is None:
            entry.note("The question asks for a number but its answer is none; it was left out.", "answer")
        elif question.tolerance is None or Decimal(question.tolerance) < 0:
            entry.note("The tolerance should be a number from 0 on; the question was left out.", "tolerance")
        else:
            return True
        return False

    def _accepted(self, entry: Table, question: QuestionShape) -> bool:
        question.accepted = entry.texts("accepted")
        if not question.accepted:
            entry.note("The question asks for a text but accepts none; it was left out.", "accepted")
        return bool(question.accepted)

    def _markdown(self, entry: Table, key: str, required: bool = True) -> Words:
        words = entry.words(key, required)
        line = entry.line(key) or 1
        return {language: self._targets.rewritten(text, entry.path, line) for language, text in words.items()}


def _or(value: int | None, default: int) -> int:
    return default if value is None else value
