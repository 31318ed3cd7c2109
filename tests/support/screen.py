"""A program on a real terminal: tmux shows what a person would see. Nothing here sleeps for a fixed time: each step
waits for the expected screen."""

import os
import pathlib
import shlex
import subprocess
import time

from peer import LOOK_S, PATIENCE_S

WINDOW = (80, 24)


class Terminal:
    """A program in its own tmux server."""

    servers = 0

    def __init__(self, folder, command, size=WINDOW, **environment):
        Terminal.servers += 1
        self.folder, self.socket = folder, f"browse-{os.getpid()}-{Terminal.servers}"
        self.ended = pathlib.Path(folder, f"ended-{Terminal.servers}")
        self.out, self.err = self.ended.with_suffix(".out"), self.ended.with_suffix(".err")
        names = {"LC_ALL": "C.UTF-8", "HOME": folder, "PATH": os.environ["PATH"], **environment}
        settings = " ".join(f"{name}='{value}'" for name, value in names.items() if value is not None)
        unset = " ".join(f"-u {name}" for name, value in names.items() if value is None)
        self._start("new-session", "-d", "-x", str(size[0]), "-y", str(size[1]),
                  f"trap : INT; cd {folder}; env {unset} {settings} {command}; echo $? > {self.ended}.new; "
                  f"stty -a > {self.ended}.stty; mv {self.ended}.new {self.ended}; exec cat").communicate()
        self.control = self._start("-C", "attach-session", "-f", "ignore-size,no-output")

    def _start(self, *arguments):
        return subprocess.Popen(["tmux", "-L", self.socket, "-f", "/dev/null", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL, encoding="utf-8", env={**os.environ, "LC_ALL": "C.UTF-8"})

    def tmux(self, *arguments):
        """The output of a command of tmux. One client in control mode runs all of them: a process for each look at the
        screen would use more of the processor than the program. Its protocol has lines."""
        if not "".join(arguments).isprintable():
            return self._start(*arguments).communicate()[0]
        try:
            self.control.stdin.write(" ".join(map(shlex.quote, arguments)) + "\n")
            self.control.stdin.flush()
        except BrokenPipeError:  # the server has ended
            return ""
        return self._answer()

    def _answer(self):
        """The lines between %begin and %end (or %error) with the same numbers; the last number is 1 for our commands."""
        lines, numbers = [], None
        for line in self.control.stdout:
            mark, *rest = line.split()[:4] or [""]
            if numbers and mark in ("%end", "%error") and rest == numbers:
                return "".join(lines) if mark == "%end" else ""
            if numbers:
                lines.append(line)
            elif mark == "%begin" and rest[2] == "1":
                numbers = rest
        return ""

    def keys(self, *keys):
        self.tmux("send-keys", *keys)

    def type(self, text):
        self.tmux("send-keys", "-l", text)

    def resize(self, columns, lines):
        self.tmux("resize-window", "-x", str(columns), "-y", str(lines))

    def screen(self):
        return self.tmux("capture-pane", "-p")

    def cursor(self):
        return self.tmux("display-message", "-p", "#{cursor_x},#{cursor_y}").strip()

    def until(self, holds):
        """Wait until holds(screen); False when it never does."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            if holds(self.screen()):
                return True
            time.sleep(LOOK_S)
        return False

    def shows(self, *texts):
        return self.until(lambda screen: all(text in screen for text in texts))

    def lacks(self, text):
        return self.until(lambda screen: text not in screen)

    def status(self):
        """The exit status of the program; None when it does not end."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            if self.ended.exists():
                return int(self.ended.read_text())
            time.sleep(LOOK_S)
        return None

    def restored(self):
        """Whether the terminal is restored: keys echo, input is read by lines, and the main screen and the cursor are
        back."""
        modes = self.ended.with_suffix(".stty").read_text().split()
        flags = "#{alternate_on},#{cursor_flag},#{keypad_flag}"
        return "echo" in modes and "icanon" in modes and "isig" in modes and self.until(
            lambda _: self.tmux("display-message", "-p", flags).strip() == "0,1,0")

    def pid(self):
        pane = self.tmux("display-message", "-p", "#{pane_pid}").strip()
        return int(subprocess.run(["pgrep", "-n", "-P", pane, "skillsearch"], capture_output=True, text=True,
                                  check=False).stdout or 0)

    def close(self):
        """End the programs, and wait until they have ended: until then they may still write into the folder."""
        session = self.tmux("display-message", "-p", "#{pane_pid}").strip()
        self.tmux("kill-server")
        self.control.communicate()
        end = time.monotonic() + PATIENCE_S
        while session and self.runs(session) and time.monotonic() < end:
            time.sleep(LOOK_S)

    @staticmethod
    def runs(session):
        """Whether a process of the session runs; one that only waits for its parent (a zombie) does not."""
        states = subprocess.run(["ps", "-s", session, "-o", "stat="], capture_output=True, text=True, check=False).stdout.split()
        return any(not state.startswith("Z") for state in states)
