"""The form of a design: layout, languages, words, signatory and seal, with the sample that it is looked at with."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import Field
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange
from wtforms.widgets import HiddenInput

from certificates import design, design_folders, previewing, seal_pictures
from certificates.design import Design
from certificates.design_limits import LONGEST_TEXT
from certificates.design_models import DesignFolder
from certificates.design_samples import SAMPLES
from certificates.designing import Look
from certificates.facts import LANGUAGES
from certificates.forms import LONGEST_NAME, LONGEST_REASON, printable, strip
from lms.kit import i18n
from lms.kit.refusal import Refused
from lms.kit.words import Words
from lms.people.models import Person
from lms.pipeline.models import Programme

PRINTED_IN = {
    "both": _l("Korean and English"),
    "ko": _l("Korean only"),
    "en": _l("English only"),
}
KEYS = {
    "document": (_l("Title (Korean)"), _l("Title (English)")),
    "intro": (_l("Line above the name (Korean)"), _l("Line above the name (English)")),
    "statement": (_l("Statement (Korean)"), _l("Statement (English)")),
    "continued": (_l("Statement below the name (Korean)"), _l("Statement below the name (English)")),
    "verify": (_l("Line about checking it (Korean)"), _l("Line about checking it (English)")),
}
PLACE = re.compile(r"%\(\w+\)s")


def _line(label: object) -> StringField:
    return StringField(label, filters=[strip], validators=[Length(max=LONGEST_NAME), printable])


class DesignForm(FlaskForm):
    """One look of a design. `seen` is the version that it was made from; 0: there is none yet."""

    name = StringField(
        _l("Name of the design"),
        filters=[strip],
        validators=[DataRequired(_l("Give it a name, so that it can be chosen.")), Length(max=LONGEST_NAME)],
    )
    folder = SelectField(_l("Layout"))
    worded_for = HiddenField()
    languages = RadioField(
        _l("Printed in"),
        choices=[SelectChoice(value, label) for value, label in PRINTED_IN.items()],
        validators=[InputRequired(_l("Choose in which languages it is printed."))],
    )
    signatory_ko = _line(_l("Name of the signatory in Korean"))
    signatory_en = _line(_l("Name of the signatory in Latin letters"))
    signatory_title_ko = _line(_l("Office of the signatory in Korean"))
    signatory_title_en = _line(_l("Office of the signatory in English"))
    seal = FileField(_l("Picture of the seal"))
    seal_aside = HiddenField()
    own_seal = BooleanField(_l("Print a seal of its own"))
    reason = TextAreaField(
        _l("Why it looks like this"),
        filters=[strip],
        validators=[
            DataRequired(_l("Say why it looks like this. Everybody who reads the versions sees the reason.")),
            Length(max=LONGEST_REASON),
        ],
    )
    seen = IntegerField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(0, 1_000_000)])
    sample = SelectField(
        _l("Look at it with"), choices=[SelectChoice(key, case.label) for key, case in SAMPLES.items()]
    )

    layout: Design
    kept: DesignFolder | None = None
    programme: Programme
    before: Look

    @property
    def sample_label(self) -> str:
        return str(SAMPLES.get(self.sample.data or "", SAMPLES["plain"]).label)

    def worded(self) -> Sequence[Field]:
        """The fields of the words."""
        return [self[name] for name in _names(self.layout)]

    def look(self) -> Look:
        """What was typed; words that are the layout's own are left out. The seal is that of before, unless one was sent."""
        said: dict[str, dict[str, str]] = {}
        for name in _names(self.layout):
            language, _dot, key = name.partition(".")
            if (text := self[name].data or "") and text != self.layout.strings[language][key]:
                said.setdefault(language, {})[key] = text
        signed = bool(self.signatory_ko.data)
        return Look(
            folder=self.layout.name,
            folder_id=self.kept.id if self.kept else None,
            languages=self.languages.data or "both",
            wording=said,
            signatory=self._pair("signatory") if signed else None,
            signatory_title=self._pair("signatory_title") if signed else None,
            seal_id=self.before.seal_id if self.own_seal.data and not self.seal_aside.data else None,
        )

    def _pair(self, name: str) -> Words:
        return Words(ko=self[f"{name}_ko"].data, en=self[f"{name}_en"].data)

    def sent_seal(self) -> bytes | None:
        """The seal that was sent with this form or an earlier showing of it."""
        if not self.own_seal.data:
            return None
        return previewing.seal_aside(self.programme, self.seal_aside.data or "")

    def check(self, *, named: bool = True, reasoned: bool = True) -> bool:
        """Everything that can be said without drawing. Not `named`, not `reasoned`: whatever stands there will do."""
        self.validate()
        self._take_seal()
        self._check_signatory()
        for f in self.worded():
            f.errors = [*f.errors, *_wrong_words(f.data or "", self._own_text(f.name))]
        if self.own_seal.data and not (self.seal_aside.data or self.before.seal_id or self.seal.errors):
            self.seal.errors = [_("Choose the picture of the seal.")]
        for f, wanted in ((self.name, named), (self.reason, reasoned)):
            f.errors = f.errors if wanted else []
        return not self.errors

    def _take_seal(self) -> None:
        upload = self.seal.data
        if upload and getattr(upload, "filename", ""):
            try:
                clean = seal_pictures.checked(upload.stream.read(seal_pictures.LARGEST + 1))
            except Refused as refused:
                self.seal.errors = [refused.sentence]
            else:
                self.seal_aside.data, self.own_seal.data = previewing.keep_seal(self.programme, clean), True
        elif self.seal_aside.data and previewing.seal_aside(self.programme, self.seal_aside.data) is None:
            self.seal_aside.data = ""

    def _check_signatory(self) -> None:
        fields = [self[f"{name}_{language}"] for name in ("signatory", "signatory_title") for language in LANGUAGES]
        if any(f.data for f in fields):
            for f in fields:
                if not f.data and not f.errors:
                    f.errors = [_("Give name and office in both languages, or leave all four empty.")]

    def _own_text(self, name: str) -> str:
        language, _dot, key = name.partition(".")
        return str(self.layout.strings[language][key])

    def kept_look(self, by: Person) -> Look:
        """The look, with the seal that was sent kept."""
        sent = self.sent_seal()
        return replace(self.look(), seal_id=seal_pictures.keep(sent, by).id) if sent else self.look()

    def differences(self) -> Sequence[tuple[str, str, str]]:
        """(label, what holds now, what is typed) for each field in which the two differ."""
        now = _data(self.before, self.layout, worded(self.before))
        pairs = [(self[name], _said(now.get(name)), _said(self[name].data)) for name in now if name != "sample"]
        return [(str(f.label.text), held, typed) for f, held, typed in pairs if held != typed]

    def tell(self, faults: Mapping[str, str]) -> None:
        """Put what drawing found at its fields; what belongs to none stands at the layout."""
        for name, sentence in faults.items():
            f = self[name if name in self else "folder"]
            f.errors = [*f.errors, sentence]


