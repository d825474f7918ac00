"""What the README says is what there is."""

from pathlib import Path

from tgbot.commands import documentation
from trading.strategies import STRATEGIES

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def test_the_readme_lists_the_commands_that_there_are() -> None:
    assert README.split("<!-- commands -->\n")[1].split("\n<!-- /commands -->")[0] == documentation()


def test_the_readme_names_every_strategy() -> None:
    assert all(f"`{name}`" in README for name in STRATEGIES)


def test_the_readme_shows_pictures_that_are_there() -> None:
    pictures = [part.split(")")[0] for part in README.split("](")[1:] if part.split(")")[0].endswith(".png")]
    assert pictures
    assert all((Path(__file__).parents[2] / picture).is_file() for picture in pictures)
