"""Telegram's HTML into plain text with entities, refusing what Telegram refuses.

Offsets and lengths of entities count UTF-16 code units; positions in errors count bytes of UTF-8, as at Telegram.
"""

import re
from dataclasses import dataclass, replace
from typing import Any

from tgbot.localchat.errors import BadRequest

_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#(?P<decimal>[0-9]+)|#[xX](?P<hexadecimal>[0-9a-fA-F]+)|(?P<name>[a-zA-Z]+));?")
_START_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE_NAME = re.compile(r"[^\s=>/\"']*")
_NAME_TOKEN = re.compile(r"[A-Za-z0-9.-]*")
_END_TAG = re.compile(r"([^\s>]*)\s*(>?)")
_SPACE = re.compile(r"\s*")


@dataclass(frozen=True, slots=True)
class Entity:
    type: str
    offset: int
    length: int
    url: str | None = None
    language: str | None = None

    @property
    def end(self) -> int:
        return self.offset + self.length

    def as_json(self) -> dict[str, Any]:
        said = {"type": self.type, "offset": self.offset, "length": self.length}
        extra = {"url": self.url, "language": self.language}
        return said | {name: value for name, value in extra.items() if value is not None}


@dataclass(frozen=True, slots=True)
class FormattedText:
    text: str
    entities: tuple[Entity, ...] = ()


@dataclass(frozen=True, slots=True)
class _Open:
    tag: str
    argument: str
    offset: int
    start: int


def utf16_length(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


def parse_html(source: str) -> FormattedText:
    return _HtmlParser(source).parse()


class _HtmlParser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.position = 0
        self.text: list[str] = []
        self.units = 0
        self.stack: list[_Open] = []
        self.entities: list[Entity] = []

    def parse(self) -> FormattedText:
        while self.position < len(self.source):
            match self.source[self.position]:
                case "&":
                    self._append(self._reference())
                case "<" if self.source.startswith("</", self.position):
                    self._end_tag()
                case "<":
                    self._start_tag()
                case character:
                    self._append(character)
                    self.position += 1
        if self.stack:
            raise _broken(f'Can\'t find end tag corresponding to start tag "{self.stack[-1].tag}"')
        return FormattedText("".join(self.text), tuple(_tidy(self.entities)))

    def _append(self, text: str) -> None:
        self.text.append(text)
        self.units += utf16_length(text)

    def _at(self, position: int) -> str:
        return f"at byte offset {len(self.source[:position].encode())}"

    def _reference(self) -> str:
        """The character at an '&'; a reference that Telegram does not know stays as it was typed."""
        found = _REFERENCE.match(self.source, self.position)
        character = _decoded(found) if found else None
        if found is None or character is None:
            self.position += 1
            return "&"
        self.position = found.end()
        return character

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.source, self.position)
        taken = found.group() if found else ""
        self.position += len(taken)
        return taken

    def _peek(self) -> str:
        return self.source[self.position : self.position + 1]

    def _start_tag(self) -> None:
        begin = self.position
        self.position += 1
        tag = self._take(_START_NAME).lower()
        if not self._peek():
            raise _broken(f"Unclosed start tag {self._at(begin)}")
        if tag not in _TAGS:
            raise _broken(f'Unsupported start tag "{tag}" {self._at(begin)}')
        argument = ""
        self._take(_SPACE)
        while self._peek() != ">":
            argument = self._attribute(tag, begin) or argument
            self._take(_SPACE)
        self.position += 1
        if tag == "span" and argument != "spoiler":
            raise _broken(f'Tag "span" must have class "tg-spoiler" {self._at(begin)}')
        self.stack.append(_Open(tag, argument, self.units, len(self.text)))

    def _attribute(self, tag: str, begin: int) -> str:
        """Reads one attribute; answers what it means for this tag, or ''."""
        if not self._peek():
            raise _broken(f'Unclosed start tag "{tag}" {self._at(begin)}')
        name = self._take(_ATTRIBUTE_NAME)
        if not name:
            raise _broken(f'Empty attribute name in the tag "{tag}" {self._at(begin)}')
        self._take(_SPACE)
        value = ""
        if self._peek() == "=":
            self.position += 1
            self._take(_SPACE)
            value = self._attribute_value()
        if not self._peek():
            raise _broken(f"Unclosed start tag {self._at(begin)}")
        match tag, name:
            case "a", "href":
                return value
            case "code", "class" if value.startswith("language-"):
                return value.removeprefix("language-")
            case "span", "class" if value.startswith("tg-"):
                return value.removeprefix("tg-")
            case "blockquote", "expandable":
                return "expandable"
        return ""

    def _attribute_value(self) -> str:
        quote = self._peek()
        if quote not in ("'", '"'):
            begin = self.position
            token = self._take(_NAME_TOKEN).lower()
            if self._peek() and not (self._peek().isspace() or self._peek() == ">"):
                raise _broken(f"Unexpected end of name token {self._at(begin)}")
            return token
        self.position += 1
        value: list[str] = []
        while self._peek() not in ("", quote):
            if self._peek() == "&":
                value.append(self._reference())
            else:
                value.append(self._peek())
                self.position += 1
        self.position += 1
        return "".join(value)

    def _end_tag(self) -> None:
        begin = self.position
        if not self.stack:
            raise _broken(f"Unexpected end tag {self._at(begin)}")
        found = _END_TAG.match(self.source, begin + 2)
        if found is None or not found.group(2):
            raise _broken(f"Unclosed end tag {self._at(begin)}")
        opened, name = self.stack.pop(), found.group(1).lower()
        if name not in ("", opened.tag):
            expected = f'expected "</{opened.tag}>", found "</{name}>"'
            raise _broken(f"Unmatched end tag {self._at(begin)}, {expected}")
        self.position = found.end()
        if self.units > opened.offset:
            self.entities.append(self._entity(opened))

    def _entity(self, opened: _Open) -> Entity:
        entity = Entity(_TAGS[opened.tag], opened.offset, self.units - opened.offset)
        match opened.tag:
            case "a":
                return replace(entity, url=opened.argument or "".join(self.text[opened.start :]))
            case "code" if opened.argument:
                return replace(entity, language=opened.argument)
            case "blockquote" if opened.argument:
                return replace(entity, type="expandable_blockquote")
        return entity


