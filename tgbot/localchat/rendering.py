"""Text with entities into HTML that is safe to show: everything escaped, tags from one short list."""

import re
from collections.abc import Iterable
from html import escape
from typing import Any

_SIMPLE = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "underline": ("<u>", "</u>"),
    "strikethrough": ("<s>", "</s>"),
    "spoiler": ('<span class="spoiler">', "</span>"),
    "code": ("<code>", "</code>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ('<blockquote class="expandable">', "</blockquote>"),
    "mention": ('<span class="mention">', "</span>"),
    "hashtag": ('<span class="mention">', "</span>"),
    "text_mention": ('<span class="mention">', "</span>"),
}
_BLOCKS = ("pre", "blockquote", "expandable_blockquote")
_BLOCK_ENDS = ("</pre>", "</blockquote>")


def render(text: str, entities: Iterable[dict[str, Any]]) -> str:
    units = text.encode("utf-16-le")

    def cut(begin: int, end: int) -> str:
        return units[2 * begin : 2 * end].decode("utf-16-le", errors="replace")

    size = len(units) // 2
    pending = sorted(entities, key=lambda e: (e["offset"], -e["length"], e["type"] not in _BLOCKS))
    edges = sorted({0, size, *(e["offset"] for e in pending), *(e["offset"] + e["length"] for e in pending)})
    out: list[str] = []
    stack: list[tuple[int, tuple[str, str]]] = []
    for begin, end in zip(edges, [*edges[1:], size], strict=True):
        _close(out, stack, begin)
        for entity in [e for e in pending if e["offset"] == begin]:
            tags = _tags(entity, cut(begin, begin + entity["length"]))
            out.append(tags[0])
            stack.append((begin + entity["length"], tags))
        words = cut(begin, end)
        # A block ends its own line, so the newline after it makes no empty one.
        is_behind_a_block = bool(out) and out[-1].endswith(_BLOCK_ENDS)
        out.append(escape(words.removeprefix("\n") if is_behind_a_block else words))
    _close(out, stack, size)
    return "".join(out)


def _close(out: list[str], stack: list[tuple[int, tuple[str, str]]], position: int) -> None:
    """Closes what ends here; what still goes on inside it (entities may overlap) is closed and opened again."""
    ending = [index for index, (end, _) in enumerate(stack) if end <= position]
    if not ending:
        return
    suspended = stack[ending[0] :]
    out.extend(tags[1] for _, tags in reversed(suspended))
    going_on = [entry for entry in suspended if entry[0] > position]
    out.extend(tags[0] for _, tags in going_on)
    stack[ending[0] :] = going_on


def _tags(entity: dict[str, Any], words: str) -> tuple[str, str]:
    match entity["type"]:
        case "pre":
            language = re.sub(r"[^\w+#.-]", "", entity.get("language") or "")
            return f'<pre><code data-language="{escape(language)}">', "</code></pre>"
        case "bot_command":
            return f'<a class="command" href="#" data-command="{escape(words)}">', "</a>"
        case "url" | "text_link":
            return _link(entity.get("url") or words)
    return _SIMPLE.get(entity["type"], ("", ""))


def _link(url: str) -> tuple[str, str]:
    if not re.match(r"[a-z]+:", url, re.IGNORECASE):
        url = f"https://{url}"
    if not re.match(r"(https?|tg)://|mailto:", url, re.IGNORECASE):
        return "", ""
    return f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">', "</a>"
