"""Begin an editor's session: from a file, from nothing, or from what a crash left behind."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from promptkit.geometry import Size
from promptkit.lint import Selection
from promptkit.session.disk import OnDisk, digest, load, store
from promptkit.session.recovery import Recovery
from promptkit.session.session import DEFAULT_SIZE, Session
from promptkit.settings import Config, nearest, no_config

BLANK: Final = """{
  "compositional_deconstruction": {
    "background": "",
    "elements": []
  }
}
"""
"""A caption to fill in; its findings say what is missing, and the form adds what is typed."""


def new_session(
    text: str = BLANK, *, size: Size | None = None, folder: Path | None = None
) -> Session:
    """A caption without a file, checked by the rules of ``folder``.

    Raises:
        ConfigError: if the configuration there cannot be followed.
    """
    config = nearest(folder.resolve(), {}) if folder else no_config(Path("/"))
    return Session(
        text,
        size=size or config.settings.picture_size or DEFAULT_SIZE,
        rules=_rules(config, None),
    )


def open_session(path: Path, *, size: Size | None = None) -> Session:
    """A file's caption; a file that does not exist yet begins blank.

    Raises:
        UnreadableInputError: if the file cannot be read.
        ConfigError: if the configuration beside it cannot be followed.
    """
    text, disk = load(path)
    config = nearest(disk.path.parent, {})
    session = Session(
        text or BLANK,
        disk=disk,
        size=size or config.settings.picture_size or DEFAULT_SIZE,
        rules=_rules(config, disk.path),
    )
    if not text:
        session.saved_text = ""
    return session


def recovered_session(recovery: Recovery) -> Session:
    """What a crash left behind, as unsaved changes of its file or of a blank caption.

    Raises:
        UnreadableInputError: if the file is there and cannot be read.
        ConfigError: if the configuration beside it cannot be followed.
    """
    size = Size.parse(recovery.size)
    if recovery.path is None:
        session = new_session(size=size)
        session.replace_text(recovery.text, "recover")
        return session
    session = open_session(Path(recovery.path), size=size)
    if session.disk is not None and recovery.sha256 != session.disk.sha256:
        # The file has gone its own way since: saving must ask before it overwrites that.
        session.disk = OnDisk(session.disk.path, recovery.sha256, 0)
    session.replace_text(recovery.text, "recover")
    return session


def save(session: Session, path: Path | None = None, *, overwrite: bool = False) -> Path:
    """Write the text to its file, or to another one which is then its file.

    Raises:
        ChangedOnDiskError: if that would overwrite what someone else has written.
        UnreadableInputError: if it cannot be written.
        ValueError: if there is neither a path nor a file.
    """
    target = path or session.path
    if target is None:
        raise ValueError("a caption without a file needs a path to be saved to")
    session.disk = store(session.text, target, session.disk, overwrite=overwrite)
    session.saved_text = session.text
    session.history.seal()
    return session.disk.path


def reload(session: Session) -> bool:
    """Take over what someone else has written; undo brings the old text back.

    Raises:
        UnreadableInputError: if the file cannot be read.
    """
    if session.path is None:
        return False
    text, session.disk = load(session.path)
    session.replace_text(text, "reload")
    session.saved_text = text
    return True


def recovery_of(session: Session, process: int) -> Recovery:
    """What to write down for the case of a crash."""
    path = str(session.path) if session.path else None
    known = session.disk.sha256 if session.disk else digest(b"")
    return Recovery(path, known, session.text, str(session.size), process)


def _rules(config: Config, path: Path | None) -> Selection:
    settings = config.settings
    ignored = config.ignored_in(path) if path else ()
    return Selection(
        settings.select,
        settings.extend_select,
        (*settings.ignore, *ignored),
        settings.severity,
    )
