"""Which rules run on a file: the configuration's, as the command line changes them."""

from __future__ import annotations

from pathlib import Path

from promptkit.cli.inputs import Input
from promptkit.cli.parser import Namespace
from promptkit.errors import ConfigError, UnreadableInputError, UsageError
from promptkit.lint import Options, Selection
from promptkit.settings import Config

_SELECTORS = ("select", "extend_select", "ignore")


class Selector:
    """The selection and the options of each file, worked out once for all files that share them.

    ``--select`` means exactly those rules, whatever a configuration selects or ignores;
    ``--extend-select`` and ``--ignore`` come on top of it.

    Raises:
        UsageError: if the command line names an unknown rule.
        UnreadableInputError: if it names a tokenizer that is not there.
    """

    def __init__(self, args: Namespace) -> None:
        self._args = args
        self._known: dict[tuple[Path | None, tuple[str, ...]], Selection] = {}
        self._options: dict[Path | None, Options] = {}
        self._tokenizer = _tokenizer(Path(args.tokenizer)) if args.tokenizer else None
        try:
            _ = Selection(args.select, args.extend_select, args.ignore).rules
        except ConfigError as error:
            raise UsageError(f"lint: {error}") from error

    def selection(self, source: Input) -> Selection:
        """The rules for a file.

        Raises:
            ConfigError: if its configuration names an unknown rule.
        """
        config = source.config
        ignored = config.ignored_in(source.path) if source.path else ()
        key = (config.path, ignored)
        if key not in self._known:
            _check(config)
            self._known[key] = self._combine(config, ignored)
        return self._known[key]

    def options(self, source: Input) -> Options:
        """What the rules may depend on, for a file.

        Raises:
            ConfigError: if its configuration names a tokenizer that is not there.
        """
        config = source.config
        if config.path not in self._options:
            size = self._args.size or config.settings.picture_size
            self._options[config.path] = Options(size, self._tokenizer or _configured(config))
        return self._options[config.path]

    def _combine(self, config: Config, ignored: tuple[str, ...]) -> Selection:
        settings, args = config.settings, self._args
        if args.select:
            return Selection(
                args.select, args.extend_select, (*args.ignore, *ignored), settings.severity
            )
        return Selection(
            settings.select,
            (*settings.extend_select, *args.extend_select),
            (*settings.ignore, *args.ignore, *ignored),
            settings.severity,
        )


def _configured(config: Config) -> Path | None:
    """The tokenizer of a configuration."""
    named = config.settings.tokenizer
    try:
        return _tokenizer(config.root / named) if named else None
    except UnreadableInputError as error:
        raise ConfigError(f"{config.where}: tokenizer: {error}") from error


def _tokenizer(path: Path) -> Path:
    """Found at once, not first at a caption that is long enough to be counted."""
    from promptkit.tokens import find_tokenizer  # noqa: PLC0415 - most runs name none

    return find_tokenizer(path)


def _check(config: Config) -> None:
    """Name the key that names an unknown rule."""
    settings = config.settings
    named = {key.replace("_", "-"): getattr(settings, key) for key in _SELECTORS}
    named |= {f"per-file-ignores.{key}": each for key, each in settings.per_file_ignores.items()}
    named["severity"] = tuple(settings.severity)
    for key, selectors in named.items():
        try:
            _ = Selection(select=selectors).rules
        except ConfigError as error:
            raise ConfigError(f"{config.where}: {key}: {error}") from error
