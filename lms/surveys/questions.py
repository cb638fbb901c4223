"""The questions, as data in versions."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _
from sqlalchemy import Select, func, select

from lms.kit.db import session
from lms.kit.refusal import Conflict, Refused
from lms.kit.words import Words
from lms.people import audit
from lms.people.models import Person
from lms.surveys.models import Questionnaire

MOST = 12  # questions that somebody answers to the end


class Kind(StrEnum):
    SCALE = "scale"  # 1 to 5, 5 is best
    TEXT = "text"


@dataclass(frozen=True)
class Question:
    """One question. Its key stays when it is worded anew, so that versions can be laid side by side."""

    key: str
    kind: Kind
    words: Words

    def as_json(self) -> dict[str, object]:
        return {"key": self.key, "kind": self.kind.value, "words": dict(self.words)}


def _scale(key: str, ko: str, en: str) -> Question:
    return Question(key, Kind.SCALE, Words(ko=ko, en=en))


FIRST = (
    _scale("overall", "전체적으로 만족해요.", "All in all I am satisfied."),
    _scale("content", "배운 내용이 하려는 일에 도움이 돼요.", "What I learnt helps me in the work that I want to do."),
    _scale("teaching", "강사의 설명이 이해하기 쉬웠어요.", "The teaching was easy to follow."),
    _scale("level", "수준과 속도가 나에게 맞았어요.", "Level and pace suited me."),
    _scale("work", "실습과 과제의 양이 적당했어요.", "The amount of practice and assignments was right."),
    _scale("support", "운영진의 도움을 제때 받았어요.", "I got help from the organisers when I needed it."),
    _scale("recommend", "다른 사람에게 추천하고 싶어요.", "I would recommend it to others."),
    Question("keep", Kind.TEXT, Words(ko="무엇이 가장 좋았나요?", en="What was best?")),
    Question("change", Kind.TEXT, Words(ko="무엇을 바꾸면 좋을까요?", en="What should be changed?")),
)


def of(questionnaire: Questionnaire) -> list[Question]:
    """The questions of one version, in their order."""
    return [Question(each["key"], Kind(each["kind"]), Words(each["words"])) for each in questionnaire.questions]


def versions() -> Select[Questionnaire]:
    """All versions, the latest first."""
    return select(Questionnaire).order_by(Questionnaire.number.desc())


def latest() -> Questionnaire | None:
    return session.scalars(versions().limit(1)).first()


def current() -> Questionnaire:
    """The latest version; the one that ships with the product is kept when it is first needed."""
    return latest() or _keep(1, FIRST, None, "")


def change(by: Person, questions: Sequence[Question], *, reason: str, seen: int) -> Questionnaire:
    """Keep another version. `seen`: the number of the one on the screen; raises Conflict when there is a newer one."""
    known = session.scalar(select(func.max(Questionnaire.number))) or 0
    if seen != known:
        raise Conflict(
            _("Somebody changed the questions since you opened them. Look at what stands there now, then change it.")
        )
    if not questions:
        raise Refused(_("Leave at least one question."))
    if len(questions) > MOST:
        raise Refused(_("At most %(most)s questions. People stop in the middle of more.", most=MOST))
    made = _keep(known + 1, questions, by, reason)
    audit.note(by, "survey.questions_changed", made, new={"number": made.number, "reason": reason})
    return made


def new_key() -> str:
    return secrets.token_hex(4)


def _keep(number: int, questions: Sequence[Question], by: Person | None, reason: str) -> Questionnaire:
    made = Questionnaire(
        number=number,
        questions=[each.as_json() for each in questions],
        made_by_id=by.id if by else None,
        reason=reason,
    )
    session.add(made)
    session.flush()
    return made
