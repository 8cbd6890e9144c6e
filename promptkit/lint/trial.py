"""Try the safe fixes of what the reader forgave before offering them as safe."""

from __future__ import annotations

from dataclasses import replace

from promptkit.document import Document, plain, read
from promptkit.lint.disjoint import apart, mended
from promptkit.lint.finding import Finding, Safety


def tried(document: Document, findings: list[Finding], flaws: frozenset[str]) -> list[Finding]:
    """``findings`` with the fixes of ``flaws`` (codes) safe only if the text reads the same then.

    The reader forgives one slip by looking at what stands around it, so that mending another may
    change how it is read. Together, the safe fixes have to leave the captions as they are.
    """
    safe = [
        each
        for each in findings
        if each.code in flaws and each.fix is not None and each.fix.safety is Safety.SAFE
    ]
    if not safe or _reads_the_same(document, read(mended(document.text, apart(safe)))):
        return findings
    unsafe = {id(each) for each in safe}
    return [_demoted(each) if id(each) in unsafe else each for each in findings]


def _reads_the_same(before: Document, after: Document) -> bool:
    # As text: NaN differs from itself, and 1 equals true.
    return len(after.flaws) < len(before.flaws) and [
        repr(plain(caption)) for caption in after.captions
    ] == [repr(plain(caption)) for caption in before.captions]


def _demoted(finding: Finding) -> Finding:
    fix = finding.fix
    return finding if fix is None else replace(finding, fix=replace(fix, safety=Safety.UNSAFE))
