"""Settings: typed, checked at start, documented."""

from pathlib import Path

import pytest

from lms.config import BadSetting, Settings, from_environment

GOOD = {"LMS_SECRET_KEY": "k9d-" * 3 + "0123456789abcdefghijklmnopqrstuv"}


def read(tmp_path, **given):
    return from_environment({"LMS_DATA_DIR": str(tmp_path), **GOOD, **given})


def test_an_embedded_system_needs_nothing(tmp_path):
    settings = from_environment({"LMS_DATA_DIR": str(tmp_path / "data")})
    assert settings.database_url == f"sqlite:///{tmp_path / 'data' / 'lms.sqlite3'}"
    assert len(settings.secret_key) >= 32
    assert (tmp_path / "data" / "secret_key").stat().st_mode & 0o077 == 0
    assert from_environment({"LMS_DATA_DIR": str(tmp_path / "data")}).secret_key == settings.secret_key


@pytest.mark.parametrize(
    "name,value",
    [
        ("LMS_SECRET_KEY", "short"),
        ("LMS_SECRET_KEY", "a" * 64),
        ("LMS_BIND", "8000"),
        ("LMS_BIND", "127.0.0.1:99999"),
        ("LMS_DATABASE_URL", "mysql://x"),
        ("LMS_THREADS", "many"),
        ("LMS_THREADS", "0"),
        ("LMS_DEMO", "perhaps"),
        ("LMS_PUBLIC_URL", "learn.example.org"),
        ("LMS_SMTP_URL", "http://mail"),
        ("LMS_REDIS_URL", "http://x"),
        ("LMS_MAIL_FROM", "nobody"),
        ("LMS_UPLOAD_MEGABYTES", "-1"),
        ("LMS_TRUSTED_PROXIES", "9"),
        ("LMS_ISSUER_CONTACT", "the office"),
        ("LMS_ISSUER_CONTACT", "javascript:alert(1)"),
        ("LMS_EVIDENCE_DAYS", "for ever"),
    ],
)
def test_a_bad_setting_is_named(tmp_path, name, value):
    with pytest.raises(BadSetting, match=name):
        read(tmp_path, **{name: value})


def test_short_names_of_postgresql_are_understood(tmp_path):
    assert read(tmp_path, LMS_DATABASE_URL="postgresql://u@h/d").database_url == "postgresql+psycopg://u@h/d"


def test_https_means_secure_cookies(tmp_path):
    assert read(tmp_path, LMS_PUBLIC_URL="https://learn.example.org/").secure_cookies
    assert read(tmp_path, LMS_PUBLIC_URL="https://learn.example.org/").public_url == "https://learn.example.org"
    assert not read(tmp_path, LMS_PUBLIC_URL="https://learn.example.org", LMS_SECURE_COOKIES="no").secure_cookies


def test_every_setting_is_documented():
    text = (Path(__file__).resolve().parents[2] / "docs" / "operating.md").read_text()
    assert [name for name in Settings.__dataclass_fields__ if f"`LMS_{name.upper()}`" not in text] == []
