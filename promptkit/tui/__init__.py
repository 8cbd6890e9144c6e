"""The terminal UI; the only package that imports textual."""

from __future__ import annotations

import gc
from pathlib import Path

from promptkit.geometry import Size


def run(
    path: Path | None,
    size: Size | None,
    *,
    server: str | None = None,
    model: str | None = None,
) -> None:
    """Compose a caption in the terminal until the user is done.

    Raises:
        UnreadableInputError: if the file cannot be read.
        ConfigError: if the configuration beside it cannot be followed.
    """
    # What is loaded now stays: looking for garbage in it costs a tenth of the time to first paint.
    gc.disable()
    from promptkit.session import new_session, open_session  # noqa: PLC0415
    from promptkit.session.recovery import remember, state_folder  # noqa: PLC0415
    from promptkit.tui.app import ComposeApp  # noqa: PLC0415 - textual takes its time
    from promptkit.tui.orders import Place  # noqa: PLC0415
    from promptkit.tui.widgets.picture import prepare  # noqa: PLC0415

    state = state_folder()
    session = open_session(path, size=size) if path else new_session(size=size, folder=Path.cwd())
    if session.path is not None and session.path.exists():
        remember(session.path, state)
    prepare()
    app = ComposeApp(session, state, Place(server, model))
    try:
        app.run()
    finally:
        # However it ended: what the user has not saved or given up is kept.
        if not app.is_left:
            app.rescue()