def _broken(reason: str) -> BadRequest:
    return BadRequest(f"can't parse entities: {reason}")


def _decoded(found: re.Match[str]) -> str | None:
    if name := found["name"]:
        return _NAMED.get(name)
    code = int(found["decimal"]) if found["decimal"] else int(found["hexadecimal"], 16)
    if not 0 < code <= 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return None
    return chr(code)


def _tidy(entities: list[Entity]) -> list[Entity]:
    """In order; <pre><code class=...> becomes one entity with a language; nothing lives inside code."""
    ordered = sorted(entities, key=lambda entity: (entity.offset, -entity.length, entity.type != "pre"))
    tidy: list[Entity] = []
    fence: Entity | None = None
    for entity in ordered:
        if fence is not None and entity.offset < fence.end:
            same_place = (entity.offset, entity.length) == (fence.offset, fence.length)
            if fence.type == "pre" and entity.type == "code" and entity.language and same_place:
                tidy[tidy.index(fence)] = fence = replace(fence, language=entity.language)
            continue
        kept = replace(entity, language=None) if entity.type == "code" else entity
        if kept.type == "text_link" and not _is_link(kept.url or ""):
            continue
        tidy.append(kept)
        if kept.type in ("pre", "code"):
            fence = kept
    return tidy


def _is_link(url: str) -> bool:
    """Telegram silently drops a link that leads nowhere."""
    return re.match(r"(?:https?://[^\s/]+|tg://\S+|mailto:\S+|[^\s/:]+\.[^\s/]{2,})", url, re.IGNORECASE) is not None
