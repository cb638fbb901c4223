"""What the server says by itself, before any page is asked: that a body is too large to be read at all."""

import waitress
from flask import Flask
from waitress.channel import HTTPChannel
from waitress.task import ErrorTask
from waitress.utilities import RequestEntityTooLarge
from werkzeug.datastructures import LanguageAccept
from werkzeug.exceptions import RequestEntityTooLarge as TooLarge
from werkzeug.http import parse_accept_header

from lms.kit.i18n import DEFAULT_LANGUAGE, LANGUAGES, speaking

Said = dict[str, tuple[list[tuple[str, str]], bytes]]


def too_large(app: Flask) -> Said:
    """The page for it with its headers, in each language."""
    said: Said = {}
    for language in LANGUAGES:
        with app.test_request_context("/-", headers={"Accept-Language": language}), speaking(language):
            app.preprocess_request()
            answer = app.process_response(app.make_response(app.handle_http_exception(TooLarge())))
            answer.headers.remove("Set-Cookie")
            said[language] = (list(answer.headers.items()), answer.get_data())
    return said


def speak(server: waitress.server.BaseWSGIServer, said: Said) -> None:
    """Have `server` answer so, in the language that the browser asks for."""

    class Spoken(ErrorTask):
        def execute(self) -> None:
            if not isinstance(self.request.error, RequestEntityTooLarge):
                super().execute()
                return
            asked = parse_accept_header(self.request.headers.get("ACCEPT_LANGUAGE", ""), LanguageAccept)
            headers, body = said[asked.best_match(LANGUAGES) or DEFAULT_LANGUAGE]
            self.status = f"{TooLarge.code} Content Too Large"
            self.response_headers.extend(headers)
            self.set_close_on_finish()
            self.content_length = len(body)
            self.write(body)

    class Channel(HTTPChannel):
        error_task_class = Spoken

    server.channel_class = Channel
