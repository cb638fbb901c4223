"""Quizzes of a quiz app: JSON with questionText, answerOptions and isCorrect (text or boolean)."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from courses.formats.folder import CourseFolder
from courses.formats.shapes import OptionShape, QuestionShape

_TRUE = {"true", "yes", "1"}


@dataclass(frozen=True)
class NumberedQuiz:
    """A quiz by the number that lessons link to."""

    number: int
    title: str
    questions: list[QuestionShape]
    file: Path
    line: int


class QuizJson:
    """One JSON file of quizzes in one language; what cannot be asked is listed and left out."""

    def __init__(self, folder: CourseFolder, path: Path, language: str = "en") -> None:
        self._folder = folder
        self._path = path
        self._language = language
        self._text = folder.text(path) or "[]"
        self._place = 0

    def quizzes(self) -> dict[int, NumberedQuiz]:
        """The quizzes by number."""
        found: dict[int, NumberedQuiz] = {}
        for raw in self._raw_quizzes():
            quiz = self._quiz(raw)
            if quiz is None:
                continue
            if quiz.number in found:
                self._folder.note(self._path, quiz.line, f"Quiz {quiz.number} is there twice; the first one counts.")
                continue
            found[quiz.number] = quiz
        return found

    def _raw_quizzes(self) -> Iterator[dict[str, Any]]:
        try:
            groups = json.loads(self._text)
        except (ValueError, RecursionError) as error:
            line = error.lineno if isinstance(error, json.JSONDecodeError) else 0
            self._folder.note(self._path, line, "The quiz file is not valid JSON.")
            return
        for group in groups if isinstance(groups, list) else [groups]:
            quizzes = group.get("quizzes") if isinstance(group, dict) else None
            yield from (raw for raw in quizzes if isinstance(raw, dict)) if isinstance(quizzes, list) else ()

    def _quiz(self, raw: dict[str, Any]) -> NumberedQuiz | None:
        number = raw.get("id")
        if not str(number).isdecimal() or len(str(number)) > 9:
            self._folder.note(self._path, 0, "A quiz without a number was left out.")
            return None
        self._place = self._find(rf'"id"\s*:\s*"?{number}\b', self._place)
        line = self._line(self._place)
        questions: list[QuestionShape] = []
        raw_questions = raw.get("quiz")
        for order, raw_question in enumerate(raw_questions if isinstance(raw_questions, list) else [], 1):
            question = self._question(raw_question, f"q{order}")
            if question is not None:
                questions.append(question)
        if not questions:
            self._folder.note(self._path, line, f"Quiz {number} has no question that can be asked and was left out.")
            return None
        title = str(raw.get("title") or "").strip() or f"Quiz {number}"
        return NumberedQuiz(int(str(number)), title, questions, self._path, line)

    def _question(self, raw: object, key: str) -> QuestionShape | None:
        if not isinstance(raw, dict) or not str(raw.get("questionText") or "").strip():
            self._folder.note(self._path, self._line(self._place), "A question without text was left out.")
            return None
        text = str(raw["questionText"]).strip()
        written = json.dumps(raw["questionText"], ensure_ascii=False)
        line = self._line(self._find(r'"questionText"\s*:\s*' + re.escape(written), self._place))
        raw_options = raw.get("answerOptions")
        options = [
            OptionShape({self._language: str(option.get("answerText", "")).strip()}, _is_true(option.get("isCorrect")))
            for option in (raw_options if isinstance(raw_options, list) else [])
            if isinstance(option, dict)
        ]
        correct = sum(option.correct for option in options)
        if len(options) < 2 or correct == 0:
            reason = "fewer than two answers" if len(options) < 2 else "no correct answer"
            self._folder.note(self._path, line, f"The question has {reason} and was left out.")
            return None
        if len({option.text[self._language] for option in options}) < len(options):
            self._folder.note(self._path, line, "The question has the same answer twice.")
        return QuestionShape(key, "one" if correct == 1 else "several", {self._language: text}, options=options)

    def _find(self, pattern: str, start: int) -> int:
        """Where a pattern stands from ``start`` on; ``start`` itself when it is written in another way."""
        found = re.compile(pattern).search(self._text, start)
        return found.start() if found else start

    def _line(self, place: int) -> int:
        return self._text.count("\n", 0, place) + 1


def _is_true(value: object) -> bool:
    return value is True or (isinstance(value, str) and value.strip().lower() in _TRUE)
