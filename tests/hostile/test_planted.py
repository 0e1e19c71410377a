"""Whatever lies in the current folder and beside an export: nothing of it runs, in no process the kit starts.

Modules are planted under every name that Python, the libraries or the kit could ask for, configuration under every
name that Jupyter, IPython, papermill and matplotlib look for, programs under names that are looked up. Each writes
its name into a log when it runs.
"""

import json
import multiprocessing
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from autopilot_analysis.cli import build_parser
from autopilot_analysis.report import find_data, find_notebook

CONFIGURED = ("jupyter", "jupyter_lab", "jupyter_server", "jupyter_notebook", "jupyter_nbconvert", "jupyter_client",
              "ipython", "ipython_kernel", "papermill")  # fmt: skip
PROGRAMS = ("chromium", "google-chrome", "msedge", "xdg-open", "www-browser", "ip", "ifconfig", "hostname", "uname",
            "gcc", "ldconfig", "node", "python", "python3", "git")  # fmt: skip
COLLECT = """
import importlib, importlib.metadata, json, pkgutil, sys, autopilot_analysis
for module in pkgutil.walk_packages(autopilot_analysis.__path__, "autopilot_analysis."):
    if not module.name.endswith(("kernel", "fast_worker", "__main__")):
        importlib.import_module(module.name)
for name in ("ipykernel.kernelapp", "papermill", "nbconvert", "matplotlib.pyplot", "matplotlib_inline.backend_inline",
             "jupyterlab.labapp", "distributed", "joblib", "IPython", "multiprocessing.forkserver",
             "multiprocessing.spawn", "multiprocessing.resource_tracker"):
    try:
        importlib.import_module(name)
    except ImportError:
        pass
found = {name.partition(".")[0] for name in sys.modules} | set(sys.stdlib_module_names)
found |= set(importlib.metadata.packages_distributions())
found |= {"ipykernel_launcher", "jupyterlab", "sitecustomize", "usercustomize", "pylibmspack", "planted_backend"}
print(json.dumps(sorted(name for name in found if name.isidentifier() and name != "__main__")))
"""
ENTRY = (
    "import sys\nfrom autopilot_analysis.cli import main\nif __name__ == '__main__':\n    sys.exit(main())\n"
)
SPAWN = "import multiprocessing\nmultiprocessing.get_all_start_methods = lambda: ['spawn']\n"
EXECUTOR = """
import os, sys
from autopilot_analysis.fleet.dataset.ingest import ingest
if __name__ == "__main__":
    there, clean = os.getcwd(), os.path.dirname(__file__)
    os.chdir(clean)  # the pool is the analyst's; its workers start when the kit hands out the first task
{pool}
    os.chdir(there)
    print(ingest(sys.argv[1:-1], into=sys.argv[-1], executor=executor))
    executor.shutdown()
"""
PROCESSES = """
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    executor = ProcessPoolExecutor(2, multiprocessing.get_context({method!r}))
"""
LOKY = """
    from loky import get_reusable_executor
    executor = get_reusable_executor(2)
"""
DASK = """
    from distributed import Client, LocalCluster
    cluster = LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None)
    executor = Client(cluster).get_executor()
"""
SERVER = """
c.ServerApp.ip = "127.0.0.1"
c.ServerApp.port = {port}
c.ServerApp.port_retries = 0
c.ServerApp.open_browser = False
c.ServerApp.allow_root = True
c.ServerApp.disable_check_xsrf = True
c.IdentityProvider.token = ""
"""


