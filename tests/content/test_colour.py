"""Text on a brand's colour can be read, whatever the colour."""

from hypothesis import given
from hypothesis import strategies as st

from cavaco_plugin.content.colour import DARK_CARD, contrast, on_dark, safe_colour, text_on

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(colour=colours)
def test_the_text_of_a_button_reaches_the_contrast_the_law_asks_for(colour):
    assert contrast(colour, text_on(colour)) >= 4.5
    shade = on_dark(colour)
    assert contrast(shade, text_on(shade)) >= 4.5


@given(colour=colours)
def test_a_button_stands_out_in_the_dark(colour):
    assert contrast(on_dark(colour), DARK_CARD) >= 3.0


def test_the_ends_of_the_scale_are_exact():
    assert round(contrast("#000000", "#ffffff"), 6) == 21
    assert contrast("#777", "#777777") == 1
    assert (text_on("#ffcc00"), text_on("#1f6f5c"), text_on("#fff")) == (
        "#000000",
        "#ffffff",
        "#000000",
    )


def test_what_is_no_colour_becomes_a_neutral():
    for value in ("", "red", "#12", None, "#1234567", "#ff0000;x"):
        assert safe_colour(value) == "#27272a"
    assert safe_colour(" #ABCDEF ") == "#abcdef"
