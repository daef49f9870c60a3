"""Programs that stay alive and work when they are told to, so that load on the machine falls on all alike."""

import glob
import json
import os
import pathlib
import platform
import re
import statistics
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


def java(executable, main, *arguments, precision="fp32", backend="", options=()):
    folders = ("core/target/modules/*.jar", "core/target/classpath/*.jar", "bench/target/infoprompt-bench-*.jar", "bench/target/classpath/onnxruntime-*.jar")
    jars = [jar for pattern in folders for jar in glob.glob(str(ROOT / pattern))]
    if not any("infoprompt-bench" in jar for jar in jars):
        raise SystemExit("bench/target holds no jar; run: mvn -q -DskipTests package")
    return [
        executable,
        "-Xmx1g",
        "--add-modules",
        "jdk.incubator.vector",
        "--enable-native-access=ALL-UNNAMED",
        f"-Dinfoprompt.precision={precision}",
        *([f"-Dinfoprompt.backend={backend}"] if backend else []),
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
    return [re.sub(r"(^|[,=])/[^,]*/", r"\1", a) for a in arguments]


def require(difference, limit, what):
    """Ends the comparison unless the difference is within the limit; that of NaN is not."""
    if not difference <= limit:
        raise SystemExit(f"{what}: not the same computation")
    return difference


def quartiles(values):
    """The first quartile, the median and the third."""
    return tuple(statistics.quantiles(values, n=4, method="inclusive"))

