"""HTML as Telegram reads it."""

import pytest

from tgbot.localchat.entities import parse_html
from tgbot.localchat.errors import BadRequest
from tgbot.localchat.formatting import formatted, spoken
from tgbot.localchat.rendering import render


def entities(source: str) -> list[tuple[str, int, int]]:
    return [(entity.type, entity.offset, entity.length) for entity in parse_html(source).entities]


@pytest.mark.parametrize(
    ("source", "text", "kinds"),
    [
        ("plain", "plain", []),
        ("<b>a</b>", "a", ["bold"]),
        ("<strong>a</strong>", "a", ["bold"]),
        ("<i>a</i><em>b</em>", "ab", ["italic", "italic"]),
        ("<u>a</u><ins>b</ins>", "ab", ["underline", "underline"]),
        ("<s>a</s><strike>b</strike><del>c</del>", "abc", ["strikethrough"] * 3),
        ("<tg-spoiler>a</tg-spoiler>", "a", ["spoiler"]),
        ('<span class="tg-spoiler">a</span>', "a", ["spoiler"]),
        ('<a href="https://example.com/?a=1&amp;b=2">x</a>', "x", ["text_link"]),
        ("<code>a</code>", "a", ["code"]),
        ("<pre>a\n b</pre>", "a\n b", ["pre"]),
        ('<pre><code class="language-python">a</code></pre>', "a", ["pre"]),
        ("<blockquote>a</blockquote>", "a", ["blockquote"]),
        ("<blockquote expandable>a</blockquote>", "a", ["expandable_blockquote"]),
        ("<B>a</B>", "a", ["bold"]),
        ("<b><i>a</i>b</b>", "ab", ["bold", "italic"]),
        ("<pre><b>a</b></pre>", "a", ["pre"]),
        ("<b></b>a", "a", []),
        ("<b>a</>", "a", ["bold"]),
        ("&lt;b&gt; &amp; &quot;x&quot; &#39; &#x1F600;", '<b> & "x" \' 😀', []),
        ("&nbsp; &copy; a & b &", "&nbsp; &copy; a & b &", []),
        ('<a href="nonsense">x</a>', "x", []),
    ],
)
def test_what_telegram_understands_becomes_text_and_entities(source: str, text: str, kinds: list[str]) -> None:
    parsed = parse_html(source)
    assert parsed.text == text
    assert [entity.type for entity in parsed.entities] == kinds


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b><i>a</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<div>a</div>", 'Unsupported start tag "div" at byte offset 0'),
        ("a<br>", 'Unsupported start tag "br" at byte offset 1'),
        ("цена < 5", 'Unsupported start tag "" at byte offset 9'),
        ("<", "Unclosed start tag at byte offset 0"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<a href=x@y>z</a>", "Unexpected end of name token at byte offset 8"),
        ('<a ="x">z</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
    ],
)
def test_broken_html_is_refused_in_telegrams_words(source: str, reason: str) -> None:
    with pytest.raises(BadRequest) as refused:
        parse_html(source)
    assert refused.value.description == f"Bad Request: can't parse entities: {reason}"


def test_offsets_count_utf16_units() -> None:
    assert entities("😀<b>я😀</b>") == [("bold", 2, 3)]


def test_a_language_of_code_is_kept() -> None:
    (entity,) = parse_html('<pre><code class="language-python">x</code></pre>').entities
    assert (entity.type, entity.language) == ("pre", "python")


def test_blank_ends_are_cut_and_entities_follow() -> None:
    text = formatted(" \n a <b>b </b>\n ", "HTML")
    assert text.text == "a <b>b</b>".replace("<b>", "").replace("</b>", "")
    assert [(entity.offset, entity.length) for entity in text.entities] == [(2, 1)]


def test_indentation_of_a_table_is_kept() -> None:
    assert formatted("<pre>  a\nb</pre>", "HTML").text == "  a\nb"


def test_commands_and_addresses_are_found_but_not_within_code() -> None:
    text = formatted("see /help and https://example.com/a. <code>/no https://no.example</code> 1/2", "HTML")
    found = {entity.type: text.text[entity.offset : entity.end] for entity in text.entities if entity.type != "code"}
    assert found == {"bot_command": "/help", "url": "https://example.com/a"}


@pytest.mark.parametrize("mode", ["Markdown", "MarkdownV2"])
def test_markdown_is_refused_with_a_reason(mode: str) -> None:
    with pytest.raises(BadRequest, match="local chat speaks HTML only"):
        formatted("*a*", mode)


def test_an_unknown_parse_mode_is_refused() -> None:
    with pytest.raises(BadRequest, match="unsupported parse_mode"):
        formatted("a", "bbcode")


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("<b>a</b> &lt;script&gt;", "<b>a</b> &lt;script&gt;"),
        ("<pre>x</pre>", '<pre><code data-language="">x</code></pre>'),
        ("a\n\n<pre>x</pre>\n\nb", 'a\n\n<pre><code data-language="">x</code></pre>\nb'),
        ("<b>1<i>2</i></b>3", "<b>1<i>2</i></b>3"),
        ("😀<b>😀</b>", "😀<b>😀</b>"),
        (
            '<a href="https://e.com/?q=&quot;&gt;">x</a>',
            '<a href="https://e.com/?q=&quot;&gt;" target="_blank" rel="noopener noreferrer">x</a>',
        ),
        ("<blockquote expandable>q</blockquote>", '<blockquote class="expandable">q</blockquote>'),
        ("<tg-spoiler>q</tg-spoiler>", '<span class="spoiler">q</span>'),
    ],
)
def test_what_is_shown_is_rendered_from_text_and_entities(source: str, html: str) -> None:
    text = formatted(source, "HTML")
    assert render(text.text, [entity.as_json() for entity in text.entities]) == html


def test_what_a_person_types_is_never_markup() -> None:
    text = spoken('<img src=x onerror=alert(1)> & "q" <b>b</b>')
    html = render(text.text, [entity.as_json() for entity in text.entities])
    assert html == "&lt;img src=x onerror=alert(1)&gt; &amp; &quot;q&quot; &lt;b&gt;b&lt;/b&gt;"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "  javascript:alert(1)", "vbscript:x"])
def test_a_link_that_could_run_is_not_a_link(url: str) -> None:
    html = render("x", [{"type": "text_link", "offset": 0, "length": 1, "url": url}])
    assert "href" not in html or 'href="https://' in html


def test_overlapping_entities_nest_properly() -> None:
    html = render("abc", [{"type": "bold", "offset": 0, "length": 2}, {"type": "italic", "offset": 1, "length": 2}])
    assert html == "<b>a<i>b</i></b><i>c</i>"
