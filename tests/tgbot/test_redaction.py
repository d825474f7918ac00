"""Secrets do not reach the log, whichever way they take."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from tgbot.redaction import RedactionFilter, redact, redact_logs

SECRETS = (
    "bot123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
    "https://api.example.com/v2/order?apiKey=SECRETSECRET&symbol=CRV",
    "wss://user:SECRETSECRET@stream.example.com/ws",
    'headers {"ACCESS-KEY": "SECRETSECRET", "X": 1}',
    "{'secret': 'SECRETSECRET', 'uid': 7}",
    "api_secret=SECRETSECRET",
    "signature: SECRETSECRET",
    "Authorization: Bearer SECRETSECRET",
    "listenKey=SECRETSECRET",
    'password = "SECRETSECRET with spaces"',
    "X-BAPI-SIGN=SECRETSECRET",
)


@pytest.mark.parametrize("text", SECRETS)
def test_a_secret_is_replaced(text: str) -> None:
    assert "SECRETSECRET" not in redact(text)
    assert "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw" not in redact(text)


@pytest.mark.parametrize(
    "text", ["price 0.5 of CRV/USDT:USDT", "https://example.com/page", "12:30:45 order mg1x2 open"]
)
def test_plain_words_stay(text: str) -> None:
    assert redact(text) == text


@pytest.fixture
def written() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    stream, logger = io.StringIO(), logging.getLogger("test.redaction")
    handler = logging.StreamHandler(stream)
    logger.addHandler(handler)
    logger.propagate = False
    redact_logs(logger)
    redact_logs(logger)
    assert len([each for each in handler.filters if isinstance(each, RedactionFilter)]) == 1
    yield logger, stream
    logger.removeHandler(handler)


def test_values_and_tracebacks_are_redacted_too(written: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = written
    logger.warning("asked %s with %d", "https://x.example/y?token=SECRETSECRET", 3)
    try:
        int("apiKey=SECRETSECRET")
    except ValueError:
        logger.exception("failed")
    assert "SECRETSECRET" not in stream.getvalue()
    assert "ValueError" in stream.getvalue()
    assert "with 3" in stream.getvalue()