def form_for(programme: Programme, before: Look, *, seen: int, sent: Mapping[str, str] | None = None) -> DesignForm:
    """The form as it was sent, or (nothing `sent`) with a look that is there."""
    folders: dict[str, tuple[Design, DesignFolder | None]] = {
        _key(each.name): (each, None) for each in design.designs()
    }
    folders |= {_key(each.name, each.id): (_read(each), each) for each in _offered(before)}
    chosen = (sent or {}).get("folder") or _key(before.folder, before.folder_id)
    layout, kept = folders.get(chosen) or folders[_key("programme")]
    kind = type("WordedDesignForm", (DesignForm,), dict(_fields(layout)))
    form: DesignForm = (
        kind() if sent else kind(formdata=None, data=_data(before, layout, worded(before)) | {"seen": seen})
    )
    form.programme, form.before, form.layout, form.kept = programme, before, layout, kept
    form.folder.choices = [SelectChoice(key, i18n.best(Words(each.title))) for key, (each, _kept) in folders.items()]
    if sent and form.worded_for.data != chosen:
        _reword(form, folders.get(form.worded_for.data or "", (None, None))[0])
    form.worded_for.data = chosen
    return form


def worded(before: Look) -> dict[str, str]:
    """The words of a look by the names of their fields."""
    return {f"{language}.{key}": text for language, own in before.wording.items() for key, text in own.items()}


def _data(before: Look, layout: Design, words: Mapping[str, str]) -> dict[str, Any]:
    own = {name: words.get(name) or layout.strings[name[:2]][name[3:]] for name in _names(layout)}
    for name in ("signatory", "signatory_title"):
        own |= {f"{name}_{language}": (getattr(before, name) or {}).get(language, "") for language in LANGUAGES}
    key = _key(before.folder, before.folder_id)
    return own | {"folder": key, "languages": before.languages, "own_seal": bool(before.seal_id), "sample": "plain"}


def _reword(form: DesignForm, earlier: Design | None) -> None:
    """Another layout was chosen: what was its predecessor's own text becomes the new one's."""
    for f in form.worded():
        language, _dot, key = f.name.partition(".")
        if not f.data or (earlier and f.data == earlier.strings.get(language, {}).get(key)):
            f.data = str(form.layout.strings[language][key])


def _fields(layout: Design) -> Iterator[tuple[str, Any]]:
    for name in _names(layout):
        language, _dot, key = name.partition(".")
        label = KEYS[key][LANGUAGES.index(language)] if key in KEYS else f"{key} ({language})"
        kind = StringField if key == "document" else TextAreaField
        yield name, kind(label, filters=[strip], validators=[Length(max=LONGEST_TEXT), printable])


def _names(layout: Design) -> list[str]:
    return [
        f"{language}.{key}"
        for language in LANGUAGES
        for key in layout.changeable
        if isinstance(layout.strings[language].get(key), str)
    ]


def _offered(before: Look) -> list[DesignFolder]:
    """The newest folders of strangers, and the one that is in use."""
    newest = list(design_folders.newest())
    if before.folder_id and before.folder_id not in {each.id for each in newest}:
        newest.append(design_folders.one(before.folder_id))
    return newest


def _read(folder: DesignFolder) -> Design:
    return design.find(design_folders.place(folder))


def _key(name: str, kept: UUID | None = None) -> str:
    return f"{name} {kept}" if kept else name


def _wrong_words(text: str, own: str) -> Iterator[str]:
    """What a text may not have: places that the layout's own text does not have, and any other percent sign."""
    places = set(PLACE.findall(own))
    if unknown := [place for place in PLACE.findall(text) if place not in places]:
        yield _("Nothing is put in the place of %(place)s here. Take it out.", place=unknown[0])
    elif "%" in PLACE.sub("", text):
        yield _("A percent sign cannot stand here. Write it out.")


def _said(value: Any) -> str:
    """What a field holds, for the eye."""
    if isinstance(value, bool):
        return _("ticked") if value else _("not ticked")
    return str(PRINTED_IN.get(value, value)) if value else "–"
