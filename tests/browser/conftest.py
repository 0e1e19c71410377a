"""A headless Chromium with an empty profile, and a JupyterLab that `autopilot-analysis lab` started.

Skipped, with the reason, where selenium, Chromium or its driver is missing; with AUTOPILOT_BROWSER=1 in the
environment that is a failure. Screenshots go into the folder AUTOPILOT_SHOTS names, else into pytest's own.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest

from autopilot_analysis.report import find_notebook, inspect_parameters

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = 120
SIZE = (1280, 900)

CONFIG = """
c.ServerApp.ip = "127.0.0.1"
c.ServerApp.port = {port}
c.ServerApp.port_retries = 0
c.ServerApp.open_browser = False
c.ServerApp.allow_root = True
c.IdentityProvider.token = ""
c.LabApp.expose_app_in_browser = True
"""


def refuse(reason):
    if os.environ.get("AUTOPILOT_BROWSER") == "1":
        pytest.fail(f"browser tests were asked for, but {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def selenium():
    """The package, or a skip that says what is missing."""
    if not next(filter(None, map(shutil.which, BROWSERS)), None):
        refuse("no Chromium is installed")
    if not shutil.which("chromedriver"):
        refuse("chromedriver is not installed (Debian: chromium-driver)")
    try:
        import selenium.webdriver
    except ImportError:
        refuse('selenium is not installed: python -m pip install "autopilot-analysis[browser]"')
    return selenium


@pytest.fixture(scope="session")
def shots(tmp_path_factory):
    """The folder for screenshots."""
    named = os.environ.get("AUTOPILOT_SHOTS")
    folder = Path(named) if named else tmp_path_factory.mktemp("shots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def browser(selenium, tmp_path_factory):
    """Chromium without a sandbox (tests often run as root), with its network and console on record."""
    options = selenium.webdriver.ChromeOptions()
    options.binary_location = next(filter(None, map(shutil.which, BROWSERS)))
    profile = tmp_path_factory.mktemp("profile")
    width, height = SIZE
    for word in (
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-extensions",
        f"--user-data-dir={profile}", f"--window-size={width},{height}",
    ):  # fmt: skip
        options.add_argument(word)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    service = selenium.webdriver.ChromeService(executable_path=shutil.which("chromedriver"))
    driver = selenium.webdriver.Chrome(options=options, service=service)
    driver.set_script_timeout(PATIENCE)
    yield driver
    driver.quit()


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """The address and folder of a JupyterLab started by the command line, on a port of this machine only."""
    pytest.importorskip("jupyterlab", reason="JupyterLab is not installed")
    home = tmp_path_factory.mktemp("jupyter")
    folder = tmp_path_factory.mktemp("lab") / "work"
    port = free_port()
    config = home / "config"
    config.mkdir()
    (config / "jupyter_server_config.py").write_text(CONFIG.format(port=port))
    own = {
        "JUPYTER_CONFIG_DIR": config, "JUPYTER_DATA_DIR": home / "data",
        "JUPYTER_RUNTIME_DIR": home / "runtime",
        "JUPYTERLAB_SETTINGS_DIR": home / "settings", "JUPYTERLAB_WORKSPACES_DIR": home / "workspaces",
        "IPYTHONDIR": home / "ipython",
    }  # fmt: skip
    whole_notebook = home / "settings" / "@jupyterlab" / "notebook-extension"
    whole_notebook.mkdir(parents=True)
    (whole_notebook / "tracker.jupyterlab-settings").write_text('{"windowingMode": "none"}')
    no_news = home / "settings" / "@jupyterlab" / "apputils-extension"
    no_news.mkdir(parents=True)
    (no_news / "notification.jupyterlab-settings").write_text(
        '{"fetchNews": "false", "checkForUpdates": false}'
    )
    env = {**os.environ, **{name: str(place) for name, place in own.items()}}
    log = (home / "log.txt").open("wb")
    command = [sys.executable, "-m", "autopilot_analysis.cli", "lab", str(folder)]
    process = subprocess.Popen(command, env=env, stdout=log, stderr=log, start_new_session=True)
    try:
        wait_for(f"http://127.0.0.1:{port}/api", process, home / "log.txt")
        yield f"http://127.0.0.1:{port}", folder
    finally:
        stop(process)
        log.close()


@pytest.fixture(scope="session")
def ports():
    """The functions that find a port, wait for a server and stop it."""
    return SimpleNamespace(free_port=free_port, wait_for=wait_for, stop=stop)


@pytest.fixture(scope="session")
def device_export():
    """The export that the notebook of one device opens when it is given none."""
    notebook = find_notebook("01_device_trace")
    return notebook.parent / inspect_parameters(notebook)["export"].default


def stop(process):
    """End JupyterLab and its kernels, which are one process group, and no other process."""
    os.killpg(process.pid, signal.SIGINT)
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def wait_for(address, process, log):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except urllib.error.HTTPError:
            return  # it answers
        except OSError:
            time.sleep(0.3)
    pytest.fail(f"JupyterLab did not start: {log.read_text(errors='replace')[-2000:]}")
