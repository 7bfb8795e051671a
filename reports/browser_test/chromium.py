# SPDX-License-Identifier: Apache-2.0
"""A headless Chromium that is driven through the DevTools protocol over two pipes: no port, no package but Python."""
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

ARGUMENTS = [
    "--headless=new", "--remote-debugging-pipe", "--no-first-run", "--no-default-browser-check", "--disable-gpu",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
    "--disable-dev-shm-usage", "--hide-scrollbars", "--force-color-profile=srgb", "--use-mock-keychain",
]


class Chromium:
    """One browser with one page. What the page complained of and asked of the network is kept until `forget()`."""

    def __init__(self, program=None):
        program = program or os.environ.get("CHROMIUM") or shutil.which("chromium")
        if not program:
            raise FileNotFoundError("chromium is not installed: ci/setup --tests installs it")
        self.folder = tempfile.mkdtemp(prefix="aios-page-")
        self.downloads = os.path.join(self.folder, "downloads")
        os.mkdir(self.downloads)
        words = [program, *ARGUMENTS, "--user-data-dir=" + os.path.join(self.folder, "profile")]
        # Chromium refuses its sandbox to root; a container may refuse it to others. The pages are our own.
        for more in ([["--no-sandbox"]] if os.geteuid() == 0 else [[], ["--no-sandbox"]]):
            try:
                self._start(words + more)
                break
            except (EOFError, OSError):
                self._end()
                if more:
                    raise
        for domain in ("Page", "Runtime", "Log", "Network", "DOM"):
            self.ask(domain + ".enable")
        self.ask("Browser.setDownloadBehavior", browser=True, behavior="allow", downloadPath=self.downloads)

    def _start(self, words):
        theirs_in, self._out = os.pipe()
        self._in, theirs_out = os.pipe()
        environment = dict(os.environ, HOME=self.folder, XDG_CONFIG_HOME=self.folder, XDG_CACHE_HOME=self.folder)
        # The protocol is spoken on descriptors 3 and 4.
        line = 'exec "$@" 3<&%d 4>&%d' % (theirs_in, theirs_out)
        self._log = open(os.path.join(self.folder, "log"), "wb")
        self._process = subprocess.Popen(["bash", "-c", line, "chromium", *words], pass_fds=(theirs_in, theirs_out),
                                         stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log, env=environment,
                                         start_new_session=True)
        os.close(theirs_in)
        os.close(theirs_out)
        self._buffer = b""
        self._number = 0
        self._session = None
        self.forget()
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def _end(self):
        if self._process.poll() is None:
            os.killpg(self._process.pid, 9)
        self._process.wait()
        os.close(self._in)
        os.close(self._out)
        self._log.close()

    def forget(self):
        self.complaints, self.requests, self.dialogs = [], [], []
        self._loaded = False

    def close(self):
        try:
            self.ask("Browser.close", browser=True)
            self._process.wait(10)
        except (OSError, TimeoutError, EOFError, subprocess.TimeoutExpired):
            pass
        self._end()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def ask(self, method, browser=False, timeout=60, **params):
        """One command and its answer; what is reported in between is noted."""
        self._number += 1
        number = self._number
        message = {"id": number, "method": method, "params": params}
        if self._session and not browser:
            message["sessionId"] = self._session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._out, data):]
        deadline = time.monotonic() + timeout
        while True:
            answer = self._next(deadline)
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError("%s: %s" % (method, answer["error"]))
                return answer["result"]

    def _next(self, deadline):
        while b"\0" not in self._buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._in], [], [], left)[0]:
                raise TimeoutError("chromium does not answer:\n" + self._tail())
            data = os.read(self._in, 1 << 20)
            if not data:
                raise EOFError("chromium ended:\n" + self._tail())
            self._buffer += data
        line, self._buffer = self._buffer.split(b"\0", 1)
        message = json.loads(line)
        self._note(message)
        return message

    def _tail(self):
        with open(self._log.name, "rb") as log:
            return log.read()[-2000:].decode(errors="replace")

    def _note(self, message):
        method, params = message.get("method"), message.get("params", {})
        if method == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.complaints.append(details.get("exception", {}).get("description") or details["text"])
        elif method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning", "assert"):
            self.complaints.append(" ".join(str(a.get("value", a.get("description"))) for a in params["args"]))
        elif method == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            self.complaints.append(params["entry"]["text"])
        elif method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif method == "Page.javascriptDialogOpening":
            self.dialogs.append(params["message"])
            self._number += 1
            answer = {"id": self._number, "method": "Page.handleJavaScriptDialog", "params": {"accept": True},
                      "sessionId": self._session}
            os.write(self._out, json.dumps(answer).encode() + b"\0")
        elif method == "Page.loadEventFired":
            self._loaded = True

    def open(self, path, wait_for="document.documentElement.dataset.charts !== undefined"):
        self.forget()
        self.ask("Page.navigate", url="file://" + os.path.abspath(path))
        self.wait("document.readyState === 'complete'")
        if wait_for:
            self.wait(wait_for)

    def run(self, script):
        """The value of an expression (a promise is waited for)."""
        answer = self.ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True, userGesture=True)
        if "exceptionDetails" in answer:
            raise RuntimeError("%s\n%s" % (script, json.dumps(answer["exceptionDetails"])[:1000]))
        return answer["result"].get("value")

    def wait(self, condition, seconds=30):
        deadline = time.monotonic() + seconds
        while not self.run(condition):
            if time.monotonic() > deadline:
                raise TimeoutError("never true: %s; complaints: %s" % (condition, self.complaints))
            time.sleep(0.02)

    def screen(self, width, height, phone=False):
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=phone)

    def media(self, scheme, media=""):
        self.ask("Emulation.setEmulatedMedia", media=media, features=[{"name": "prefers-color-scheme", "value": scheme}])

    def move(self, x, y):
        self.ask("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def key(self, key, code):
        for kind in ("keyDown", "keyUp"):
            self.ask("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code)
