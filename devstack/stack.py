"""The order in which everything starts, and stops again."""

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType

from . import announce, environment, probe, terminal
from .checkout import Hold, state_dir, trim_logs
from .child import Child
from .errand import Errand
from .product import processes
from .services import Postgres, StackError, Valkey
from .supervisor import Supervisor, last_words
from .terminal import say, step

START_SECONDS = 90.0
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stack:
    """Everything that runs in one checkout, started and ended as one."""

    def __init__(self, state: Path | None = None) -> None:
        self.state = state or state_dir()
        self.hold = Hold(self.state)
        self.services: list[Postgres | Valkey] = []
        self.children: list[Child] = []
        self.errands: list[Errand] = []
        # Plain flags: an Event's lock may be held by the very code that a signal interrupts.
        self._leaving, self._hurried = False, False
        self.supervisor = Supervisor(self._is_leaving)

    def run(self, then: Callable[["Stack", str, int], bool]) -> int:
        """Start everything, do what comes `then` with it, stop everything; return the exit code."""
        for number in SIGNALS:
            # Whoever said `nohup` wants us to go on without a terminal.
            if number is not signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._on_signal)
        self.hold.take()
        try:
            base, port = self._start()
            return 0 if then(self, base, port) else 1
        except StackError as error:
            # What fails because we are leaving is no news.
            if not self._leaving:
                say(f"\n{error}")
                return 1
            return 0
        finally:
            self._stop()

    def command(self, words: Sequence[str]) -> int:
        """Run a command with the servers: those of the running stack, else ones of its own."""
        try:
            self.hold.take()
        except StackError:
            if running := environment.shared(self.state):
                return _call(words, running)
            raise
        # What we say goes to the side; the command's output may be read by another program.
        with contextlib.redirect_stdout(sys.stderr):
            try:
                env = environment.complete(self.state, self._start_services())
                return _call(words, env)
            finally:
                self._stop()

    def keep_running(self) -> None:
        """Watch until somebody presses Ctrl-C, the terminal is gone, or something falls too often."""
        while not self._leaving and not terminal.is_gone():
            self.supervisor.step()
            time.sleep(0.2)

    def _start(self) -> tuple[str, int]:
        started = time.monotonic()
        trim_logs(self.state)
        before = self.hold.left_by
        if before:
            say("  The last run was ended from outside; its data is recovered.")
        # Before anything is started, which would be in vain.
        environment.wanted_port()
        self.hold.note("starting")
        env = environment.complete(self.state, self._start_services())
        port = environment.choose_port(lately_ours="port" in before)
        env["PORT"] = str(port)
        sign_ins = self.state / "sign-ins.txt"
        self._send("Preparing the database", "devstack.prepare", str(sign_ins), env=env).finish()
        self._start_product(env, port)
        environment.share(self.state, env)
        base = env["BASE_DOMAIN"]
        self.hold.note("running", url=f"http://{base}:{port}", port=str(port))
        seconds = time.monotonic() - started
        announce.ready(base, port, seconds=seconds, sign_ins=sign_ins.read_text(), state=self.state)
        return base, port

    def _start_services(self) -> dict[str, str]:
        addresses: dict[str, str] = {}
        for variable in filter(environment.names_a, ("DATABASE_URL", "REDIS_URL")):
            say(f"  Using the server that {variable} names")
        if not environment.names_a("DATABASE_URL"):
            postgres = Postgres(self.state)
            self._start_service(f"PostgreSQL {postgres.programs.version}", postgres)
            addresses["DATABASE_URL"] = postgres.url
        if not environment.names_a("REDIS_URL"):
            valkey = Valkey(self.state)
            self._start_service("Valkey", valkey)
            addresses["REDIS_URL"] = valkey.url
        return addresses

    def _start_service(self, title: str, service: Postgres | Valkey) -> None:
        self.services.append(service)
        with step(f"{title} answers"):
            service.start(give_up=self._is_leaving)
        self.supervisor.watch(service)

    def _send(self, name: str, *words: str, env: Mapping[str, str]) -> Errand:
        """Start a command that has an end."""
        self._leave_if_asked()
        errand = Errand(name, [sys.executable, "-m", *words], env)
        self.errands.append(errand)
        return errand

    def _start_product(self, env: Mapping[str, str], port: int) -> None:
        self.children = processes(self.state, env, port)
        with step("Web answers"):
            for child in self.children:
                self._leave_if_asked()
                child.start()
                self.supervisor.watch(child)
            # What was imported is counted by the worker, like any other vote.
            publishing = self._send("Publishing the demo's results", "app.cli", "demo", "publish", env=env)
            self._until(lambda: probe.page_status(port, env["BASE_DOMAIN"], "/healthz") == 200, "Web")
        with step("Worker and beat answer"):
            self._until(lambda: probe.worker_answers(env), "The worker")
        with step("Results are published"):
            publishing.finish()

    def _until(self, is_ready: Callable[[], bool], who: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not is_ready():
            self._leave_if_asked()
            if fallen := self.supervisor.fallen():
                raise StackError(f"{fallen.name} ended while starting. {last_words(fallen)}")
            if time.monotonic() > deadline:
                raise StackError(f"{who} did not answer within {START_SECONDS:.0f} s. See {self.state}/*.log")
            time.sleep(0.1)

    def _is_leaving(self) -> bool:
        return self._leaving

    def _leave_if_asked(self) -> None:
        if self._leaving:
            raise StackError("Stopped while starting.")

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._hurried, self._leaving = self._leaving, True
        for errand in self.errands:
            errand.break_off()

    def _stop(self) -> None:
        started = time.monotonic()
        environment.forget(self.state)
        for errand in self.errands:
            errand.stop()
        for child in self.children:
            child.ask_to_stop()
        for child in reversed(self.children):
            child.stop(hurry=lambda: self._hurried)
        for service in reversed(self.services):
            service.stop()
        if self.services or self.children:
            say(
                f"\n  Stopped in {time.monotonic() - started:.1f} s. The data stays; 'make reset' removes it."
            )
        self.hold.release()


def _call(words: Sequence[str], env: Mapping[str, str]) -> int:
    try:
        return subprocess.call(words, env=env)
    except OSError as error:
        raise StackError(f"'{words[0]}' cannot be run: {error.strerror}.") from error
