"""Coverage-guided fuzzing of the reader and the linter; needs ``pip install atheris``.

    python -m tests.fuzz.fuzz_reader -max_total_time=180 [FOLDER]

New inputs are kept in FOLDER, if one is given; the rules' fixtures are the seeds. A crash is
written to the working folder. Not collected by pytest.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

MAX_LENGTH = 4096
FIXTURES = Path(__file__).parents[1] / "promptkit" / "lint" / "rules"
TOKENS = (
    "high_level_description", "compositional_deconstruction", "elements", "bbox", "```json", "<think>",
    "</think>", "\\u00e9", "\\\\u00e9", "\\ud83d", "None", "undefined", "NaN", "1e999", "...", "//", "/*",
    "*/", "\u00a0", "“", "”", "’", "，", "：", "\ufeff", "\\n", "\\'", "\\x41", "('a',)", '{\\"a\\": 1}',
)  # fmt: skip


def check(data: bytes) -> None:
    """Raise AssertionError if the reader or the linter breaks one of its promises."""
    from promptkit.document import apply_edits, plain, read
    from promptkit.lint import lint

    document = read(data)
    for flaw in document.flaws:
        if not 0 <= flaw.start <= flaw.end <= len(document.text):
            raise AssertionError(f"{flaw.slug} lies outside the text")
        apply_edits(document.text, flaw.edits)
    for root in document.roots:
        for node in root.walk():
            if not 0 <= node.start <= node.end <= len(document.text):
                raise AssertionError(f"the node {node.pointer} lies outside the text")
    findings = lint(document)
    strict, is_strict = _strict(data)
    if not is_strict and not findings:
        raise AssertionError("this is no JSON, and nothing was found")
    if is_strict and not document.flaws and _written(plain(document.roots[0])) != _written(strict):
        raise AssertionError("strict JSON was read as something else")
    for finding in findings:
        if finding.fix:
            read(apply_edits(document.text, finding.fix.edits))


def _strict(data: bytes) -> tuple[Any, bool]:
    with contextlib.suppress(ValueError, RecursionError):
        return json.loads(data.decode()), True
    return None, False


def _written(value: Any) -> str:
    return json.dumps(value)


def main() -> None:
    """Run libFuzzer over ``check``."""
    atheris = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["promptkit"]):
        importlib.import_module("promptkit.lint.engine")
        importlib.import_module("promptkit.lint.registry").all_rules()
    with tempfile.TemporaryDirectory() as folder:
        seeds = Path(folder)
        for number, file in enumerate(sorted(FIXTURES.glob("*/*.json"))):
            (seeds / str(number)).write_bytes(file.read_bytes()[:MAX_LENGTH])
        words = seeds.parent / f"{seeds.name}.dict"
        words.write_text("".join(f'"{_quoted(token)}"\n' for token in TOKENS))
        options = [f"-dict={words}", f"-max_len={MAX_LENGTH}", "-timeout=5", "-rss_limit_mb=1024"]
        # libFuzzer writes what it finds into the first folder, and reads the others.
        folders = [arg for arg in sys.argv[1:] if not arg.startswith("-")] or [folder]
        flags = [arg for arg in sys.argv[1:] if arg.startswith("-")]
        atheris.Setup([sys.argv[0], *options, *flags, *folders, folder], check)
        atheris.Fuzz()


def _quoted(token: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in token.encode())


if __name__ == "__main__":
    main()
