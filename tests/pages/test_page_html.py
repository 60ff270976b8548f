"""Markup is built from text alone, and a label for Markdown shows the text as it is."""

from __future__ import annotations

from html import escape

import pytest

from pages.parts import html


@pytest.mark.parametrize(
    "content", ["![x](http://192.0.2.1/x.png)", "[a](b)", "**bold**", ":red[a]", "$x$", "`code`", "<b>", "a_b_c"]
)
def test_a_label_escapes_every_mark(content: str) -> None:
    shown = html.literal(content)
    assert shown.replace("\\", "").replace("\u2060", "") == content
    assert all(shown[at - 1] == "\\" for at, sign in enumerate(shown) if not sign.isalnum() and sign not in "\\ \u2060")


@pytest.mark.parametrize("content", ["http://192.0.2.1", "HTTPS://a.b/c", "www.a.b", "x@a.b"])
def test_a_label_makes_no_link_of_an_address(content: str) -> None:
    shown = html.literal(content)
    assert "\u2060" in shown
    assert shown.replace("\\", "").replace("\u2060", "") == content


def test_a_label_drops_control_and_override_characters() -> None:
    assert html.literal("a\u202eb\x00c") == "abc"


@pytest.mark.parametrize("content", ["</script>", "-->", "]>", "a</style>b"])
def test_no_attribute_holds_what_a_sanitiser_drops_it_for(content: str) -> None:
    made = html.image("data:,", content, class_="x")
    for sign in ("&lt;/", "-&gt;", "]&gt;"):
        assert sign not in made
    assert html.element("p", "x", title=content).count("title=") == 1


def test_plain_text_is_escaped_and_markup_is_kept() -> None:
    assert html.element("p", "<b>", html.element("i", "&")) == "<p>&lt;b&gt;<i>&amp;</i></p>"


def test_what_is_let_through_at_once_has_nothing_to_escape_or_to_drop() -> None:
    for sign in map(chr, range(0x3000)):
        shown = html.text(f"a{sign}1")
        assert shown in {escape(f"a{sign}1"), f"a{sign}\u200e1", "a1"}
        assert not set(shown) & set("<>\"'")
    assert html.text("a\u202e<b> 1") == "a&lt;b&gt; 1"
