"""A quiz as it lies before somebody: its questions in the order of their attempt, with what they gave."""

from dataclasses import dataclass
from uuid import UUID

from werkzeug.datastructures import MultiDict

from courses.quizzes import papers
from courses.quizzes.models import Answer, Attempt
from courses.quizzes.papers import Choice, Task


@dataclass(frozen=True)
class Line:
    """One question of an attempt, its options as shuffled, and the answer so far."""

    number: int
    question: Task
    options: list[Choice]
    answer: Answer | None

    @property
    def field(self) -> str:
        """The name of its control."""
        return f"q-{self.question.key}"

    @property
    def text(self) -> str:
        return str(self.answer.given.get("text", "")) if self.answer else ""

    @property
    def shown(self) -> str:
        """What the page shows as the answer, to be posted back, so that a save can tell what was changed in its own tab."""
        chosen = self.chosen
        return (
            f"={' '.join(option.id for option in self.options if option.id in chosen) if self.options else self.text}"
        )

    @property
    def right(self) -> bool:
        return bool(self.answer and self.answer.points)

    @property
    def chosen(self) -> frozenset[str]:
        """The ids of the options that were chosen."""
        return frozenset(self.answer.given.get("options", ())) if self.answer else frozenset()

    def has(self, option: Choice) -> bool:
        return option.id in self.chosen


def lines(attempt: Attempt) -> list[Line]:
    """The questions of an attempt in its own order."""
    tasks = papers.of(attempt.activity_id).tasks
    answers = {answer.question_id: answer for answer in attempt.answers}
    found = []
    for number, key in enumerate(attempt.order["questions"], 1):
        task = tasks[key]
        order = [task.options[each] for each in attempt.order["options"].get(key, []) if each in task.options]
        found.append(Line(number, task, order, answers.get(task.id)))
    return found


def answered(sheet: list[Line]) -> int:
    """How many questions have an answer."""
    return sum(
        bool(line.answer and (line.answer.given.get("options") or line.answer.given.get("text"))) for line in sheet
    )


def changed_in(form: MultiDict[str, str], attempt: Attempt) -> dict[UUID, list[str]]:
    """What a posted sheet changes: only answers that differ from what its page showed, so that the blanks of an older tab
    write nothing over the answers of a newer one. Where the sheet does not say what it showed, what it holds counts.
    """
    given = {task.id: form.getlist(f"q-{task.key}") for task in papers.of(attempt.activity_id).tasks.values()}
    return {key: texts for key, texts in given.items() if _is_changed(texts, form.get(f"was-{key}"))}


def _is_changed(texts: list[str], was: str | None) -> bool:
    if was is None:
        return bool(texts)  # a question that was not asked
    if not was.startswith("="):
        return True  # a page that cannot know what the server has: its last save is still on the way
    shown = was.removeprefix("=")
    return " ".join(texts) != shown and sorted(texts) != sorted(shown.split())
