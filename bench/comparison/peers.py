"""Programs that stay alive and work when they are told to, so that load on the machine falls on all alike."""

import glob
import json
import os
import pathlib
import platform
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Peer:
    """One program that answers every line with a JSON line."""

    def __init__(self, name, command, environment):
        self.name = name
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )
        self.about = self.read()

    def read(self):
        while True:
            line = self.process.stdout.readline()
            if not line:
                raise SystemExit(f"{self.name} ended early with status {self.process.wait()}")
            if line.startswith("{"):
                return json.loads(line)

    def ask(self, line):
        self.process.stdin.write((line if isinstance(line, str) else json.dumps(line)) + "\n")
        self.process.stdin.flush()
        return self.read()

    def end(self):
        """Ends a program that says something at its end, and returns that."""
        self.process.stdin.close()
        answer = self.read()
        self.process.wait()
        return answer

    def stop(self):
        """Ends a program that says nothing at its end."""
        self.process.stdin.close()
        self.process.wait()


def java(executable, main, *arguments, options=()):
    folders = ("core/target/modules/*.jar", "core/target/classpath/*.jar", "bench/target/infoprompt-bench-*.jar")
    jars = [jar for pattern in folders for jar in glob.glob(str(ROOT / pattern))]
    if not any("infoprompt-bench" in jar for jar in jars):
        raise SystemExit("bench/target holds no jar; run: mvn -q -DskipTests package")
    return [
        executable,
        "-Xmx1g",
        "--add-modules",
        "jdk.incubator.vector",
        "--enable-native-access=ALL-UNNAMED",
        *options,
        "-cp",
        os.pathsep.join(jars),
        f"org.infoprompt.bench.{main}",
        *arguments,
    ]


def environment(threads):
    kept = {k: v for k, v in os.environ.items() if not k.startswith("OPENBLAS_")}
    return kept | {"OMP_NUM_THREADS": str(threads)}


def portable(arguments):
    """Arguments as a reader would give them: without the folders of this machine."""
    return [pathlib.Path(a).name if a.startswith("/") else a for a in arguments]


def quartiles(values):
    """The first quartile, the median and the third."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    median = ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
    return ordered[len(ordered) // 4], median, ordered[(3 * len(ordered)) // 4]


def machine():
    return f"{platform.machine()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}"
