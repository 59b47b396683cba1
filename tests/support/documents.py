"""What a reader of a page types, run in its order in one folder: shell, Python, files to copy."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path
from unittest import SkipTest

import forked_process
import yaml
from sybil import Document, Example
from sybil.parsers.markdown import CodeBlockParser, SkipParser

COMMAND = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
FILE_NAME = re.compile(r"# (\w+\.py)\n")


class Page:
    """A page of documentation, whose examples are run in a folder.

    ``sh``: the lines are given to a shell, which stops at the first that fails. ``console``: each
    ``$ command`` prints just what follows it, where ``...`` stands for anything. ``python``: a file
    that is written, by the name in its first line (``# mine.py``), and run. ``toml``, ``yaml``: it
    can be read.

    What follows ``<!--- skip: next "why" -->`` is left out; ``if(not torch, "why")`` is a
    condition.

    Attributes:
        examples: in their order, those that are left out among them.
        skipped: why something was left out, of each that was.
    """

    def __init__(self, path: Path, folder: Path) -> None:
        self._folder = folder
        ways = {
            "sh": self._shell,
            "console": self._console,
            "python": self._python,
            "toml": self._toml,
            "yaml": self._yaml,
        }
        parsers = [CodeBlockParser(language, way) for language, way in ways.items()]
        self._document = Document.parse(str(path), SkipParser(), *parsers)
        self._document.namespace["torch"] = find_spec("torch") is not None
        self.examples = [e for e in self._document.examples() if isinstance(e.parsed, str)]
        self.skipped: list[str] = []

    def run(self) -> None:
        """Run the examples.

        Raises:
            SybilFailure: one failed, or printed something else; it says which, and what.
        """
        for example in self._document.examples():
            try:
                example.evaluate()
            except SkipTest as reason:
                self.skipped.append(str(reason))

    def _shell(self, example: Example) -> str | None:
        return self._call("bash", "-euo", "pipefail", "-c", example.parsed)

    def _console(self, example: Example) -> str | None:
        commands = COMMAND.findall(example.parsed)
        if not commands or "".join(f"$ {c}\n{out}" for c, out in commands) != example.parsed:
            return "a console shows commands, each after '$ ', and what they print"
        for command, want in commands:
            done = self._started("bash", "-euo", "pipefail", "-c", command)
            if done.returncode:
                return f"{command}: exit code {done.returncode}\n{done.stdout}"
            if not doctest.OutputChecker().check_output(want, done.stdout, doctest.ELLIPSIS):
                return f"{command} prints\n{done.stdout}\nand not\n{want}"
        return None

    def _python(self, example: Example) -> str | None:
        named = FILE_NAME.match(example.parsed)
        file = named[1] if named else "example.py"
        (self._folder / file).write_text(example.parsed, encoding="utf-8")
        return self._call(sys.executable, file)

    def _toml(self, example: Example) -> None:
        tomllib.loads(example.parsed)

    def _yaml(self, example: Example) -> None:
        yaml.safe_load(example.parsed)

    def _call(self, *command: str) -> str | None:
        done = self._started(*command)
        return f"exit code {done.returncode}\n{done.stdout}" if done.returncode else None

    def _started(self, *command: str) -> subprocess.CompletedProcess[str]:
        programs = self._folder / ".bin"
        if not programs.exists():
            programs.mkdir()
            forked_process.write_forked_trackbench(programs)
        environment = {k: v for k, v in os.environ.items() if k != "GITHUB_STEP_SUMMARY"}
        environment["PATH"] = f"{programs}{os.pathsep}{environment['PATH']}"
        return subprocess.run(
            command,
            cwd=self._folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=240,
            check=False,
        )
