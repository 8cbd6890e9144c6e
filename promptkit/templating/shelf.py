"""The templates that come with promptkit, to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from promptkit.suggestion import suggestion
from promptkit.templating.source import template_name
from promptkit.templating.variables import TemplateError

SUFFIX: Final = ".json.j2"


def shelf_folder() -> Path:
    """Where they stand: package data, or the repository's folder in a source checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent / "templates"


def shelf() -> list[Path]:
    """Every template of the shelf, by name."""
    return sorted(shelf_folder().glob(f"*{SUFFIX}"))


def shelf_names() -> dict[str, Path]:
    """The templates of the shelf by the names that commands take."""
    return {template_name(path): path for path in shelf()}


def find_template(name: str) -> Path:
    """A template file by its path, or by its name on the shelf.

    Raises:
        TemplateError: if there is neither, with the closest name.
    """
    path = Path(name)
    if path.exists() or path.name != name or name.endswith(".j2"):
        return path
    names = shelf_names()
    if name in names:
        return names[name]
    hint = suggestion(name, names, "'promptkit templates' lists the shelf")
    raise TemplateError(f"there is no file and no template called '{name}'; {hint}")
