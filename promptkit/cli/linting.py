"""What ``promptkit lint`` does, one file after the other."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator

from promptkit.cli import console
from promptkit.cli.baselines import Baselines, Recorder
from promptkit.cli.inputs import Configs, Inputs
from promptkit.cli.mending import Mender
from promptkit.cli.parser import Namespace
from promptkit.cli.selecting import Selector
from promptkit.counted import many
from promptkit.discovery import STDIN
from promptkit.errors import ExitCode
from promptkit.files import shown_path
from promptkit.lint import Severity
from promptkit.report import Checked, Format, Look, Summary, render


def lint_files(args: Namespace) -> ExitCode:
    """Run the command on all its files."""
    configs = Configs(args.config, isolated=args.isolated)
    inputs = Inputs(args.paths, configs, skip_others=args.skip_others)
    mender = Mender(fix=args.fix, diff=args.diff, unsafe=args.unsafe_fixes)
    baselines = Baselines(args.baseline)
    recorder = Recorder(args.write_baseline) if args.write_baseline else None
    summary = Summary()
    _report(args, _checked(inputs, Selector(args), mender, baselines, recorder, summary))
    if recorder:
        count = recorder.write()
        console.talk(f"{args.write_baseline}: {many(count, 'finding')} recorded")
    elif summary.files and not args.quiet:
        console.talk("\n".join(_closing(args, summary, mender, baselines)))
    if inputs.failed or mender.failed:
        return ExitCode.USAGE
    fails = summary.fails or (args.diff and mender.changed)
    return ExitCode.FINDINGS if fails and not recorder else ExitCode.OK


def _checked(
    inputs: Inputs,
    selector: Selector,
    mender: Mender,
    baselines: Baselines,
    recorder: Recorder | None,
    summary: Summary,
) -> Iterator[Checked]:
    for source in inputs:
        selection, options = selector.selection(source), selector.options(source)
        document, findings = mender.check(source, selection, options)
        if recorder:
            recorder.add(source, document, findings)
        fresh = baselines.fresh(source, document, findings)
        summary.add(fresh)
        yield Checked(source.name, document, fresh)


def _report(args: Namespace, results: Iterator[Checked]) -> None:
    if args.write_baseline or args.diff:
        for _ in results:
            pass
    elif args.statistics:
        console.out("".join(_statistics(results)))
    else:
        # With --fix a caption from stdin goes to stdout, which is then no place for talk about it.
        piped = args.fix and STDIN in args.paths
        stream = sys.stderr if piped else sys.stdout
        look = Look(console.has_color(stream), console.width(stream))
        for piece in render(Format(args.format), results, look):
            stream.write(piece)


def _statistics(results: Iterable[Checked]) -> Iterator[str]:
    found = (finding for result in results for finding in result.findings)
    counts = Counter((finding.code, finding.slug) for finding in found)
    for (code, slug), count in counts.most_common():
        yield f"{count:>6}  {code}  {slug}\n"


def _closing(
    args: Namespace, summary: Summary, mender: Mender, baselines: Baselines
) -> Iterator[str]:
    """What to tell at the end: what was found and what can be done about it."""
    found = summary.severities
    counts = [many(found[severity], str(severity)) for severity in Severity if found[severity]]
    if mender.changed:
        done = "would be mended" if args.diff else "mended"
        where = many(mender.changed, "file")
        yield f"{many(mender.mended, 'finding')} in {where} {done}"
    left = " left" if args.fix and mender.changed else ""
    yield f"{many(summary.files, 'caption')} checked: {', '.join(counts) or 'no findings'}{left}"
    if summary.fixable and not (args.fix or args.diff):
        yield f"{summary.fixable} can be mended with --fix"
    if summary.unsafely_fixable and not args.unsafe_fixes:
        yield f"{summary.unsafely_fixable} can be mended by a guess with --fix --unsafe-fixes"
    if baselines.known:
        yield f"{many(baselines.known, 'finding')} known from the baseline"
    for path, count in baselines.stale.items():
        if count:
            yield f"{shown_path(path)}: {many(count, 'entry')} without a finding; write it anew"
