"""From the parameters of a call, or the words of a person, to the text and entities of a message."""

import re
from dataclasses import replace
from typing import Any

from tgbot.localchat.entities import Entity, FormattedText, parse_html, utf16_length
from tgbot.localchat.errors import BadRequest

_CONTROL = {code: " " for code in range(32) if code not in (10, 13)} | {13: None}
_FOUND = re.compile(
    r"(?P<bot_command>(?<![\w/<>])/[A-Za-z0-9_]{1,32}(?:@\w{3,32})?(?![\w/]))|(?P<url>\bhttps?://[^\s<>\"']*[^\s<>\"'.,:;!?)])"
)
_TYPES = (
    "mention hashtag cashtag bot_command url email phone_number bold italic underline strikethrough spoiler blockquote "
    "expandable_blockquote code pre text_link text_mention custom_emoji"
)
_PLAIN_TYPES = frozenset(_TYPES.split())


def formatted(source: str, parse_mode: str, explicit: list[Any] | None = None) -> FormattedText:
    """What Telegram would make of a text that a bot sends; raises BadRequest when it would refuse it."""
    match parse_mode.lower():
        case "html":
            parsed = parse_html(source)
        case "":
            parsed = FormattedText(source, tuple(_given(explicit or [], source)))
        case "markdown" | "markdownv2":
            raise BadRequest(f"can't parse entities: local chat speaks HTML only, not {parse_mode}")
        case _:
            raise BadRequest("unsupported parse_mode")
    return with_found_entities(_trimmed(parsed))


def with_found_entities(parsed: FormattedText) -> FormattedText:
    """Adds the commands and addresses that Telegram finds by itself."""
    taken = [(entity.offset, entity.end) for entity in parsed.entities if entity.type in ("code", "pre", "text_link")]
    found = []
    for match in _FOUND.finditer(parsed.text):
        start = utf16_length(parsed.text[: match.start()])
        entity = Entity(match.lastgroup or "", start, utf16_length(match.group()))
        if not any(entity.offset < end and begin < entity.end for begin, end in taken):
            found.append(entity)
    known = {(entity.type, entity.offset) for entity in parsed.entities}
    fresh = [entity for entity in found if (entity.type, entity.offset) not in known]
    return replace(parsed, entities=tuple(sorted((*parsed.entities, *fresh), key=lambda e: (e.offset, -e.length))))


def spoken(source: str) -> FormattedText:
    """What a person typed."""
    return with_found_entities(_trimmed(FormattedText(source)))


def _given(explicit: list[Any], source: str) -> list[Entity]:
    size = utf16_length(source)
    entities = []
    for item in explicit:
        if not isinstance(item, dict) or item.get("type") not in _PLAIN_TYPES:
            raise BadRequest("can't parse MessageEntity: Unsupported type specified")
        offset, length = item.get("offset"), item.get("length")
        if not isinstance(offset, int) or not isinstance(length, int):
            raise BadRequest("can't parse MessageEntity: Field must be of type Number")
        if offset < 0 or offset + length > size:
            raise BadRequest("entity begins or ends outside of the message")
        if length > 0:
            entities.append(Entity(item["type"], offset, length, item.get("url"), item.get("language")))
    return sorted(entities, key=lambda entity: (entity.offset, -entity.length))


def _trimmed(parsed: FormattedText) -> FormattedText:
    """Telegram cuts blank ends, but keeps the indentation with which a formatted part begins."""
    text = parsed.text.translate(_CONTROL)
    first = min((entity.offset for entity in parsed.entities), default=len(text))
    lead = 0
    while lead < min(first, len(text)) and text[lead] in " \n":
        lead += 1
    text = text[lead:].rstrip(" \n")
    size = utf16_length(text)
    kept = []
    for entity in parsed.entities:
        offset = entity.offset - lead
        end = min(offset + entity.length, size)
        if end > offset:
            kept.append(replace(entity, offset=offset, length=end - offset))
    return FormattedText(text if text.strip() else "", tuple(kept) if text.strip() else ())
