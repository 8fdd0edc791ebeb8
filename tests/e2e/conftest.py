"""A real site for a real browser: the demo content, served by gunicorn under production settings, seen by Chromium.

It stands in a folder of its own and a process of its own, so that nothing here touches the other tests' database, and
what is measured (compression, hashed files, headers) is what visitors get.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.e2e.editor import EDITOR, NEW_PASSWORD
from tests.services.migrated import migrated
from tests.torv.mail.server import Inbox, MailServer

ROOT = Path(__file__).resolve().parents[2]
DISABLED = settings.TORV_PLUGINS_DISABLED
# What these do takes plugins: they stay away without, and all others must pass.
NEEDED = {"test_meetings.py": {"meetings", "news"}, "test_meetings_registration.py": {"meetings"}}
collect_ignore = [name for name, plugins in NEEDED.items() if plugins & set(DISABLED)]
PATIENCE = 120  # seconds until the server answers: the machine may be busy with the other tests


@pytest.hookimpl(tryfirst=True)  # pytest-xdist reads the groups in the same hook
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.xdist_group("e2e"))  # one site, one browser
            item.add_marker(pytest.mark.timeout(900))  # the first test also waits for the site


@pytest.fixture(scope="package")
def chromium() -> str:
    """Where the browser is. A build server must have it; on a laptop its tests are left out in plain sight."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    message = "Chromium is not installed: the browser tests need it (Debian: apt-get install chromium)."
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="package")
def mail_server() -> Iterator[MailServer]:
    """What the site sends to. One that runs already (TORV_TEST_SITE) must send to TORV_TEST_MAIL_PORT."""
    server = MailServer()
    server.port = int(os.environ.get("TORV_TEST_MAIL_PORT") or server.port)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def inbox(mail_server: MailServer) -> Inbox:
    """What the site has sent."""
    return mail_server.inbox


@pytest.fixture(scope="package")
def installation(
    tmp_path_factory: pytest.TempPathFactory, shared_folder: Path, mail_server: MailServer
) -> dict[str, str]:
    """The environment of a site that is ready to be served: demo content, search index, static files."""
    var = tmp_path_factory.mktemp("site") / "var"
    base = {name: value for name, value in os.environ.items() if not name.startswith(("TORV_", "DJANGO_", "PYTEST"))}
    base |= {"PYTHONPATH": os.pathsep.join([str(ROOT / "site"), str(ROOT)])}
    base["TORV_PLUGINS_DISABLED"] = ",".join(DISABLED)
    shutil.copytree(_made_once(shared_folder, base), var)
    base["TORV_VAR"] = str(var)
    serving = base | {
        "DJANGO_SETTINGS_MODULE": "torv.settings.production",
        "TORV_SECRET_KEY": "only for this run of the tests, and long enough for the deployment check to be content",
        "TORV_ALLOWED_HOSTS": "127.0.0.1,localhost",
        "TORV_BASE_URL": "http://127.0.0.1",
        "TORV_SSL_REDIRECT": "false",
        "TORV_EMAIL_URL": mail_server.url,
    }
    _manage(["collectstatic", "--noinput"], serving)
    return serving


def _made_once(shared: Path, environment: dict[str, str]) -> Path:
    """The folder of a site with the demo content, which test processes copy: to load it takes a minute."""
    var = shared / "site-made"
    with (shared / "site-made.lock").open("ab") as lock:
        flock(lock, LOCK_EX)
        if not var.exists():
            making = shared / "site-making"
            making.mkdir()
            shutil.copyfile(migrated(), making / "torv.sqlite3")
            # The demo content is refused outside DEBUG, so it is loaded the way `make demo` does.
            loading = environment | {"TORV_VAR": str(making), "DJANGO_SETTINGS_MODULE": "torv.settings.dev"}
            for command in (["migrate"], ["load_reference_data"], ["load_demo"], ["search", "rebuild"]):
                _manage(command, loading)
            # Outside DEBUG the demo's own passwords are refused.
            _manage(["shell", "-c", NEW_PASSWORD.format(**EDITOR)], loading)
            making.rename(var)
    return var


@pytest.fixture(scope="package")
def site(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of the running site, without a slash at the end. TORV_TEST_SITE names one that runs already."""
    if running := os.environ.get("TORV_TEST_SITE"):
        yield running
        return
    with _served(request.getfixturevalue("installation")) as address:
        yield address


@pytest.fixture(scope="package")
def themed_site(installation: dict[str, str]) -> Iterator[str]:
    """The address of the same site in the second theme, under a region's name."""
    with _served(installation | {"TORV_THEME": "fjord", "TORV_SITE_NAME": "Fjordtorvet"}) as address:
        yield address


@contextmanager
def _served(environment: dict[str, str]) -> Iterator[str]:
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "torv.wsgi:application",
        "--bind",
        f"127.0.0.1:{port}",
        "--threads",
        "4",
    ]
    file = Path(environment["TORV_VAR"]) / f"server-{port}.log"
    with file.open("wb") as log:
        environment = environment | {"TORV_BASE_URL": address}
        server = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait_for(f"{address}/robots.txt", server, file)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=30)


def _manage(command: list[str], environment: dict[str, str]) -> None:
    arguments = [sys.executable, "manage.py", *command]
    done = subprocess.run(arguments, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, f"manage.py {' '.join(command)} failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert server.poll() is None, f"The server stopped:\n{log.read_text()[-4000:]}"
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    pytest.fail(f"No answer from {url} in {PATIENCE} s:\n{log.read_text()[-4000:]}")


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


class Visit:
    """One visitor: a page in a fresh browser context, and everything that went over the wire or wrong meanwhile."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.context, self.site = context, site
        self.page: Page = context.new_page()
        self.page.set_default_timeout(20_000)
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._heard)

    def _heard(self, message: object) -> None:
        # A tidy 404 or 400 page is meant to be one; everything else a console says in red is a fault.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def go(self, path: str) -> Page:
        self.page.goto(self.site + path)
        return self.page

    def foreign_requests(self) -> list[str]:
        return [url for url in self.requests if not url.startswith((self.site + "/", "data:"))]

    def overflow(self) -> int:
        """Pixels by which the page is wider than the window; 0 or less is right."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Callable[..., Visit]]:
    """`visit(width=320, javascript=False, scheme="dark")` opens a window of its own."""
    contexts = []

    def open_window(*, width: int = 1280, height: int = 900, javascript: bool = True, scheme: str = "light") -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            java_script_enabled=javascript,
            color_scheme=scheme,
            locale="da-DK",
        )
        contexts.append(context)
        return Visit(context, site)

    yield open_window
    for context in contexts:
        context.close()
