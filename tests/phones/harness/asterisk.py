"""An Asterisk with hand-written configuration, to prove the phones without cordboard."""

import subprocess
import tomllib
from pathlib import Path

from .waiting import until

REPOSITORY = Path(__file__).resolve().parents[3]


def locate() -> dict:
    """The settings binary, modules and data of an Asterisk, which is downloaded when there is none."""
    done = subprocess.run([REPOSITORY / "tools/get-asterisk"], stdout=subprocess.PIPE, text=True, check=True, timeout=900)
    return tomllib.loads(Path(done.stdout.strip()).read_text())


class Asterisk:
    """One running Asterisk below `folder`; `files` are the texts of its configuration files."""

    def __init__(self, folder: Path, files: dict[str, str]):
        self.settings, self.folder = locate(), folder
        etc = folder / "etc"
        etc.mkdir(parents=True)
        directories = {"astetcdir": etc, "astmoddir": self.settings["modules"], "astdatadir": self.settings["data"]}
        for key in ("astvarlibdir", "astdbdir", "astkeydir", "astspooldir", "astrundir", "astlogdir", "astagidir"):
            directories[key] = folder / key
            directories[key].mkdir()
        lines = ["[directories]"] + [f"{key} => {value}" for key, value in directories.items()]
        self._write(etc / "asterisk.conf", "\n".join(lines) + "\n")
        for name, text in files.items():
            self._write(etc / name, text)
        self.start()

    def start(self):
        self._output = (self.folder / "output").open("a")
        self._process = subprocess.Popen(
            [self.settings["binary"], "-f", "-C", str(self.folder / "etc/asterisk.conf")],
            stdin=subprocess.DEVNULL, stdout=self._output, stderr=subprocess.STDOUT,
        )
        until(lambda: "fully booted" in self.command("core waitfullybooted"), 30, f"Asterisk is up, see {self.folder}/output")

    @staticmethod
    def _write(path: Path, text: str):
        path.write_text(text)

    def command(self, text: str) -> str:
        """What the command line of Asterisk answers."""
        done = subprocess.run(
            [self.settings["binary"], "-C", str(self.folder / "etc/asterisk.conf"), "-rx", text],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20,
        )
        return done.stdout

    def stop(self):
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(5)
        self._output.close()
