from __future__ import annotations

import subprocess
import sys

import pytest

import promptkit


@pytest.mark.parametrize("name", promptkit.__all__)
def test_every_name_is_there(name: str) -> None:
    assert getattr(promptkit, name) is not None
    assert name in dir(promptkit)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="captoin"):
        promptkit.captoin  # type: ignore[attr-defined]  # noqa: B018


def test_importing_the_package_loads_nothing() -> None:
    code = "import sys, promptkit; print([m for m in sys.modules if 'promptkit.' in m or m in "
    code += "('pydantic', 'PIL', 'json')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_verbs_work_together() -> None:
    caption = promptkit.Caption.of(
        "A hat.", background="a wall", elements=[promptkit.obj("a hat", promptkit.box(0, 0, 9, 9))]
    )
    document = promptkit.read(caption.to_prompt())
    assert document.captions
    assert isinstance(promptkit.check(document), list)
    assert promptkit.fix(document.text).text
