"""Server-sent events, as far as a job's stream needs them: lines in, data out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def data_of(lines: Iterable[str]) -> Iterator[str]:
    """The data of each event (WHATWG HTML, section "Server-sent events").

    Comments and other fields are passed over; an event that breaks off before its blank line is
    dropped, as the standard wants.
    """
    data: list[str] = []
    for line in lines:
        field, _, value = line.partition(":")
        if not line:
            if data:
                yield "\n".join(data)
            data = []
        elif field == "data":
            data.append(value.removeprefix(" "))
