"""Settings: environment variables with the prefix ``LMS_``, typed and checked at start.

Every field of `Settings` is one variable: its name in capitals behind the prefix. `docs/operating.md` lists them; a test
keeps the list complete.
"""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

SHORTEST_SECRET = 32
CONTACT = r"https?://\S+\.\S+|[^\s@<>\"]+@[^\s@<>\"]+|\+?[0-9][0-9 ()-]{5,20}"


class BadSetting(Exception):
    """A setting that cannot be used; the text names the variable and says what it takes."""


@dataclass(frozen=True)
class Settings:
    """What one installation is told. Build it with `from_environment`."""

    data_dir: Path
    database_url: str
    secret_key: str
    bind: str = "127.0.0.1:8000"
    public_url: str = "http://127.0.0.1:8000"
    demo: bool = False
    product_name: str = "Seoul AI Hub"
    secure_cookies: bool = False
    trusted_proxies: int = 0
    processes: int = 2
    threads: int = 8
    upload_megabytes: int = 50
    smtp_url: str = ""
    mail_from: str = "no-reply@localhost"
    redis_url: str = ""
    throttle: bool = True
    signing_pkcs12: str = ""
    signing_password: str = field(default="", repr=False)
    signing_pkcs11: str = ""
    signing_token: str = ""
    signing_key: str = ""
    signing_pin: str = field(default="", repr=False)
    signing_pin_file: str = ""
    signing_crl: str = ""
    credential_key: str = ""
    timestamp_url: str = ""
    issuer_contact: str = ""
    evidence_days: int = 90
    kit_folder: str = ""

    @property
    def upload_bytes(self) -> int:
        return self.upload_megabytes * 1024 * 1024

    @property
    def host(self) -> str:
        return self.bind.rpartition(":")[0]

    @property
    def port(self) -> int:
        return int(self.bind.rpartition(":")[2])


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Read and check the settings; raise BadSetting with a sentence. Creates the data folder and, if none is given, a secret."""
    given = os.environ if environment is None else environment
    text = {name: given.get(f"LMS_{name.upper()}", "").strip() for name in Settings.__dataclass_fields__}
    data_dir = Path(text["data_dir"] or "var").expanduser().resolve()
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadSetting(f"LMS_DATA_DIR: the folder {data_dir} cannot be made: {error.strerror}.") from error
    public_url = text["public_url"] or f"http://{text['bind'] or '127.0.0.1:8000'}"
    settings = Settings(
        data_dir=data_dir,
        database_url=_database_url(text["database_url"], data_dir),
        secret_key=text["secret_key"] or _own_secret(data_dir),
        bind=text["bind"] or Settings.bind,
        public_url=public_url.rstrip("/"),
        demo=_flag("LMS_DEMO", text["demo"], False),
        product_name=text["product_name"] or Settings.product_name,
        secure_cookies=_flag("LMS_SECURE_COOKIES", text["secure_cookies"], public_url.startswith("https://")),
        trusted_proxies=_number("LMS_TRUSTED_PROXIES", text["trusted_proxies"], 0, 0, 5),
        processes=_number("LMS_PROCESSES", text["processes"], min(8, os.cpu_count() or 1), 1, 64),
        threads=_number("LMS_THREADS", text["threads"], 8, 1, 64),
        upload_megabytes=_number("LMS_UPLOAD_MEGABYTES", text["upload_megabytes"], 50, 1, 2000),
        smtp_url=text["smtp_url"],
        mail_from=text["mail_from"] or Settings.mail_from,
        redis_url=text["redis_url"],
        throttle=_flag("LMS_THROTTLE", text["throttle"], True),
        signing_pkcs12=text["signing_pkcs12"],
        signing_password=given.get("LMS_SIGNING_PASSWORD", ""),
        signing_pkcs11=text["signing_pkcs11"],
        signing_token=text["signing_token"],
        signing_key=text["signing_key"],
        signing_pin=text["signing_pin"],
        signing_pin_file=text["signing_pin_file"],
        signing_crl=text["signing_crl"],
        credential_key=text["credential_key"],
        timestamp_url=text["timestamp_url"],
        issuer_contact=text["issuer_contact"],
        evidence_days=_number("LMS_EVIDENCE_DAYS", text["evidence_days"], 90, 0, 3650),
        kit_folder=text["kit_folder"],
    )
    _check(settings)
    return settings


def _check(settings: Settings) -> None:
    if len(settings.secret_key) < SHORTEST_SECRET or len(set(settings.secret_key)) < 8:
        raise BadSetting(
            f"LMS_SECRET_KEY: too weak. It takes at least {SHORTEST_SECRET} random characters, "
            'for example from: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    host, _, port = settings.bind.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise BadSetting("LMS_BIND: takes an address and a port, for example 127.0.0.1:8000.")
    if urlsplit(settings.public_url).scheme not in ("http", "https") or not urlsplit(settings.public_url).netloc:
        raise BadSetting("LMS_PUBLIC_URL: takes the address that people type, for example https://learn.example.org.")
    if settings.smtp_url and urlsplit(settings.smtp_url).scheme not in ("smtp", "smtps"):
        raise BadSetting("LMS_SMTP_URL: takes smtp://user:password@host:587 or smtps://user:password@host:465.")
    if settings.redis_url and urlsplit(settings.redis_url).scheme not in ("redis", "rediss"):
        raise BadSetting("LMS_REDIS_URL: takes redis://host:6379/0.")
    if settings.timestamp_url and urlsplit(settings.timestamp_url).scheme not in ("http", "https"):
        raise BadSetting("LMS_TIMESTAMP_URL: takes the address of a time-stamp authority (RFC 3161), http or https.")
    if settings.signing_pkcs11 and settings.signing_pkcs12:
        raise BadSetting(
            "LMS_SIGNING_PKCS11: the key is on a token or in LMS_SIGNING_PKCS12, not in both. Take one away."
        )
    if settings.signing_pkcs11 and not (settings.signing_token and settings.signing_key):
        raise BadSetting(
            "LMS_SIGNING_PKCS11: needs LMS_SIGNING_TOKEN and LMS_SIGNING_KEY, the labels of token and key."
        )
    if settings.kit_folder.startswith("s3:") and not urlsplit(settings.kit_folder).netloc:
        raise BadSetting("LMS_KIT_FOLDER: takes a folder, or s3://bucket/prefix.")
    if settings.issuer_contact and not re.fullmatch(CONTACT, settings.issuer_contact):
        raise BadSetting(
            "LMS_ISSUER_CONTACT: takes a mail address, a telephone number such as +82 2 123 4567, or a page (https://…)."
        )
    if "@" not in settings.mail_from:
        raise BadSetting("LMS_MAIL_FROM: takes an e-mail address.")


def _database_url(text: str, data_dir: Path) -> str:
    if not text:
        return f"sqlite:///{data_dir / 'lms.sqlite3'}"
    for short in ("postgres://", "postgresql://"):
        if text.startswith(short):
            return "postgresql+psycopg://" + text.removeprefix(short)
    if text.startswith(("sqlite:///", "postgresql+psycopg://")):
        return text
    raise BadSetting("LMS_DATABASE_URL: takes sqlite:///file or postgresql://user:password@host/name.")


def _own_secret(data_dir: Path) -> str:
    """The secret of an embedded system: made once, kept beside the data, readable by its owner only."""
    path = data_dir / "secret_key"
    if not path.exists():
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass  # another process of this installation was quicker
        else:
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


def _flag(name: str, text: str, default: bool) -> bool:
    if not text:
        return default
    if text.lower() in ("1", "true", "yes", "on"):
        return True
    if text.lower() in ("0", "false", "no", "off"):
        return False
    raise BadSetting(f"{name}: takes yes or no, not {text!r}.")


def _number(name: str, text: str, default: int, lowest: int, highest: int) -> int:
    if not text:
        return default
    if not text.isdigit() or not lowest <= int(text) <= highest:
        raise BadSetting(f"{name}: takes a whole number from {lowest} to {highest}, not {text!r}.")
    return int(text)
