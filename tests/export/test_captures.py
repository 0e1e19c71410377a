import pytest

from autopilot_analysis.export.captures import Placed, captures_of

DUMP, IME, RESULTS = "registry_dump", "ime", "collect_results"


def placed(path, source=IME):
    parts = path.split("/")
    ends = [n for n, part in enumerate(parts[:-1], 1) if part.endswith((".cab", ".zip"))]
    return Placed(path, tuple("/".join(parts[:n]) for n in ends), source)


@pytest.mark.parametrize(
    ("paths", "captures"),
    [
        ([("dump.reg", DUMP), ("sub/ime.log", IME)], {"": 2}),
        ([("a.cab/dump.reg", DUMP), ("b.cab/dump.reg", DUMP)], {"a.cab": 1, "b.cab": 1}),
        ([("a.cab/dump.reg", DUMP), ("ime.log", IME)], {"": 2}),
        ([("a.cab/dump.reg", DUMP), ("b.zip/x.log", IME), ("ime.log", IME)], {"a.cab": 1, "b.zip": 1, "": 1}),
        ([("results.xml", RESULTS), ("47/m.cab/dump.reg", DUMP), ("48/n.cab/dump.reg", DUMP)], {"": 3}),
        ([("1/export.reg", "registry_export"), ("47/m.cab/dump.reg", DUMP), ("3/a.log", IME)], {"": 3}),
        ([("PC1/dump.reg", DUMP), ("PC1/logs/a.log", IME), ("PC2/logs/a.log", IME)], {"PC1": 2, "PC2": 1}),
        ([("2025/PC1/dump.reg", DUMP), ("2025/PC2/x/dump.reg", DUMP)], {"2025/PC1": 1, "2025/PC2/x": 1}),
        ([("fleet.zip/a.cab/dump.reg", DUMP), ("fleet.zip/b.cab/dump.reg", DUMP), ("n.log", IME)],
         {"fleet.zip/a.cab": 1, "fleet.zip/b.cab": 1, "": 1}),
        ([("d.zip/results.xml", RESULTS), ("d.zip/47/m.cab/dump.reg", DUMP), ("e.cab/dump.reg", DUMP)],
         {"d.zip": 2, "e.cab": 1}),
        ([("dump.reg", DUMP), ("a.cab/dump.reg", DUMP), ("b.cab/dump.reg", DUMP)],
         {"": 1, "a.cab": 1, "b.cab": 1}),
        ([("Registry/dump.reg", DUMP), ("IME logs/a.log", IME), ("evtx/a.evtx", "events_system")], {"": 3}),
        ([("PC1/dump.reg", DUMP), ("PC2/a.reg", "registry_export"), ("PC2/dump.reg", DUMP)],
         {"PC1": 1, "PC2": 2}),
        ([], {}),
    ],
)  # fmt: skip
def test_members_fall_into_captures(paths, captures):
    found = captures_of(placed(*path) for path in paths)
    assert sorted(found) == sorted(path for path, _ in paths)
    counted = {}
    for capture in found.values():
        counted[capture] = counted.get(capture, 0) + 1
    assert counted == captures
