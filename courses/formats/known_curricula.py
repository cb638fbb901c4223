"""What a catalogue says of curricula whose own README advertises a repository, not the part of it that is here."""

from dataclasses import dataclass

from courses.formats.shapes import Words


@dataclass(frozen=True)
class KnownCurriculum:
    """A curriculum by its public repository."""

    repository: str
    slug: str
    title: Words
    summary: Words


KNOWN = {
    known.repository.lower(): known
    for known in [
        KnownCurriculum(
            "microsoft/ML-For-Beginners",
            "ml-for-beginners",
            {"en": "Machine Learning for Beginners", "ko": "초보자를 위한 머신러닝"},
            {
                "en": (
                    "Classic machine learning with Scikit-learn, learned by doing: from the history and fairness of "
                    "the field to regression, classification and clustering on real data. Each lesson has a quiz "
                    "before and after it and an assignment."
                ),
                "ko": (
                    "Scikit-learn으로 직접 해 보며 배우는 고전 머신러닝 강좌예요. 머신러닝의 역사와 공정성에서 시작해 "
                    "실제 데이터로 회귀, 분류, 군집화를 다뤄요. 강의마다 전후 퀴즈와 과제가 있어요."
                ),
            },
        ),
    ]
}
