"""Tables of values: every form gives the same rows, every mistake its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from promptkit.templating import TemplateError, source, tables
from promptkit.templating.source import load_source
from promptkit.templating.tables import parse_table, read_table

ROWS = [{"title": 'Say "hi", twice'}, {"title": "café\n漢字"}]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", 'title\n"Say ""hi"", twice"\n"café\n漢字"\n'),
        ("a.csv", '\ufefftitle\r\n"Say ""hi"", twice"\r\n"café\n漢字"\r\n'),
        ("a.yaml", '- title: \'Say "hi", twice\'\n- {title: "café\\n漢字"}\n'),
        ("a.json", '[{"title": "Say \\"hi\\", twice"}, {"title": "café\\n漢字"}]'),
        ("a.jsonl", '{"title": "Say \\"hi\\", twice"}\n\n{"title": "café\\n漢字"}\n'),
    ],
)
def test_each_form_gives_the_rows(name: str, text: str) -> None:
    assert parse_table(text.encode(), name) == ROWS


def test_one_mapping_is_one_row() -> None:
    assert parse_table(b"title: A\ncount: 2\n", "a.yml") == [{"title": "A", "count": 2}]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.csv", b"title,mood\nA\n", "a.csv:2: the row has not 2 fields"),
        ("a.csv", b"title\nA,B\n", "a.csv:2: the row has not 1 fields"),
        ("a.csv", b"", "a.csv: the first line should name the variables"),
        ("a.csv", b"title\n", "a.csv: no row of values is in it"),
        ("a.json", b"[]", "a.json: no row of values is in it"),
        ("a.csv", b"title;mood\nA;calm\n", "parted by semicolons; part them by commas"),
        ("a.csv", b'title\n"open\n', r"a.csv:\d: not CSV"),
        ("a.yaml", b"a: [1\n", r"a.yaml:\d: not YAML"),
        ("a.yaml", b"- 1\n", "a.yaml: row 1 does not give values"),
        ("a.yaml", b"!!python/object/apply:os.system [echo]\n", "a.yaml.*not YAML"),
        ("a.json", b"{", "a.json: not JSON"),
        ("a.txt", b"x", "'.txt' is no table"),
        ("a.json", b"\xff", "byte 0 is not UTF-8"),
    ],
)
def test_a_mistake_is_named_with_its_place(name: str, data: bytes, message: str) -> None:
    with pytest.raises(TemplateError, match=message):
        parse_table(data, name)


def test_a_file_that_is_too_large_is_refused_and_never_cut_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MAX_TABLE_BYTES", 8)
    monkeypatch.setattr(source, "MAX_TEMPLATE_BYTES", 8)
    table, template = tmp_path / "a.csv", tmp_path / "a.json.j2"
    table.write_text("title\nA\n")
    assert read_table(table) == [{"title": "A"}]
    table.write_text("title\nA\nB\n")
    with pytest.raises(TemplateError, match="is larger than"):
        read_table(table)
    template.write_text('{"a": 1}')
    assert load_source(template).body == '{"a": 1}'
    template.write_text('{"a": 1}\n')
    with pytest.raises(TemplateError, match="more than 8 bytes"):
        load_source(template)
