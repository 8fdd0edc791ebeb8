"""System checks on the theme."""

from torv.theming.checks import theme_can_be_read


def test_no_theme_is_no_trouble(settings):
    settings.TORV_THEME = ""
    assert theme_can_be_read(None) == []


def test_a_missing_theme_is_an_error(settings):
    settings.TORV_THEME = "nowhere"
    (found,) = theme_can_be_read(None)
    assert found.id == "torv.E010"
    assert "There is no theme “nowhere”. Bundled are fjord, torv" in found.msg


def test_pale_links_are_a_warning_with_the_figures(settings, tmp_path):
    path = tmp_path / "pale.toml"
    path.write_text('action = ["#9fc5e8", "#a3c6f5"]\non_action = ["#000", "#000"]')
    settings.TORV_THEME = str(path)
    found = theme_can_be_read(None)
    assert {warning.id for warning in found} == {"torv.W010"}
    assert found[0].msg == (
        "TORV_THEME: Links cannot be read by day: action (#9fc5e8) on page (#ffffff) has a contrast of 1.81, "
        "and WCAG 2.2 AA asks for 4.5."
    )
    assert not any("by night" in warning.msg for warning in found)


def test_what_is_mixed_of_a_themes_colours_is_checked_too(settings, tmp_path):
    path = tmp_path / "grey.toml"
    path.write_text('ink = ["#666", "#e6eeea"]')
    settings.TORV_THEME = str(path)
    assert any("Small print cannot be read by day" in warning.msg for warning in theme_can_be_read(None))
