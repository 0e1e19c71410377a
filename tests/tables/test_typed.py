import polars as pl
import pytest
from dataframely.exc import SchemaError, ValidationError
from polars.testing import assert_frame_equal

from autopilot_analysis.tables import SCHEMAS, Coverage, Finding, schema_of
from autopilot_analysis.tables.typed import _kept, checked, empty, once_where_empty, typed


def findings(**given):
    row = {"id": 1, "rule": "X", "severity": "high", "role": "cause", "confidence": 0.5, "title": "t",
           "meaning": "m", "remedy": "", "device": "PC-1"}  # fmt: skip
    kinds = schema_of("findings")
    return pl.DataFrame([{name: {**row, **given}.get(name) for name in kinds}]).cast({"id": pl.Int32})


def test_a_frame_is_cast_and_what_is_no_column_of_its_schema_goes():
    made = checked(findings().with_columns(more=pl.lit(1)), Finding)
    assert_frame_equal(made, Finding.validate(findings(), cast=True))
    assert made.schema == schema_of("findings")


def test_a_frame_that_is_typed_already_stays_the_same_frame():
    frame = empty(Finding)
    assert typed(frame, Finding) is frame
    assert checked(frame, Finding) is frame


@pytest.mark.parametrize(
    ("broken", "rule"), [({"confidence": 1.5}, "confidence|max"), ({"title": None}, "title|nullability")]
)
def test_a_row_that_breaks_a_rule_is_an_error_that_names_the_rule(broken, rule):
    with pytest.raises(ValidationError) as error:
        checked(findings(**broken), Finding)
    column, name = rule.split("|")
    assert column in str(error.value)
    assert name in str(error.value)


def test_two_rows_of_one_key_are_an_error():
    row = dict.fromkeys(schema_of("coverage"))
    row |= {"device": "PC-1", "source": "events_autopilot", "presence": "absent", "members": 0, "records": 0}
    one = pl.DataFrame([row]).cast(
        {"first_at": pl.Datetime("us", "UTC"), "last_at": pl.Datetime("us", "UTC")}
    )
    assert checked(one, Coverage).height == 1
    with pytest.raises(ValidationError, match="primary_key"):
        checked(pl.concat([one, one]), Coverage)


def test_a_column_that_is_missing_is_an_error():
    with pytest.raises(SchemaError, match="title"):
        checked(findings().drop("title"), Finding)


@pytest.mark.parametrize("table", SCHEMAS)
def test_an_empty_table_has_the_columns_of_its_schema(table):
    assert empty(SCHEMAS[table]).schema == SCHEMAS[table].create_empty().schema


@pytest.mark.parametrize("table", SCHEMAS)
def test_every_rule_of_a_schema_is_asked_and_no_schema_has_one_beside_its_columns_and_key(table):
    schema = SCHEMAS[table]
    rules = [rule.expr for rule in schema._validation_rules(with_cast=False).values()]
    asked = _kept(schema).meta
    assert all(str(rule) in str(_kept(schema)) for rule in rules)
    assert len(asked.root_names()) == sum(len(rule.meta.root_names()) for rule in rules)


def test_what_is_made_of_frames_without_rows_is_made_once_for_each_schema_and_the_rest_each_time():
    asked = []

    @once_where_empty
    def both(one, other=None):
        asked.append(one.columns)
        return one if other is None else pl.concat([one, other])

    none, row = pl.DataFrame(schema={"a": pl.Int64}), pl.DataFrame({"a": [1]})
    assert both(none) is both(none.clone()) is both(none)
    assert both(none.cast(pl.String)).schema == {"a": pl.String}
    assert [both(none, other=row).height for _ in range(2)] == [both(row).height for _ in range(2)] == [1, 1]
    assert len(asked) == 6
