import json

from hypothesis import given, settings
from hypothesis import strategies as st

from autopilot_analysis.readers.texts.json_text import Fact, facts_of, read_objects


def test_a_fault_ends_the_reading_and_names_its_line():
    values, unread = read_objects('{"a":1}\n{"b":2}\n{oops}')
    assert len(values) == 2
    assert [gap.record for gap in unread] == [3]


def test_paths_grow_no_further_than_a_bound():
    deep = '{"x":' * 400 + '{"y":1}' + "}" * 400
    (fact,) = facts_of(read_objects(deep)[0][0])
    assert fact.name == "y"
    assert fact.section.count("x") <= 64


def test_json_in_strings_in_strings_is_opened_a_few_times_only():
    text = "1"
    for _ in range(8):
        text = json.dumps({"in": text})
    assert len(list(facts_of(read_objects(text)[0][0]))) < 8


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.text(min_size=1, max_size=5),
        st.booleans() | st.none() | st.text(alphabet="abc", max_size=5),
        max_size=5,
    )
)
def test_every_scalar_of_an_object_is_one_fact_in_its_order(values):
    spelt = {True: "true", False: "false"}
    expected = [
        Fact("", name, spelt.get(value, value) if isinstance(value, bool) else value)
        for name, value in values.items()
    ]
    assert list(facts_of(read_objects(json.dumps(values))[0][0])) == expected
