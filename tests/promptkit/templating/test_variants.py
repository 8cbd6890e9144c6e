"""The same template, values and seed give the same variants, everywhere and in any order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from promptkit.templating import Plan, Template, TemplateError, Variant, render, variants
from promptkit.templating.choices import draw
from promptkit.templating.manifest import Written, manifest_row, write_variants
from promptkit.templating.naming import MAX_NAME_BYTES, Names, safe_name

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"

CAPTION = """{
  "high_level_description": "A {{ mood }} poster of a {{ animal }} for {{ title }}.",
  "compositional_deconstruction": {
    "background": "A flat {{ accent }} ground.",
    "elements": [
      {"type": "obj", "bbox": {{ place }}, "desc": "A {{ animal }}, number {{ count }}, size {{ share }}."},
      {"type": "text", "text": {{ title }}, "desc": "The headline in white capitals."}
    ]
  }
}"""


def front(*names: str, extra: str = "") -> str:
    declared = {
        "title": "title: {type: string, default: Fair}",
        "mood": "mood: {type: choice, choices: {calm: 3, wild: 1, never: 0}}",
        "animal": "animal: {type: choice, choices: [fox, {one_of: [crow, {value: magpie, weight: 2}], weight: 2}]}",
        "accent": "accent: {type: color, default: '#abc', choices: ['#aabbcc', '#102030']}",
        "place": "place: {type: box, default: [100, 100, 900, 900]}",
        "count": "count: {type: integer, min: 1, max: 6, default: 1}",
        "share": "share: {type: number, min: 0, max: 1, default: 0.5}",
    }
    lines = "\n".join(f"  {declared[name]}" for name in names)
    return f"---\nvariables:\n{lines}\n{extra}---\n{CAPTION}"


NAMES = ("title", "mood", "animal", "accent", "place", "count", "share")
TEMPLATE = Template.from_text(front(*NAMES), name="poster")


def test_a_golden_manifest_holds() -> None:
    made = variants(TEMPLATE, sample=12, seed=7)
    rows = [json.dumps(golden_row(variant), ensure_ascii=False) for variant in made]
    golden = GOLDEN / "manifest.jsonl"
    assert rows == golden.read_text(encoding="utf-8").splitlines()


def golden_row(variant: Variant) -> dict[str, object]:
    row = manifest_row(Written(variant, f"{variant.name}.json", None))
    # Rules come and go; what is drawn and written does not.
    del row["findings"]
    return row


def test_a_draw_is_sha256_and_nothing_else() -> None:
    assert draw("7/1/animal") == 0xD26D66F1A0ECC1EA


def test_reordering_unrelated_variables_changes_no_choice() -> None:
    again = Template.from_text(front(*reversed(NAMES)), name="poster")
    first = [dict(variant.values) for variant in variants(TEMPLATE, sample=40, seed=1)]
    second = [dict(variant.values) for variant in variants(again, sample=40, seed=1)]
    assert first == second


def test_fixing_one_variable_changes_no_other() -> None:
    free = [variant.values for variant in variants(TEMPLATE, sample=40, seed=1)]
    fixed = [variant.values for variant in variants(TEMPLATE, sample=40, seed=1, mood="wild")]
    assert all(values["mood"] == "wild" for values in fixed)
    for first, second in zip(free, fixed, strict=True):
        assert {**first, "mood": "wild"} == second


def test_a_longer_sample_begins_with_the_shorter() -> None:
    assert [v.values for v in islice(variants(TEMPLATE, sample=900, seed=3), 5)] == [
        v.values for v in variants(TEMPLATE, sample=5, seed=3)
    ]


def test_weights_count_and_zero_never_comes() -> None:
    drawn = [variant.values for variant in variants(TEMPLATE, sample=2000, seed=0)]
    moods = [values["mood"] for values in drawn]
    animals = [values["animal"] for values in drawn]
    assert "never" not in moods
    assert 0.70 < moods.count("calm") / 2000 < 0.80
    # fox 1 of 3; of the other two thirds, magpie has two shares and crow one.
    assert 0.29 < animals.count("fox") / 2000 < 0.38
    assert 0.40 < animals.count("magpie") / 2000 < 0.49
    counts = {values["count"] for values in drawn}
    assert counts == {1, 2, 3, 4, 5, 6}


def test_matrix_makes_every_combination_in_order() -> None:
    made = list(variants(TEMPLATE, matrix={"mood": ["calm", "wild"], "animal": ["fox", "crow"]}))
    assert [(v.values["mood"], v.values["animal"]) for v in made] == [
        ("calm", "fox"), ("calm", "crow"), ("wild", "fox"), ("wild", "crow"),
    ]  # fmt: skip
    assert [v.name for v in made] == [f"poster-000{n}" for n in (1, 2, 3, 4)]


def test_exclusions_leave_combinations_out_and_redraw_samples() -> None:
    extra = "exclude:\n  - mood == 'wild' and animal == 'fox'\n"
    template = Template.from_text(front(*NAMES, extra=extra), name="poster")
    made = list(variants(template, matrix={"mood": ["calm", "wild"], "animal": ["fox", "crow"]}))
    assert len(made) == 3
    drawn = [variant.values for variant in variants(template, sample=300)]
    assert len(drawn) == 300
    assert not [v for v in drawn if v["mood"] == "wild" and v["animal"] == "fox"]


def test_an_exclusion_that_leaves_nothing_is_an_error_not_a_loop() -> None:
    template = Template.from_text(front(*NAMES, extra="exclude: ['count > 0']\n"))
    with pytest.raises(TemplateError, match=r"no values found in 1,000 draws .*'count > 0'"):
        list(variants(template, sample=1))


def test_a_matrix_of_millions_is_refused_with_its_count() -> None:
    matrix = {"count": [1.0, 2.0, 3.0] * 2000, "share": [0.1] * 1000}
    with pytest.raises(
        TemplateError, match="this makes 6,000,000 variants and the limit is 10,000"
    ):
        next(variants(TEMPLATE, matrix=matrix))


def test_a_million_variants_begin_at_once() -> None:
    made = variants(TEMPLATE, sample=1_000_000, limit=1_000_000)
    assert [variant.number for variant in islice(made, 3)] == [1, 2, 3]


def test_fixed_values_and_the_matrix_outweigh_rows() -> None:
    rows: list[dict[str, object]] = [{"title": "A", "mood": "wild", "count": 2}, {"count": 3}]
    made = list(variants(TEMPLATE, rows=rows, matrix={"mood": ["calm"]}, title="B"))
    given = [[v.values[name] for name in ("title", "mood", "count")] for v in made]
    assert given == [["B", "calm", 2], ["B", "calm", 3]]
    assert Plan(TEMPLATE, {"title": "B"}, rows).overruled == ["title"]


def test_unknown_names_get_a_suggestion() -> None:
    with pytest.raises(TemplateError, match="'titel': no such variable; did you mean 'title'"):
        next(variants(TEMPLATE, titel="A"))


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("count", "many", "variable 'count': 'many' is no number"),
        ("count", 9, r"variable 'count': 9 is outside 1\.\.6"),
        ("count", 1.5, "is not a whole number"),
        ("accent", "red", "'red' is no colour; write #RRGGBB"),
        ("place", [0, 0, 0, 5], "y_min 0 is not above y_max 0"),
        ("place", "1,2", "write four integers"),
        ("share", "nan", "is not finite"),
    ],
)
def test_a_value_that_does_not_fit_is_named(name: str, value: object, message: str) -> None:
    with pytest.raises(TemplateError, match=message):
        TEMPLATE.complete({name: value})


@pytest.mark.parametrize("sample", [None, 1])
def test_a_tables_value_that_does_not_fit_is_named_with_its_row(sample: int | None) -> None:
    made = variants(TEMPLATE, rows=[{"count": 1}, {"count": 9}], sample=sample)
    # Before anything is made of the row that is right.
    with pytest.raises(TemplateError, match=r"^row 2: variable 'count': 9 is outside 1\.\.6"):
        next(made)


def test_a_finding_names_the_templates_line_and_the_variable() -> None:
    (variant,) = variants(TEMPLATE, title="")
    (traced,) = [f for f in variant.findings if f.finding.pointer.endswith("/elements/1/text")]
    assert traced.variables == ("title",)
    assert "title }}, " in (front(*NAMES).splitlines()[traced.line - 1])


def test_a_finding_names_the_variable_behind_what_the_template_sets() -> None:
    template = Template.from_text(
        "---\nvariables:\n  names: {type: list}\n  title: {type: string, default: A}\n---\n"
        "{% set title = title ~ ' ' %}{% set all = names + [title] %}\n"
        '{"high_level_description": "Signs.", "compositional_deconstruction": {\n'
        '"background": "A wall.", "elements": [{% for each in all %}{% set line = each %}\n'
        '{"type": "text", "text": {{ line }}, "desc": "A sign in white."},{% endfor %}]}}'
    )
    (made,) = variants(template, names=["", "B"])
    assert {found.variables for found in made.findings} == {("names", "title")}
    assert {found.line for found in made.findings} == {9}


def test_identical_variants_are_written_once_and_reported(tmp_path: Path) -> None:
    made = variants(TEMPLATE, rows=[{"title": "A"}, {"title": "B"}, {"title": "A"}])
    written = list(write_variants(made, tmp_path / "new" / "out"))
    assert [each.same_as for each in written] == [None, None, 1]
    out = tmp_path / "new" / "out"
    assert sorted(path.name for path in out.iterdir()) == [
        "manifest.jsonl", "poster-0001.json", "poster-0002.json",
    ]  # fmt: skip
    rows = [json.loads(line) for line in (out / "manifest.jsonl").read_text().splitlines()]
    assert rows[2]["same_as"] == 1
    assert rows[2]["file"] == rows[0]["file"]
    assert rows[1]["sha256"] != rows[0]["sha256"]


def test_a_broken_off_run_leaves_no_manifest(tmp_path: Path) -> None:
    def broken_off() -> Iterator[Variant]:
        yield from variants(TEMPLATE, sample=1)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(write_variants(broken_off(), tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["poster-0001.json"]


def test_wildcard_files_stay_beside_the_template(tmp_path: Path) -> None:
    (tmp_path / "animals.txt").write_text("# birds\n3::crow\n\nold owl\n", encoding="utf-8")
    path = tmp_path / "a.json.j2"
    path.write_text("---\nvariables:\n  x: {type: choice, file: animals.txt}\n---\n[{{ x }}]")
    assert Template.load(path).choices["x"].values() == ["crow", "old owl"]
    path.write_text("---\nvariables:\n  x: {type: choice, file: ../secret}\n---\n[{{ x }}]")
    with pytest.raises(TemplateError, match="lies outside the template's folder"):
        Template.load(path)


def test_render_gives_a_caption() -> None:
    assert render(TEMPLATE, title="Night").compositional_deconstruction.elements[1].text == "Night"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a/b\\c:d", "a-b-c-d"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("  spaced . ", "spaced"),
        ("", "_"),
        ("../../etc", "etc"),
        ("漢字 ポスター", "漢字 ポスター"),
        ("tab\there\n", "tab here"),
    ],
)
def test_names_are_safe_on_every_file_system(text: str, name: str) -> None:
    assert safe_name(text) == name


def test_names_are_short_and_unique_without_regard_to_case() -> None:
    names = Names()
    assert len(names.claim("é" * 500, "1").encode()) <= MAX_NAME_BYTES
    assert names.claim("Poster", "1") == "Poster"
    assert names.claim("poster", "2") == "poster-2"
    assert names.claim("POSTER", "2") == "POSTER-2x"
