"""The supervisor's day: take the lock, start everything in order, keep it running, stop it in order."""

import os
import shutil
import signal
import time
import urllib.error
import urllib.request

from governance import embedded
from governance.supervisor import preparing, programs
from governance.supervisor.alone import Lock, NotAlone, require_free
from governance.supervisor.children import Children, Collapse
from governance.supervisor.owner import CannotStart
from governance.supervisor.postgres import Cluster
from governance.supervisor.redis_server import RedisServer
from governance.supervisor.redis_server import program as redis_program

RECOVERY = 300  # seconds PostgreSQL may take to recover after a crash
STARTING = 60  # seconds the web server may take to answer
LEAVING = 6  # seconds that processes of a killed supervisor may take to end
PATIENT = 0.25  # seconds between two looks at the children


class Supervisor:
    """Owns every process of one profile of this checkout."""

    def __init__(self, profile, host, port):
        self.profile, self.host, self.port = profile, host, port
        self.began = time.monotonic()
        self.lock = Lock(embedded.CHECKOUT / "var" / f"up-{profile}.lock", note=f", port {port}")
        self.children = Children(self.say)
        self.demo = preparing.DemoTown(profile)

    def say(self, text):
        print(f"[{time.monotonic() - self.began:5.1f} s] {text}", flush=True)

    def run(self):
        """Run until Ctrl-C, SIGTERM or SIGHUP (returns 0); raises NotAlone, CannotStart or Collapse."""
        self.heed_signals()
        try:
            self.be_alone()
            self.start()
            self.keep_running()
        except KeyboardInterrupt:
            return 0
        finally:
            self.stop()

    def heed_signals(self):
        """Also where a shell started us with signals ignored, as it does for background jobs."""

        def leave(_number, _frame):
            raise KeyboardInterrupt

        signal.signal(signal.SIGINT, leave)
        signal.signal(signal.SIGTERM, leave)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup
            signal.signal(signal.SIGHUP, leave)

    def be_alone(self):
        left_over = self.lock.path.exists()
        try:
            self.lock.take()
        except NotAlone as other:
            raise NotAlone(f"already running ({other}); stop it with Ctrl-C first") from None
        end = time.monotonic() + LEAVING
        while True:
            try:
                return require_free(self.host, self.port)
            except NotAlone:  # after a kill -9 the old web server needs a moment to go
                if not left_over or time.monotonic() > end:
                    raise
                time.sleep(0.2)

    def start(self):
        self.start_postgres()
        self.start_redis()
        self.say("Loading the application …")
        preparing.set_up_django(self.profile)
        preparing.compile_translations(self.say)
        preparing.migrate(self.say)
        preparing.collect_static(self.say)
        if self.demo.is_wanted():
            self.say("The database is empty: loading the demo town 故城镇 with 120 days of history …")
            self.demo.load(self.children, programs.environment(self.profile))
        self.children.add(programs.web(self.profile, self.host, self.port))
        self.say("Web server started; waiting for the first page …")
        if not self.children.wait_until(self.answers, STARTING):
            raise Collapse(
                f"The web server did not answer within {STARTING} s; see {embedded.log_folder(self.profile)}"
            )
        self.children.add(programs.worker(self.profile))  # after the page: together they would only delay it
        self.children.add(programs.beat(self.profile))
        self.say("The page answers; worker and beat started")
        self.greet()

    def start_postgres(self):
        if os.environ.get("DATABASE_URL"):
            return self.say("PostgreSQL: the server of DATABASE_URL")
        cluster = Cluster(self.profile)
        self.say("Starting PostgreSQL …" if cluster.folder.exists() else "Creating the PostgreSQL cluster …")
        self.children.add(cluster.child())
        if not self.children.wait_until(cluster.is_ready, RECOVERY):
            raise CannotStart(f"PostgreSQL is not ready after {RECOVERY} s; see {cluster.log}")
        afresh = self.demo.was_broken_off()
        if afresh:
            self.say("The demo town's loading was broken off last time: starting again from an empty database")
        cluster.ensure_database(afresh)
        return self.say("PostgreSQL is ready")

    def start_redis(self):
        if os.environ.get("REDIS_URL"):
            return self.say("Redis: the server of REDIS_URL")
        if not redis_program():
            return self.say(
                "There is no Redis for this Python or machine: pages work, but nothing is counted in the background. "
                "Install one (apt install redis-server), use Python 3.11 or 3.12, or set REDIS_URL."
            )
        server = RedisServer(self.profile)
        self.children.add(server.child())
        ready = self.children.wait_until(server.is_ready, 10)
        return self.say("Redis is ready" if ready else f"Redis does not answer yet; going on. See {server.log}")

    def address(self):
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)
        return f"http://[{host}]:{self.port}/" if ":" in host else f"http://{host}:{self.port}/"

    def answers(self):
        """True once the start page (or the sign-in page it leads to) is served."""
        try:
            with urllib.request.urlopen(self.address(), timeout=20) as page:
                return page.status < 500
        except urllib.error.HTTPError as refusal:
            return refusal.code < 500
        except OSError:
            return False

    def greet(self):
        self.say("Ready.")
        print(f"\n  {self.address()}\n")
        for line in preparing.sign_ins():
            print(f"  {line}")
        print(f"\n  Logs: {embedded.log_folder(self.profile)}    Stop: Ctrl-C\n", flush=True)

    def keep_running(self):
        while True:
            self.children.tend()
            time.sleep(PATIENT)

    def stop(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # stopping has its own time limits
        if self.lock.handle is None:
            return
        if self.children.all:
            began = time.monotonic()
            print(flush=True)
            self.say("Stopping …")
            self.children.stop("Web server", "Worker", "Beat")
            self.children.stop("Redis", "PostgreSQL")
            shutil.rmtree(embedded.socket_folder(self.profile), ignore_errors=True)
            self.say(f"Everything has stopped ({time.monotonic() - began:.1f} s)")
        self.lock.release()