@pytest.fixture(scope="module")
def names():
    """Top-level names that any verb or its children import, that are installed, or that Python brings."""
    done = subprocess.run(
        [sys.executable, "-P", "-W", "ignore", "-c", COLLECT], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


class Place:
    """A folder full of planted files, from which the command line is run as its installed script is."""

    def __init__(self, room, names):
        self.log, self.bin, self.folder = room / "log.txt", room / "bin", room / "mail"
        self.bin.mkdir()
        self.export = self.folder / "unpacked"
        for folder in (self.folder, self.export, self.folder / "notebooks"):
            self.plant(folder, names)
        shutil.copyfile(find_data() / "user-driven-success.cab", self.export / "mdm.cab")
        for number in range(3):
            shutil.copyfile(find_data() / "mdm-enrollment-refused.cab", self.folder / f"{number}.cab")
            with (self.folder / f"{number}.cab").open("ab") as file:
                file.write(bytes(number))

    def plant(self, folder, names):
        folder.mkdir(parents=True, exist_ok=True)
        for name in names:
            (folder / f"{name}.py").write_text(f"open({str(self.log)!r}, 'a').write({name!r} + '\\n')\n")
        for name in CONFIGURED:
            note = f"open({str(self.log)!r}, 'a').write('{name} configuration\\n')\n"
            (folder / f"{name}_config.py").write_text(note)
            profile = folder / "profile_default"
            (profile / "startup").mkdir(parents=True, exist_ok=True)
            (profile / f"{name}_config.py").write_text(note)
            (profile / "startup" / "00.py").write_text(note)
        (folder / "matplotlibrc").write_text("backend: module://planted_backend\n")
        (folder / "template").mkdir(exist_ok=True)
        (folder / "template" / "index.html.j2").write_text("planted template")
        for name in PROGRAMS:
            (folder / name).write_text(f"#!/bin/sh\necho program {name} >> {self.log}\n")
            (folder / name).chmod(0o755)

    def environment(self, **more):
        path = os.pathsep.join(["", ".", str(self.folder), os.environ["PATH"]])
        kept = {
            name: value for name, value in os.environ.items() if name not in ("PYTHONSAFEPATH", "MPLBACKEND")
        }
        return {**kept, "PATH": path, "PYTHONWARNINGS": "ignore", **more}

    def run(self, script, *arguments, **more):
        entry = self.bin / "entry.py"
        entry.write_text(script)
        done = subprocess.run(
            [sys.executable, str(entry), *map(str, arguments)], cwd=self.folder, env=self.environment(**more),
            capture_output=True, text=True, check=False, timeout=240,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    @property
    def ran(self):
        return self.log.read_text().split("\n")[:-1] if self.log.exists() else []


@pytest.fixture(scope="module")
def planted(tmp_path_factory, names):
    return Place(tmp_path_factory.mktemp("planted"), names)


@pytest.fixture
def place(planted):
    planted.log.unlink(missing_ok=True)
    return planted


def test_at_least_four_hundred_names_are_planted(names):
    assert len(names) >= 400
    assert {"multiprocessing", "polars", "ipykernel_launcher", "autopilot_analysis", "matplotlib"} <= set(
        names
    )


VERBS = {
    "report": ["report", "unpacked", "--out", "{out}.html"],
    "findings": ["findings", "unpacked"],
    "findings with rules as JSON": ["findings", "0.cab", "--rules", "{rules}", "--json"],
    "explain": ["explain", "."],
    "tables": ["tables", "unpacked", "--out", "{out}"],
    "share": ["share", "0.cab", "{out}"],
    "sample": ["sample", "{out}"],
    "timeline": ["timeline", "0.cab", "{out}"],
    "ingest": ["ingest", "0.cab", "1.cab", "2.cab", "--into", "{out}", "--workers", "2"],
    "lab without start": ["lab", "{out}", "--no-start"],
}
RULES = """
from autopilot_analysis.findings import marks_in, proof, rule

@rule("OWN-TEST", title="t", meaning="m", severity="info")
def own(tables, trace):
    return proof(marks_in(trace, ["internet_missing"]))
"""


def test_every_verb_is_tried():
    (verbs,) = (action.choices for action in build_parser()._actions if action.metavar == "VERB")
    assert {words[0] for words in VERBS.values()} == set(verbs)


@pytest.mark.parametrize("verb", VERBS)
def test_no_verb_runs_what_was_planted(place, tmp_path, verb):
    rules = tmp_path / "rules.py"
    rules.write_text(RULES)
    words = [word.format(out=tmp_path / "out", rules=rules) for word in VERBS[verb]]
    status, output = place.run(ENTRY, *words)
    assert place.ran == []
    assert status == 0, output
    if words[0] == "report":
        assert "planted template" not in (tmp_path / "out.html").read_text("utf-8")


@pytest.mark.parametrize("method", [m for m in multiprocessing.get_all_start_methods() if m != "fork"])
def test_no_worker_of_any_start_method_runs_what_was_planted(place, tmp_path, method):
    script = (SPAWN if method == "spawn" else "") + ENTRY
    status, output = place.run(
        script, "ingest", "0.cab", "1.cab", "2.cab", "--into", tmp_path / "ds", "--workers", "2"
    )
    assert place.ran == []
    assert status == 0, output
    status, output = place.run(
        EXECUTOR.format(pool=PROCESSES.format(method=method)),
        "0.cab",
        "1.cab",
        "2.cab",
        tmp_path / "of-executor",
    )
    assert place.ran == []
    assert status == 0, output


@pytest.mark.parametrize(
    ("library", "pool"), [("loky", LOKY), ("distributed", DASK)], ids=["loky", "distributed"]
)
def test_no_worker_of_a_library_runs_what_was_planted(place, tmp_path, library, pool):
    pytest.importorskip(library, reason=f"{library} is not installed; .ci/run installs it for this test")
    script = EXECUTOR.format(pool=pool)
    status, output = place.run(
        script, "0.cab", "1.cab", "2.cab", tmp_path / "of-executor", PATH=os.environ["PATH"]
    )  # a library's own calls of programs, before the kit has anything to do with it, are not judged
    assert place.ran == []
    assert status == 0, output
    assert "3 of 3 exports ingested" in output


def test_a_notebook_elsewhere_is_run_and_what_was_planted_is_not(place, tmp_path):
    own = tmp_path / "own.ipynb"
    shutil.copyfile(find_notebook("01_device_trace"), own)
    status, output = place.run(
        ENTRY, "report", "unpacked", "--notebook", own, "--out", tmp_path / "page.html"
    )
    assert place.ran == []
    assert status == 0, output


@pytest.mark.parametrize("export", ["0.cab", "unpacked", "unpacked/mdm.cab"])
def test_code_that_lies_with_the_export_is_refused_in_one_line(place, export):
    inside = place.export / "inside.ipynb"
    shutil.copyfile(find_notebook("01_device_trace"), inside)
    rules = place.export / "rules_inside.py"
    rules.write_text(f"open({str(place.log)!r}, 'a').write('rules\\n')\n")
    for words in (["report", export, "--notebook", inside], ["findings", export, "--rules", rules]):
        status, output = place.run(ENTRY, *words)
        assert status == 2
        assert "lies with the export" in output
        assert output.count("\n") == 1
    assert place.ran == []


def test_trust_lets_rules_beside_an_export_run(place):
    rules = place.folder / "trusted_rules.py"
    rules.write_text(RULES)
    status, output = place.run(ENTRY, "findings", "0.cab", "--rules", rules, "--trust")
    assert (status, place.ran) == (0, []), output


def test_jupyterlab_and_its_kernels_run_nothing_that_was_planted(place, tmp_path):
    pytest.importorskip("jupyterlab", reason="JupyterLab is not installed")
    config = tmp_path / "config"
    config.mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (config / "jupyter_server_config.py").write_text(SERVER.format(port=port))
    own = {"JUPYTER_CONFIG_DIR": config, "JUPYTER_DATA_DIR": tmp_path / "d", "JUPYTER_RUNTIME_DIR": tmp_path / "r",
           "IPYTHONDIR": tmp_path / "i"}  # fmt: skip
    entry = place.bin / "lab.py"
    entry.write_text(ENTRY)
    process = subprocess.Popen(
        [sys.executable, str(entry), "lab", "."], cwd=place.folder, start_new_session=True,
        env=place.environment(**{name: str(path) for name, path in own.items()}),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        open_notebook(process, f"http://127.0.0.1:{port}/api/sessions")
        (connection,) = (tmp_path / "r").glob("kernel-*.json")
        imports_from_here = ask_kernel(connection)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)
    assert place.ran == []
    assert imports_from_here == "False"


def open_notebook(process, address):
    """Open a notebook as a browser would, which starts its kernel."""
    session = {
        "path": "notebooks/01_device_trace.ipynb",
        "type": "notebook",
        "name": "t",
        "kernel": {"name": "python3"},
    }
    end = time.monotonic() + 90
    while time.monotonic() < end:
        assert process.poll() is None
        try:
            with urllib.request.urlopen(
                urllib.request.Request(address, json.dumps(session).encode()), timeout=60
            ):
                return
        except OSError:
            time.sleep(0.3)


def ask_kernel(connection):
    """Ask a running kernel whether the folder it stands in is on its import path."""
    from jupyter_client.blocking import BlockingKernelClient

    client = BlockingKernelClient(connection_file=str(connection))
    client.load_connection_file()
    client.start_channels(hb=False)  # on a busy machine a heart that beats late is no death
    try:
        asked = {"here": "'' in sys.path or os.getcwd() in sys.path"}
        code = "import os, sys\nimport matplotlib.pyplot"
        reply = client.execute(code, user_expressions=asked, reply=True, timeout=90)
        return reply["content"]["user_expressions"]["here"]["data"]["text/plain"]
    finally:
        client.stop_channels()
