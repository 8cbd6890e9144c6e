"""The house's rules of import, held against what really gets loaded."""

from __future__ import annotations

import pkgutil
import subprocess
import sys

import pytest

import promptkit

HEAVY = {"torch", "transformers", "tokenizers", "safetensors", "numpy", "textual", "generator"}

LIGHT_MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(promptkit.__path__, "promptkit.")
    if not module.name.startswith("promptkit.tui") and not module.name.endswith("__main__")
)


def _loaded_by(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return {name.partition(".")[0] for name in run.stdout.split()}


def test_no_light_module_loads_anything_heavy() -> None:
    imports = "; ".join(f"import {name}" for name in LIGHT_MODULES)
    assert not _loaded_by(imports) & HEAVY


@pytest.mark.parametrize(
    ("statement", "unwanted"),
    [
        ("import promptkit", {"pydantic", "PIL", "jinja2", "httpx"}),
        ("import promptkit.document", {"pydantic", "PIL"}),
        ("import promptkit.lint", {"PIL", "tiktoken", "httpx", "jinja2"}),
    ],
)
def test_a_light_door_stays_light(statement: str, unwanted: set[str]) -> None:
    assert not _loaded_by(statement) & unwanted


def test_the_engine_does_not_load_the_tools() -> None:
    pytest.importorskip("torch")
    assert not _loaded_by("import generator.pipeline") & {"textual", "jinja2"}
